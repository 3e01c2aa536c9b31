"""The task `caption`: its metrics by hand, and a run over a small folder."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.errors import DataFormatError
from shopclerk.evals import caption
from shopclerk.evals.caption import holds, judge, longest_common, rouge_l
from shopclerk.evals.frame import read_records
from shopclerk.settings import load_settings
from tests.captions import ColourEncoder, ScriptedCaptioner, write_captioner
from tests.pictures.drawn import scene

REPORT_KEYS = {"task", "n", "metrics", "latency_ms", "throughput_per_s", "models", "notes"}

# text, reference, value
ROUGE = {
    "equal": ("a red shoe", "A red shoe", 1.0),
    "order counts": ("red a shoe", "a red shoe", 2 / 3),
    "gaps do not": ("a big red shoe", "a red shoe", 2 * 3 / 7),
    "shorter": ("red shoe", "a red shoe for women", 2 * 2 / 7),
    "nothing in common": ("blue mug", "a red shoe", 0.0),
    "empty": ("", "a red shoe", 0.0),
    "both empty": ("", "", 0.0),
    "hyphens": ("a t shirt", "a t-shirt", 1.0),
}
HOLDS = {
    "word": ("a red shoe for men", "men", True),
    "not part of a word": ("a red shoe for women", "men", False),
    "case": ("Red shoe", "RED", True),
    "all words": ("navy blue sports shoes", "sports shoes", True),
    "one is missing": ("blue sports shoes", "navy blue", False),
    "singular said": ("a casual shoe", "casual shoes", True),
    "plural said": ("red dresses", "dress", True),
    "y": ("two berries", "berry", True),
    "o": ("tomatoes", "tomato", True),
    "knife": ("steel knives", "knife", True),
    "ss is no plural": ("a glass", "glas", False),
    "hyphen": ("a black t-shirt", "t-shirt", True),
}


@pytest.mark.parametrize(("text", "reference", "value"), ROUGE.values(), ids=ROUGE)
def test_rouge_l_by_hand(text, reference, value):
    assert rouge_l(text, reference) == pytest.approx(value)


@pytest.mark.parametrize(("text", "label", "held"), HOLDS.values(), ids=HOLDS)
def test_labels_by_hand(text, label, held):
    assert holds(text, label) is held


words = st.lists(st.sampled_from("abcd"), max_size=8)


@given(left=words, right=words)
def test_the_longest_common_subsequence_obeys_its_laws(left, right):
    common = longest_common(left, right)
    assert common == longest_common(right, left) == longest_common(left[::-1], right[::-1])
    assert common <= min(len(left), len(right))
    assert longest_common(left, left + right) == len(left)
    assert 0 <= rouge_l(" ".join(left), " ".join(right)) <= 1


# -- a folder ----------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for number in range(3):
        scene(number).save(tmp_path / f"{number}.jpg")
    return tmp_path


def write(folder, *records):
    lines = [json.dumps(record) for record in records]
    (folder / "test.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return read_records(folder / "test.jsonl", caption.REQUIRED)


def judged(folder, captioner, *records):
    return judge(write(folder, *records), folder, captioner, {"captioner": captioner.id})


def test_the_best_caption_and_every_label_count(folder):
    report = judged(
        folder,
        ScriptedCaptioner("a red shoe", "a mug"),
        {"image": "0.jpg", "captions": ["Brand X", "a red shoe"], "labels": ["red", "shoes"]},
        {"image": "1.jpg", "captions": ["a cup"], "labels": ["cup", "mug"]},
    )
    assert report.metrics == {"rouge_l": 0.75, "label_recall": 0.75}
    assert (report.task, report.n, report.notes) == ("caption", 2, ())
    assert report.failures == ({"image": "1.jpg", "caption": "a mug", "missing": ["cup"]},)
    assert report.record().keys() == REPORT_KEYS
    json.dumps(report.record())


def test_what_cannot_be_computed_is_null_and_noted(folder):
    report = judged(folder, ScriptedCaptioner("a"), {"image": "0.jpg", "captions": []})
    assert report.metrics == {"rouge_l": None, "label_recall": None}
    assert [note.split()[0] for note in report.notes] == ["rouge_l", "label_recall"]


def test_a_bad_picture_is_left_out_and_told(folder):
    (folder / "bad.jpg").write_text("no picture", encoding="utf-8")
    report = judged(
        folder,
        ScriptedCaptioner("a mug"),
        {"image": "bad.jpg", "captions": ["a mug"], "labels": ["mug"]},
        {"image": "0.jpg", "captions": ["a mug"], "labels": ["mug"]},
    )
    assert (report.n, report.metrics["label_recall"]) == (1, 1.0)
    assert report.notes[0].startswith("1 records were left out. The first: Picture 'bad.jpg'")


def test_a_missing_key_is_named(folder):
    with pytest.raises(DataFormatError, match=r"test\.jsonl, line 1: .*'captions' is missing"):
        write(folder, {"image": "0.jpg"})


def test_the_captioner_of_the_settings_is_judged(folder, monkeypatch):
    opened = []

    def open_encoder(address, *_, **__):
        opened.append(address)
        return ColourEncoder()

    monkeypatch.setattr(caption, "open_image_encoder", open_encoder)
    write(folder, {"image": "0.jpg", "captions": ["a red square"], "labels": ["red"]})
    tiny = write_captioner(folder / "tiny")
    report = caption.run(folder, load_settings(captioner=str(tiny), image_encoder="none"))
    assert report.n == 1
    assert report.models["captioner"].startswith("tiny-")
    assert report.models["image_encoder"] == "colours-1"
    assert opened == ["embedded"]
    assert report.latency_ms["p50"] > 0
