"""Counts of values, and features of spans made of them."""

import numpy as np
import pytest

from shopclerk.finetune.attribute_data import own_counts
from shopclerk.models.attribute_features import (
    NAME_FEATURES,
    PLAIN,
    SPAN_FEATURES,
    Evidence,
    plain_features,
    span_features,
)
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled, pattern_of, slot
from shopclerk.models.attribute_spans import windows


def row(title, category="Mugs", **values):
    return Labelled(windows(title, 1)[0], category, values)


ROWS = [
    row("Aldo Red Mug 10 cm", Color=("Red",), Length=("10 cm",)),
    row("Zelco Red Mug", Color=("Red",), Length=None),
    row("Aldo Shorts", "Clothes", Type=("Short",)),
]


@pytest.fixture
def counts():
    return Gazetteer.of(ROWS)


def test_values_are_counted_within_the_category_and_in_all(counts):
    red = counts.tables["value"]["red"]
    assert red[slot("Color")] == red[slot("color", "mugs")] == 2
    assert red["*"] == 2
    assert slot("color", "clothes") not in red


def test_nulls_are_counted(counts):
    assert counts.names[slot("Length", "Mugs")] == [2, 1, 0]


def test_a_part_of_a_word_is_written_as_it_was_labelled(counts):
    assert counts.rewrite("Type", "Clothes", "shorts") == "short"
    assert counts.rewrite("Type", "Mugs", "shorts") == "short"
    assert counts.rewrite("Color", "Mugs", "red") is None


def test_several_values_are_remembered():
    counts = Gazetteer.of([row("Red and Blue Mug", Color=("Red", "Blue"))])
    assert counts.has_several("color", "Mugs")
    assert not counts.has_several("Length", "Mugs")


@pytest.mark.parametrize(
    ("title", "pattern"),
    [("10 cm", "9 length"), ("Red", "Aa"), ("IPX7", "AA 9"), ("3.5g", "9 mass")],
    ids=["unit", "word", "model", "glued"],
)
def test_patterns(title, pattern):
    pieces = windows(title, 1)[0]
    assert pattern_of(pieces, 0, len(pieces) - 1) == pattern


def test_a_rows_own_share_leaves_nothing_where_it_is_the_only_one():
    only = row("Aldo Red Mug", Color=("Red",))
    counts = Gazetteer.of([only])
    evidence = Evidence(only.pieces, "Mugs", counts, own_counts(only, counts))
    features, about = span_features(evidence, ["Color"])
    assert not features[:, :, PLAIN:].any()
    assert not about.any()


def test_leaving_out_equals_counting_the_others(counts):
    first = ROWS[0]
    left_out = Evidence(first.pieces, "Mugs", counts, own_counts(first, counts))
    others = Evidence(first.pieces, "Mugs", Gazetteer.of(ROWS[1:]))
    names = ["Color", "Length"]
    for one, other in zip(
        span_features(left_out, names), span_features(others, names), strict=True
    ):
        assert np.allclose(one, other, atol=1e-6)


def test_examples_given_count_as_values(counts):
    pieces = windows("Teal Mug", 1)[0]
    given = Gazetteer.of([row("Teal", Color=("Teal",))])
    with_examples = span_features(Evidence(pieces, "Mugs", counts, given=given), ["Color"])[0]
    without = span_features(Evidence(pieces, "Mugs", counts), ["Color"])[0]
    assert with_examples[0, 0, PLAIN] > without[0, 0, PLAIN] == 0


def test_shapes_of_features(counts):
    pieces = windows("Aldo Red (Mug", 1)[0]
    features, about = span_features(Evidence(pieces, "", counts), ["Color", "Unseen"])
    assert features.shape == (2, len(pieces.spans), SPAN_FEATURES)
    assert about.shape == (2, NAME_FEATURES)
    assert plain_features(pieces).shape == (len(pieces.spans), PLAIN)
    assert np.isfinite(features).all()


def test_tables_are_read_as_they_were_written(counts, tmp_path):
    counts.save(tmp_path)
    assert Gazetteer.load(tmp_path) == counts
