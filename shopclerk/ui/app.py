"""The four places as one page."""

from collections.abc import Callable
from html import escape
from typing import Any

import gradio as gr

from shopclerk.ui.batch_place import BatchPlace
from shopclerk.ui.catalog_place import CatalogPlace
from shopclerk.ui.endpoints import Endpoints
from shopclerk.ui.sell_place import SellPlace
from shopclerk.ui.shop_place import ShopPlace
from shopclerk.ui.shopfront import Shopfront

TITLE = "shopclerk"
UPLOADS_CHECKED_S = 600
UPLOADS_KEPT_S = 1800
"""Files that came in or go out are removed this long after they were made."""
HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build_app(front: Shopfront) -> gr.Blocks:
    """Return the app over an open shop."""
    wanted = front.settings.ui_places
    places: dict[str, tuple[str, Callable[[Shopfront, gr.BrowserState], object]]] = {
        "shop": ("Shop", ShopPlace),
        "sell": ("Sell", SellPlace),
        "batch": ("Batch", BatchPlace),
        "catalogue": ("Catalogue", CatalogPlace),
    }
    app = gr.Blocks(
        title=TITLE,
        analytics_enabled=False,
        delete_cache=(UPLOADS_CHECKED_S, UPLOADS_KEPT_S),
        fill_width=True,
    )
    with app:
        masthead = gr.HTML(_masthead(front), padding=False)
        app.load(lambda: _masthead(front), None, masthead, **HIDDEN)
        who = gr.BrowserState(None, storage_key="shopclerk-browser", secret="not a secret")
        with gr.Tabs():
            for name, (label, build) in places.items():
                if name in wanted:
                    with gr.Tab(label, id=name) as tab:
                        place = build(front, who)
                    if isinstance(place, ShopPlace):
                        app.load(place.load, who, place.loaded, **HIDDEN)
                        tab.select(
                            place.panel.again, place.panel.asked, place.panel.results, **HIDDEN
                        )
                    elif isinstance(place, CatalogPlace):
                        gr.on([tab.select, app.load], place.load, None, place.loaded, **HIDDEN)
        Endpoints(front)
    return app


def _masthead(front: Shopfront) -> str:
    return (
        f'<header class="masthead"><h1>shopclerk</h1><span>{escape(front.now.name)}</span></header>'
    )
