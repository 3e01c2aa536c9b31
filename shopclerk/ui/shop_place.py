"""The place of shoppers: a conversation in words and photos, and the products beside it."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from shopclerk.agents.assistant import Step
from shopclerk.agents.turn import Turn
from shopclerk.errors import PictureError
from shopclerk.pictures import open_picture
from shopclerk.ui import transcript
from shopclerk.ui.cards import small_jpeg
from shopclerk.ui.conversations import Conversations, Message
from shopclerk.ui.errors import UNFORESEEN, friendly, friendly_stream, log
from shopclerk.ui.examples import examples_of
from shopclerk.ui.results_panel import ResultsPanel
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
        self._build()
        self._wire()

    # -- what there is -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.thread = gr.State("")
        with gr.Row(equal_height=False, elem_classes="shop"):
            with gr.Column(scale=5, min_width=320):
                self._build_chat()
            with gr.Column(scale=7, min_width=320):
                self.panel = ResultsPanel(self._front)

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

    # -- what happens ------------------------------------------------------------------------------------

    def _wire(self) -> None:
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        guard, stream = friendly(self._front.metrics), friendly_stream(self._front.metrics)
        chatting = [self.box, self.chat, self.thread, self.past, *self.panel.all]
        asking = self.box.submit(
            stream(self._ask),
            [self.box, self.thread, self._who],
            chatting,
            concurrency_limit=self._front.settings.ui_workers,
            **hidden,
        )
        # An answer that is still on its way must not come into the next conversation.
        leaving: dict[str, Any] = {**hidden, "cancels": [asking]}
        owned = [self.thread, self._who]
        self.chat.example_select(self._example, None, self.box, **hidden)
        self.chat.like(guard(self._like), owned, None, **hidden)
        gr.on([self.new.click, self.chat.clear], guard(self._new), None, chatting, **leaving)
        self.past.input(guard(self._reopen), [self.past, self._who], chatting, **leaving)
        self.remove.click(guard(self._forget), owned, chatting, **leaving)

    def load(self, browser: str | None, request: gr.Request) -> tuple[Any, ...]:
        """Return the first sight of the place: a name for the browser, past conversations, the catalogue."""
        who = browser or Conversations.new_thread()
        ready = gr.update(interactive=True)
        return who, ready, self._past(_owner(who, request), ""), *self.panel.whole()

    @property
    def loaded(self) -> list[Any]:
        """What `load` fills."""
        return [self._who, self.box, self.past, *self.panel.results]

    def _ask(
        self, message: dict[str, Any], thread: str, who: str | None, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        text, upload = (message.get("text") or "").strip(), self._upload(message.get("files"))
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
            yield self.panel.of_turn(turn, upload)

    def _upload(self, files: list[Any] | None) -> bytes | None:
        """Return the first photo; uploads are removed at once."""
        taken = [self._front.uploads.take(each) for each in files or ()]
        return (taken[0] or b" ") if taken else None

    def _count(self, turn: Turn) -> None:
        self._front.metrics.turns.labels(turn.planned_by).inc()
        self._front.metrics.turn_seconds.observe(turn.timings_ms.total / 1000)

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
        return {
            **self.panel.empty(),
            self.box: {"text": "", "files": []},
            self.chat: [],
            self.thread: "",
            self.past: gr.update(value=None),
        }

    def _reopen(self, thread: str, who: str, request: gr.Request) -> dict[Any, Any]:
        messages = self._front.conversations.messages(_owner(who, request), thread)
        shown = next((message.shown for message in reversed(messages) if message.shown), ())
        return {
            **self._new(),
            **self.panel.of_products(shown),
            self.chat: transcript.shown(messages),
            self.thread: thread,
            self.past: gr.skip(),
        }

    def _forget(self, thread: str, who: str, request: gr.Request) -> dict[Any, Any]:
        owner = _owner(who, request)
        if thread and self._front.conversations.forget(owner, thread):
            self._front.now.assistant.forget(thread)
        return {**self._new(), self.past: self._past(owner, "")}


def _owner(who: str | None, request: gr.Request) -> str:
    """Return whose conversations these are: the one who signed in, or the browser."""
    if request.username:
        return f"user {request.username}"
    return f"browser {who}" if who else f"session {request.session_hash}"


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
