"""Commands on listings: `list` makes one, `audit` checks a catalogue. `cli.py` registers them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from shopclerk.console import console, progress_bar
from shopclerk.errors import SettingError
from shopclerk.settings import load_settings

if TYPE_CHECKING:
    from shopclerk.agents.listing.draft import Draft
    from shopclerk.agents.listing.helper import Progress

Catalog = Annotated[
    str | None,
    typer.Option(help="The shop: a product file, a catalogue folder, or 'sample'."),
]
Form = Literal["card", "json", "shopify", "google"]


def list_product(
    text: Annotated[str, typer.Option(help="Rough words.")] = "",
    image: Annotated[
        list[str] | None, typer.Option(help="A picture; may be given again, the main one first.")
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(help="What is known: --field price=59.90 --field brand=Nike."),
    ] = None,
    form: Annotated[Form, typer.Option(help="How to print the listing.")] = "card",
    catalog: Catalog = None,
) -> None:
    """Make a listing from a picture, rough words, or both."""
    from shopclerk.agents.listing.draft import Given
    from shopclerk.shop import Shop

    given = Given(
        text=text, images=tuple(image or ()), fields=dict(_field(each) for each in field or ())
    )
    with Shop(load_settings(catalog=catalog)) as shop:
        with progress_bar() as progress:
            shop.refresh(progress=progress)
        if not text.strip():
            for path in given.images:  # nothing else to make it of: say at once what is wrong
                shop.desk.open_picture(path)
        helper = shop.listing_helper()
        for done in helper.stream(given):
            if form == "card":
                _tell_step(done)
        draft = helper.draft()
    _print(draft, form)


def _field(pair: str) -> tuple[str, Any]:
    name, found, value = pair.partition("=")
    if not found or not name:
        raise SettingError(f"--field takes NAME=VALUE, for instance price=59.90, not '{pair}'.")
    return name.strip(), value.strip()


def _tell_step(done: "Progress") -> None:
    made = done.made
    out = console(stderr=True)
    if made.error:
        out.print(f"{done.step}: {made.error}", style="yellow", markup=False)
    elif out.is_terminal:
        out.print(f"{done.step} done, {made.ms:.0f} ms", style="dim", markup=False)


def _print(draft: "Draft", form: Form) -> None:
    from shopclerk.catalog.feed_rows import google_tsv, shopify_csv
    from shopclerk.listing_card import print_card

    if form == "json":
        typer.echo(json.dumps(draft.record(), ensure_ascii=False, indent=2))
    elif form == "shopify":
        typer.echo(shopify_csv([draft.product()]), nl=False)
    elif form == "google":
        typer.echo(google_tsv([draft.product()]), nl=False)
    else:
        print_card(draft, console())


def audit(
    catalog: Annotated[
        str | None, typer.Argument(help="A product file, a catalogue folder, or 'sample'.")
    ] = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the report.")] = Path(
        "audit"
    ),
    limit: Annotated[int | None, typer.Option(min=1, help="Check the first so many.")] = None,
) -> None:
    """Check every listing of a catalogue; write a page with plots and a sheet of all findings."""
    from itertools import islice

    from shopclerk.agents.audit import audit_catalog, write_page
    from shopclerk.shop import Shop

    with Shop(load_settings(catalog=catalog)) as shop, progress_bar() as progress:
        shop.refresh(progress=progress)
        out.mkdir(parents=True, exist_ok=True)
        total = min(limit or len(shop.store), len(shop.store))
        products = islice(shop.store.products(), limit)
        sheet, page = out / "findings.csv", out / "audit.html"
        found = audit_catalog(products, total, shop.listing_checker(), sheet, progress=progress)
        name = shop.place.source.name if shop.place.source else shop.place.folder.name
    write_page(found, page, name)
    typer.echo(f"{found.count} listings, mean score {found.mean_score:.0f} of 100.")
    for kind, times in found.kinds.most_common(8):
        typer.echo(f"  {times} with '{kind}'")
    typer.echo(f"Report: {page}\nAll findings: {sheet}")
