"""Commands that learn from a shop's labelled products: `train classifier`, `train tagger`, `classify`, `tags`.

`cli.py` registers them.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shopclerk.settings import load_settings

if TYPE_CHECKING:
    from PIL import Image

    from shopclerk.finetune.listing_rows import LabelledListing
    from shopclerk.settings import Settings

Data = Annotated[
    Path | None,
    typer.Option(help="JSON Lines of image, title and label or tags, or a product file."),
]
Catalog = Annotated[
    str | None,
    typer.Option(help="A product file, a catalogue folder, or 'sample', to learn from."),
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", help="Where the model goes. Default: the home folder.")
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change a value of the recipe: --set options.smoothing=0.2."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

train_app = typer.Typer(help="Learn from a shop's labelled products.", no_args_is_help=True)
tags_app = typer.Typer(help="Tags read off listings' words, on a sheet.", no_args_is_help=True)


@train_app.command()
def classifier(
    data: Data = None,
    catalog: Catalog = None,
    out: Out = None,
    changes: Changes = None,
    ablation: Annotated[
        bool, typer.Option(help="Print how well picture, words and both do on held-out listings.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train a classifier: picture, words or both to a label, a catalogue's category for instance."""
    facts, folder = _train("classifier", data, catalog, out, changes)
    if as_json:
        typer.echo(json.dumps(_record(facts, folder), ensure_ascii=False))
        return
    _tell(facts, folder, "classifier", "labels")
    if ablation:
        _show_ablation(facts)


@train_app.command()
def tagger(
    data: Data = None,
    catalog: Catalog = None,
    out: Out = None,
    changes: Changes = None,
    as_json: AsJson = False,
) -> None:
    """Train a tagger: picture, words or both to a shop's tags."""
    facts, folder = _train("tagger", data, catalog, out, changes)
    if as_json:
        typer.echo(json.dumps(_record(facts, folder), ensure_ascii=False))
        return
    _tell(facts, folder, "tagger", "tags")
    if facts["groups"]:
        typer.echo(f"{facts['groups']} groups of tags that rule each other out were found.")
    if facts["pseudo"]:
        typer.echo(f"{facts['pseudo']} listings without tags were learned from too.")


def _train(
    kind: str, data: Path | None, catalog: str | None, out: Path | None, changes: list[str] | None
) -> tuple[dict[str, Any], Path]:
    from shopclerk.console import progress_bar
    from shopclerk.finetune.loop import finetune
    from shopclerk.finetune.recipe import load_recipe

    named = [f"data.file={data}"] if data else []
    named += [f"data.catalog={catalog}"] if catalog else []
    recipe, settings = load_recipe(kind, [*(changes or []), *named]), load_settings()
    folder = out or settings.models_folder / recipe.name
    with progress_bar() as progress:
        facts = finetune(
            recipe, folder, models=settings.models_folder, sources={}, progress=progress
        )
    return facts, folder


def _record(facts: dict[str, Any], folder: Path) -> dict[str, Any]:
    names = ("examples", "heldout_examples", "left_out", "unreadable", "metrics", "seconds")
    return {"folder": str(folder), **{name: facts[name] for name in names}}


def _tell(facts: dict[str, Any], folder: Path, kind: str, said: str) -> None:
    typer.echo(
        f"The {kind} lies in {folder}: learned from {facts['examples'] + facts['heldout_examples']} listings in "
        f"{facts['seconds']:.0f} s. To use it: SHOPCLERK_{kind.upper()}={folder}"
    )
    if facts["left_out"]:
        typer.secho(
            f"{facts['left_out']} listings have no {said}, or nothing that can be read.",
            fg="yellow",
        )
    if facts["unreadable"]:
        typer.secho(f"{facts['unreadable']} pictures could not be read.", fg="yellow")
    for name, value in facts["metrics"].items() if kind == "tagger" else ():
        typer.echo(f"{name} on {facts['heldout_examples']} held-out listings: {value}")
    if kind == "classifier" and facts["scores"]:
        best = {read: f"{score['top1']:.3f}" for read, score in facts["scores"].items()}
        scores = ", ".join(f"{read} {value}" for read, value in best.items())
        typer.echo(f"Right at first on {facts['heldout_examples']} held-out listings: {scores}")


