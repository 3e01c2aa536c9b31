"""From scores to values, all names together."""

import numpy as np
import pytest

from shopclerk.models.attribute_decode import MOST_COST, choose, overlap_costs
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled
from shopclerk.models.attribute_head import log_softmax
from shopclerk.models.attribute_spans import windows

SPANS = np.array([[0, 0], [0, 1], [1, 1], [2, 2]])


def scores(*rows):
    return log_softmax(np.array(rows, np.float32))


def test_the_best_span_or_none_is_chosen():
    found = choose(scores([0, 5, 0, 0, 0], [9, 0, 0, 0, 0]), SPANS, np.zeros((2, 2)), [False] * 2)
    assert [choice.spans for choice in found] == [((0, 0),), ()]
    assert found[1].confidences[0] > 0.99


@pytest.mark.parametrize(("cost", "second"), [(0.0, (0, 0)), (6.0, (2, 2))], ids=["free", "dear"])
def test_sharing_a_piece_is_paid_for(cost, second):
    rows = scores([0, 5, 0, 0, 0], [0, 3, 0, 0, 2])
    costs = np.array([[0, cost], [cost, 0]], np.float32)
    assert choose(rows, SPANS, costs, [False, False])[1].spans == (second,)


def test_the_surer_name_keeps_the_piece():
    rows = scores([0, 3, 0, 0, 2], [0, 8, 0, 0, 0])
    costs = np.full((2, 2), 6, np.float32)
    found = choose(rows, SPANS, costs, [False, False])
    assert [choice.spans for choice in found] == [((2, 2),), ((0, 0),)]


@pytest.mark.parametrize(("several", "count"), [(True, 2), (False, 1)], ids=["several", "one"])
def test_further_values_only_where_there_may_be_several(several, count):
    found = choose(scores([0, 5, 0, 0, 5]), SPANS, np.zeros((1, 1)), [several])
    assert len(found[0].spans) == count


def test_no_names_and_no_spans():
    assert choose(np.zeros((0, 5), np.float32), SPANS, np.zeros((0, 0)), []) == []
    nothing = np.zeros((0, 2), np.int64)
    assert choose(scores([0]), nothing, np.zeros((1, 1)), [False])[0].spans == ()


def test_the_cost_is_counted_pair_by_pair():
    def row(title, **values):
        return Labelled(windows(title, 1)[0], "x", values)

    rows = [row("Gel Pen Red", Type=("Gel Pen",), Ink=("Gel",), Color=("Red",))] * 20
    costs = overlap_costs(Gazetteer.of(rows), ["Type", "Ink", "Color", "Unseen"])
    assert costs[0, 1] == 0
    assert costs[0, 2] > 2
    assert (costs == costs.T).all()
    assert costs.max() <= MOST_COST
