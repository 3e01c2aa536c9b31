"""Commands on whole files of listings: `dedupe` finds duplicates, `link` finds known items. `cli.py` registers them."""

import csv
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shopclerk.cells import guarded
from shopclerk.console import progress_bar
from shopclerk.errors import SettingError
from shopclerk.settings import Settings, load_settings

if TYPE_CHECKING:
    from shopclerk.tools.duplicates import Duplicates
    from shopclerk.tools.linking import Link, Links
    from shopclerk.tools.matching_listings import Catalogued

SHOWN = 5
LINK_COLUMNS = ("id", "linked", "probability", "why", "nearest", "nearest_probability")

Threshold = Annotated[
    float | None,
    typer.Option(min=0.01, max=0.99, help="Probability that counts. Default: the matcher's own."),
]
Nearest = Annotated[
    int,
    typer.Option(
        min=1, max=100, help="Candidates a listing by words, as many by runs of characters."
    ),
]
Pictures = Annotated[
    bool, typer.Option(help="Look at the pictures of a product file; an indexed catalogue has.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


def dedupe(
    catalog: Annotated[
        str, typer.Argument(help="A product file, a catalogue folder, or 'sample'.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The sheet of clusters, CSV.")] = Path(
        "duplicates.csv"
    ),
    page: Annotated[Path | None, typer.Option(help="An HTML page to look through.")] = None,
    threshold: Threshold = None,
    nearest: Nearest = 50,
    pictures: Pictures = False,
    fresh: Annotated[
        bool, typer.Option(help="Compare everything anew, not only what has changed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find listings that are the same product, and propose which of them to keep."""
    from shopclerk.catalog.blocking import Blocking
    from shopclerk.models.product_matcher import open_matcher
    from shopclerk.tools.duplicate_sheet import write_page, write_sheet
    from shopclerk.tools.duplicates import find_all

    settings = load_settings()
    matcher = open_matcher(settings.matcher)
    catalogued = open_catalogued(settings, catalog, pictures=pictures)
    memory = _memory_file(settings, catalog)
    if fresh:
        memory.unlink(missing_ok=True)
    with progress_bar() as progress:
        found = find_all(
            catalogued,
            matcher,
            threshold=threshold,
            blocking=Blocking(nearest=nearest),
            memory=memory,
            progress=progress,
        )
    write_sheet(found, out)
    if page:
        write_page(found, page)
    _tell_duplicates(found, out, page, as_json=as_json)


def open_catalogued(settings: Settings, name: str, *, pictures: bool = False) -> "Catalogued":
    """Return the products of a file as they are, or those of an indexed catalogue.

    Raises:
        SettingError: There is no such file or catalogue.
    """
    from shopclerk.catalog.store import STORE_FILE, Store
    from shopclerk.gallery import FOLDER_KEY
    from shopclerk.shop import find_place
    from shopclerk.tools.matching_listings import from_file, from_store

    place = find_place(settings.model_copy(update={"catalog": name}))
    if place.source is not None:
        return from_file(place.source, pictures=pictures)
    if not (place.folder / STORE_FILE).exists():
        raise SettingError(f"There is no catalogue in {place.folder}. Index a file first.")
    store = Store(place.folder)
    try:
        folder = store.meta(FOLDER_KEY)
        return from_store(store, Path(folder) if folder else None)
    finally:
        store.close()


def _memory_file(settings: Settings, name: str) -> Path:
    place = str(Path(name).expanduser().resolve()) if Path(name).exists() else name
    digest = hashlib.blake2b(place.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return settings.home / "duplicates" / f"{digest}.npz"


def _tell_duplicates(found: "Duplicates", out: Path, page: Path | None, *, as_json: bool) -> None:
    products, extra = found.catalogued.products, sum(len(each.members) for each in found.clusters)
    if as_json:
        record = {
            "listings": len(products),
            "rejected": found.catalogued.rejected,
            "clusters": len(found.clusters),
            "duplicates": extra,
            "candidates": found.candidates,
            "compared": found.compared,
            "seconds": round(found.seconds, 2),
            "matcher": found.made_by,
            "sheet": str(out),
        }
        typer.echo(json.dumps(record, ensure_ascii=False))
        return
    count = len(found.clusters)
    typer.echo(
        f"{len(products)} listings, {extra} of them duplicates in {count} {'cluster' if count == 1 else 'clusters'}. "
        f"{found.compared} of {found.candidates} candidate pairs compared, {found.seconds:.1f} s."
    )
    for cluster in found.clusters[:SHOWN]:
        typer.echo(f"  {products[cluster.canonical].id}: {products[cluster.canonical].title[:80]}")
        for member in cluster.members[:SHOWN]:
            match, product = member.match, products[member.row]
            why = "; ".join(match.reasons[:3])
            typer.echo(f"    {match.probability:.0%} {product.id}: {product.title[:80]} ({why})")
    if found.catalogued.rejected:
        typer.secho(
            f"{found.catalogued.rejected} rows hold no product; 'shopclerk index' says why.",
            fg="yellow",
        )
    typer.echo(f"All clusters: {out}" + (f", {page}" if page else ""))


def link(
    listings: Annotated[str, typer.Argument(help="The listings, a product file or a catalogue.")],
    reference: Annotated[str, typer.Option(help="The known items, a product file or a catalogue.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The sheet of links, CSV.")] = Path(
        "links.csv"
    ),
    threshold: Threshold = None,
    nearest: Nearest = 50,
    pictures: Pictures = False,
    many: Annotated[
        bool, typer.Option(help="Let several listings be one item, as offers of sellers are.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find the known item that each listing is, or none."""
    from shopclerk.catalog.blocking import Blocking
    from shopclerk.models.product_matcher import open_matcher
    from shopclerk.tools.linking import link_all

    settings = load_settings()
    matcher = open_matcher(settings.matcher)
    offered, known = (
        open_catalogued(settings, name, pictures=pictures) for name in (listings, reference)
    )
    with progress_bar() as progress:
        found = link_all(
            offered.listings,
            known.listings,
            matcher,
            threshold=threshold,
            one_to_one=not many,
            blocking=Blocking(nearest=nearest),
            progress=progress,
        )
    _write_links(found, out)
    linked = sum(each.match is not None for each in found.links)
    if as_json:
        record = {
            "listings": len(found.links),
            "linked": linked,
            "candidates": found.candidates,
            "seconds": round(found.seconds, 2),
            "matcher": found.made_by,
            "sheet": str(out),
        }
        typer.echo(json.dumps(record, ensure_ascii=False))
        return
    typer.echo(
        f"{linked} of {len(found.links)} listings are known items; {found.candidates} candidate pairs "
        f"compared, {found.seconds:.1f} s. All links: {out}"
    )


def _write_links(found: "Links", path: Path) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, LINK_COLUMNS)
        writer.writeheader()
        for each in found.links:
            writer.writerow({name: guarded(value) for name, value in _link_row(each).items()})
    partial.replace(path)


def _link_row(link: "Link") -> dict[str, Any]:
    match, nearest = link.match, link.nearest
    return {
        "id": link.listing,
        "linked": match.right if match else None,
        "probability": f"{match.probability:.3f}" if match else None,
        "why": "; ".join(match.reasons) if match else None,
        "nearest": nearest.right if nearest else None,
        "nearest_probability": f"{nearest.probability:.3f}" if nearest else None,
    }
