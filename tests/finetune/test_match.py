"""Training a matcher: data, scores, trees, recipes."""

import json
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.errors import TrainingError
from shopclerk.finetune.loop import finetune
from shopclerk.finetune.match_data import (
    catalog_listings,
    copied,
    made_pairs,
    other_version,
    pair_examples,
    read_pairs,
)
from shopclerk.finetune.match_fit import fit_across, fit_matcher, folds_of, platt
from shopclerk.finetune.match_recipe import labelled
from shopclerk.finetune.match_score import average_precision, best_threshold, f1_at
from shopclerk.finetune.recipe import load_recipe
from shopclerk.finetune.run import silent
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.pair_set import PairSet
from shopclerk.models.product_matcher import ProductMatcher
from tests.matching import invented_pairs, small_fit, write_pairs

LABELS = np.array([1, 1, 0, 0])


def test_scores_at_a_threshold():
    found = f1_at(LABELS, np.array([0.9, 0.4, 0.6, 0.1]), 0.5)
    assert found == {"f1": 0.5, "precision": 0.5, "recall": 0.5}


def test_nothing_found():
    assert f1_at(LABELS, np.zeros(4), 0.5)["f1"] == 0


def test_average_precision_breaks_ties_against_the_matcher():
    assert average_precision(LABELS, np.array([4, 3, 2, 1])) == 1
    assert average_precision(LABELS, np.ones(4)) == pytest.approx((1 / 3 + 2 / 4) / 2)
    assert average_precision(np.zeros(4), np.ones(4)) == 0


def test_the_best_threshold_parts_what_can_be_parted():
    probabilities = np.r_[np.full(50, 0.8), np.full(150, 0.3)]
    assert 0.3 < best_threshold(np.r_[np.ones(50), np.zeros(150)], probabilities) <= 0.8


@given(st.floats(0.3, 3), st.floats(-2, 2))
def test_platt_finds_the_sigmoid_again(slope, intercept):
    logits = np.random.default_rng(1).normal(0, 2, 4000).astype(np.float32)
    chance = 1 / (1 + np.exp(-(slope * logits + intercept)))
    labels = (np.random.default_rng(2).random(4000) < chance).astype(np.int64)
    found = platt(logits, labels)
    assert found[0] == pytest.approx(slope, rel=0.25, abs=0.1)
    assert found[1] == pytest.approx(intercept, abs=0.35)


def test_folds_share_out_both_labels():
    labels = np.r_[np.ones(10, np.int64), np.zeros(40, np.int64)]
    folds = folds_of(labels, 1)
    assert [labels[folds == fold].sum() for fold in range(5)] == [2] * 5


def test_cross_validation_is_good_and_honest():
    fitted = small_fit()
    assert fitted.metrics["average_precision"] > 0.9
    assert 0 < fitted.matcher.threshold < 1


def test_shuffled_labels_teach_nothing():
    pairs = PairSet.of(invented_pairs())
    labels = np.random.default_rng(4).permutation(pairs.labels)
    shop = labelled(PairSet(pairs.listings, pairs.left, pairs.right, labels))
    assert fit_matcher(shop, name="noise").metrics["average_precision"] < 0.6


def test_too_few_labels():
    with pytest.raises(TrainingError, match="3 pairs of the same product and 6 of different"):
        fit_matcher(labelled(PairSet.of(invented_pairs(3))), name="few")


def test_one_shop_is_not_several():
    with pytest.raises(TrainingError, match="at least two"):
        fit_across([labelled(PairSet.of(invented_pairs()))], name="one")


def test_equal_listings_are_one():
    records = invented_pairs(2)
    pairs = PairSet.of([*records, *records])
    assert len(pairs) == 12
    assert len(pairs.listings) == 8


def test_a_copy_keeps_its_number_and_a_version_does_not():
    rng = random.Random(1)
    listing = Listing("a", "Fellwind Cadence 2 Shoes Blue", picture="00000000000000ff")
    version = other_version(listing, rng)
    assert version is not None
    assert version.title != listing.title
    assert copied(listing, rng).title.casefold().count("fellwind") <= 2
    assert other_version(Listing("b", "Plain"), rng) is None


def test_made_pairs_have_both_labels_and_a_seed():
    listings = catalog_listings("sample", 40)
    pairs = made_pairs(listings, 3)
    again = made_pairs(listings, 3)
    assert 0.05 < pairs.labels.mean() < 0.5
    assert (pairs.left == again.left).all()
    assert [each.title for each in pairs.listings] == [each.title for each in again.listings]


def test_recipe_for_one_shop(tmp_path):
    path = write_pairs(tmp_path / "pairs.jsonl", invented_pairs())
    recipe = load_recipe("match", [f"data.file={path}"])
    facts = finetune(recipe, tmp_path / "out", models=tmp_path, sources={})
    matcher = ProductMatcher.load(tmp_path / "out")
    assert facts["metrics"]["f1"] > 0.8
    assert matcher.id.startswith("match-")
    assert "cross-validation" in (tmp_path / "out" / "README.md").read_text()


def test_recipe_for_any_shop_tells_each_shop_left_out(tmp_path):
    paths = []
    for seed in (1, 2, 3):
        (tmp_path / f"shop{seed}").mkdir()
        path = write_pairs(tmp_path / f"shop{seed}" / "pairs.jsonl", invented_pairs(25, seed))
        paths.append(str(path))
    recipe = load_recipe("match", [f"options.shops={json.dumps(paths)}"])
    facts = finetune(recipe, tmp_path / "out", models=tmp_path, sources={})
    assert {"f1 (shop1)", "f1 (shop2)", "f1 (shop3)"} <= facts["metrics"].keys()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ([], "data.file"),
        (["options.shop=[a]"], "Unknown option 'shop'"),
        (["data.file=nowhere.jsonl"], "cannot be read"),
    ],
    ids=["nothing", "option", "file"],
)
def test_recipes_that_cannot_work(tmp_path, changes, complaint):
    with pytest.raises(TrainingError, match=complaint):
        finetune(load_recipe("match", changes), tmp_path, models=tmp_path, sources={})


def test_a_broken_line_of_pairs_is_told(tmp_path):
    path = write_pairs(tmp_path / "pairs.jsonl", [{"left": {}, "right": "x", "label": 1}])
    with pytest.raises(TrainingError, match=r"line 1: 'right' is str"):
        read_pairs(path)


def test_pairs_for_a_cross_encoder(tmp_path):
    path = write_pairs(tmp_path / "pairs.jsonl", invented_pairs(2))
    recipe = load_recipe("match-minilm-lora", [f"options.pairs={path}"])
    examples, held_out = pair_examples(recipe, silent)
    assert (len(examples), len(held_out)) == (6, 0)
    assert isinstance(examples[0]["left"], str)
    with pytest.raises(TrainingError, match=r"options\.pairs"):
        pair_examples(load_recipe("match-minilm-lora"), silent)
