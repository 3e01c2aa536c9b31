"""The command line.

Every command reads its settings as `settings.py` says; a flag goes before all else. Heavy libraries are
imported by the command that needs them, so that `--help` is quick.
"""

import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from shopclerk import (
    cli_attributes,
    cli_finetune,
    cli_listing,
    cli_match,
    cli_pictures,
    cli_rewrite,
    cli_taxonomy,
    cli_train,
)
from shopclerk.cli_pictures import picture_query, read_pairs
from shopclerk.console import console, progress_bar
from shopclerk.errors import ShopclerkError
from shopclerk.settings import load_settings, quiet_libraries

if TYPE_CHECKING:
    from shopclerk.catalog.indexing import IndexReport
    from shopclerk.catalog.search import SearchResult, Sort
    from shopclerk.finetune.align import AlignReport

EXIT_ERROR, EXIT_REJECTED = 1, 3

app = typer.Typer(
    name="shopclerk",
    help="An assistant for shops: index a catalogue, search it, talk to it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Catalog = Annotated[
    str | None,
    typer.Option(
        help="A product file, a catalogue folder, or 'sample'. Default: the one indexed last."
    ),
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; errors meant for people are printed plainly."""
    quiet_libraries()
    logging.basicConfig(level=logging.ERROR, format="%(message)s", stream=sys.stderr)
    try:
        code = app(args=arguments, standalone_mode=False)
    except ShopclerkError as error:
        typer.secho(str(error), err=True, fg="red")
        return EXIT_ERROR
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except typer.Exit as stop:
        return stop.exit_code
    except Exception as error:
        # Click's usage errors carry their own text and exit code; anything else is a bug to be seen.
        if not hasattr(error, "format_message"):
            raise
        typer.secho(error.format_message(), err=True, fg="red")
        return int(getattr(error, "exit_code", 2))
    return code if isinstance(code, int) else 0


def run() -> None:
    """Run as a program."""
    raise SystemExit(main())


@app.command()
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
                file, columns=dict(_pairs("--map", column)), prune=prune, progress=progress
            )
            _tell_report(report, len(shop.store))
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


def _pairs(flag: str, given: list[str] | None) -> list[tuple[str, str]]:
    """Read NAME=VALUE flags, in order."""
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


def _tell_report(report: "IndexReport", total: int) -> None:
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


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="What to look for; may be empty with filters.")] = "",
    catalog: Catalog = None,
    price_min: Annotated[float | None, typer.Option(help="Lowest price.")] = None,
    price_max: Annotated[float | None, typer.Option(help="Highest price.")] = None,
    brand: Annotated[list[str] | None, typer.Option(help="Brand; may be given again.")] = None,
    category: Annotated[
        list[str] | None, typer.Option(help="Category name or path, with all below it.")
    ] = None,
    rating_min: Annotated[float | None, typer.Option(help="Lowest rating, 0 to 5.")] = None,
    in_stock: Annotated[bool, typer.Option(help="Only what is on hand.")] = False,
    attribute: Annotated[
        list[str] | None, typer.Option("--where", help="Attribute: --where colour=Blue.")
    ] = None,
    sort: Annotated[
        str, typer.Option(help="relevance, price_asc, price_desc, rating_desc or newest.")
    ] = "relevance",
    page: Annotated[int, typer.Option(min=1, help="Page of results.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Results a page.")] = 10,
    facets: Annotated[bool, typer.Option(help="Count the values of every field.")] = False,
    image: Annotated[
        str | None, typer.Option(help="A picture of what is wanted; the words say what differs.")
    ] = None,
    box: Annotated[str | None, typer.Option(help="A region of it in pixels: X0,Y0,X1,Y1.")] = None,
    point: Annotated[str | None, typer.Option(help="Or a point on it in pixels: X,Y.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find products by words, filters, a picture, or several of them."""
    from dataclasses import replace

    from shopclerk.catalog.search import SearchRequest
    from shopclerk.shop import Shop

    filters: dict[str, dict[str, Any]] = {}
    limits: tuple[tuple[str, str, Any], ...] = (
        ("price", ">=", price_min),
        ("price", "<=", price_max),
        ("rating", ">=", rating_min),
        ("stock", ">", 0 if in_stock else None),
        ("brand", "in", brand),
        ("category", "under", category),
    )
    for name, op, value in limits:
        if value is not None:
            filters.setdefault(name, {})[op] = value
    for name, value in _pairs("--where", attribute):
        filters.setdefault(name, {}).setdefault("in", []).append(value)
    request = SearchRequest(
        words, filters, cast("Sort", sort), (page - 1) * limit, limit, facets=facets
    )
    with Shop(load_settings(catalog=catalog)) as shop:
        with progress_bar() as progress:
            shop.refresh(progress=progress)
        picture = picture_query(shop.gallery, image, box, point)
        result = shop.search(replace(request, picture=picture))
    _show_json(result) if as_json else _show_table(result, (page - 1) * limit)


def _show_json(result: "SearchResult") -> None:
    record = {
        "total": result.total,
        "corrections": dict(result.corrections),
        "hits": [
            {
                "score": round(hit.score, 4),
                "lexical": hit.lexical,
                "semantic": hit.semantic,
                "visual": hit.visual,
                "same_picture": hit.same_picture,
                "matched": hit.matched,
                "product": hit.product.record(),
            }
            for hit in result.hits
        ],
        "facets": {
            name: {facet.value: facet.count for facet in counts}
            for name, counts in result.facets.items()
        },
    }
    typer.echo(json.dumps(record, ensure_ascii=False))


def _show_table(result: "SearchResult", offset: int) -> None:
    from rich.table import Table
    from rich.text import Text

    from shopclerk.catalog.money import format_price

    out = console()
    for word, meant in result.corrections.items():
        out.print(f"Read '{word}' as '{meant}'.", style="yellow")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title, justify in (
        ("", "right"),
        ("id", "left"),
        ("title", "left"),
        ("price", "right"),
        ("rating", "right"),
        ("why", "left"),
    ):
        table.add_column(title, justify=justify, overflow="fold")  # type: ignore[arg-type]  # a literal in the tuple
    for number, hit in enumerate(result.hits, offset + 1):
        product = hit.product
        price = "" if product.price is None else format_price(product.price, product.currency)
        rating = "" if product.rating is None else f"{product.rating:g}"
        scores = [f"words {hit.lexical:.1f}"] if hit.lexical is not None else []
        scores += [f"meaning {hit.semantic:.2f}"] if hit.semantic is not None else []
        scores += [f"picture {hit.visual:.2f}"] if hit.visual is not None else []
        scores += ["the very picture"] if hit.same_picture else []
        why = "; ".join(part for part in (", ".join(hit.matched), ", ".join(scores)) if part)
        cells = (str(number), product.id, product.title, price, rating, why)
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table if result.hits else "Nothing found.")
    for name, counts in result.facets.items():
        values = ", ".join(f"{facet.value} {facet.count}" for facet in counts[:8])
        out.print(Text(f"{name}: {values}"))


