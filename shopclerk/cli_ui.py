"""The command `ui`, which serves the web app. `cli.py` registers it."""

from pathlib import Path
from typing import Annotated

import typer

from shopclerk.errors import MissingModelError
from shopclerk.settings import load_settings


def ui(
    catalog: Annotated[
        str | None,
        typer.Option(help="The shop: a product file, a catalogue folder, or 'sample'."),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="A file with a `name:token` a line: who may sign in.")
    ] = None,
) -> None:
    """Serve the web app: shop, sell, batch, catalogue."""
    try:
        from shopclerk.ui.server import serve
    except ImportError as error:
        raise MissingModelError(
            f"The web app needs gradio ({error}). Install it: pip install 'shopclerk[ui]'."
        ) from error
    settings = load_settings(catalog=catalog, ui_host=host, ui_port=port, ui_token_file=token_file)

    def ready(address: str) -> None:
        typer.echo(f"The shop is open at {address} (Ctrl+C closes it).")

    serve(settings, ready=ready)
