"""Commands on single pictures: `describe` and `locate`. `cli.py` registers them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shopclerk.errors import SettingError
from shopclerk.settings import load_settings

if TYPE_CHECKING:
    from shopclerk.catalog.picture_search import PictureQuery
    from shopclerk.gallery import Gallery, Pair

Pictures = Annotated[list[Path], typer.Argument(help="Picture files.")]
Catalog = Annotated[
    str | None,
    typer.Option(help="Whose words to use: a product file, a catalogue folder, or 'sample'."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON Lines.")]


def describe(
    pictures: Pictures,
    catalog: Catalog = None,
    prompt: Annotated[str | None, typer.Option(help="How each caption shall begin.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say in a few words what pictures show; a picture that cannot be read is told and passed over."""
    from shopclerk.errors import PictureError
    from shopclerk.pictures import decode_many
    from shopclerk.shop import Shop

    with Shop(load_settings(catalog=catalog)) as shop:
        captioner = shop.gallery.captioner()
        decoded = decode_many(pictures, shop.gallery.limits)
        for path, picture in zip(pictures, decoded, strict=True):
            if isinstance(picture, PictureError):
                typer.secho(str(picture), err=True, fg="red")
                continue
            caption = captioner.caption([picture.image], prompt=prompt)[0]
            record = {
                "image": str(path),
                "caption": caption.text,
                "score": round(caption.score, 3),
                "by": caption.made_by,
            }
            typer.echo(json.dumps(record) if as_json else f"{path}: {caption.text}")


def locate(
    picture: Annotated[Path, typer.Argument(help="A picture file.")],
    phrase: Annotated[str, typer.Argument(help="What to look for; empty for all objects.")] = "",
    catalog: Catalog = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Boxes at most.")] = 5,
    save: Annotated[
        Path | None, typer.Option(help="Save the picture with the boxes drawn into it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say where a picture shows something: boxes in pixels, the surest first."""
    from shopclerk.pictures import open_picture
    from shopclerk.shop import Shop
    from shopclerk.tools.locate_in_image import in_original, region_line, save_boxes

    with Shop(load_settings(catalog=catalog)) as shop:
        opened = open_picture(picture, shop.gallery.limits)
        found = in_original(
            opened, shop.gallery.locator().locate(opened.image, phrase.strip() or None, limit=limit)
        )
    for region in found:
        box = [round(edge) for edge in region.box]
        record = {"label": region.label, "box": box, "score": round(region.score, 3)}
        typer.echo(json.dumps(record) if as_json else region_line(region))
    if not found:
        typer.echo("Nothing found.", err=as_json)
    if save:
        save_boxes(opened, found, save)
        typer.echo(f"Saved {save}.", err=as_json)


def picture_query(
    gallery: "Gallery", image: str | None, box: str | None, point: str | None
) -> "PictureQuery | None":
    """Return the query of the flags `--image`, `--box` and `--point`, None where no picture is given.

    Raises:
        SettingError: A box or point without a picture, both, or what is no list of numbers.
        PictureError: The picture cannot be read, or the region lies outside it.
    """
    from shopclerk.pictures import box_around, open_picture

    if image is None:
        if box or point:
            raise SettingError("--box and --point are parts of a picture: give --image as well.")
        return None
    if box and point:
        raise SettingError("Give --box or --point, not both.")
    picture = open_picture(image, gallery.limits)
    if point:
        x, y = _numbers("--point", point, 2)
        return gallery.query(picture, box_around(picture, (x, y)))
    if box:
        x0, y0, x1, y1 = _numbers("--box", box, 4)
        return gallery.query(picture, (x0, y0, x1, y1))
    return gallery.query(picture)


def _numbers(flag: str, text: str, count: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        example = "40,30,200,180" if count == 4 else "120,90"
        raise SettingError(f"{flag} takes {count} numbers in pixels, {example}, not '{text}'.")
    return numbers


def read_pairs(path: Path | None) -> list["Pair"]:
    """Read pictures with words for them: JSON Lines with `image` and one of `text`, `caption`, `title`, `label`.

    Raises:
        TrainingError: A line is no such record.
    """
    from shopclerk.finetune.caption_data import WORD_KEYS, read_captions
    from shopclerk.gallery import Pair

    rows = read_captions(path, plain=False, keys=WORD_KEYS) if path else []
    return [Pair(row.image, text.replace(">", " ")) for row in rows for text in row.captions]
