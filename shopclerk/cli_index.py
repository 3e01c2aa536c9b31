"""The command `index`: products into a catalogue, and its index mended or moved. `cli.py` registers it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shopclerk.cli_pictures import read_pairs
from shopclerk.console import progress_bar
from shopclerk.settings import load_settings

if TYPE_CHECKING:
    from shopclerk.catalog.indexing import IndexReport
    from shopclerk.finetune.align import AlignReport

EXIT_REJECTED = 3

Catalog = Annotated[
    str | None,
    typer.Option(
        help="A product file, a catalogue folder, or 'sample'. Default: the one indexed last."
    ),
]


def index(
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV, TSV, JSONL, Parquet, Shopify export or Google Merchant feed."),
    ] = None,
    catalog: Catalog = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--map", help="Our field to the file's column: --map id=SKU."),
    ] = None,
    prune: Annotated[
        bool, typer.Option(help="Delete products that the file does not have.")
    ] = False,
    delete: Annotated[list[str] | None, typer.Option(help="Delete a product by id.")] = None,
    rebuild: Annotated[bool, typer.Option(help="Make all vectors anew.")] = False,
    verify: Annotated[
        bool, typer.Option(help="Compare store and vectors, mend what differs.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="Exit with 3 when rows were rejected.")] = False,
    adapt: Annotated[
        bool, typer.Option(help="Learn from the pictures and listings what pictures show here.")
    ] = False,
    pairs: Annotated[
        Path | None,
        typer.Option(help="More pictures with words to learn from: JSON Lines of image and text."),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="Move to a text encoder trained for this catalogue, by its folder; 'none' moves back."
        ),
    ] = None,
    reranker: Annotated[
        str | None,
        typer.Option(
            help="Let a reranker trained for this catalogue reorder the best hits; 'none' stops it."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option(help="Take an encoder or reranker that was no better than none.")
    ] = False,
) -> None:
    """Read products into a catalogue, or mend its index."""
    from shopclerk.shop import Shop, remember_current

    settings = load_settings(catalog=catalog or (str(file) if file else None))
    with Shop(settings) as shop, progress_bar() as progress:
        if delete:
            typer.echo(f"Deleted {shop.store.delete(delete)} of {len(delete)} products.")
        if rebuild:
            typer.echo(f"Made {shop.rebuild(progress=progress)} vectors anew.")
        if verify:
            typer.echo(f"Mended {shop.verify()} differences between store and vectors.")
        if file or not (delete or rebuild or verify or encoder or reranker):
            report = shop.index(
                file, columns=dict(named_values("--map", column)), prune=prune, progress=progress
            )
            tell_report(report, len(shop.store))
            rejected = report.rejected
        else:
            shop.refresh(progress=progress)
            rejected = 0
        if adapt or pairs:
            _tell_adapted(shop.adapt(read_pairs(pairs), progress=progress))
        if encoder:
            count = shop.served.switch_encoder(encoder, force=force, progress=progress)
            typer.echo(f"Made {count} vectors anew and switched to {_named(encoder)}.")
        if reranker:
            shop.served.switch_reranker(reranker, force=force)
            typer.echo(f"The best hits are reordered by {_named(reranker)}.")
        remember_current(settings, shop.place)
    if strict and rejected:
        raise typer.Exit(EXIT_REJECTED)


def named_values(flag: str, given: list[str] | None) -> list[tuple[str, str]]:
    """Return NAME=VALUE flags, in order."""
    for pair in given or []:
        if "=" not in pair:
            raise typer.BadParameter(f"{flag} takes NAME=VALUE, not '{pair}'.")
    return [(pair.partition("=")[0], pair.partition("=")[2]) for pair in given or []]


def _named(address: str) -> str:
    return "what the settings say" if address == "none" else address


def _tell_adapted(report: "AlignReport") -> None:
    found = f"listings found for a picture are like its own by {report.agreement:.2f} above chance, before by {report.agreement_before:.2f}"
    done = "Learned from" if report.better else "Nothing gained, so nothing kept, from"
    typer.echo(f"{done} {report.pairs} pictures: {found}. {report.seconds:.0f} s.")


def tell_report(report: "IndexReport", total: int) -> None:
    """Print what indexing came to."""
    typer.echo(
        f"{total} products: {report.added} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.deleted} deleted. {report.embedded} vectors made. {report.total_s:.1f} s."
    )
    if report.missing:
        typer.echo(f"{report.missing} products are not in this file; --prune deletes them.")
    if report.pictures.read:
        typer.echo(
            f"Pictures of {report.pictures.read} products looked at. {report.pictures.total_s:.1f} s."
        )
    if report.pictures.rejected:
        typer.secho(
            f"{report.pictures.rejected} pictures could not be read; which and why: {report.pictures.reject_file}",
            fg="yellow",
        )
    if report.rejected:
        typer.secho(
            f"{report.rejected} rows were rejected; lines and reasons: {report.reject_file}",
            fg="yellow",
        )
