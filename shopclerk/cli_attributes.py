"""The command `extract`: values of attributes out of a listing's texts."""

import json
from typing import Annotated, Any

import typer

from shopclerk.settings import load_settings


def extract(
    title: Annotated[str, typer.Argument(help="The listing's title.")],
    description: Annotated[str, typer.Option(help="Its description.")] = "",
    category: Annotated[str, typer.Option(help="Its category.")] = "",
    attribute: Annotated[
        list[str] | None,
        typer.Option(help="A name to look for; default: those that the catalogue's category has."),
    ] = None,
    catalog: Annotated[
        str | None,
        typer.Option(
            help="A product file, a catalogue folder, or 'sample'. Default: the one indexed last."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find the values of attributes in a listing's title and description."""
    from shopclerk.console import progress_bar
    from shopclerk.models.attribute_extractor import open_extractor
    from shopclerk.shop import Shop
    from shopclerk.tools.attribute_shelf import AttributeShelf
    from shopclerk.tools.extract_attributes import extract_attributes_tool

    settings = load_settings(catalog=catalog)
    with Shop(settings) as shop:
        with progress_bar() as progress:
            shop.refresh(progress=progress)
        shelf = AttributeShelf(
            shop.store,
            lambda counts: open_extractor(
                settings.extractor,
                settings.models_folder,
                threads=settings.threads,
                gazetteer=counts,
            ),
        )
        call = {
            "title": title,
            "description": description,
            "category": category,
            "attributes": attribute or None,
        }
        message = extract_attributes_tool(shelf).invoke(
            {"type": "tool_call", "id": "1", "name": "extract_attributes", "args": call}
        )
    found = message.artifact["attributes"]
    typer.echo(json.dumps(found, ensure_ascii=False)) if as_json else _show(found)


def _show(found: dict[str, Any]) -> None:
    from rich.table import Table

    from shopclerk.console import console

    table = Table(
        "attribute", "value", "in one spelling", "place", "sure", box=None, pad_edge=False
    )
    for name, facts in found["attributes"].items():
        if not facts["values"]:
            table.add_row(name, "not stated", "", "", f"{facts['confidence']:.0%}")
        for value in facts["values"]:
            place = f"{value['field']} {value['start']}-{value['end']}"
            spelt = ", ".join(value["normalised"])
            table.add_row(name, value["text"], spelt, place, f"{value['confidence']:.0%}")
    out = console()
    out.print(table)
    out.print(f"Names: {found['names_from']}. By {found['made_by']}.", style="dim")
