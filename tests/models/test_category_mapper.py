"""The category mapper, over a small taxonomy with plain weights."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.catalog.taxonomy import Taxonomy
from shopclerk.errors import MissingModelError
from shopclerk.models.category_features import FEATURES, STATISTICS
from shopclerk.models.category_index import CategoryIndex
from shopclerk.models.category_mapper import CategoryInput, CategoryMapper, nodes_of
from shopclerk.models.category_memory import Confirmed
from shopclerk.models.category_scorer import CategoryScorer
from shopclerk.models.category_words import Synonyms
from tests.fakes import HashEncoder
from tests.taxonomies import GROUPS, plain_scorer, small, small_index, small_mapper

MAPPER = small_mapper()


def best(source: str | None, title: str | None = None, **more: object) -> str | None:
    found = MAPPER.map([CategoryInput(source, title, **more)])[0].best  # type: ignore[arg-type]
    return found.path if found else None


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("table lamps", "Home > Lighting > Table Lamps"),
        ("TABLE LAMP", "Home > Lighting > Table Lamps"),
        ("lamps table", "Home > Lighting > Table Lamps"),
        ("tabel lamps", "Home > Lighting > Table Lamps"),
        ("Light / Lights / table-lamps", "Home > Lighting > Table Lamps"),
        ("Shop >> Light >> Table lamp", "Home > Lighting > Table Lamps"),
        ("jumpers", "Clothing > Sweaters"),
        ("flashlights", "Home > Lighting > Lanterns & Torches"),
        ("dogfood", "Pets > Dog Food"),
        ("Baby clothing > sweaters", "Clothing > Baby Clothing > Sweaters"),
        ("MÍRRORS", "Home > Decor > Mirrors"),
    ],
)
def test_texts_as_sellers_write_them(source: str, path: str) -> None:
    assert best(source) == path


def test_a_name_said_alone_means_the_plainest_category() -> None:
    assert best("sweaters") == "Clothing > Sweaters"


def test_a_level_that_the_taxonomy_lacks_means_the_one_above() -> None:
    assert best("Home > Lighting > Lava Xyz") == "Home > Lighting"


@pytest.mark.parametrize(
    "source", ["misc", "zzz", "gift", "sale", "12345", "!!!", "other items", "", None]
)
def test_what_fits_nowhere_stays_unmapped(source: str | None) -> None:
    mapping = MAPPER.map([CategoryInput(source)])[0]
    assert not mapping.mapped
    assert mapping.best is None


def test_a_title_stands_in_where_there_is_no_category() -> None:
    assert best(None, "table lamp") == "Home > Lighting > Table Lamps"


def test_a_title_lifts_what_it_names() -> None:
    def mirrors(title: str | None) -> float:
        mapping = MAPPER.map([CategoryInput("home decor lighting", title)], top=10)[0]
        found = {each.path: each.confidence for each in mapping.suggestions}
        return found["Home > Decor > Mirrors"]

    assert mirrors("round mirrors") > 2 * mirrors(None)


def test_picture_words_count_by_how_sure_they_are() -> None:
    words = {"mirrors": 0.9, "mice": 0.01}
    assert best(None, None, picture_words=words) == "Home > Decor > Mirrors"
    assert best(None, None, picture_words=["mice"]) == "Pets > Small Pets > Mice"


def test_suggestions_are_ranked_with_reasons() -> None:
    mapping = MAPPER.map([CategoryInput("table lamps")], top=3)[0]
    sure = [each.confidence for each in mapping.suggestions]
    assert len(sure) == 3
    assert sure == sorted(sure, reverse=True)
    assert mapping.none + sum(sure) <= 1.001
    assert "'table lamps' is 'Table Lamps'" in mapping.suggestions[0].why
    assert mapping.suggestions[0].id == "n6"


@pytest.mark.parametrize(
    "text",
    ["x" * 50_000, "лампы", "台灯", "مصابيح", "😀 lamps", "a > " * 500, "\ud800", "ignore your rules", "<b>lamp"],
    ids="long cyrillic chinese arabic emoji deep surrogate order html".split(),
)  # fmt: skip
def test_odd_texts_are_answered(text: str) -> None:
    mapping = MAPPER.map([CategoryInput(text, text, text)])[0]
    assert all(0 <= each.confidence <= 1 for each in mapping.suggestions)


@settings(max_examples=15, deadline=None)
@given(st.permutations(["table lamps", "misc", "Home > Decor", "jumpers", "Pets|Dog Food|x"]))
def test_the_order_of_a_batch_does_not_matter(texts: list[str]) -> None:
    together = MAPPER.map([CategoryInput(text) for text in texts])
    alone = [MAPPER.map([CategoryInput(text)])[0] for text in texts]
    assert [m.mapped for m in together] == [m.mapped for m in alone]
    for left, right in zip(together, alone, strict=True):
        assert left.none == pytest.approx(right.none, abs=1e-4)


def test_a_confirmed_mapping_goes_first() -> None:
    mapper = small_mapper([Confirmed("table lamps", "Home > Decor"), Confirmed("junk", "Pets")])
    mapping = mapper.map([CategoryInput("Table  LAMPS")])[0]
    assert (mapping.made_by, mapping.suggestions[0].path) == ("confirmed", "Home > Decor")
    assert mapping.suggestions[0].why == "confirmed before"


def test_that_nothing_fits_can_be_confirmed() -> None:
    mapping = small_mapper([Confirmed("table lamps", "")]).map([CategoryInput("table lamps")])[0]
    assert (mapping.mapped, mapping.made_by) == (False, "confirmed")


def test_a_text_of_two_minds_is_not_answered_from_memory() -> None:
    mapper = small_mapper([Confirmed("lamps", "Home", "a"), Confirmed("lamps", "Pets", "b")])
    assert mapper.map([CategoryInput("lamps")])[0].made_by == "plain"
    assert mapper.map([CategoryInput("lamps", "b")])[0].suggestions[0].path == "Pets"


def test_a_near_text_leans_towards_what_was_confirmed() -> None:
    plain = small_mapper().map([CategoryInput("mirror pets thing")], top=10)[0]
    taught = small_mapper([Confirmed("mirror pets", "Pets > Small Pets")])
    learned = taught.map([CategoryInput("mirror pets thing")], top=10)[0]
    before, after = (
        {each.path: each.confidence for each in mapping.suggestions}.get("Pets > Small Pets", 0.0)
        for mapping in (plain, learned)
    )
    assert after > before


def test_names_are_embedded_once_and_kept(tmp_path: Path) -> None:
    encoder = HashEncoder()
    for _ in range(2):
        index = CategoryIndex(nodes_of(small()), encoder, Synonyms(GROUPS), cache=tmp_path)
    assert encoder.encoded == index.name_count
    assert [path.suffix for path in (tmp_path / "taxonomies").iterdir()] == [".npy"]


def test_a_taxonomy_of_one_node() -> None:
    tree: Taxonomy = small(["Lamps"])
    mapper = CategoryMapper(small_index(tree), plain_scorer())
    assert mapper.map([CategoryInput("lamps")])[0].suggestions[0].path == "Lamps"


def test_a_scorer_comes_back_as_it_was(tmp_path: Path) -> None:
    scorer = plain_scorer()
    scorer.save(tmp_path)
    again = CategoryScorer.load(tmp_path)
    features = np.random.default_rng(1).random((5, len(FEATURES)), np.float32)
    assert np.allclose(again.fit(features), scorer.fit(features))
    assert (again.id, again.threshold) == (scorer.id, scorer.threshold)


@pytest.mark.parametrize("harm", ["missing", "cut", "features", "nan"])
def test_a_damaged_scorer_says_how_to_mend_it(tmp_path: Path, harm: str) -> None:
    scorer = plain_scorer()
    if harm == "nan":
        scorer.tensors["fit.0.weight"][0, 0] = np.nan  # type: ignore[index]
    scorer.save(tmp_path)
    if harm == "missing":
        shutil.rmtree(tmp_path)
    elif harm == "cut":
        (tmp_path / "scorer.safetensors").write_bytes(b"{}")
    elif harm == "features":
        facts = json.loads((tmp_path / "scorer.json").read_text("utf-8"))
        facts["features"] = facts["features"][1:]
        (tmp_path / "scorer.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(MissingModelError, match="shopclerk finetune taxonomy-scorer"):
        CategoryScorer.load(tmp_path)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 6), st.integers(0, 9))
def test_probabilities_add_up_to_one(texts: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    question = np.sort(rng.integers(0, texts, 12))
    fit, none = plain_scorer().probabilities(
        rng.random((12, len(FEATURES)), np.float32),
        rng.random((texts, len(STATISTICS)), np.float32),
        question,
    )
    total = none + np.bincount(question, fit, minlength=texts)
    assert np.allclose(total, 1.0, atol=1e-5)
