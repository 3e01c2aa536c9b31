"""Heads and their fusion."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from shopclerk.models.linear_heads import FusedHeads, Inputs, LinearHead


def inputs(seen=(True, True, False, False), read=(True, False, True, False)):
    random = np.random.default_rng(1)
    seen, read = np.array(seen), np.array(read)
    count = len(seen)
    return Inputs(
        (random.normal(size=(count, 3)) * seen[:, None]).astype(np.float32),
        csr_array((random.random((count, 4)) * read[:, None]).astype(np.float32)),
        (random.normal(size=(count, 2)) * read[:, None]).astype(np.float32),
        seen,
        read,
    )


def heads():
    random = np.random.default_rng(2)

    def weight(rows):
        return random.normal(size=(rows, 2)).astype(np.float32)

    bias = np.array([0.5, -0.5], np.float32)
    picture = LinearHead({"picture": weight(3)}, bias)
    text = LinearHead({"terms": weight(4), "meaning": weight(2)}, bias)
    mixes = {
        "picture": {"picture": 1.0},
        "text": {"text": 2.0},
        "both": {"picture": 0.5, "text": 0.5},
    }
    return FusedHeads({"picture": picture, "text": text}, mixes)


def test_each_listing_is_judged_by_what_it_has():
    given, fused = inputs(), heads()
    found = fused.logits(given)
    picture, text = (fused.heads[name].logits(given) for name in ("picture", "text"))
    np.testing.assert_allclose(found[0], (picture[0] + text[0]) / 2, rtol=1e-5)
    np.testing.assert_allclose(found[1], picture[1], rtol=1e-5)
    np.testing.assert_allclose(found[2], 2 * text[2], rtol=1e-5)
    assert fused.can_judge(given).tolist() == [True, True, True, False]
    assert not found[3].any()


def test_a_listing_alone_is_judged_as_among_others():
    given, fused = inputs(), heads()
    together = fused.logits(given)
    for row in range(4):
        alone = fused.logits(given.take(np.array([row])))
        np.testing.assert_allclose(alone[0], together[row], rtol=1e-5)


def test_taking_words_away_leaves_the_picture():
    given = inputs()
    yes, no = np.ones(4, bool), np.zeros(4, bool)
    reduced = given.without(no, yes)
    assert not reduced.has_text.any()
    assert reduced.terms.nnz == 0
    np.testing.assert_allclose(reduced.picture, given.picture)


def test_named_tensors_make_the_same_heads():
    fused = heads()
    again = FusedHeads.of(fused.tensors())
    np.testing.assert_allclose(again.logits(inputs()), fused.logits(inputs()), rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"picture.bias": np.zeros(3, np.float32)}, "different widths"),
        ({"text.terms": np.full((4, 2), np.nan, np.float32)}, "no number"),
    ],
    ids=["width", "not a number"],
)
def test_parts_that_do_not_fit_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        FusedHeads.of({**heads().tensors(), **change})


def test_a_mix_of_a_missing_head_is_refused():
    tensors = {k: v for k, v in heads().tensors().items() if not k.startswith("text.")}
    with pytest.raises(ValueError, match="text"):
        FusedHeads.of(tensors)


def test_no_heads_at_all_are_refused():
    with pytest.raises(ValueError, match="no heads"):
        FusedHeads.of({})
