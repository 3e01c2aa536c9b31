"""Reading examples: a broken line is an error that names it, and nothing is trained on the rest."""

import json
from pathlib import Path

import pytest

from shopclerk.errors import TrainingError
from shopclerk.finetune.examples import data_hash, held_out, read_examples

GOOD = {"source": "a", "target": "b"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{oops", "line 2 is not JSON"),
        ("[1]", "line 2 is list, not an object"),
        ('{"source": "a"}', "line 2: the key 'target' is missing"),
        ('{"source": "a", "target": 3}', "line 2: 'target' is int"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(json.dumps(GOOD) + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=message):
        read_examples(path, "seq2seq")


def test_blank_lines_are_skipped_and_an_empty_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("\n" + json.dumps(GOOD) + "\n\n", encoding="utf-8")
    assert read_examples(path, "seq2seq") == [GOOD]
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="holds no example"):
        read_examples(path, "seq2seq")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        read_examples(tmp_path / "none.jsonl", "seq2seq")


def test_the_hash_changes_with_any_example() -> None:
    other = {"source": "a", "target": "c"}
    assert data_hash([GOOD, other]) != data_hash([GOOD, GOOD])
    assert data_hash([GOOD]) == data_hash([dict(reversed(GOOD.items()))])


@pytest.mark.parametrize("count", [1, 2, 10, 99])
def test_held_out_and_train_share_nothing(count: int) -> None:
    examples = [{"n": n} for n in range(count)]
    train, heldout = held_out(examples, 0.1, 7)
    assert heldout
    assert train
    if count > 1:
        assert {e["n"] for e in train} | {e["n"] for e in heldout} == set(range(count))
        assert not {e["n"] for e in train} & {e["n"] for e in heldout}
