"""Batches of rows through steps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.agents.batch.steps import Outcome, Request, answer, failed, product_of
from shopclerk.errors import EndpointError, RowError
from tests.agents.batch.made_steps import BrandStep, UpperStep

TITLES = st.sampled_from(["blue mug", "fail now", "weird cup", "", "x" * 60_000, "Tasse für Tee"])


def requests_of(titles: list[str]) -> list[Request]:
    return [Request(str(number), {"title": title}) for number, title in enumerate(titles)]


@settings(deadline=None, max_examples=40)
@given(st.lists(TITLES, max_size=12), st.randoms(use_true_random=False), st.integers(1, 5))
def test_answers_do_not_depend_on_the_batch(titles: list[str], random: object, size: int) -> None:
    requests, steps = requests_of(titles), [BrandStep(), UpperStep()]
    whole = answer(requests, steps)
    parts = [answer(requests[start : start + size], steps) for start in range(0, len(titles), size)]
    assert [row for part in parts for row in part] == whole
    order = list(range(len(titles)))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert answer([requests[place] for place in order], steps) == [whole[place] for place in order]


def test_a_row_that_fails_carries_the_error_alone() -> None:
    answers = answer(requests_of(["blue mug", "fail here", "red mug"]), [UpperStep()])
    assert [row["title.new_title"] for row in answers] == ["BLUE MUG", None, "RED MUG"]
    assert answers[1]["title.error"] == "ValueError: no title for fail here"
    assert answers[0]["title.error"] is None


def test_halving_asks_no_more_than_it_must() -> None:
    step = UpperStep()
    answer(requests_of([*["blue mug"] * 63, "fail"]), [step])
    assert step.batches[0] == 64
    assert len(step.batches) <= 2 * 7


def test_later_steps_see_what_earlier_ones_found() -> None:
    row = answer(requests_of(["kettlewick mug"]), [BrandStep(), UpperStep()])[0]
    assert row["title.new_title"] == "KETTLEWICK MUG BY KETTLEWICK"
    assert row["brand.facts"] == {"words": 1}


def test_a_step_may_refuse_a_row() -> None:
    row = answer(requests_of(["weird mug"]), [BrandStep(), UpperStep()])[0]
    assert row["brand.error"] == "The title is weird."
    assert row["title.new_title"] == "WEIRD MUG"


def test_a_step_that_loses_rows_is_told() -> None:
    class Loses(UpperStep):
        def run(self, products: object) -> list[Outcome]:
            return []

    rows = answer(requests_of(["blue mug", "red mug"]), [Loses()])
    assert [row["title.error"] for row in rows] == ["ValueError: 0 outcomes for 1 products"] * 2


def test_a_dead_endpoint_is_asked_once() -> None:
    class Down(UpperStep):
        def run(self, products: object) -> list[Outcome]:
            self.batches.append(1)
            raise EndpointError("The endpoint is down.")

    step = Down()
    rows = answer(requests_of(["a", "b", "c"]), [step])
    assert step.batches == [1]
    assert {row["title.error"] for row in rows} == {"The endpoint is down."}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": ""}, "title is missing"),
        ({"title": "x" * 50_001}, "is not allowed"),
        ({"title": "mug", "attributes": "{broken"}, "attributes"),
    ],
    ids=["empty", "too long", "attributes"],
)
def test_a_row_that_is_no_listing_carries_a_reason(fields: dict[str, str], reason: str) -> None:
    row = answer([Request("1", fields)], [UpperStep()])[0]
    assert reason in row["error"]
    assert "title.new_title" not in row


def test_a_bad_price_does_not_matter() -> None:
    product = product_of(Request("7", {"title": "mug", "price": "cheap", "attr:colour": "red"}))
    assert (product.id, product.price, product.attributes) == ("7", None, {"colour": "red"})


def test_an_id_is_the_rows_own_or_its_number() -> None:
    assert product_of(Request("7", {"id": "", "title": "mug"})).id == "7"
    with pytest.raises(RowError, match="title is missing"):
        product_of(Request("7", {}))


def test_a_row_that_carries_on_another_is_left_alone() -> None:
    assert answer([Request("1", None)], [UpperStep()]) == [{"error": None}]
    assert failed([Request("1", None)], "dead") == [{"error": "dead"}]
