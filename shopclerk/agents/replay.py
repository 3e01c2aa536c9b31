"""Plays invented conversations through the serving code, to make training examples for the planner.

The reading, the candidates, the prompt, the executor and the tools are the real ones; only the decision comes from
what the invented shopper meant instead of from a model.
"""

import difflib
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
from langchain_core.messages import ToolMessage
from numpy.typing import NDArray

from shopclerk.agents.assistant import assistant_speller
from shopclerk.agents.candidates import Candidate, find_candidates
from shopclerk.agents.context import Context
from shopclerk.agents.decision import Action, Decision, Verdict, decision_prompt
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.near_names import NearNames
from shopclerk.agents.plan import Plan, ReplyKind
from shopclerk.agents.reading import Reading, read_message
from shopclerk.agents.rules import RulePlanner
from shopclerk.agents.takebacks import settled
from shopclerk.agents.trained_planner import DecisionExecutor
from shopclerk.agents.wording import tokens
from shopclerk.catalog.search import Searcher
from shopclerk.catalog.spelling import Speller
from shopclerk.catalog.store import Store
from shopclerk.catalog.text import analyse, fold
from shopclerk.errors import ToolError
from shopclerk.finetune.data.shops import InventedShop
from shopclerk.finetune.data.tool_use import Example, Player
from shopclerk.finetune.data.turns import IntendedTurn, Moment
from shopclerk.finetune.data.wordings import Piece
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.result import ToolResult, artifact_of
from shopclerk.tools.search_catalog import count_search
from shopclerk.tools.toolbox import catalog_tools

