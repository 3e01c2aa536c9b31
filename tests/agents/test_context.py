"""What a conversation has come to."""

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from shopclerk.agents.context import Context, before_request, request_text, since_request
from shopclerk.catalog.product import Product
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.result import ToolResult

A, B, C = (Product(id=name, title=name.upper()) for name in "abc")
SHOES = {"category": ["Shoes"]}


def result(*products: Product, **more: bool) -> ToolResult:
    return ToolResult(products=products, total=len(products), **more)


def turn(*calls: tuple[str, dict[str, object], ToolResult | None]) -> list[AnyMessage]:
    """A request, its calls in one message, and their results."""
    made = [{"name": name, "args": args, "id": str(n)} for n, (name, args, _) in enumerate(calls)]
    answered = [
        ToolMessage(
            "", tool_call_id=str(n), artifact=None if r is None else r.model_dump(mode="json")
        )
        for n, (_, _, r) in enumerate(calls)
    ]
    return [HumanMessage("?"), AIMessage("", tool_calls=made), *answered, AIMessage("!")]


def test_a_search_is_in_effect_and_its_products_are_on_the_table() -> None:
    context = Context.of(turn(("search_catalog", SHOES, result(A, B))))
    assert context.search == SearchArguments(category=["Shoes"])
    assert context.shown == [A, B]
    assert (context.focus, context.empty) == (["a"], False)


def test_an_empty_search_leaves_the_table_as_it_was() -> None:
    context = Context.of(turn(("search_catalog", SHOES, result(A))))
    context.take("search_catalog", {"query": "x"}, result())
    assert context.shown == [A]
    assert context.search == SearchArguments(query="x")
    assert context.empty


def test_a_topic_that_is_not_carried_ends_the_search() -> None:
    context = Context.of(turn(("search_catalog", SHOES, result(carried=False))))
    assert context.search is None


def test_a_product_looked_at_is_in_focus_and_the_table_stays() -> None:
    context = Context.of(turn(("search_catalog", SHOES, result(A, B))))
    context.take("get_product", {"id": "b"}, result(B))
    assert (context.shown, context.focus) == ([A, B], ["b"])


TABLES = {"all of them": ((B, A), [B, A]), "some of them": ((B,), [A, B])}


@pytest.mark.parametrize(("compared", "shown"), TABLES.values(), ids=TABLES)
def test_comparing_all_puts_the_table_in_their_order(
    compared: tuple[Product, ...], shown: list[Product]
) -> None:
    context = Context(shown=[A, B])
    context.take("compare_products", {"ids": ["a", "b"]}, result(*compared))
    assert (context.shown, context.focus) == (shown, ["b"])


def test_similar_products_are_shown_and_the_search_stays() -> None:
    context = Context(shown=[A], search=SearchArguments(query="x"))
    context.take("find_similar", {"id": "a"}, result(B, C))
    assert (context.shown, context.search) == ([B, C], SearchArguments(query="x"))


def test_the_first_of_two_calls_has_the_last_word() -> None:
    calls = [("search_catalog", SHOES, result(A)), ("compare_products", {}, result(B))]
    assert Context.of(turn(*calls)).focus == ["a"]


def test_calls_without_a_result_are_passed_over() -> None:
    assert Context.of(turn(("search_catalog", SHOES, None))) == Context()
    assert Context.of([]) == Context()


@pytest.mark.parametrize(("place", "found"), [(0, A), (-1, B), (2, None), (-3, None)])
def test_product_at_a_place(place: int, found: Product | None) -> None:
    assert Context(shown=[A, B]).product(place) is found


def test_messages_are_cut_at_the_last_request() -> None:
    messages = [*turn(("get_product", {}, result(A))), HumanMessage("now"), AIMessage("x")]
    assert request_text(messages) == "now"
    assert before_request(messages) == messages[:-2]
    assert since_request(messages) == messages[-1:]
    assert request_text([]) == ""
