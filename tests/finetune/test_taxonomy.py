"""Made mapping examples, and the scorer that is learned from them."""

import random

import numpy as np
import pytest

from shopclerk.errors import TrainingError
from shopclerk.finetune import taxonomy_recipe
from shopclerk.finetune.recipe import load_recipe
from shopclerk.finetune.seller_texts import SellerTexts, seller_words
from shopclerk.finetune.taxonomy_pairs import PairMaker, across
from shopclerk.models.category_scorer import CategoryScorer, shipped_folder
from tests.fakes import HashEncoder
from tests.taxonomies import GROUPS, PATHS, small


def maker(hidden: float = 0.0, seed: int = 1) -> PairMaker:
    return PairMaker(small(), random.Random(seed), GROUPS, hidden=hidden)


def test_the_same_seed_makes_the_same_examples() -> None:
    assert list(maker(0.3).pairs(50)) == list(maker(0.3).pairs(50))


def test_examples_never_mean_what_is_hidden() -> None:
    made = maker(0.5, seed=3)
    targets = {pair.target for pair in made.pairs(200)}
    assert not made.allowed.all()
    assert all(target == -1 or made.allowed[target] for target in targets)


def test_what_is_hidden_is_hidden_with_all_below() -> None:
    made = maker(0.9, seed=2)
    for number, node in enumerate(made.nodes):
        if made.allowed[number] and len(node.path) > 1:
            assert made.allowed[made.place[" > ".join(node.path[:-1])]]


def test_some_examples_fit_nowhere() -> None:
    pairs = list(maker().pairs(300))
    assert 0.03 < np.mean([pair.target < 0 for pair in pairs]) < 0.15


def test_names_are_written_in_many_ways() -> None:
    write = SellerTexts(random.Random(1), GROUPS)
    written = {write.name("Table Lamps") for _ in range(200)}
    assert len(written) > 30
    assert {"table lamps", "TABLE LAMPS", "table lamp"} & written
    assert "jumpers" in {write.synonym("Sweaters") for _ in range(20)}


@pytest.mark.parametrize("kind", ["audiences", "fillers", "separators", "nowhere"])
def test_the_lists_of_words_are_texts(kind: str) -> None:
    assert all(isinstance(word, str) and word for word in seller_words()[kind])


def test_two_taxonomies_make_pairs() -> None:
    moved = [path for path in PATHS if "Mirrors" not in path] + ["Glass", "Glass > Mirrors"]
    found = across(small([*moved, "Pets > Bird Nests"]), small(), random.Random(1), 10)
    named = {pair.source: PATHS[pair.target] for pair in found}
    assert named["Glass > Mirrors"] == "Home > Decor > Mirrors"
    assert named["Pets > Bird Nests"] == "Pets"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taxonomy_recipe, "open_text_encoder", lambda *_a, **_k: HashEncoder())
    monkeypatch.setattr(taxonomy_recipe, "open_taxonomy", lambda _address: small())


def test_a_scorer_is_trained_with_its_card(hashed: None, tmp_path) -> None:
    changes = ["data.limit=260", "training.epochs=6", "training.threads=1"]
    facts = taxonomy_recipe.train(load_recipe("taxonomy-scorer", changes), tmp_path)
    assert facts["metrics"]["top1"] > 0.5
    assert CategoryScorer.load(tmp_path).threshold == 0.5
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "measured on held-out examples" in card


def test_an_unknown_option(tmp_path) -> None:
    with pytest.raises(TrainingError, match="Unknown option 'colour'"):
        taxonomy_recipe.train(load_recipe("taxonomy-scorer", ["options.colour=red"]), tmp_path)


def test_the_shipped_scorer_fits_the_code_and_has_its_card() -> None:
    folder = shipped_folder()
    assert CategoryScorer.load(folder).id.startswith("taxonomy-scorer")
    assert "Licence: Apache-2.0" in (folder / "README.md").read_text("utf-8")
    assert load_recipe(str(folder / "recipe.yaml")).kind == "taxonomy"
