"""The planner with a trained chat model: the model decides, code carries the decision out.

The model reads the message, the search in effect and the candidates found in the message, and says what is
wanted, what is ruled out, what is an aside, and what still holds. What follows from that, which values a synonym
stands for, which page comes next, what is cheaper than what was shown, is arithmetic and looked up.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shopclerk.agents.candidates import Candidate, find_candidates
from shopclerk.agents.context import Context
from shopclerk.agents.decision import (
    Decision,
    decided_reading,
    decision_prompt,
    decision_schema,
    parse_decision,
)
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.plan import Plan, compare_plan
from shopclerk.agents.reading import Reading
from shopclerk.agents.rules import RulePlanner, as_reference, similar_plan
from shopclerk.agents.search_rules import Count, NearNames, SearchRules
from shopclerk.agents.takebacks import settled
from shopclerk.errors import EndpointError
from shopclerk.models.chat_server import WITH_ADAPTER
from shopclerk.tools.arguments import SearchArguments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from langchain_core.language_models import BaseChatModel

MAX_DECISION_TOKENS = 160


class TrainedPlanner:
    """Plans by the decisions of a chat model trained for them.

    Args:
        model: A LangChain chat model with the adapter, behind an endpoint that enforces `response_format`.
        executor: Carries decisions out.
        timeout_s: How long the model may take.
        adapter: What a request's body says of the embedded server's adapter; None for a trained model at an
            endpoint, which needs no asking.
    """

    def __init__(
        self,
        model: "BaseChatModel",
        executor: "DecisionExecutor",
        *,
        timeout_s: float,
        adapter: "Mapping[str, Any] | None" = WITH_ADAPTER,
    ) -> None:
        self._model = model
        self._extra: dict[str, Any] = {"extra_body": dict(adapter)} if adapter else {}
        self._executor = executor
        self._timeout_s = timeout_s

    def plan(self, request: str, reading: Reading, context: Context) -> Plan:
        """Return the model's plan; `request` has been read already.

        Raises:
            EndpointError: The endpoint is down or slow, or what it says is no decision.
        """
        reading = settled(reading, context)
        candidates = find_candidates(reading, self._executor.lexicon)
        response_format = {
            "type": "json_schema",
            "json_schema": {
                "name": "decision",
                "schema": decision_schema(candidates, context, reading, self._executor.lexicon),
                "strict": True,
            },
        }
        try:
            said = self._model.invoke(
                decision_prompt(reading, candidates, context),
                response_format=response_format,
                max_tokens=MAX_DECISION_TOKENS,
                timeout=self._timeout_s,
                **self._extra,
            )
        except Exception as error:
            # Whatever a client library raises, the turn goes on without the model.
            raise EndpointError(f"The chat model did not plan: {error}") from error
        decision = parse_decision(said.text, candidates, context)
        return self._executor.plan(decision, reading, candidates, context)


class DecisionExecutor:
    """Turns decisions into plans over one catalogue.

    Args:
        lexicon: The catalogue's words.
        count: Tells how many products fit some search arguments strictly.
        near_names: Gives category names whose meaning is near to some words, best first.
        knows: Tells whether any product holds a word.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        count: Count,
        near_names: NearNames,
        knows: "Callable[[str], bool]" = lambda _: True,
    ) -> None:
        self.lexicon = lexicon
        self._count = count
        tops = set(lexicon.top_levels())

        def near_kinds(phrase: str) -> list[str]:
            """Return names near to a phrase; a whole department is near to too much."""
            return [name for name in near_names(phrase) if name not in tops]

        self._rules = RulePlanner(lexicon, count, near_kinds, knows)
        self._searches = _DecidedSearches(lexicon, count, near_kinds, knows)

    def plan(
        self,
        decision: Decision,
        reading: Reading,
        candidates: list[Candidate],
        context: Context,
    ) -> Plan:
        """Return the plan that a decision comes to."""
        if decision.action == "reply":
            return Plan(reply=decision.reply)
        decided = decided_reading(reading, candidates, decision, self.lexicon)
        chosen = [context.shown[number - 1] for number in decision.numbers]
        if decision.action == "product":
            return Plan("get_product", {"id": chosen[0].id})
        if decision.action == "compare":
            sort = decided.sort if "sort" in {c.kind for c in candidates} else None
            return compare_plan(chosen if len(chosen) > 1 else context.shown, sort)
        if decision.action == "similar":
            decided = as_reference(decided, chosen[0], context)
            return similar_plan(decided, chosen[0], self._count)
        if decision.action in ("more", "cheaper", "dearer"):
            return self._rules.plan(Reading(reading.text, cues={decision.action}), context)
        return self._search(decision, decided, context)

    def _search(self, decision: Decision, decided: Reading, context: Context) -> Plan:
        before = context.search if decision.action == "refine" else None
        base = _without(before, decision.drop) if before else None
        plan = self._searches.plan(decided, replace(context, search=base))
        return _with_picture(plan, decided)


class _DecidedSearches(SearchRules):
    """Searches whose base is decided: the one of the context, or none."""

    def _base(self, reading: Reading, context: Context) -> SearchArguments:
        search = context.search
        if search is None:
            return SearchArguments()
        wanted = reading.wanted.get("category")
        within = [
            name
            for phrase in reading.category_phrases
            for name in self._lexicon.below(phrase, search.category)
        ]
        if not wanted or within or set(wanted) == set(search.category):
            return search
        return search.model_copy(
            update={
                "query": "",
                "category": [],
                "filters": self._shared_filters(search, wanted),
                "exclude": {},
            }
        )


def _without(search: SearchArguments, drop: tuple[str, ...]) -> SearchArguments:
    """Return a search without what is dropped of category, words and order; the rest goes by `relaxed`."""
    gone: dict[str, Any] = {"category": [], "words": "", "sort": "relevance"}
    names = {"words": "query"}
    return search.model_copy(
        update={names.get(name, name): gone[name] for name in drop if name in gone}
    )


def _with_picture(plan: Plan, reading: Reading) -> Plan:
    """Give a search the picture that the message means."""
    image = getattr(reading, "image", None)
    if image is None:
        return plan
    if plan.tool is None:
        return Plan("search_catalog", {"image": image})
    return replace(plan, arguments={**plan.arguments, "image": image})
