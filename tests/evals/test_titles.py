"""The task `titles`: its metrics by hand, and a run over a small folder."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.errors import DataFormatError
from shopclerk.evals import titles
from shopclerk.evals.frame import read_records, run_task
from shopclerk.evals.titles import (
    as_input,
    chrf,
    fact_survives,
    facts_that_fit,
    judge,
    judge_title,
)
from shopclerk.models.title_writer import Title
from shopclerk.settings import load_settings

SURVIVES = {
    "as it stands": ("Red Tape", "Red Tape Shoe", True),
    "case": ("RED tape", "Red Tape Shoe", True),
    "glued": ("Red Tape", "RedTape Shoe", True),
    "cut": ("RedTape", "Red Tape Shoe", False),
    "marks between": ("Black/White", "Black / White Shoe", True),
    "order": ("Tape Red", "Red Tape Shoe", False),
    "something between": ("Red Tape", "Red Big Tape", False),
    "part of a word": ("men", "Women Shoe", False),
    "part of a number": ("12", "120 Capsules", False),
    "decimals": ("1.5 l", "1.5 L Bottle", True),
    "decimals cut": ("1.5 l", "1 5 L Bottle", False),
    "apostrophe": ("Men’s", "Men's Shoe", True),
    "entity": ("A &amp; B", "A & B Shoe", True),
    "marks alone": ("+", "Immune + Zinc", True),
}


@pytest.mark.parametrize(("fact", "title", "kept"), SURVIVES.values(), ids=SURVIVES)
def test_facts_by_hand(fact, title, kept):
    assert fact_survives(fact, title) is kept


def test_a_fact_that_was_part_of_a_word_may_be_part_of_one():
    assert fact_survives("Capsule", "30 Capsules", "30 Capsules")
    assert not fact_survives("Capsule", "30 Capsules", "30 Capsule, Capsules")


def test_facts_that_fit_are_counted_the_shortest_first():
    assert facts_that_fit(["abcd", "ab"], 7) == 2
    assert facts_that_fit(["abcd", "ab"], 6) == 1
    assert facts_that_fit([], 6) == 0


# sacrebleu 2.5, CHRF(): chrF2, characters to order 6, blanks dropped.
CHRF = {
    "equal": ([("Red Shoe", "Red Shoe")], 100.0),
    "nothing in common": ([("abc", "xyz")], 0.0),
    "written is empty": ([("", "xyz")], 0.0),
    "blanks do not count": ([("RedShoe", "Red Shoe")], 100.0),
}


@pytest.mark.parametrize(("pairs", "value"), CHRF.values(), ids=CHRF)
def test_chrf_by_hand(pairs, value):
    assert chrf(pairs) == pytest.approx(value, abs=0.01)


def test_chrf_counts_over_the_set_and_weighs_recall():
    # Orders 1 to 3 exist on both sides: precision 3/4, 2/3, 1/2 and recall 1 each; order 4 has no recall to be had.
    precision, recall = (3 / 4 + 2 / 3 + 1 / 2) / 3, 1.0
    wanted = 100 * 5 * precision * recall / (4 * precision + recall)
    assert chrf([("abcd", "abc")]) == pytest.approx(wanted, abs=0.01)
    assert chrf([]) is None


@given(left=st.text(max_size=12), right=st.text(min_size=1, max_size=12))
def test_chrf_obeys_its_laws(left, right):
    assert 0 <= chrf([(left, right)]) <= 100
    if right.split():
        assert chrf([(right, right)]) == 100


# -- a folder ------------------------------------------------------------------------------------------

RECORD = {
    "id": "a",
    "title": "SALE! red tape MENS shoe 250 g",
    "description": "A men's shoe.",
    "brand": "Red Tape",
    "attributes": {"Color": "Red", "sizes": ["41", "42"], "none": None},
    "facts": ["Red Tape", "Shoe", "250 g"],
    "reference": "Red Tape Men's Shoe 250 g",
}


class Saying:
    """A writer that always says the same."""

    id = "saying"

    def __init__(self, text):
        self.text = text

    def write(self, products):
        return [Title(self.text, self.text, (), self.id, 1.0) for _ in products]


def test_a_right_title_scores_full():
    report = judge([RECORD], Saying(RECORD["reference"]))
    assert report.metrics == {
        "fact_recall": 1.0,
        "invented_rate": 0.0,
        "rule_pass_rate": 1.0,
        "chrf": 100.0,
        "rouge_l": 1.0,
    }
    assert (report.task, report.n, report.notes, report.failures) == ("titles", 1, (), ())
    assert report.models == {"title_writer": "saying"}


def test_each_fault_is_counted_and_listed():
    report = judge([RECORD, RECORD], Saying("Red Tape LEATHER Shoe"))
    assert report.metrics["fact_recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert (report.metrics["invented_rate"], report.metrics["rule_pass_rate"]) == (1.0, 0.0)
    failure = report.failures[0]
    assert (failure["lost"], failure["invented"], failure["broken"]) == (
        ["250 g"],
        ["leather"],
        ["capitals"],
    )
    json.dumps(report.record())


def test_a_long_title_owes_the_facts_that_fit():
    facts = [f"{letter * 70} fact" for letter in "abc"]
    record = {**RECORD, "title": " ".join(facts), "facts": facts, "reference": None}
    judged = judge_title(record, as_input(record), f"{facts[2]} {facts[0]}")
    assert (judged["facts"], judged["kept"], judged["lost"]) == (1, 1, [])


def test_what_cannot_be_computed_is_null_and_noted():
    report = judge([{**RECORD, "facts": [], "reference": None}], Saying("Red Shoe"))
    assert (report.metrics["fact_recall"], report.metrics["chrf"], report.metrics["rouge_l"]) == (
        None,
    ) * 3
    assert len(report.notes) == 2


def test_a_folder_is_run_by_its_name(tmp_path):
    path = tmp_path / "test.jsonl"
    path.write_text(
        json.dumps(RECORD) + "\n" + json.dumps({**RECORD, "more": 1}) + "\n", encoding="utf-8"
    )
    report = run_task("titles", tmp_path, load_settings(title_writer="rules"))
    assert (report.n, report.metrics["fact_recall"], report.metrics["chrf"]) == (2, 1.0, 100.0)


@pytest.mark.parametrize("key", titles.REQUIRED)
def test_a_missing_key_is_named(tmp_path, key):
    record = {name: value for name, value in RECORD.items() if name != key}
    (tmp_path / "test.jsonl").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DataFormatError, match=rf"line 1: .*'{key}' is missing"):
        read_records(tmp_path / "test.jsonl", titles.REQUIRED)


@pytest.mark.parametrize(
    "change",
    [{"title": None}, {"attributes": [1]}, {"facts": "a"}],
    ids=["title", "attributes", "facts"],
)
def test_a_field_of_another_kind_is_told(change):
    with pytest.raises(DataFormatError, match=r"record 'a': title must be text"):
        as_input({**RECORD, **change})