@app.command()
def chat(
    catalog: Catalog = None,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON request a line in, one turn a line out.")
    ] = False,
    planner: Annotated[str | None, typer.Option(help="both, model or rules.")] = None,
    thread: Annotated[str | None, typer.Option(help="Carry on a conversation by its name.")] = None,
) -> None:
    """Talk to the shopping assistant."""
    from shopclerk import terminal
    from shopclerk.shop import Shop

    settings = load_settings(catalog=catalog, planner=planner)
    with Shop(settings) as shop:
        with progress_bar() as progress:
            shop.refresh(progress=progress)
        memory = settings.home / "conversations.sqlite" if thread else None
        assistant = shop.assistant(memory=memory)
        if as_jsonl:
            terminal.answer_lines(assistant, sys.stdin.buffer, sys.stdout, thread or "jsonl")
        else:
            terminal.converse(assistant, console(), thread or "terminal")


@app.command(name="eval")
def evaluate(
    task: Annotated[str, typer.Argument(help="search, caption, ground or agent.")],
    data: Annotated[Path, typer.Option(help="Folder with the task's files.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    failures: Annotated[
        bool, typer.Option(help="List what went wrong, one JSON line each.")
    ] = False,
    planner: Annotated[str | None, typer.Option(help="Agent: both, model or rules.")] = None,
    adapt: Annotated[
        bool, typer.Option(help="Search: let the shop learn from its own pictures first.")
    ] = True,
) -> None:
    """Measure a task on data of the form that docs/formats.md describes."""
    from shopclerk.evals.frame import run_task

    settings = load_settings(planner=planner, picture_head=None if adapt else "shipped")
    report = run_task(task, data, settings)
    if as_json:
        typer.echo(json.dumps(report.record(), ensure_ascii=False))
    else:
        _show_report(report.record())
    for failure in report.failures if failures else ():
        typer.echo(json.dumps(failure, ensure_ascii=False))


def _show_report(record: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table("metric", "value", box=None, pad_edge=False)
    for name, value in {"n": record["n"], **record["metrics"]}.items():
        table.add_row(name, "-" if value is None else f"{value:g}")
    for name, value in record["latency_ms"].items():
        table.add_row(f"latency {name}, ms", "-" if value is None else f"{value:g}")
    table.add_row("records a second", str(record["throughput_per_s"]))
    for role, name in record["models"].items():
        table.add_row(role, name)
    out = console()
    out.print(f"[bold]{record['task']}[/bold]")
    out.print(table)
    for note in record["notes"]:
        out.print(note, style="yellow")


models_app = typer.Typer(invoke_without_command=True)
app.add_typer(models_app, name="models")
models_app.command("export")(cli_finetune.models_export)
models_app.command("push")(cli_finetune.models_push)


@models_app.callback()
def models(
    context: typer.Context,
    prepare: Annotated[bool, typer.Option(help="Export the embedded encoders now.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the models in use: address, place, licence, size, and what to do about a missing one."""
    if context.invoked_subcommand:
        return
    from rich.table import Table

    from shopclerk.models.image_encoder import open_image_encoder
    from shopclerk.models.registry import list_models
    from shopclerk.models.text_encoder import open_text_encoder

    settings = load_settings()
    if prepare:
        open_text_encoder(settings.text_encoder, settings.models_folder)
        if settings.image_encoder != "none":
            open_image_encoder(settings.image_encoder, settings.models_folder)
    found = list_models(settings)
    if as_json:
        typer.echo(json.dumps([model.record() for model in found], ensure_ascii=False))
        return
    table = Table("role", "address", "state", "size", "licence", "where", box=None, pad_edge=False)
    for model in found:
        size = "" if model.size_bytes is None else f"{model.size_bytes / 1e6:.0f} MB"
        table.add_row(model.role, model.address, model.state, size, model.licence, model.where)
    console().print(table)


app.command()(cli_rewrite.rewrite)
app.command()(cli_match.dedupe)
app.command()(cli_match.link)
app.command()(cli_rewrite.enrich)
app.command()(cli_attributes.extract)
app.command()(cli_pictures.describe)
app.command()(cli_pictures.locate)
app.command("list")(cli_listing.list_product)
app.command()(cli_listing.audit)
app.command()(cli_finetune.finetune)
app.command()(cli_train.classify)
app.add_typer(cli_train.train_app, name="train")
app.add_typer(cli_train.tags_app, name="tags")
app.command("map")(cli_taxonomy.map_categories)
app.add_typer(cli_taxonomy.taxonomy_app, name="taxonomy")


@app.command()
def demo() -> None:
    """Index the sample shop and play a shopper's conversation."""
    from shopclerk import terminal
    from shopclerk.shop import Shop

    with Shop(load_settings(catalog="sample")) as shop:
        with progress_bar() as progress:
            report = shop.refresh(progress=progress)
        if report:
            _tell_report(report, len(shop.store))
        terminal.show_rewriting(shop.settings, console())
        terminal.play_demo(shop, console())


if __name__ == "__main__":
    run()
