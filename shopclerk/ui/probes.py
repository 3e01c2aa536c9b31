"""What watches the server: `/health` for load balancers, `/metrics` for Prometheus."""

import base64
import binascii
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response

from shopclerk import __version__
from shopclerk.errors import ShopclerkError
from shopclerk.ui.access import Access
from shopclerk.ui.shopfront import Shopfront


def add_probes(app: FastAPI, front: Shopfront, access: Access) -> None:
    """Add both to a server."""

    @app.get("/health")
    def health(response: Response) -> dict[str, Any]:
        try:
            store = front.now.shop.store
            facts = {"products": len(store), "vectors_due": store.due_count()}
        except (ShopclerkError, RuntimeError) as error:
            response.status_code = 503
            return {"status": "down", "reason": str(error)}
        return {"status": "ok", "version": __version__, **facts}

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        if access.wanted and not access.allows(*_basic(request)):
            raise HTTPException(
                401, "Sign in with a name and its password.", {"WWW-Authenticate": "Basic"}
            )
        return Response(front.metrics.text(), media_type="text/plain; version=0.0.4")


def _basic(request: Request) -> tuple[str, str]:
    """Return name and password of HTTP basic authentication, empty where there are none."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret
