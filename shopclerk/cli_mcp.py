"""The command `mcp`: the shop's tools for other agents. `cli.py` registers it."""

from pathlib import Path
from typing import Annotated

import typer

from shopclerk.cli_index import Catalog
from shopclerk.console import progress_bar
from shopclerk.errors import MissingModelError
from shopclerk.settings import load_settings

TOKEN_FILE = "mcp-token"


def mcp(
    catalog: Catalog = None,
    http: Annotated[
        str | None,
        typer.Option(help="Serve over HTTP at HOST:PORT; else over standard input and output."),
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="HTTP: a file with the token that clients must show.")
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="HTTP: a name by which clients reach the server; may be given again."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="HTTP: a web page whose scripts may ask: https://shop.example."),
    ] = None,
) -> None:
    """Let other agents use the shop's tools, by the Model Context Protocol."""
    from shopclerk.shop import Shop

    try:
        from shopclerk import mcp_http, mcp_server
    except ImportError as error:
        raise MissingModelError(
            f"The MCP server needs the package '{error.name}': pip install 'shopclerk[mcp]'."
        ) from error

    settings = load_settings(catalog=catalog)
    address = mcp_http.Address.of(http) if http else None
    token = ""
    if address:
        given = settings.mcp_token.get_secret_value() if settings.mcp_token else None
        kept = settings.home / TOKEN_FILE
        token = mcp_http.find_token(given, token_file, kept, address)
    with Shop(settings) as shop:
        with progress_bar() as progress:
            shop.refresh(progress=progress)
        if address is None:
            mcp_server.serve_stdio(shop)
            return
        app = mcp_http.build_app(
            mcp_server.build_server(shop),
            token,
            address,
            hosts=allow_host or (),
            origins=allow_origin or (),
            max_picture_bytes=shop.gallery.limits.max_bytes,
        )
        where = f"http://{address.host}:{address.port}{mcp_http.PATH}"
        source = token_file or ("SHOPCLERK_MCP_TOKEN" if settings.mcp_token else kept)
        typer.echo(f"MCP at {where}, token in {source}. Ctrl-C stops it.", err=True)
        mcp_http.serve_http(app, address)
