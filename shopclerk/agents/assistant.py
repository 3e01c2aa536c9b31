"""The shopping assistant: a LangChain agent over one catalogue, with memory by thread."""

import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, RemoveMessage, ToolMessage

from shopclerk.agents import answers
from shopclerk.agents.answer_writer import AnswerWriter
from shopclerk.agents.context import PICTURE_KEY
from shopclerk.agents.grounding import Grounding
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.memory import open_memory
from shopclerk.agents.model_planner import ModelPlanner
from shopclerk.agents.near_names import NearNames
from shopclerk.agents.rules import RulePlanner
from shopclerk.agents.trained_planner import DecisionExecutor, TrainedPlanner
from shopclerk.agents.turn import Timings, ToolCall, Turn
from shopclerk.agents.turn_maker import Planning, TurnMaker
from shopclerk.agents.wording import CONTROL_WORDS, synonym_words
from shopclerk.catalog.search import Searcher
from shopclerk.catalog.spelling import Speller, store_vocabulary
from shopclerk.errors import MissingModelError, PictureError, StorageError
from shopclerk.models.address import EMBEDDED
from shopclerk.models.agent_adapter import plans_by_decisions
from shopclerk.models.chat_model import open_chat_model
from shopclerk.models.chat_server import WITH_ADAPTER
from shopclerk.settings import Settings
from shopclerk.tools.result import artifact_of
from shopclerk.tools.search_catalog import count_search
from shopclerk.tools.toolbox import Sight, catalog_tools

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = logging.getLogger(__name__)

MAX_MODEL_CALLS = 4
MAX_TOOL_CALLS = 3
CONTROL_WEIGHT = 10**6
NO_SIGHT = "I cannot look at pictures here; tell me in words what you are looking for."
CUT_NOTE = "Your message was very long; I read its beginning. "


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened within a turn.

    Attributes:
        kind: `tool` (a tool is called), `result` (it answered), `text` (words to show), `turn` (the end).
        text: The tool's name, its short result, or the words.
        turn: The whole turn, with the last step.
    """

    kind: str
    text: str = ""
    turn: Turn | None = None


class Assistant:
    """Answers shoppers over one catalogue.

    Args:
        searcher: The catalogue.
        settings: Who plans, who words answers, limits and times.
        model: A LangChain chat model to use instead of the configured one.
        memory: SQLite file of the conversations; None keeps them in memory.
        sight: What works on pictures; None looks at none.
    """

    def __init__(
        self,
        searcher: Searcher,
        settings: Settings,
        *,
        model: "BaseChatModel | None" = None,
        memory: Path | None = None,
        sight: Sight | None = None,
    ) -> None:
        self._settings = settings
        self.sight = sight
        self._memory = open_memory(memory)
        self._lexicon = Lexicon.of(searcher.store)
        self.grounding = Grounding(self._lexicon)
        self.model_problem: str | None = None
        self.model = chat = self._chat_model(model)
        # A model that is handed in is not the one that the adapter belongs to.
        self._own = model is None and chat is not None
        self._trained = self._own and plans_by_decisions(settings)
        self._agent = create_agent(
            chat or FakeListChatModel(responses=[""]),
            tools=catalog_tools(searcher, page_size=settings.page_size, sight=sight),
            middleware=[
                self._turn_maker(searcher, chat),
                ModelCallLimitMiddleware(run_limit=MAX_MODEL_CALLS, exit_behavior="end"),
                ToolCallLimitMiddleware(run_limit=MAX_TOOL_CALLS, exit_behavior="continue"),
            ],
            checkpointer=self._memory,
        )

    def _chat_model(self, model: "BaseChatModel | None") -> "BaseChatModel | None":
        """Return the chat model, None where the rules plan alone or it is missing."""
        if model is not None or self._settings.planner == "rules":
            return model
        try:
            return open_chat_model(self._settings)
        except MissingModelError as error:
            if self._settings.planner == "model":
                raise
            self.model_problem = str(error)
            log.warning("%s The rules plan alone.", error)
            return None

    def _turn_maker(self, searcher: Searcher, chat: "BaseChatModel | None") -> TurnMaker:
        settings, lexicon = self._settings, self._lexicon
        near = NearNames(lexicon, searcher.encoder)
        speller = assistant_speller(searcher)
        count = partial(count_search, searcher, shelf=self.sight.shelf if self.sight else None)
        words = (lexicon, count, near, searcher.speller.knows)
        model: ModelPlanner | TrainedPlanner | None = None
        if chat is not None and settings.planner != "rules":
            timeout_s = settings.plan_timeout_s
            model = (
                TrainedPlanner(
                    chat,
                    DecisionExecutor(*words),
                    timeout_s=timeout_s,
                    adapter=WITH_ADAPTER if settings.embedded_llm else None,
                )
                if self._trained
                else ModelPlanner(
                    chat, lexicon, timeout_s=timeout_s, prompts=settings.prompts_folder
                )
            )
        planning = Planning(
            RulePlanner(*words),
            model,
            trained=self._trained,
            model_alone=settings.planner == "model",
            strict=self._own and settings.embedded_llm and settings.llm_model == EMBEDDED,
            native=settings.tool_calling == "native",
        )
        return TurnMaker(
            lexicon,
            speller,
            planning,
            writer=self._answer_writer(chat),
            departments=departments(lexicon),
        )

    def _answer_writer(self, chat: "BaseChatModel | None") -> AnswerWriter | None:
        embedded = self._own and self._settings.embedded_llm
        by_model = self._settings.answers == "model" or (
            self._settings.answers == "auto" and not embedded
        )
        if chat is None or not by_model:
            return None
        return AnswerWriter(
            chat,
            self.grounding,
            timeout_s=self._settings.answer_timeout_s,
            prompts=self._settings.prompts_folder,
        )

    def models(self) -> dict[str, str]:
        """Return role to model in use, for reports."""
        settings = self._settings
        where = settings.llm_url or "embedded"
        return {
            "planner": settings.planner,
            "chat": "none" if self.model is None else f"{settings.llm_model} at {where}",
            "adapter": settings.agent_adapter if self._trained and self.model else "none",
        }

    def ask(self, message: str, *, thread: str, image: str | Path | bytes | None = None) -> Turn:
        """Answer one message of a conversation, with a picture where there is one, and return the whole turn."""
        turn = None
        for step in self.stream(message, thread=thread, image=image):
            turn = step.turn or turn
        return turn or Turn(answers.failed())

    def stream(
        self, message: str, *, thread: str, image: str | Path | bytes | None = None
    ) -> Iterator[Step]:
        """Answer one message step by step; the last step holds the turn.

        Never raises for what a shopper sends: an empty, endless or binary message gets an answer too, and so does a
        picture that cannot be read.

        Args:
            message: What the shopper wrote; may be empty beside a picture.
            thread: The conversation's name.
            image: A picture's path, bytes or, where allowed, address.
        """
        started = time.perf_counter()
        text, cut = clean_message(message, self._settings.max_message_chars)
        name, problem = self._take_in(image)
        if problem and not text:
            yield Step("text", problem)
            spent = (time.perf_counter() - started) * 1000
            yield Step("turn", turn=Turn(problem, timings_ms=Timings(spent, spent)))
            return
        config: Any = {"configurable": {"thread_id": thread}}
        more = {PICTURE_KEY: name} if name else {}
        state: Any = {"messages": [HumanMessage(text, additional_kwargs=more)]}
        made: list[AnyMessage] = []
        for update in self._agent.stream(state, config, stream_mode="updates"):
            for change in update.values():
                new = [
                    m
                    for m in (change or {}).get("messages", ())
                    if not isinstance(m, RemoveMessage)
                ]
                made += new
                yield from _steps(new)
        answer = next((m for m in reversed(made) if isinstance(m, AIMessage) and m.text), None)
        words = (f"{problem} " if problem else "") + (CUT_NOTE if cut else "")
        words += answer.text if answer else answers.failed()
        first = time.perf_counter()
        for piece in words.splitlines(keepends=True):
            yield Step("text", piece)
        timings = Timings((first - started) * 1000, (time.perf_counter() - started) * 1000)
        yield Step("turn", turn=_turn(words, made, timings))

    def forget(self, thread: str) -> None:
        """Forget a conversation."""
        self._memory.delete_thread(thread)

    def _take_in(self, image: str | Path | bytes | None) -> tuple[str | None, str]:
        """Return the name of a picture that came in, or what is wrong with it."""
        if image is None:
            return None, ""
        if self.sight is None:
            return None, NO_SIGHT
        try:
            return self.sight.shelf.add(image), ""
        except (PictureError, StorageError) as error:
            return None, f"I cannot look at that picture. {error}"


def assistant_speller(searcher: Searcher) -> Speller:
    """Return spelling help over the catalogue's words and the assistant's own."""
    vocabulary = store_vocabulary(searcher.store)
    own = dict.fromkeys(CONTROL_WORDS, CONTROL_WEIGHT)
    return Speller(dict.fromkeys(synonym_words(), 1) | vocabulary | own)


def departments(lexicon: Lexicon) -> list[str]:
    """Return the top levels of the catalogue's categories, the largest first."""
    counts = lexicon.values["category"]
    return sorted(lexicon.top_levels(), key=lambda name: -counts[name])


