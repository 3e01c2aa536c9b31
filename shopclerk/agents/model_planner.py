"""The chat model as planner, held by a grammar.

The model answers with one JSON object. Its schema is made anew for each turn from what was read off the
message and what the conversation holds: values, numbers and products that are neither in the one nor in the
other cannot be written at all, and what the message states outright cannot be left out. What the model
decides is which action fits and what of the earlier search still holds.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain.agents.middleware import ModelResponse
from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool
from pydantic import BaseModel, ValidationError

from shopclerk.agents.context import Context
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.plan import Plan, ReplyKind
from shopclerk.agents.reading import Reading
from shopclerk.catalog.product import Product
from shopclerk.errors import EndpointError
from shopclerk.prompts.loader import load_prompt
from shopclerk.tools.arguments import SearchArguments

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MAX_PLAN_TOKENS = 120
MAX_REQUEST_CHARS = 800
NUMBERS = ("price_min", "price_max", "rating_min")
RESERVED = {"action", "number", "query", "in_stock", "sort", "page", "kind", "image", *NUMBERS}
MODEL_REPLIES: tuple[ReplyKind, ...] = ("greet", "thanks", "clarify", "refuse")


class ModelPlanner:
    """Plans by asking a chat model.

    Args:
        model: Any LangChain chat model behind an endpoint that enforces `response_format`.
        lexicon: The catalogue's words.
        timeout_s: How long the model may take.
        prompts: A folder of prompts that go before those that come along.
    """

    def __init__(
        self,
        model: "BaseChatModel",
        lexicon: Lexicon,
        *,
        timeout_s: float,
        prompts: Path | None = None,
    ) -> None:
        self._model = model
        self._timeout_s = timeout_s
        self._turn = load_prompt("plan_turn", prompts)
        self._system = load_prompt("plan_system", prompts).render(
            departments=", ".join(list(lexicon.values["category"])[:12]) or "nothing yet",
            fields=", ".join(["price", "rating", *_facet_fields(lexicon)][:14]),
        )

    def plan(self, request: str, reading: Reading, context: Context) -> Plan:
        """Return the model's plan.

        Raises:
            EndpointError: The endpoint is down or slow, or what it says is not a plan.
        """
        schema = plan_schema(reading, context)
        messages = [("system", self._system), ("user", self._render(request, context))]
        response_format = {
            "type": "json_schema",
            "json_schema": {"name": "plan", "schema": schema, "strict": True},
        }
        try:
            said = self._model.invoke(
                messages,
                response_format=response_format,
                max_tokens=MAX_PLAN_TOKENS,
                timeout=self._timeout_s,
            )
        except Exception as error:
            # Whatever a client library raises, the turn goes on without the model.
            raise EndpointError(f"The chat model did not plan: {error}") from error
        return parse_plan(said.text, context)

    def _render(self, request: str, context: Context) -> str:
        given = flat_arguments(context.search) if context.search else None
        table = [f"{n}. {product.title[:60]}" for n, product in enumerate(context.shown[:5], 1)]
        return self._turn.render(
            search=json.dumps(given, ensure_ascii=False) if given else "none",
            table="\n".join(table),
            request=request[:MAX_REQUEST_CHARS],
        )


def flat_arguments(search: SearchArguments) -> dict[str, Any]:
    """Return search arguments as the model reads and writes them, one value a field."""
    given = search.given()
    flat: dict[str, Any] = {}
    for name, values in {"category": search.category, **search.filters}.items():
        if values:
            flat[name] = values[0]
    return flat | {name: given[name] for name in (*NUMBERS, "in_stock", "sort") if name in given}


def plan_schema(reading: Reading, context: Context) -> dict[str, Any]:
    """Return the JSON schema of the plans that this turn allows."""
    actions = [_action("reply", {"kind": {"enum": list(MODEL_REPLIES)}}, ["kind"])]
    actions.append(_action("search", *_search_properties(reading, context)))
    if context.shown:
        number = {"enum": list(range(1, len(context.shown) + 1))}
        actions.append(_action("product", {"number": number}, ["number"]))
        actions.append(_action("similar", {"number": number}, ["number"]))
        order = {"sort": {"const": reading.sort}} if reading.sort else {}
        actions.append(_action("compare", order, list(order)))
    return {"anyOf": actions}


def _action(name: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"action": {"const": name}, **properties},
        "required": ["action", *required],
        "additionalProperties": False,
    }


def _search_properties(reading: Reading, context: Context) -> tuple[dict[str, Any], list[str]]:
    """Return what a search may say, and what it must: all that the message states outright."""
    search = context.search or SearchArguments()
    before = {"category": search.category, **search.filters}
    stated: dict[str, Any] = {
        name: {"enum": values} for name, values in reading.wanted.items() if name not in RESERVED
    }
    kept: dict[str, Any] = {
        name: {"enum": values} for name, values in before.items() if name not in RESERVED
    }
    if reading.rest:
        stated["query"] = {"const": " ".join(reading.rest)}
    elif search.query:
        kept["query"] = {"const": search.query}
    for name in NUMBERS:
        if (number := getattr(reading.numbers, name)) is not None:
            stated[name] = {"const": number}
        elif (number := getattr(search, name)) is not None:
            kept[name] = {"const": number}
    _single_values(reading, search, stated, kept)
    return {
        **{k: v for k, v in kept.items() if k not in stated and v.get("enum", True)},
        **stated,
    }, list(stated)


def _single_values(
    reading: Reading, search: SearchArguments, stated: dict[str, Any], kept: dict[str, Any]
) -> None:
    """Add stock, picture and order: stated now, or kept from the search in effect."""
    if reading.in_stock:
        stated["in_stock"] = {"const": True}
    elif search.in_stock:
        kept["in_stock"] = {"const": True}
    if image := getattr(reading, "image", None):
        stated["image"] = {"const": image}
    if reading.sort:
        stated["sort"] = {"const": reading.sort}
    elif search.sort != "relevance":
        kept["sort"] = {"const": search.sort}


def parse_plan(text: str, context: Context) -> Plan:
    """Turn the model's JSON into a plan.

    Raises:
        EndpointError: It is not the JSON of a plan.
    """
    try:
        said = json.loads(text)
        action = said.pop("action")
        return _PARSERS[action](said, context)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise EndpointError(f"The chat model's plan makes no sense: {text[:200]!r}") from error


def native_plan(ask: Callable[[], ModelResponse[Any]], tools: Sequence[Any] | None = None) -> Plan:
    """Return the plan of an endpoint that calls tools by itself.

    Args:
        ask: Asks it.
        tools: The tools it may call; None takes what it calls unchecked.

    Raises:
        EndpointError: The endpoint failed, called no tool, one that there is not, or with arguments that it does not take.
    """
    try:
        message = ask().result[0]
    except Exception as error:
        # Whatever a client library raises, the turn goes on without the model.
        raise EndpointError(f"The chat model did not plan: {error}") from error
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    if not calls:
        raise EndpointError("The chat model called no tool.")
    plan = Plan(calls[0]["name"], calls[0]["args"])
    if tools is not None:
        _check(plan, [tool for tool in tools if isinstance(tool, BaseTool)])
    return plan


def _check(plan: Plan, tools: Sequence[BaseTool]) -> None:
    schema = next((tool.args_schema for tool in tools if tool.name == plan.tool), None)
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        raise EndpointError(f"The chat model called a tool that there is not: {plan.tool!r:.60}.")
    try:
        schema.model_validate(plan.arguments)
    except ValidationError as error:
        raise EndpointError(
            f"The chat model called {plan.tool} with {error.errors()[0]['loc']!r:.60}, which it does not take so."
        ) from error


def _parse_search(said: dict[str, Any], context: Context) -> Plan:
    fields = {
        name: values for name, value in said.items() if name not in RESERVED and (values := [value])
    }
    search = SearchArguments(
        category=_widened("category", fields.pop("category", []), context),
        filters=fields,
        **{name: said[name] for name in ("query", "sort", "in_stock", *NUMBERS) if name in said},
    )
    picture = {"image": said["image"]} if "image" in said else {}
    return Plan("search_catalog", {**search.given(), **picture})


def _widened(name: str, values: list[str], context: Context) -> list[str]:
    """Return all values of the search in effect where the model repeats its first."""
    before = context.search.category if context.search and name == "category" else []
    return list(before) if values and before[:1] == values else values


def _numbered(said: dict[str, Any], context: Context) -> Product:
    """Return the shown product of a number from 1; raises IndexError for any other."""
    if said["number"] < 1:
        raise IndexError(said["number"])
    product: Product = context.shown[int(said["number"]) - 1]
    return product


def _parse_compare(said: dict[str, Any], context: Context) -> Plan:
    ids = [product.id for product in context.shown]
    return Plan(
        "compare_products", {"ids": ids, **({"sort": said["sort"]} if "sort" in said else {})}
    )


_PARSERS: dict[str, Callable[[dict[str, Any], Context], Plan]] = {
    "search": _parse_search,
    "compare": _parse_compare,
    "product": lambda said, context: Plan("get_product", {"id": _numbered(said, context).id}),
    "similar": lambda said, context: Plan("find_similar", {"id": _numbered(said, context).id}),
    "reply": lambda said, _: Plan(reply=said["kind"]),
}


def _facet_fields(lexicon: Lexicon) -> list[str]:
    fields = [name for name in lexicon.values if name not in ("category", "tags")]
    return sorted(fields, key=lambda name: -sum(lexicon.values[name].values()))
