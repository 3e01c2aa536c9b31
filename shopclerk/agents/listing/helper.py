"""The listing helper as a LangGraph graph.

Caption, category, attributes and tags are made side by side, then title, description, checks and duplicates one after
the other. The state of each listing is kept by thread: a seller edits what any step made, and the steps after it run
again from there. A step that fails leaves its error and no value; the others go on.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from shopclerk.agents.listing.draft import IN_ORDER, SIDE_BY_SIDE, STEPS, Draft, Given, Made, Step
from shopclerk.agents.memory import open_memory
from shopclerk.errors import SettingError, ShopclerkError, unknown

Skill = Callable[[Draft], Made]
"""Makes one step's part of a draft."""

SELLER = "seller"


class _State(TypedDict, total=False):
    given: dict[str, Any]
    made: Annotated[dict[str, dict[str, Any]], lambda old, new: {**(old or {}), **(new or {})}]
    begin: str
    again: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A step that has been done."""

    step: Step
    made: Made


class ListingHelper:
    """Makes listings.

    Args:
        skills: Step to what makes it; a step without a skill says so and is passed over.
        memory: Where listings on their way are kept; None keeps them in the process.
    """

    def __init__(
        self, skills: Mapping[Step, Skill], memory: BaseCheckpointSaver[Any] | None = None
    ) -> None:
        self._skills = skills
        self._graph = self._built(memory or open_memory(None))

    def _built(
        self, memory: BaseCheckpointSaver[Any]
    ) -> CompiledStateGraph[_State, None, _State, _State]:
        graph = StateGraph(_State)
        for step in STEPS:
            graph.add_node(step, cast(Any, self._node(step)))
        graph.add_conditional_edges(START, _entry, [*SIDE_BY_SIDE, *IN_ORDER, END])
        # Each of the four goes to the title on its own: after an edit only one of them may have run.
        for step in SIDE_BY_SIDE:
            graph.add_edge(step, IN_ORDER[0])
        for step, following in zip(IN_ORDER, (*IN_ORDER[1:], END), strict=True):
            graph.add_edge(step, following)
        return graph.compile(checkpointer=memory)

    def _node(self, step: Step) -> Callable[[_State], _State]:
        def node(state: _State) -> _State:
            draft = _draft(state)
            kept = draft.made.get(step)
            if kept and kept.by == SELLER and state.get("again") != step:
                return {}  # what a seller set stands, whatever runs again before it
            made = self._make(step, draft)
            return {"made": {step: made.model_dump(mode="json")}}

        return node

    def _make(self, step: Step, draft: Draft) -> Made:
        skill = self._skills.get(step)
        if skill is None:
            return Made(error="Nothing that makes it is set up.")
        started = time.perf_counter()
        try:
            made = skill(draft)
        except ShopclerkError as error:
            made = Made(error=str(error))
        return made.model_copy(update={"ms": round((time.perf_counter() - started) * 1000, 1)})

    def stream(self, given: Given, *, thread: str = "listing") -> Iterator[Progress]:
        """Make a listing, step by step.

        Args:
            given: What the seller hands in.
            thread: Names the listing; another listing under the same name takes its place.

        Raises:
            SettingError: There is neither text nor picture, or a field given is not allowed.
        """
        if not given.text.strip() and not given.images:
            raise SettingError("A listing needs words or a picture: give --text, --image or both.")
        Draft(given=given).product()
        self.forget(thread)
        yield from self._run(
            {"given": given.model_dump(mode="json"), "begin": "", "again": ""}, thread
        )

    def make(self, given: Given, *, thread: str = "listing") -> Draft:
        """Make a listing and return it when it is finished."""
        for _ in self.stream(given, thread=thread):
            pass
        return self.draft(thread)

    def edit(self, step: Step, value: Any, *, thread: str = "listing") -> Iterator[Progress]:
        """Set what a step made and run the steps after it again.

        Raises:
            SettingError: No such step or listing, or a value that is not allowed.
        """
        if step not in STEPS:
            raise SettingError(unknown("step", step, STEPS))
        draft = self.draft(thread)
        made = Made(value=value, confidence=1.0, by=SELLER)
        draft.model_copy(update={"made": {**draft.made, step: made}}).product()
        following = IN_ORDER[0] if step in SIDE_BY_SIDE else _after(step)
        yield from self._run(
            {"made": {step: made.model_dump(mode="json")}, "begin": following, "again": ""}, thread
        )

    def give(self, fields: Mapping[str, Any], *, thread: str = "listing") -> Iterator[Progress]:
        """Set what is known of a listing, None for what is not, and run all from the title on again.

        Raises:
            SettingError: No such listing, or a value that is not allowed.
        """
        draft = self.draft(thread)
        known = {**draft.given.fields, **fields}
        given = draft.given.model_copy(
            update={"fields": {name: value for name, value in known.items() if value is not None}}
        )
        draft.model_copy(update={"given": given}).product()
        update: _State = {"given": given.model_dump(mode="json"), "begin": IN_ORDER[0], "again": ""}
        yield from self._run(update, thread)

    def again(self, step: Step, *, thread: str = "listing") -> Iterator[Progress]:
        """Run a step and those after it again."""
        if step not in STEPS:
            raise SettingError(unknown("step", step, STEPS))
        self.draft(thread)
        yield from self._run({"begin": step, "again": step}, thread)

    def forget(self, thread: str) -> None:
        """Forget a listing."""
        self._graph.checkpointer.delete_thread(thread)  # type: ignore[union-attr]

    def draft(self, thread: str = "listing") -> Draft:
        """Return a listing as it stands.

        Raises:
            SettingError: There is none of that name.
        """
        state = cast(_State, self._graph.get_state(_config(thread)).values)
        if not state.get("given"):
            raise SettingError(f"There is no listing '{thread}' to go on with; make it first.")
        return _draft(state)

    def _run(self, update: _State, thread: str) -> Iterator[Progress]:
        for part in self._graph.stream(update, _config(thread), stream_mode="updates"):
            for step, change in part.items():
                made = (change or {}).get("made", {}).get(step)
                if made is not None:
                    yield Progress(cast(Step, step), Made.model_validate(made))


def _config(thread: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread}}


def _draft(state: _State) -> Draft:
    made = {name: Made.model_validate(each) for name, each in state.get("made", {}).items()}
    return Draft(given=Given.model_validate(state["given"]), made=cast(dict[Step, Made], made))


def _entry(state: _State) -> list[str]:
    begin = state.get("begin")
    return [begin] if begin else list(SIDE_BY_SIDE)


def _after(step: Step) -> str:
    place = IN_ORDER.index(step) + 1
    return IN_ORDER[place] if place < len(IN_ORDER) else END
