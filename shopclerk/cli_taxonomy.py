"""Commands on categories: `map`, and `taxonomy search`, `show`, `diff`. `cli.py` registers them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shopclerk.errors import SettingError
from shopclerk.settings import Settings, load_settings

if TYPE_CHECKING:
    from shopclerk.catalog.mapping_sheet import SellerText, SheetRow
    from shopclerk.catalog.taxonomy import Category, Taxonomy
    from shopclerk.catalog.taxonomy_diff import TaxonomyDiff
    from shopclerk.models.category_mapper import CategoryMapping

TaxonomyFile = Annotated[
    str | None,
    typer.Option(
        help="A category file (Shopify, Google, CSV), or 'embedded'. Default: the setting."
    ),
]
Mappings = Annotated[
    Path | None,
    typer.Option(help="File of confirmed mappings. Default: mappings.jsonl of the catalogue."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

SHOWN = 20

taxonomy_app = typer.Typer(help="Look into category files.", no_args_is_help=True)


def map_categories(
    sellers: Annotated[
        Path | None,
        typer.Argument(help="A product file, or a table with a column 'source' or 'category'."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The sheet to write, CSV.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="Map this one text instead of a file.")] = None,
    title: Annotated[str | None, typer.Option(help="A title beside --text.")] = None,
    read: Annotated[
        Path | None, typer.Option(help="Read a sheet back: its decisions are remembered.")
    ] = None,
    accept: Annotated[
        float | None,
        typer.Option(help="With --read: also take undecided suggestions at least so sure, 0 to 1."),
    ] = None,
    taxonomy: TaxonomyFile = None,
    column: Annotated[str | None, typer.Option(help="The column of the category text.")] = None,
    mappings: Mappings = None,
    as_json: AsJson = False,
) -> None:
    """Map sellers' category texts to a taxonomy: onto a sheet that a person decides on."""
    settings = load_settings(taxonomy=taxonomy)
    book = mappings or _mappings_file(settings)
    if read:
        _read_back(read, settings, book, accept)
    elif text is not None or title is not None:
        _map_one(text, title, settings, book, as_json)
    elif sellers and out:
        _map_file(sellers, out, settings, book, column)
    else:
        raise SettingError(
            "Name a file and where the sheet goes: shopclerk map sellers.csv -o sheet.csv; or --text TEXT; or "
            "--read sheet.csv."
        )


def _mappings_file(settings: Settings) -> Path:
    """Return where the current catalogue keeps its confirmed mappings."""
    from shopclerk.catalog.mappings import MAPPINGS_FILE
    from shopclerk.shop import find_place

    return find_place(settings).folder / MAPPINGS_FILE


def _map_one(
    text: str | None, title: str | None, settings: Settings, book: Path, as_json: bool
) -> None:
    from dataclasses import asdict

    from shopclerk.catalog.mappings import read_mappings
    from shopclerk.console import progress_bar
    from shopclerk.models.category_mapper import CategoryInput
    from shopclerk.tools.category_mapping import open_mapper
    from shopclerk.tools.map_category import told

    with progress_bar() as progress:
        mapper = open_mapper(settings, mappings=read_mappings(book), progress=progress)
    mapping = mapper.map([CategoryInput(text, title)])[0]
    typer.echo(json.dumps(asdict(mapping), ensure_ascii=False) if as_json else told(mapping))


def _map_file(sellers: Path, out: Path, settings: Settings, book: Path, column: str | None) -> None:
    from shopclerk.catalog.mapping_sheet import read_seller_texts, write_sheet
    from shopclerk.catalog.mappings import read_mappings
    from shopclerk.console import progress_bar
    from shopclerk.models.category_mapper import CategoryInput
    from shopclerk.tools.category_mapping import open_mapper

    texts = read_seller_texts(sellers, column)
    with progress_bar() as progress:
        mapper = open_mapper(settings, mappings=read_mappings(book), progress=progress)
        asked = [CategoryInput(each.source, each.context or None) for each in texts]
        found = mapper.map(asked, progress=progress)
    rows = [_sheet_row(each, mapping) for each, mapping in zip(texts, found, strict=True)]
    write_sheet(out, rows)
    confirmed = sum(mapping.made_by == "confirmed" for mapping in found)
    left = sum(not mapping.mapped for mapping in found)
    typer.echo(
        f"{out}: {len(rows)} texts of {sum(each.products for each in texts)} products, {left} unmapped, "
        f"{confirmed} confirmed before. Decide in the last column, then: shopclerk map --read {out}"
    )


def _sheet_row(text: "SellerText", mapping: "CategoryMapping") -> "SheetRow":
    from shopclerk.catalog.mapping_sheet import SheetRow

    best = mapping.best
    others = mapping.suggestions[1:] if best else mapping.suggestions
    return SheetRow(
        text,
        best.path if best else "",
        best.confidence if best else 0.0,
        best.why if best else "nothing fits well enough",
        tuple(each.path for each in others),
    )


