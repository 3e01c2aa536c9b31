"""The place of shoppers: a conversation in words and photos, and the products beside it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from shopclerk.agents.assistant import Step
from shopclerk.agents.turn import Turn
from shopclerk.errors import PictureError, ShopclerkError
from shopclerk.pictures import open_picture
from shopclerk.tools.locate_in_image import in_original
from shopclerk.ui import transcript
from shopclerk.ui.cards import small_jpeg
from shopclerk.ui.conversations import Conversations, Message
from shopclerk.ui.errors import UNFORESEEN, friendly, friendly_stream, log
from shopclerk.ui.examples import examples_of
from shopclerk.ui.filters import MOST_FIELDS, offered
from shopclerk.ui.marker import NO_PHOTO, marker_html, region_px
from shopclerk.ui.results import PAGE, Asked, Results, find, of_turn
from shopclerk.ui.scripts import script
from shopclerk.ui.shopfront import Shopfront

PHOTO_PX = 360
MOST_OBJECTS = 6
GREETING = "### What are you looking for?\nSay it in your own words, or send a photo."
CUT_OFF = "The connection was lost before I could answer. Please ask again."
NOTHING = "Nothing fits. Take a filter away, or say it differently."

Update = dict[str, Any]


class ShopPlace:
    """Builds the place and answers what happens in it.

    Args:
        front: The shop.
        who: Names this browser, where nobody signs in.
    """

    def __init__(self, front: Shopfront, who: gr.BrowserState) -> None:
        self._front = front
        self._who = who
        self._guard = friendly(front.metrics)
        self._build()
        self._wire()

    # -- what there is -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.thread = gr.State("")
        self.asked = gr.State(Asked())
        self.photo = gr.State("")
        self.open_id = gr.State("")
        self.names = gr.State([])
        with gr.Row(equal_height=False, elem_classes="shop"):
            with gr.Column(scale=5, min_width=320):
                self._build_chat()
            with gr.Column(scale=7, min_width=320):
                self._build_results()

    def _build_chat(self) -> None:
        with gr.Accordion("Conversations", open=False, elem_classes="conversations"):
            self.new = gr.Button("New conversation", size="sm", elem_id="new-conversation")
            self.past = gr.Radio([], label="Past conversations", elem_classes="past")
            self.remove = gr.Button("Delete this conversation", size="sm", variant="stop")
        self.chat = gr.Chatbot(
            label="Conversation",
            elem_id="conversation",
            height="62vh",
            min_height=320,
            placeholder=GREETING,
            examples=[{"text": text} for text in examples_of(self._front.now.shop.store)],
            buttons=[],
            latex_delimiters=[],
            layout="bubble",
            group_consecutive_messages=True,
        )
        self.box = gr.MultimodalTextbox(
            label="Your message",
            show_label=False,
            elem_id="message",
            interactive=False,  # until it is known whose conversations these are
            placeholder="Words, a photo (paste or drop), or both",
            file_types=["image"],
            sources=["upload"],
            max_plain_text_length=self._front.settings.max_message_chars,
        )

    def _build_results(self) -> None:
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

    # -- what happens ------------------------------------------------------------------------------------

    def _wire(self) -> None:
        private: dict[str, Any] = {"api_visibility": "private"}
        hidden: dict[str, Any] = {**private, "show_progress": "hidden"}
        self.results = [
            self.cards, self.more, self.asked, self.names, *self.slots, self.product, self.open_id,
        ]  # fmt: skip
        side = [self.thread, self.past, self.photo, self.part, self.marker]
        stream = friendly_stream(self._front.metrics)
        chatting = [self.box, self.chat, *side, *self.results, self.low, self.high]
        asking = gr.on(
            [self.box.submit],
            stream(self._ask),
            [self.box, self.thread, self._who, self.photo],
            chatting,
            concurrency_limit=self._front.settings.ui_workers,
            **hidden,
        )
        # An answer that is still on its way must not come into the next conversation.
        leaving: dict[str, Any] = {**hidden, "cancels": [asking]}
        self.chat.example_select(self._example, None, self.box, **hidden)
        self.chat.like(self._guard(self._like), [self.thread, self._who], None, **hidden)
        gr.on(
            [self.new.click, self.chat.clear],
            self._guard(self._new),
            None,
            chatting,
            **leaving,
        )
        self.past.input(self._guard(self._reopen), [self.past, self._who], chatting, **leaving)
        self.remove.click(
            self._guard(self._forget), [self.thread, self._who], [*chatting], **leaving
        )
        picked = [self.asked, self.names, *self.slots, self.low, self.high]
        gr.on(
            [slot.input for slot in self.slots] + [self.low.submit, self.high.submit, self.low.blur, self.high.blur],
            self._guard(self._filter), picked, self.results, **hidden,
        )  # fmt: skip
        self.clear.click(
            self._guard(self._clear),
            [self.asked],
            [*self.results, self.low, self.high],
            **hidden,
        )
        self.more.click(self._guard(self._more), [self.asked], self.results, **hidden)
        self.cards.select(
            self._guard(self._show),
            [self.asked],
            [self.product, self.details, self.open_id],
            scroll_to_output=True,
            **hidden,
        )
        self.close.click(lambda: gr.update(visible=False), None, self.product, **hidden)
        self.alike.click(self._guard(self._alike), [self.open_id], self.results, **hidden)
        self.objects.click(self._guard(self._objects), [self.photo], self.marker, **private)
        self.marker.select(self._guard(self._region), [self.photo], self.results, **hidden)

    def load(self, browser: str | None, request: gr.Request) -> tuple[Any, ...]:
        """Return the first sight of the place: a name for the browser, past conversations, the catalogue."""
        who = browser or Conversations.new_thread()
        asked = Asked()
        results = self._shown(asked, find(self._front.now, asked))
        ready = gr.update(interactive=True)
        return who, ready, self._past(_owner(who, request), ""), *results

    def again(self, asked: Asked) -> Any:
        """Return the results anew where they are all of the catalogue, which may be another one now."""
        if not asked.anything or asked.picked:
            return [gr.skip()] * len(self.results)
        return self._shown(asked, find(self._front.now, asked))

    @property
    def loaded(self) -> list[Any]:
        """What `load` fills."""
        return [self._who, self.box, self.past, *self.results]

    def _ask(
        self, message: dict[str, Any], thread: str, who: str, photo: str, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        text, upload = (message.get("text") or "").strip(), _upload(message.get("files"))
        if not text and upload is None:
            return
        owner = _owner(who, request)
        thread = thread or Conversations.new_thread()
        said = Message("user", text, photo=_small(upload))
        kept = [*self._front.conversations.messages(owner, thread), said]
        steps: list[Step] = []
        answer: Message | None = None
        turn: Turn | None = None
        otherwise = CUT_OFF
        try:
            yield {
                self.box: {"text": "", "files": []},
                self.thread: thread,
                self.chat: [*transcript.shown(kept), transcript.working(steps)],
            }
            for step in self._front.now.assistant.stream(text, thread=thread, image=upload):
                turn = step.turn or turn
                if turn is None:
                    steps.append(step)
                    yield {self.chat: [*transcript.shown(kept), *_so_far(steps)]}
            answer = _answered(steps, turn)
        except Exception as error:
            otherwise = UNFORESEEN
            self._front.metrics.errors.inc()
            log.error("A turn failed", exc_info=error)
        finally:
            # Kept too when the shopper's connection is lost in the middle.
            answer = answer or Message("assistant", _words(steps) or otherwise)
            gone = self._front.conversations.add(owner, thread, said, answer)
            for old in gone:
                self._front.now.assistant.forget(old)
        yield {self.chat: transcript.shown([*kept, answer]), self.past: self._past(owner, thread)}
        if turn is not None:
            self._count(turn)
            yield self._beside(turn, upload, photo)

    def _count(self, turn: Turn) -> None:
        self._front.metrics.turns.labels(turn.planned_by).inc()
        self._front.metrics.turn_seconds.observe(turn.timings_ms.total / 1000)

    def _beside(self, turn: Turn, upload: bytes | None, photo: str) -> dict[Any, Any]:
        """Return the products of a turn, and its photo where one came."""
        beside: dict[Any, Any] = {}
        if turn.products:
            asked, results = of_turn(self._front.now, turn)
            shown = self._shown(asked or Asked(), results)
            beside |= dict(zip(self.results, shown, strict=True))
            beside |= {self.low: None, self.high: None}
        named = next((c.args["image"] for c in turn.tool_calls if c.args.get("image")), None)
        if upload is not None:
            beside |= self._photo_shown(named or self._kept(upload))
        return beside

    def _kept(self, upload: bytes) -> str:
        sight = self._front.now.assistant.sight
        with suppress(PictureError):
            return sight.shelf.add(upload) if sight else ""
        return ""

    def _photo_shown(self, name: str) -> dict[Any, Any]:
        sight = self._front.now.assistant.sight
        if sight is None or not name:
            return {}
        return {
            self.photo: name,
            self.part: gr.update(visible=True),
            self.marker: marker_html(sight.shelf.picture(name)),
        }

    @staticmethod
    def _example(chosen: gr.SelectData) -> Update:
        return {"text": chosen.value["text"], "files": []}

    def _like(self, thread: str, who: str, data: gr.LikeData, request: gr.Request) -> None:
        owner = _owner(who, request)
        entry = data.index if isinstance(data.index, int) else data.index[0]
        number = transcript.number_of(self._front.conversations.messages(owner, thread), entry)
        if number is not None:
            liked = data.liked if isinstance(data.liked, bool) else None
            self._front.conversations.like(owner, thread, number, liked)

    # -- conversations -----------------------------------------------------------------------------------

    def _past(self, owner: str, thread: str) -> Update:
        choices = [(each.title, each.thread) for each in self._front.conversations.of(owner)]
        known = thread if any(thread == value for _, value in choices) else None
        return gr.update(choices=choices, value=known)

    def _new(self) -> dict[Any, Any]:
        asked = Asked()
        shown = self._shown(asked, find(self._front.now, asked))
        return {
            self.box: {"text": "", "files": []},
            self.chat: [],
            self.thread: "",
            self.photo: "",
            self.part: gr.update(visible=False),
            self.past: gr.update(value=None),
            self.low: None,
            self.high: None,
            **dict(zip(self.results, shown, strict=True)),
        }

    def _reopen(self, thread: str, who: str, request: gr.Request) -> dict[Any, Any]:
        messages = self._front.conversations.messages(_owner(who, request), thread)
        ids = next((m.shown for m in reversed(messages) if m.shown), ())
        store = self._front.now.shop.store
        products = []
        for each in ids:
            with suppress(ShopclerkError):
                products.append(store.get(each))
        results = Results(tuple(products), total=len(products))
        return {
            **self._new(),
            self.chat: transcript.shown(messages),
            self.thread: thread,
            self.past: gr.skip(),
            **dict(zip(self.results, self._shown(Asked(), results), strict=True)),
        }

    def _forget(self, thread: str, who: str, request: gr.Request) -> dict[Any, Any]:
        owner = _owner(who, request)
        if thread and self._front.conversations.forget(owner, thread):
            self._front.now.assistant.forget(thread)
        return {**self._new(), self.past: self._past(owner, "")}

    # -- results -----------------------------------------------------------------------------------------

    def _shown(self, asked: Asked, results: Results) -> tuple[Any, ...]:
        """Return values for `_results`."""
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

    def _show(self, asked: Asked, event: gr.EventData) -> tuple[Any, ...]:
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


def _owner(who: str | None, request: gr.Request) -> str:
    """Return whose conversations these are: the one who signed in, or the browser."""
    if request.username:
        return f"user {request.username}"
    return f"browser {who}" if who else f"session {request.session_hash}"


def _upload(files: list[Any] | None) -> bytes | None:
    """Return the bytes of the first photo; uploads are removed at once."""
    paths = [Path(each if isinstance(each, str) else each["path"]) for each in files or ()]
    data = None
    for path in paths:
        with suppress(OSError):
            data = data or path.read_bytes() or b" "
            path.unlink()
    if paths and data is None:
        raise PictureError("The photo was lost on its way. Please send it again.")
    return data


def _small(upload: bytes | None) -> bytes | None:
    if upload is None:
        return None
    try:
        return small_jpeg(open_picture(upload).image, PHOTO_PX)
    except PictureError:
        return None


def _so_far(steps: list[Step]) -> list[dict[str, Any]]:
    words = _words(steps)
    answer = transcript.shown([Message("assistant", words)]) if words else []
    return [transcript.working(steps), *answer] if not words else answer


def _words(steps: list[Step]) -> str:
    return "".join(step.text for step in steps if step.kind == "text")


def _answered(steps: list[Step], turn: Turn | None) -> Message | None:
    if turn is None:
        return None
    shown = tuple(product.id for product in turn.products)
    return Message("assistant", turn.answer, transcript.steps_of(steps, turn), shown=shown)