HASH_DIMENSION = 256
PAGE_SIZE = 5
STRONG: tuple[Verdict, ...] = ("not", "want")
NEAR_NUMBER = 0.011
AROUND = 0.21

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class WordHashEncoder:
    """A hashing bag of words: quick, without weights, enough for shops of a few hundred products."""

    id = f"word-hash-{HASH_DIMENSION}"
    dimension = HASH_DIMENSION

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> NDArray[np.float32]:
        """Return `(len(texts), 256) float32`, rows of length one."""
        vectors = np.zeros((len(texts), HASH_DIMENSION), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for term in analyse(text) or [""]:
                vector[zlib.crc32(term.encode("utf-8", "replace")) % HASH_DIMENSION] += 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
        return unit


@contextmanager
def open_invented_shop(
    shop: InventedShop, watch: Callable[["ReplayMaker", "Played"], None] | None = None
) -> Iterator[Callable[[], Player]]:
    """Index a shop in a temporary folder and give a maker of players over it."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        try:
            store.upsert(list(shop.products))
            searcher = Searcher(store)
            yield ReplayMaker(searcher, watch)
        finally:
            store.close()


@dataclass(frozen=True, slots=True)
class Played:
    """A turn as it was played, for whoever wants to compare.

    Attributes:
        turn: What the shopper said and meant.
        reading: The message as it was read.
        context: The conversation before it.
        plan: What was meant, as a plan.
    """

    turn: IntendedTurn
    reading: Reading
    context: Context
    plan: Plan


class ReplayMaker:
    """Makes players over one catalogue; what they share is made once.

    Args:
        searcher: The catalogue.
        watch: Called before each turn that holds is carried out.
    """

    def __init__(
        self, searcher: Searcher, watch: Callable[["ReplayMaker", Played], None] | None = None
    ) -> None:
        self.watch = watch
        self.lexicon = Lexicon.of(searcher.store)
        self.speller = assistant_speller(searcher)
        self.tools = {tool.name: tool for tool in catalog_tools(searcher, page_size=PAGE_SIZE)}
        count = partial(count_search, searcher)
        near = NearNames(self.lexicon, None)
        self.executor = DecisionExecutor(self.lexicon, count, near, searcher.speller.knows)
        self.rules = RulePlanner(self.lexicon, count, near, searcher.speller.knows)

    def __call__(self) -> Player:
        """Return a player for one conversation."""
        return Replay(self)


class Replay:
    """Plays one conversation."""

    def __init__(self, maker: ReplayMaker) -> None:
        self._maker = maker
        self._context = Context()
        self._images: tuple[str, ...] = ()

    @property
    def lexicon(self) -> Lexicon:
        """The catalogue's words."""
        return self._maker.lexicon

    @property
    def speller(self) -> Speller:
        """Mends misspelt words."""
        return self._maker.speller

    def moment(self) -> Moment:
        """Return what the shopper sees."""
        context = self._context
        shown = tuple(context.shown[:PAGE_SIZE])
        focus = [n for n, p in enumerate(shown, 1) if p.id in context.focus[:1]]
        return Moment(context.search, shown, focus[0] if focus else 0, self._images)

    def play(self, turn: IntendedTurn) -> Example | None:
        """Play a turn; None where the label does not hold."""
        read = read_message(turn.text, self.lexicon, self.speller)
        reading = settled(read, self._context)
        candidates = find_candidates(reading, self.lexicon)
        decision = intended_decision(turn, reading, candidates)
        prompt = tuple(decision_prompt(reading, candidates, self._context, image=turn.image))
        plan = self._maker.executor.plan(decision, reading, candidates, self._context)
        if not holds(turn, plan, self._context):
            return None
        if self._maker.watch is not None:
            self._maker.watch(self._maker, Played(turn, read, replace(self._context), plan))
        if plan.tool is not None and not self._run(plan):
            return None
        if turn.image and turn.image not in self._images:
            self._images = (*self._images, turn.image)
        return Example(prompt, decision.text(), turn.intention, 0, plan.tool, dict(plan.arguments))

    def _run(self, plan: Plan) -> bool:
        """Run the tool calls of a plan and follow what they say; tell whether they ran."""
        results: list[tuple[Plan, ToolResult]] = []
        for part in plan.calls():
            call = {"name": part.tool, "args": part.arguments, "id": "1", "type": "tool_call"}
            try:
                message = self._maker.tools[part.tool or ""].invoke(call)
            except ToolError:
                return False
            result = artifact_of(message) if isinstance(message, ToolMessage) else None
            if result is None:
                return False
            results.append((part, result))
        for part, result in reversed(results):
            self._context.take(part.tool or "", part.arguments, result)
        return True


def intended_decision(
    turn: IntendedTurn, reading: Reading, candidates: Sequence[Candidate]
) -> Decision:
    """Return the decision that a turn's maker had in mind, in terms of the candidates found."""
    action = turn.action
    verdicts: dict[str, Verdict] = {}
    if action in ("new", "refine", "similar", "compare"):
        roles = _word_roles(turn.pieces, reading.text)
        verdicts = {c.key: _verdict(c, roles, turn.pieces) for c in candidates}
    if action == "compare":
        verdicts = {c.key: verdicts[c.key] for c in candidates if c.kind == "sort"}
    return Decision(
        action=cast(Action, action),
        verdicts=verdicts,
        drop=turn.drop,
        numbers=turn.numbers,
        reply=cast(ReplyKind | None, turn.reply),
    )


def _word_roles(pieces: Sequence[Piece], text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, role) for each word of the text as it was read, matched with the pieces."""
    said = [(token.text, piece.role) for piece in pieces for token in tokens(fold(piece.text))]
    read = tokens(text)
    matcher = difflib.SequenceMatcher(
        a=[word for word, _ in said], b=[token.text for token in read], autojunk=False
    )
    roles = ["skip"] * len(read)
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and a1 - a0 == b1 - b0):
            for offset in range(b1 - b0):
                roles[b0 + offset] = said[a0 + offset][1]
    return [(token.start, token.end, role) for token, role in zip(read, roles, strict=True)]


def _verdict(
    candidate: Candidate, roles: Sequence[tuple[int, int, str]], pieces: Sequence[Piece]
) -> Verdict:
    if candidate.span is not None:
        start, end = candidate.span
        inside = [role for first, last, role in roles if first < end and last > start]
        # A word that is ruled out or wanted outweighs the plain words beside it.
        for verdict in STRONG:
            if verdict in inside:
                return verdict
        return "skip"
    wanted = " ".join(piece.text for piece in pieces if piece.role == "want")
    if candidate.kind == "number":
        value = float(candidate.values[0])
        said = [float(number.replace(",", ".")) for number in _NUMBER.findall(wanted)]
        near = [
            abs(s - value) <= NEAR_NUMBER or abs(s - value) / max(s, 1.0) <= AROUND for s in said
        ]
        return "want" if any(near) else "skip"
    return "want" if wanted else "skip"


def holds(turn: IntendedTurn, plan: Plan, context: Context) -> bool:
    """Tell whether a plan does what the turn's maker had in mind, as far as that is known."""
    if turn.action == "reply":
        return plan.reply == turn.reply
    if turn.action in ("new", "refine", "more", "cheaper", "dearer"):
        if turn.image is not None:
            return True
        if plan.tool != "search_catalog":
            return False
        return turn.category is None or _keeps_category(turn.category, plan)
    return plan.tool is not None


def _keeps_category(category: str, plan: Plan) -> bool:
    search = SearchArguments(**{k: v for k, v in plan.arguments.items() if k != "image"})
    return category in search.category or (bool(search.query) and not search.category)