def _show_ablation(facts: dict[str, Any]) -> None:
    from rich.table import Table

    from shopclerk.console import console

    if not facts["scores"]:
        typer.echo("There are too few listings to hold some out, so nothing can be compared.")
        return
    names = list(next(iter(facts["scores"].values())))
    table = Table("read", *names, box=None, pad_edge=False)
    for read, scores in facts["scores"].items():
        table.add_row(read, *(f"{scores[name]:.3f}" for name in names))
    console().print(table)


def classify(
    title: Annotated[str, typer.Option(help="The listing's title and description.")] = "",
    image: Annotated[Path | None, typer.Option(help="Its picture.")] = None,
    top: Annotated[int, typer.Option(min=1, max=100, help="Labels at most.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Say which label a listing has, by the shop's own classifier."""
    from shopclerk.errors import SettingError
    from shopclerk.models.listing_features import Listing
    from shopclerk.models.product_classifier import ProductClassifier

    settings = load_settings()
    if settings.classifier == "none":
        raise SettingError(
            "No classifier is set. Make one with 'shopclerk train classifier --data FILE -o FOLDER' and set "
            "SHOPCLERK_CLASSIFIER=FOLDER."
        )
    model = ProductClassifier.load(
        Path(settings.classifier), settings.models_folder, threads=settings.threads
    )
    said = model.classify([Listing(_picture(image), title)], top=top)[0]
    if as_json:
        guesses = [{"label": each.label, "score": round(each.score, 4)} for each in said.guesses]
        typer.echo(json.dumps({"guesses": guesses, "by": said.made_by}, ensure_ascii=False))
        return
    for each in said.guesses:
        typer.echo(f"{each.score:6.1%}  {each.label}")
    typer.echo(f"Judged by: {said.made_by}.")


def _picture(path: Path | None) -> "Image.Image | None":
    from shopclerk.pictures import open_picture

    return open_picture(path).image if path else None


@tags_app.command()
def suggest(
    title: Annotated[str, typer.Option(help="The listing's title and description.")] = "",
    image: Annotated[Path | None, typer.Option(help="Its picture.")] = None,
    catalog: Annotated[
        str | None,
        typer.Option(help="Whose tags: a product file, a catalogue folder, or 'sample'."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=10, help="Tags at most.")] = 10,
    ask_model: Annotated[bool, typer.Option("--ask", help="Ask the chat model as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Suggest tags for a listing by words, picture or both, and say where each came from."""
    from shopclerk.console import progress_bar
    from shopclerk.pictures import open_picture
    from shopclerk.shop import Shop
    from shopclerk.tools.tag_suggester import Wanted, open_tag_suggester

    settings = load_settings(catalog=catalog)
    with Shop(settings) as shop:
        with progress_bar() as progress:
            shop.refresh(progress=progress)
        wanted = Wanted(title)
        if image:
            picture = open_picture(image, shop.gallery.limits)
            wanted = Wanted(title, picture.image, shop.gallery.query(picture))
        ask = _asking(settings) if ask_model else None
        tags = open_tag_suggester(shop.searcher, settings, ask).suggest(wanted, most=most)
    for tag in tags:
        record = {"tag": tag.tag, "score": tag.score, "source": tag.source}
        line = f"{tag.score:6.1%}  {tag.tag} ({tag.source})"
        typer.echo(json.dumps(record, ensure_ascii=False) if as_json else line)
    if not tags:
        typer.echo("No tag of this shop fits the listing.", err=as_json)


def _asking(settings: "Settings") -> "Callable[[str], str]":
    from shopclerk.models.chat_model import open_chat_model

    model = open_chat_model(settings)

    def ask(prompt: str) -> str:
        return str(model.invoke(prompt, max_tokens=100).content)

    return ask


@tags_app.command()
def weak(
    file: Annotated[Path, typer.Argument(help="Listings: JSON Lines or a product file.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The sheet, CSV.")],
    tags: Annotated[
        Path | None,
        typer.Option(help="The vocabulary, a tag a line. Default: the tags that the file holds."),
    ] = None,
    open_vocabulary: Annotated[
        bool, typer.Option("--open", help="Suggest telling phrases that are no tags yet.")
    ] = False,
    keep_from: Annotated[
        float, typer.Option(min=0, max=1, help="Mark tags from this score on as kept.")
    ] = 0.9,
    most: Annotated[int, typer.Option(min=1, max=50, help="Tags a listing at most.")] = 10,
) -> None:
    """Read tags off the words of listings onto a sheet, where a person accepts or drops them."""
    from shopclerk.finetune.listing_rows import read_listings
    from shopclerk.models.tag_sheet import write_sheet
    from shopclerk.models.text_encoder import open_text_encoder
    from shopclerk.models.weak_tags import WeakTagger

    settings, listings = load_settings(), read_listings(file, "tags")
    vocabulary = [] if open_vocabulary else _vocabulary(tags, listings)
    encoder = open_text_encoder(settings.text_encoder, settings.models_folder)
    texts = [each.text for each in listings]
    found = WeakTagger(vocabulary, texts, encoder).find(texts, most=most)
    rows = (
        (str(number), each.text[:200], suggested)
        for number, (each, suggested) in enumerate(zip(listings, found, strict=True), 1)
    )
    count = write_sheet(out, rows, keep_from=keep_from)
    typer.echo(
        f"{count} tags for {len(listings)} listings lie in {out}. Write yes or no in the column keep, then: "
        f"shopclerk tags apply {file} {out} -o tagged.jsonl"
    )


def _vocabulary(path: Path | None, listings: "Sequence[LabelledListing]") -> list[str]:
    from shopclerk.errors import DataFormatError

    if path is None:
        found = sorted({tag for each in listings for tag in each.labels})
    else:
        try:
            found = [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError) as error:
            raise DataFormatError(f"Cannot read {path}: {error}.") from error
    if not found:
        raise DataFormatError(
            "There is no vocabulary: no listing has tags. Name a file of tags by --tags, or use --open."
        )
    return found


@tags_app.command()
def apply(
    file: Annotated[Path, typer.Argument(help="The listings that the sheet was made from.")],
    sheet: Annotated[Path, typer.Argument(help="The sheet, looked through.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="JSON Lines to train a tagger on.")],
) -> None:
    """Write the listings with the tags kept on a sheet, beside those that they had."""
    from shopclerk.errors import DataFormatError
    from shopclerk.finetune.listing_rows import read_listings
    from shopclerk.models.tag_sheet import read_sheet

    listings, kept = read_listings(file, "tags"), read_sheet(sheet)
    known = {str(number) for number in range(1, len(listings) + 1)}
    if strange := set(kept) - known:
        raise DataFormatError(
            f"{sheet} names the listing '{min(strange)}', and {file} has {len(listings)}. Was the sheet made from it?"
        )
    added = 0
    with out.open("w", encoding="utf-8") as target:
        for number, each in enumerate(listings, 1):
            tags = list(dict.fromkeys([*each.labels, *kept.get(str(number), [])]))
            added += len(tags) - len(each.labels)
            image = str(each.image.resolve()) if each.image else None
            record = {"image": image, "title": each.text or None, "tags": tags}
            target.write(json.dumps(record, ensure_ascii=False) + "\n")
    typer.echo(f"{added} tags were added to {len(listings)} listings; they lie in {out}.")