def clean_message(message: str, most: int) -> tuple[str, bool]:
    """Return a message without control characters, cut to a length, and whether it was cut."""
    text = "".join(char if char.isprintable() or char in "\n\t" else " " for char in message)
    return text[:most].strip(), len(text) > most


def _steps(messages: Sequence[AnyMessage]) -> Iterator[Step]:
    for message in messages:
        if isinstance(message, AIMessage):
            yield from (Step("tool", call["name"]) for call in message.tool_calls)
        elif isinstance(message, ToolMessage):
            yield Step("result", message.text)


def _turn(words: str, made: Sequence[AnyMessage], timings: Timings) -> Turn:
    said = [message for message in made if isinstance(message, AIMessage)]
    facts: dict[str, Any] = {}
    for message in said:
        facts |= {k: v for k, v in message.response_metadata.items() if v is not None}
    answered = [message for message in made if isinstance(message, ToolMessage)]
    by_call = {message.tool_call_id: message for message in answered}
    calls = [
        (call, by_call.get(str(call["id"]))) for message in said for call in message.tool_calls
    ]
    results = [result for _, message in calls if (result := artifact_of(message))]
    return Turn(
        answer=words,
        products=results[0].products if results else (),
        tool_calls=tuple(
            ToolCall(
                call["name"],
                call["args"],
                "ok" if message is not None and message.status == "success" else "error",
            )
            for call, message in calls
        ),
        planned_by=facts.get("planned_by", "rules"),
        written_by=facts.get("written_by", "template"),
        reason=facts.get("reason"),
        results=tuple(_result_texts(answered)),
        timings_ms=timings,
    )


def _result_texts(answered: Sequence[ToolMessage]) -> Iterator[str]:
    for message in answered:
        yield message.text
        result = artifact_of(message)
        for product in result.products if result else ():
            yield json.dumps(product.record(), ensure_ascii=False)
