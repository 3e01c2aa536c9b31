"""The place of sellers: a photo and rough words become a listing, field by field, each of which can be changed."""

import secrets
import threading
from collections.abc import Iterator
from typing import Any, cast

import gradio as gr

from shopclerk.agents.listing.draft import STEPS, Draft, Given, Step
from shopclerk.agents.listing.helper import Progress
from shopclerk.errors import ShopclerkError
from shopclerk.ui.errors import friendly, friendly_stream
from shopclerk.ui.listing_files import LISTINGS, Form, ListingFiles
from shopclerk.ui.listing_view import attribute_rows, attributes_of, note, quality
from shopclerk.ui.scripts import script
from shopclerk.ui.shopfront import Shopfront

KEPT_S = 3600
"""The photo of a listing is removed this long after the page was last used."""
FORMS: tuple[Form, ...] = ("JSON", "Shopify CSV", "Google Merchant")
MOST_DUPLICATES = 6
LOCKS = 64
MENDED: dict[str, Step] = {
    "title": "title",
    "description": "description",
    "category": "category",
    "tags": "tags",
    "attributes": "attributes",
}


class SellPlace:
    """Builds the place and answers what happens in it.

    Args:
        front: The shop.
    """

    def __init__(self, front: Shopfront, _who: gr.BrowserState) -> None:
        self._front = front
        self._files = ListingFiles(front.workplace / LISTINGS)
        # A click right after an edit must find the edit done; so many locks that two listings seldom share one.
        self._locks = [threading.Lock() for _ in range(LOCKS)]
        self._guard = friendly(front.metrics)
        self._build()
        self._wire()

    # -- what there is -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.listing = gr.State("", time_to_live=KEPT_S, delete_callback=self._dropped)
        with gr.Row(equal_height=False):
            with gr.Column(scale=4, min_width=320):
                self._build_given()
            with gr.Column(scale=6, min_width=320):
                self._build_fields()
            with gr.Column(scale=5, min_width=320):
                self._build_verdict()

    def _build_given(self) -> None:
        gr.Markdown("### What you have")
        self.photo = gr.Image(
            label="Photo",
            type="filepath",
            sources=["upload", "clipboard", "webcam"],
            height=260,
            elem_id="listing-photo",
            alt_text="The photo of your product",
        )
        self.words = gr.Textbox(
            label="Rough words", lines=3, placeholder="nike runing shoes red sz10", elem_id="rough"
        )
        with gr.Row():
            self.brand = gr.Textbox(label="Brand, if known", min_width=120)
            self.price = gr.Number(
                None, label="Price, if known", placeholder="not known", min_width=120
            )
        self.make = gr.Button("Make the listing", variant="primary", elem_id="make-listing")
        self.status = gr.HTML(elem_id="listing-status")

    def _build_fields(self) -> None:
        gr.Markdown("### Your listing")
        chips = script("chips")
        self.title = gr.Textbox(label="Title", lines=2, elem_id="listing-title")
        self.title_note = gr.HTML(js_on_load=chips, elem_id="title-note", elem_classes="beneath")
        self.category = gr.Dropdown(
            [], label="Category", allow_custom_value=True, elem_id="listing-category"
        )
        self.category_note = gr.HTML(
            js_on_load=chips, elem_id="category-note", elem_classes="beneath"
        )
        self.attributes = gr.Dataframe(
            headers=["attribute", "value"],
            column_count=2,
            row_count=1,
            interactive=True,
            label="Attributes",
            type="array",
            max_height=260,
            buttons=[],
            elem_id="listing-attributes",
        )
        self.attributes_note = gr.HTML(elem_classes="beneath")
        self.tags = gr.Dropdown(
            [], label="Tags", multiselect=True, allow_custom_value=True, elem_id="listing-tags"
        )
        self.tags_note = gr.HTML(elem_classes="beneath")
        self.description = gr.Textbox(label="Description", lines=5, elem_id="listing-description")
        self.description_note = gr.HTML(elem_classes="beneath")
        self.caption_note = gr.HTML(elem_classes="beneath")

    def _build_verdict(self) -> None:
        gr.Markdown("### How good it is")
        self.quality = gr.HTML(quality(None), js_on_load=script("chips"), elem_id="quality")
        gr.Markdown("### Listings that may be the same")
        self.duplicates = gr.HTML('<p class="empty">Nothing to compare yet.</p>', elem_id="same")
        gr.Markdown("### Hand it on")
        self.form = gr.Radio(list(FORMS), value="JSON", label="Form", elem_id="export-form")
        with gr.Row():
            self.export = gr.Button("Show and prepare", size="sm", elem_id="export")
            self.file = gr.DownloadButton("Download", size="sm", interactive=False)
            self.accept = gr.Button("Accept", variant="primary", size="sm", elem_id="accept")
        self.text = gr.Code(
            label="The listing", language=None, lines=6, max_lines=14, visible=False,
            buttons=["copy"], elem_id="exported",
        )  # fmt: skip

    # -- what happens ------------------------------------------------------------------------------------

    def _wire(self) -> None:
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        # An edit made while the one before is at work is done after it, not lost.
        edited: dict[str, Any] = {**hidden, "trigger_mode": "always_last"}
        stream = friendly_stream(self._front.metrics)
        self._made = [
            self.title, self.title_note, self.category, self.category_note, self.attributes,
            self.attributes_note, self.tags, self.tags_note, self.description, self.description_note,
            self.caption_note, self.quality, self.duplicates, self.status, self.file, self.text,
        ]  # fmt: skip
        self._notes: dict[Step, gr.HTML] = {
            "title": self.title_note,
            "category": self.category_note,
            "attributes": self.attributes_note,
            "tags": self.tags_note,
            "description": self.description_note,
        }
        self.make.click(
            stream(self._make),
            [self.photo, self.words, self.brand, self.price, self.listing],
            [self.listing, *self._made],
            **hidden,
        )
        edits = (
            (self.title.blur, "title", self.title),
            (self.title.submit, "title", self.title),
            (self.category.input, "category", self.category),
            (self.tags.input, "tags", self.tags),
            (self.attributes.input, "attributes", self.attributes),
            (self.description.blur, "description", self.description),
        )
        for event, step, field in edits:
            event(
                stream(self._edit_of(cast(Step, step))), [self.listing, field], self._made, **edited
            )
        for event, name, known in (
            (self.brand.blur, "brand", self.brand),
            (self.price.blur, "price", self.price),
        ):
            event(stream(self._give_of(name)), [self.listing, known], self._made, **edited)
        for chips, chosen in ((self.title_note, "title"), (self.category_note, "category")):
            chips.select(
                stream(self._choice_of(cast(Step, chosen))), [self.listing], self._made, **edited
            )
        self.quality.select(stream(self._mend), [self.listing], self._made, **edited)
        self.export.click(
            self._guard(self._export),
            [self.listing, self.form],
            [self.text, self.file],
            **hidden,
        )
        self.accept.click(self._guard(self._accept), [self.listing], self.status, **hidden)

    def _make(
        self,
        photo: str | None,
        words: str,
        brand: str,
        price: float | None,
        before: str,
    ) -> Iterator[dict[Any, Any]]:
        self._dropped(before)
        listing = f"listing-{secrets.token_hex(8)}"
        known = {"brand": brand.strip() or None, "price": price}
        gallery = self._front.now.shop.gallery
        images: tuple[str, ...] = ()
        if photo:
            images = (
                str(
                    self._files.keep_photo(listing, self._front.uploads.path(photo), gallery.limits)
                ),
            )
        given = Given(
            id=listing,
            text=words,
            images=images,
            fields={name: value for name, value in known.items() if value is not None},
        )
        yield {self.listing: listing, **self._emptied()}
        yield from self._grown(self._front.now.helper.stream(given, thread=listing), listing)
        self._front.metrics.listings.inc()

    def _dropped(self, listing: str) -> None:
        """Forget a listing that nobody works on any more."""
        if listing:
            self._files.drop(listing)
            self._front.now.helper.forget(listing)

    def _emptied(self) -> dict[Any, Any]:
        return {
            **dict.fromkeys(self._made, ""),
            self.attributes: [["", ""]],
            self.tags: gr.update(choices=[], value=[]),
            self.category: gr.update(choices=[], value=None),
            self.status: _told(0),
            self.quality: quality(None),
            self.file: gr.update(interactive=False),
            self.text: gr.update(visible=False),
        }

    def _grown(self, steps: Iterator[Progress], listing: str) -> Iterator[dict[Any, Any]]:
        """Fill the fields as the steps are done."""
        yield {self.file: gr.update(interactive=False), self.text: gr.update(visible=False)}
        for done in steps:
            draft = self._front.now.helper.draft(listing)
            draft = draft.model_copy(update={"made": {**draft.made, done.step: done.made}})
            yield {
                **self._field(done.step, draft),
                self.status: _told(len(draft.made)),
            }
        yield {self.status: '<p class="note" role="status">The listing is ready.</p>'}

    def _field(self, step: Step, draft: Draft) -> dict[Any, Any]:
        made = draft.made[step]
        if step == "title":
            return {self.title: made.value, self.title_note: note(made, alternatives=True)}
        if step == "category":
            others = [str(value) for value, _ in made.alternatives]
            choices = [made.value, *others] if made.value else others
            return {
                self.category: gr.update(choices=choices, value=made.value),
                self.category_note: note(made, alternatives=True),
            }
        if step == "attributes":
            rows = attribute_rows(made.value) or [["", ""]]
            return {self.attributes: rows, self.attributes_note: note(made)}
        if step == "tags":
            tags = list(made.value or ())
            return {self.tags: gr.update(choices=tags, value=tags), self.tags_note: note(made)}
        if step == "description":
            return {self.description: made.value, self.description_note: note(made)}
        if step == "caption":
            shows = f"The photo shows: {made.value}. " if made.value else ""
            told = made.model_copy(update={"why": shows + made.why})
            return {self.caption_note: note(told)}
        if step == "checks":
            return {self.quality: quality(made.value) if not made.error else note(made)}
        return {self.duplicates: self._same(made.value or ()) if not made.error else note(made)}

    def _same(self, found: Any) -> str:
        store = self._front.now.shop.store
        same = found[:MOST_DUPLICATES]
        products = [store.get(each["id"]) for each in same]
        reasons = {each["id"]: (f"{each['probability']:.0%}", each["why"]) for each in same}
        return self._front.now.cards.gallery(
            products, reasons, empty="No listing of the shop is the same product."
        )

    def _edit_of(self, step: Step) -> Any:
        def edit(listing: str, value: Any) -> Iterator[dict[Any, Any]]:
            yield from self._edited(listing, step, value)

        return edit

    def _edited(self, listing: str, step: Step, value: Any) -> Iterator[dict[Any, Any]]:
        if not listing:
            return
        if step == "attributes":
            value = attributes_of(value)
        helper = self._front.now.helper
        with self._alone(listing):
            if (value or None) == (helper.draft(listing).value(step) or None):
                return
            yield from self._grown(helper.edit(step, value or None, thread=listing), listing)
            # The note alone: the value stands, and the seller may be typing on.
            yield {self._notes[step]: note(helper.draft(listing).made[step])}

    def _set(self, listing: str, step: Step, value: Any) -> Iterator[dict[Any, Any]]:
        """Change a field for the seller: what is shown changes too."""
        yield from self._edited(listing, step, value)
        yield self._field(step, self._front.now.helper.draft(listing))

    def _alone(self, listing: str) -> threading.Lock:
        return self._locks[hash(listing) % LOCKS]

    def _given(self, listing: str, fields: dict[str, Any]) -> Iterator[dict[Any, Any]]:
        helper = self._front.now.helper
        with self._alone(listing):
            yield from self._grown(helper.give(fields, thread=listing), listing)

    def _give_of(self, name: str) -> Any:
        def give(listing: str, value: Any) -> Iterator[dict[Any, Any]]:
            if not listing:
                return
            known = self._front.now.helper.draft(listing).given.fields.get(name)
            value = value if value not in ("", None) else None
            if value != known:
                yield from self._given(listing, {name: value})

        return give

    def _choice_of(self, step: Step) -> Any:
        def choose(listing: str, event: gr.EventData) -> Iterator[dict[Any, Any]]:
            yield from self._set(listing, step, str(event.value))

        return choose

    def _mend(self, listing: str, event: gr.EventData) -> Iterator[dict[Any, Any]]:
        verdict = self._front.now.helper.draft(listing).value("checks") or {}
        findings = verdict.get("findings", [])
        if not 0 <= int(event.number) < len(findings):
            return
        mend = findings[int(event.number)]["mend"]
        if step := MENDED.get(mend["field"] or ""):
            yield from self._set(listing, step, mend["value"])
        else:
            yield from self._given(listing, {mend["field"]: mend["value"]})

    def _export(self, listing: str, form: Form) -> dict[Any, Any]:
        text, path = self._files.export(listing, self._product(listing), form)
        return {
            self.text: gr.update(value=text, visible=True),
            self.file: gr.update(value=str(path), interactive=True),
        }

    def _accept(self, listing: str) -> str:
        product = self._product(listing)
        place = self._files.accept(product, self._front.now.shop.place.folder)
        return f'<p class="note" role="status">Accepted. It stands in {place.name} beside the catalogue.</p>'

    def _product(self, listing: str) -> Any:
        if not listing:
            raise ShopclerkError("Make a listing first.")
        with self._alone(listing):
            return self._front.now.helper.draft(listing).product()


def _told(done: int) -> str:
    return f'<div class="progress" role="progressbar" aria-valuenow="{done}" aria-valuemax="{len(STEPS)}"><span style="width:{100 * done // len(STEPS)}%"></span></div>'
