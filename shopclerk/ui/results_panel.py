"""The products beside the conversation: cards, the one that is open, filters, and a part of the photo to search for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import gradio as gr

from shopclerk.agents.turn import Turn
from shopclerk.errors import PictureError, ShopclerkError
from shopclerk.tools.locate_in_image import in_original
from shopclerk.ui.errors import friendly
from shopclerk.ui.filters import MOST_FIELDS, offered
from shopclerk.ui.marker import NO_PHOTO, marker_html, region_px
from shopclerk.ui.results import PAGE, Asked, Results, find, of_turn
from shopclerk.ui.scripts import script
from shopclerk.ui.shopfront import Shopfront

MOST_OBJECTS = 6
NOTHING = "Nothing fits. Take a filter away, or say it differently."

Part = dict[Any, Any]
"""Components and what they show now."""


class ResultsPanel:
    """Builds the panel and answers what happens in it.

    Args:
        front: The shop.
    """

    def __init__(self, front: Shopfront) -> None:
        self._front = front
        self._build()
        self.results = [
            self.cards, self.more, self.asked, self.names, *self.slots, self.product, self.open_id,
        ]  # fmt: skip
        self.all = [*self.results, self.low, self.high, self.photo, self.part, self.marker]
        self._wire()

    def _build(self) -> None:
        self.asked = gr.State(Asked())
        self.photo = gr.State("")
        self.open_id = gr.State("")
        self.names = gr.State([])
        with gr.Accordion("Filters", open=False, elem_id="filters"):
            with gr.Row():
                self.slots = [
                    gr.Dropdown([], label="Filter", multiselect=True, visible=False, min_width=150)
                    for _ in range(MOST_FIELDS)
                ]
            with gr.Row():
                self.low = gr.Number(None, label="Price from", placeholder="any", min_width=110)
                self.high = gr.Number(None, label="Price to", placeholder="any", min_width=110)
                self.clear = gr.Button("Clear filters", size="sm", min_width=110)
        with gr.Accordion("Part of the photo", open=False, elem_id="part", visible=False) as part:
            self.marker = gr.HTML(NO_PHOTO, js_on_load=script("marker"), elem_id="marker")
            self.objects = gr.Button("Find the objects in it", size="sm")
        self.part = part
        with gr.Column(visible=False, elem_id="product") as self.product:
            self.details = gr.HTML()
            with gr.Row():
                self.alike = gr.Button("More like this", variant="primary", size="sm")
                self.close = gr.Button("Back to the results", size="sm")
        self.cards = gr.HTML(js_on_load=script("cards"), elem_id="results", elem_classes="results")
        self.more = gr.Button("Show more", size="sm", visible=False)

    def _wire(self) -> None:
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        guard = friendly(self._front.metrics)
        edits = [slot.input for slot in self.slots]
        edits += [self.low.submit, self.high.submit, self.low.blur, self.high.blur]
        picked = [self.asked, self.names, *self.slots, self.low, self.high]
        gr.on(edits, guard(self._filter), picked, self.results, **hidden)
        self.clear.click(
            guard(self._clear), self.asked, [*self.results, self.low, self.high], **hidden
        )
        self.more.click(guard(self._more), self.asked, self.results, **hidden)
        self.cards.select(
            guard(self._show),
            None,
            [self.product, self.details, self.open_id],
            scroll_to_output=True,
            **hidden,
        )
        self.close.click(lambda: gr.update(visible=False), None, self.product, **hidden)
        self.alike.click(guard(self._alike), self.open_id, self.results, **hidden)
        self.objects.click(guard(self._objects), self.photo, self.marker, api_visibility="private")
        self.marker.select(guard(self._region), self.photo, self.results, **hidden)

    # -- what is shown -----------------------------------------------------------------------------------

    def whole(self) -> tuple[Any, ...]:
        """Return values for `results`: the whole catalogue."""
        asked = Asked()
        return self._shown(asked, find(self._front.now, asked))

    def again(self, asked: Asked) -> Any:
        """Return the results anew where they are all of the catalogue, which may be another one now."""
        if not asked.anything or asked.picked:
            return [gr.skip()] * len(self.results)
        return self._shown(asked, find(self._front.now, asked))

    def empty(self) -> Part:
        """Return the panel as it is before anything was asked."""
        return {
            **self._parts(self.whole()),
            self.low: None,
            self.high: None,
            self.photo: "",
            self.part: gr.update(visible=False),
        }

    def of_products(self, ids: Sequence[str]) -> Part:
        """Return some products, those that are gone left out."""
        products = []
        for each in ids:
            with suppress(ShopclerkError):
                products.append(self._front.now.shop.store.get(each))
        return self._parts(self._shown(Asked(), Results(tuple(products), total=len(products))))

    def of_turn(self, turn: Turn, upload: bytes | None) -> Part:
        """Return the products of a turn, and its photo where one came."""
        parts: Part = {}
        if turn.products:
            asked, results = of_turn(self._front.now, turn)
            parts |= self._parts(self._shown(asked or Asked(), results))
            parts |= {self.low: None, self.high: None}
        if upload is not None:
            named = next((c.args["image"] for c in turn.tool_calls if c.args.get("image")), None)
            parts |= self._photo_shown(named or self._kept(upload))
        return parts

    def _parts(self, values: tuple[Any, ...]) -> Part:
        return dict(zip(self.results, values, strict=True))

    def _kept(self, upload: bytes) -> str:
        sight = self._front.now.assistant.sight
        with suppress(PictureError):
            return sight.shelf.add(upload) if sight else ""
        return ""

    def _photo_shown(self, name: str) -> Part:
        sight = self._front.now.assistant.sight
        if sight is None or not name:
            return {}
        return {
            self.photo: name,
            self.part: gr.update(visible=True),
            self.marker: marker_html(sight.shelf.picture(name)),
        }

    def _shown(self, asked: Asked, results: Results) -> tuple[Any, ...]:
        """Return values for `results`."""
        heading = _heading(asked, results)
        html = self._front.now.cards.gallery(
            results.products, results.reasons, heading=heading, empty=NOTHING
        )
        fields = offered(results.facets, results.total)
        slots = [
            gr.update(
                label=name.capitalize(),
                choices=values,
                value=[v for v in asked.picked.get(name, ()) if any(v == x for _, x in values)],
                visible=True,
            )
            for name, values in fields
        ]
        slots += [gr.update(visible=False, value=[])] * (MOST_FIELDS - len(fields))
        more = gr.update(visible=results.total > len(results.products) and bool(results.facets))
        names = [name for name, _ in fields]
        return html, more, asked, names, *slots, gr.update(visible=False), ""

    # -- what happens ------------------------------------------------------------------------------------

    def _filter(self, asked: Asked, names: list[str], *picked: Any) -> tuple[Any, ...]:
        *values, low, high = picked
        wanted = {name: tuple(chosen or ()) for name, chosen in zip(names, values, strict=False)}
        # A field that is no longer offered keeps what was picked in it.
        kept = {name: value for name, value in asked.picked.items() if name not in wanted}
        asked = replace(asked, picked={**kept, **wanted}, price=(low, high), limit=PAGE)
        return self._shown(asked, find(self._front.now, asked))

    def _clear(self, asked: Asked) -> tuple[Any, ...]:
        asked = replace(asked, picked={}, price=(None, None), limit=PAGE)
        return *self._shown(asked, find(self._front.now, asked)), None, None

    def _more(self, asked: Asked) -> tuple[Any, ...]:
        asked = replace(asked, limit=asked.limit + PAGE)
        return self._shown(asked, find(self._front.now, asked))

    def _show(self, event: gr.EventData) -> tuple[Any, ...]:
        product = self._front.now.shop.store.get(event.id)
        html = self._front.now.cards.details(product)
        return gr.update(visible=True), html, product.id

    def _alike(self, product_id: str) -> tuple[Any, ...]:
        asked = Asked(similar=product_id)
        return self._shown(asked, find(self._front.now, asked))

    def _objects(self, photo: str) -> str:
        sight = self._front.now.assistant.sight
        if sight is None or not photo:
            return NO_PHOTO
        picture = sight.shelf.picture(photo)
        located = in_original(
            picture, sight.locator.locate(picture.image, None, limit=MOST_OBJECTS)
        )
        return marker_html(picture, [each.box for each in located])

    def _region(self, photo: str, event: gr.EventData) -> tuple[Any, ...]:
        sight = self._front.now.assistant.sight
        if sight is None or not photo:
            raise PictureError("Send a photo first.")
        box = region_px(sight.shelf.picture(photo), [float(each) for each in event.region])
        asked = Asked({"image": photo, "box": box})
        return self._shown(asked, find(self._front.now, asked))


def _heading(asked: Asked, results: Results) -> str:
    shown, total = len(results.products), results.total
    if asked.anything and results.facets:
        return f"{shown} of {total:,} products"
    if asked.similar:
        return "More like this"
    return f"{shown} shown" + (f", {total:,} come near" if total > shown else "")
