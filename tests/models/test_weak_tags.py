"""Tags read off words, and the sheet on which they are looked through."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.errors import DataFormatError
from shopclerk.models.tag_sheet import read_sheet, write_sheet
from shopclerk.models.weak_tags import WeakTag, WeakTagger, key_phrases
from tests.fakes import HashEncoder

TAGS = ["running", "waterproof", "trail shoes", "red"]
CORPUS = ["a waterproof jacket", "trail shoes", "running shoes in red", "red kettle"]


def found(text, **more):
    return {hit.tag: hit.evidence for hit in WeakTagger(TAGS, CORPUS, **more).find([text])[0]}


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Waterproof coat", {"waterproof": "keyword"}),
        ("Watreproof coat", {"waterproof": "fuzzy"}),
        ("Trail shoe, light", {"trail shoes": "keyword"}),
        ("a redder shade", {}),
        ("Crunning coat", {}),
        ("Cunning coat", {}),
        ("rde", {}),
        ("", {}),
        ("🙂🙂", {}),
    ],
    ids=[
        "stands there",
        "misspelt",
        "several words",
        "part of a word",
        "another first letter",
        "a word of its own",
        "too short",
        "empty",
        "emoji",
    ],
)
def test_tags_are_found_in_words(text, hits):
    assert found(text) == hits


def test_of_equally_near_tags_the_one_with_the_same_beginning_is_meant():
    hits = WeakTagger(["pruning", "running"], ["runing"]).find(["runing shoes"])[0]
    assert [hit.tag for hit in hits] == ["running"]


def test_a_text_that_means_the_tag_is_near_it():
    assert found("trail shoes boots", encoder=HashEncoder())["trail shoes"] == "keyword"
    assert found("shoes", encoder=HashEncoder())["trail shoes"] == "meaning"


def test_an_open_vocabulary_takes_telling_phrases():
    hits = WeakTagger([], CORPUS).find(["cobalt teapot with a red lid"])[0]
    assert hits[0].evidence == "phrase"
    assert any("cobalt" in hit.tag for hit in hits)


def test_phrases_do_not_overlap():
    phrases = [phrase for phrase, _ in key_phrases("blue cobalt teapot, cobalt lid", {}, 1.0)]
    words = [word for phrase in phrases for word in phrase.split()]
    assert len(words) == len(set(words))


def test_a_very_long_text_takes_no_long_time():
    assert found("red " * 50_000) == {"red": "keyword"}


@given(st.text(max_size=200))
def test_scores_fall_and_lie_between_none_and_one(text):
    scores = [hit.score for hit in WeakTagger(TAGS, CORPUS).find([text])[0]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


# -- the sheet ---------------------------------------------------------------------------------------


def test_what_is_kept_comes_back(tmp_path):
    rows = [("1", "Red coat", [WeakTag("red", 0.95, "keyword"), WeakTag("coat", 0.4, "phrase")])]
    path = tmp_path / "sheet.csv"
    assert write_sheet(path, rows, keep_from=0.9) == 2
    assert read_sheet(path) == {"1": ["red"]}
    path.write_text(path.read_text("utf-8").replace("phrase,", "phrase,YES"), encoding="utf-8")
    assert read_sheet(path) == {"1": ["red", "coat"]}


def test_no_cell_is_a_formula(tmp_path):
    path = tmp_path / "sheet.csv"
    write_sheet(path, [("1", "=1+1", [WeakTag("@home", 1.0, "keyword")])], keep_from=0.9)
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "'=1+1"
    assert read_sheet(path) == {"1": ["@home"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,tag\n1,red\n", "lacks the column 'keep'"),
        ("id,tag,keep\n1,red,perhaps\n", "line 2: 'keep' is 'perhaps'"),
        ("", "lacks the column"),
    ],
    ids=["no column", "neither yes nor no", "empty"],
)
def test_a_broken_sheet_says_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFormatError, match=message):
        read_sheet(path)


def test_a_sheet_that_is_not_there(tmp_path):
    with pytest.raises(DataFormatError, match="Cannot read"):
        read_sheet(tmp_path / "none.csv")
