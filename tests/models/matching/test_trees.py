"""Boosted trees as arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from shopclerk.finetune.tree_fit import fit_trees
from shopclerk.models.matching.trees import Trees, logit, sigmoid

NAMES = ("x", "y", "void")


def table(rows=300):
    rng = np.random.default_rng(3)
    values = rng.normal(size=(rows, 3)).astype(np.float32)
    values[:, 2] = np.nan
    values[rng.random(rows) < 0.2, 1] = np.nan
    return values, (values[:, 0] + np.nan_to_num(values[:, 1]) > 0).astype(int)


def test_they_say_what_the_library_says():
    values, labels = table()
    model = HistGradientBoostingClassifier(
        max_iter=20, learning_rate=0.1, max_leaf_nodes=8, min_samples_leaf=5,
        l2_regularization=1.0, max_features=1.0, early_stopping=False, random_state=1,
    )  # fmt: skip
    model.fit(values[:, :2], labels)
    options = {"rounds": 20, "rate": 0.1, "leaves": 8, "min_leaf": 5, "columns": 1.0}
    trees = fit_trees(NAMES, values, labels, seed=1, **options)
    assert np.allclose(trees.logits(values), model.decision_function(values[:, :2]), atol=1e-4)


def test_more_of_what_speaks_for_it_never_counts_against_it():
    values, labels = table()
    trees = fit_trees(NAMES, values, labels, seed=1, rounds=20, directions={"x": 1})
    line = np.zeros((50, 3), np.float32)
    line[:, 0] = np.linspace(-3, 3, 50)
    assert (np.diff(trees.logits(line)) >= -1e-6).all()


def test_the_mean_of_several():
    values, labels = table()
    both = [fit_trees(NAMES, values, labels, seed=seed, rounds=5) for seed in (1, 2)]
    mean = (both[0].logits(values) + both[1].logits(values)) / 2
    assert np.allclose(Trees.joined(both).logits(values), mean, atol=1e-5)


def test_no_rows():
    values, labels = table(60)
    assert fit_trees(NAMES, values, labels, seed=1, rounds=2).logits(values[:0]).shape == (0,)


@pytest.mark.parametrize(
    ("part", "value", "complaint"),
    [
        ("left", 99, "outside"),
        ("left", 0, "backwards"),
        ("feature", 7, "no name"),
        ("value", np.inf, "no number"),
    ],
)
def test_broken_trees_are_refused(part, value, complaint):
    values, labels = table()
    good = fit_trees(NAMES, values, labels, seed=1, rounds=2)
    tensors = {name: tensor.copy() for name, tensor in good.tensors.items()}
    tensors[part][1 if part == "left" else 0] = value
    with pytest.raises(ValueError, match=complaint):
        Trees.of(NAMES, tensors)


def test_a_missing_part_is_refused():
    with pytest.raises(ValueError, match="lack 'roots'"):
        Trees.of(NAMES, {name: np.zeros(0, np.int32) for name in
                         ("feature", "threshold", "left", "right", "value", "missing_left")})  # fmt: skip


@given(st.floats(-11, 11))
def test_logit_undoes_sigmoid(x):
    assert logit(sigmoid(np.array([x], np.float32)))[0] == pytest.approx(x, abs=0.3)