def _read_back(sheet: Path, settings: Settings, book: Path, accept: float | None) -> None:
    from shopclerk.catalog.mapping_sheet import read_sheet
    from shopclerk.catalog.mappings import save_mappings
    from shopclerk.catalog.taxonomy_readers import open_taxonomy

    decided, undecided = read_sheet(sheet, open_taxonomy(settings.taxonomy), accept_from=accept)
    total = save_mappings(book, decided)
    typer.echo(
        f"{len(decided)} decisions taken, {undecided} rows undecided. {book} holds {total} mappings."
    )


@taxonomy_app.command()
def search(
    words: Annotated[str, typer.Argument(help="Words of a category's name.")],
    taxonomy: TaxonomyFile = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Categories at most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Find categories by name."""
    tree = _open(taxonomy)
    found = tree.search(words, limit=limit)
    for each in found:
        typer.echo(_line(each, as_json))
    if not found:
        typer.echo("Nothing found.", err=as_json)


@taxonomy_app.command()
def show(
    node: Annotated[
        str | None, typer.Argument(help="An id, a path or a name. None: the taxonomy as a whole.")
    ] = None,
    taxonomy: TaxonomyFile = None,
    as_json: AsJson = False,
) -> None:
    """Show a category: its ancestors, aliases and what lies right below."""
    tree = _open(taxonomy)
    if node is None:
        leaves = sum(tree.is_leaf(each) for each in tree)
        typer.echo(
            f"{tree.name}: {len(tree)} categories, {leaves} of them leaves, {len(tree.roots)} roots. "
            f"{tree.version} (hash {tree.digest})"
        )
        for note in tree.notes[:SHOWN]:
            typer.echo(note)
        for each in tree.roots:
            typer.echo(_line(each, as_json))
        return
    found = tree.find(node)
    typer.echo(_line(found, as_json))
    if found.aliases and not as_json:
        typer.echo(f"also: {', '.join(found.aliases)}")
    for each in tree.children(found):
        typer.echo(_line(each, as_json) if as_json else f"  {each.name} [{each.id}]")


@taxonomy_app.command()
def diff(
    old: Annotated[str, typer.Argument(help="The old category file.")],
    new: Annotated[str, typer.Argument(help="The new one.")],
    mappings: Annotated[
        Path | None, typer.Option(help="Mappings to carry over to the new taxonomy.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Where the carried mappings go.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what was added, removed, renamed and moved; carry confirmed mappings over."""
    from shopclerk.catalog.taxonomy_diff import compare_taxonomies
    from shopclerk.catalog.taxonomy_readers import open_taxonomy

    found = compare_taxonomies(open_taxonomy(old), open_taxonomy(new))
    if as_json:
        typer.echo(json.dumps(_diff_record(found), ensure_ascii=False))
    else:
        _tell_diff(found)
    if mappings:
        _carry(found, mappings, out, as_json)


def _open(address: str | None) -> "Taxonomy":
    from shopclerk.catalog.taxonomy_readers import open_taxonomy

    return open_taxonomy(load_settings(taxonomy=address).taxonomy)


def _line(category: "Category", as_json: bool) -> str:
    if as_json:
        record = {"id": category.id, "path": category.full_name, "aliases": category.aliases}
        return json.dumps(record, ensure_ascii=False)
    return f"{category.full_name} [{category.id}]"


def _diff_record(found: "TaxonomyDiff") -> dict[str, Any]:
    return {
        "added": [each.full_name for each in found.added],
        "removed": [each.full_name for each in found.removed],
        "renamed": [[old.full_name, new.full_name] for old, new in found.renamed],
        "moved": [[old.full_name, new.full_name] for old, new in found.moved],
        "carried": found.carried,
    }


def _tell_diff(found: "TaxonomyDiff") -> None:
    typer.echo(
        f"{len(found.added)} added, {len(found.removed)} removed, {len(found.renamed)} renamed, "
        f"{len(found.moved)} moved; {found.carried} more lie below one of those."
    )
    parts: tuple[tuple[str, list[str]], ...] = (
        ("renamed", [f"{old.full_name} → {new.name}" for old, new in found.renamed]),
        ("moved", [f"{old.full_name} → {new.full_name}" for old, new in found.moved]),
        ("removed", [each.full_name for each in found.removed]),
        ("added", [each.full_name for each in found.added]),
    )
    for name, lines in parts:
        for line in lines[:SHOWN]:
            typer.echo(f"{name}: {line}")
        if len(lines) > SHOWN:
            typer.echo(f"{name}: … {len(lines) - SHOWN} more; --json lists all.")


def _carry(found: "TaxonomyDiff", book: Path, out: Path | None, as_json: bool) -> None:
    """Carry mappings over; those whose category is gone are listed."""
    from shopclerk.catalog.mappings import read_mappings, save_mappings

    kept, lost = [], []
    for each in read_mappings(book):
        path = found.carry(each.path) if each.path else ""
        if path is None:
            lost.append(each)
        else:
            kept.append(each.model_copy(update={"path": path}))
    for each in lost:
        typer.echo(f"unmapped: '{each.source}', was {each.path}", err=as_json)
    where = ""
    if out:
        save_mappings(out, kept)
        where = f" Written to {out}."
    typer.echo(f"{len(kept)} mappings carried over, {len(lost)} unmapped.{where}", err=as_json)
