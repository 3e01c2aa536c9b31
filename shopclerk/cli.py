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
    cli_index,
    cli_listing,
    cli_match,
    cli_mcp,
    cli_pictures,
    cli_rewrite,
    cli_taxonomy,
    cli_train,
    cli_ui,
)
from shopclerk.cli_index import Catalog, named_values, tell_report
from shopclerk.cli_pictures import picture_query
from shopclerk.console import console, progress_bar
from shopclerk.errors import ShopclerkError
from shopclerk.settings import load_settings, quiet_libraries

if TYPE_CHECKING:
    from shopclerk.catalog.search import SearchResult, Sort

EXIT_ERROR = 1

app = typer.Typer(
    name="shopclerk",
    help="An assistant for shops: index a catalogue, search it, talk to it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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


app.command()(cli_index.index)


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
    for name, value in named_values("--where", attribute):
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

    from shopclerk.models.attribute_extractor import open_extractor
    from shopclerk.models.image_encoder import open_image_encoder
    from shopclerk.models.registry import list_models
    from shopclerk.models.text_encoder import open_text_encoder

    settings = load_settings()
    if prepare:
        open_text_encoder(settings.text_encoder, settings.models_folder)
        if settings.image_encoder != "none":
            open_image_encoder(settings.image_encoder, settings.models_folder)
        open_extractor(settings.extractor, settings.models_folder).model.prepare()
    found = list_models(settings)
    if as_json:
        typer.echo(json.dumps([model.record() for model in found], ensure_ascii=False))
        return
    table = Table("role", "address", "state", "size", "licence", "where", box=None, pad_edge=False)
    for model in found:
        size = "" if model.size_bytes is None else f"{model.size_bytes / 1e6:.3g} MB"
        table.add_row(model.role, model.address, model.state, size, model.licence, model.where)
    console().print(table)


app.command()(cli_ui.ui)
app.command()(cli_rewrite.rewrite)
app.command()(cli_mcp.mcp)
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
            tell_report(report, len(shop.store))
        terminal.show_rewriting(shop.settings, console())
        terminal.show_listing(shop, console())
        terminal.play_demo(shop, console())


if __name__ == "__main__":
    run()
