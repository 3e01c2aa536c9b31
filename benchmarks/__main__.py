"""Runs benchmarks: `python -m benchmarks [NAME ...] [--data FOLDER ...] [--json FILE]`.

Names: search_quality, search_speed, picture_speed, agent_speed, rewrite_speed, web_load; none means all. Without a folder the
sample shop is searched; a large catalogue is always a varied copy of it.
"""

import json
import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import (
    agent_speed,
    picture_speed,
    rewrite_speed,
    search_quality,
    search_speed,
    web_load,
)
from benchmarks.pages import write_pages
from benchmarks.results import Benchmark, Options, ResultTable
from shopclerk.settings import load_settings, quiet_libraries

BENCHMARKS: dict[str, Benchmark] = {
    "search_quality": search_quality.run,
    "search_speed": search_speed.run,
    "picture_speed": picture_speed.run,
    "agent_speed": agent_speed.run,
    "rewrite_speed": rewrite_speed.run,
    "web_load": web_load.run,
}


def main(
    names: Annotated[list[str] | None, typer.Argument(help=", ".join(BENCHMARKS))] = None,
    data: Annotated[
        list[Path] | None, typer.Option(help="A search folder; may be given again.")
    ] = None,
    products: Annotated[int, typer.Option(min=1, help="Size of the varied catalogue.")] = 50_000,
    queries: Annotated[int, typer.Option(min=1, help="Varied queries timed.")] = 200,
    repeats: Annotated[int, typer.Option(min=1, help="Starts of each cold process.")] = 5,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all results here.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help="Write pages with tables and plots into this folder.")
    ] = None,
) -> None:
    """Measure shopclerk against what else one could pick."""
    quiet_libraries()
    logging.disable(logging.WARNING)
    for name in names or ():
        if name not in BENCHMARKS:
            raise typer.BadParameter(f"There is no '{name}'. Known here: {', '.join(BENCHMARKS)}.")
    options = Options(tuple(data or ()), load_settings(), products, queries, repeats)
    console, tables = Console(highlight=False), list[ResultTable]()
    for name in names or BENCHMARKS:
        for table in BENCHMARKS[name](options):
            console.print(table.rich(), "")
            tables.append(table)
            if json_file:
                json_file.write_text(
                    json.dumps([each.record() for each in tables], indent=2) + "\n",
                    encoding="utf-8",
                )
    if results:
        write_pages(tables, results)


if __name__ == "__main__":
    typer.run(main)
