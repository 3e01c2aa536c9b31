"""Training of picture heads on invented shops whose pictures do, or do not, show what their listings say."""

import numpy as np
import pytest
import torch

from shopclerk.errors import TrainingError
from shopclerk.finetune import align
from shopclerk.finetune.align import (
    AlignOptions,
    AlignReport,
    common_words,
    split,
    train_head,
    word_matrix,
)
from shopclerk.models.picture_fit import Listings
from shopclerk.models.picture_head import TENSORS, PictureHead
from tests.eyes import unit

COLOURS, THINGS = "red blue green black white".split(), "shoe bag mug lamp chair desk pen".split()
SMALL = AlignOptions(
    epochs=40, batch=64, hidden=64, learning_rate=5e-3, dropout=0.2, least_pairs=100
)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def invented(count=360, seed=0, random=False):
    """Things of some colour; eight of their vector's 40 numbers show which, the others anything."""
    draw = np.random.default_rng(seed)
    colours, things = draw.integers(0, 5, count), draw.integers(0, 7, count)
    words = [
        [COLOURS[c], THINGS[t], f"x{n}"]
        for n, (c, t) in enumerate(zip(colours, things, strict=True))
    ]
    texts = unit(5, 24, 1)[colours] + unit(7, 24, 2)[things] + 0.4
    if random:
        order = draw.permutation(count)
        colours, things = colours[order], things[order]
    shown = np.concatenate([unit(5, 4, 3)[colours], unit(7, 4, 4)[things]], axis=1)
    vectors = np.concatenate([shown, draw.normal(0, 0.5, (count, 32))], axis=1)
    rows = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (vectors, texts)]
    return Listings(*(row.astype(np.float32) for row in rows), words)


@pytest.fixture(scope="module")
def trained():
    return train_head(invented(), "eye-1", "texts-1", SMALL)


def test_a_head_learns_what_pictures_show(trained):
    head, report = trained
    assert report.better
    assert report.agreement > 1.3 * report.agreement_before > 0
    assert set(head.vocabulary) == {*COLOURS, *THINGS}
    unseen = invented(seed=5)
    words = head.words(unseen.vectors)
    held = word_matrix(unseen.terms, head.vocabulary) > 0
    assert words[held].mean() > 2 * words[~held].mean()
    near = head.meanings(unseen.vectors) @ unseen.texts.T
    assert near.diagonal().mean() > near.mean() + 0.2


def test_the_report_says_what_was_done(trained):
    head, report = trained
    kept, held_out = split(invented(), SMALL)
    assert (report.pairs, report.words) == (len(kept), len(head.vocabulary))
    assert len(kept) + len(held_out) == 360
    assert (head.encoder, head.text_encoder) == ("eye-1", "texts-1")
    assert report.record()["agreement"] == report.agreement


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_gained_where_listings_are_random(seed):
    _, report = train_head(invented(seed=seed, random=True), "eye-1", "texts-1", SMALL)
    assert not report.better


GAINS = {
    "sure": (0.30, 0.20, 0.02, True),
    "unsure": (0.30, 0.20, 0.06, False),
    "none": (0.20, 0.20, 0.0, False),
    "a loss": (0.20, 0.30, 0.02, False),
}


@pytest.mark.parametrize(("after", "before", "error", "better"), GAINS.values(), ids=GAINS)
def test_a_head_is_better_by_more_than_chance(after, before, error, better):
    assert AlignReport(100, 10, after, before, error, 1.0, 0.5).better is better


def test_one_held_out_picture_is_no_proof():
    after, before, error = align._compared(np.array([[0.9, 0.1]], np.float32))
    assert not AlignReport(100, 10, after, before, error, 1.0, 0.5).better


def test_the_same_seed_learns_the_same(trained):
    head, report = trained
    again, repeated = train_head(invented(), "eye-1", "texts-1", SMALL)
    assert (again.id, repeated.agreement) == (head.id, report.agreement)


def test_inference_in_numpy_agrees_with_torch():
    torch.manual_seed(1)
    network = align._Network(40, SMALL, 6, 24).eval()
    tensors = {name: network.state_dict()[name].numpy() for name in TENSORS}
    head = PictureHead("a", "eye-1", "texts-1", tuple("abcdef"), tensors)
    vectors = unit(20, 40)
    with torch.inference_mode():
        logits, meanings = network(torch.from_numpy(vectors) * np.sqrt(40))
    np.testing.assert_allclose(head.words(vectors), torch.sigmoid(logits), atol=1e-4)
    np.testing.assert_allclose(head.meanings(vectors), meanings, atol=1e-4)


def test_progress_is_told_and_ends():
    told = []
    options = AlignOptions(epochs=9, max_steps=12, batch=64, hidden=8)
    train_head(invented(), "e", "t", options, progress=lambda *step: told.append(step))
    names, done, of = zip(*told, strict=True)
    assert set(names) == {"Learning from pictures"}
    assert done == (1, 2)  # six steps an epoch, twelve in all
    assert set(of) == {2}


# -- what it cannot learn from -----------------------------------------------------------------------


def test_too_few_pairs_are_refused():
    told = r"There are 99 pictures with listings and 100 are needed.*--pairs"
    with pytest.raises(TrainingError, match=told):
        train_head(invented(99), "e", "t", SMALL)


NOTHING_COMMON = {
    "no words": lambda number: [],
    "each its own": lambda number: [f"word{number}"],
    "letters": lambda number: ["a", "b"],
    "all the same": lambda number: ["red", "shoe"],
}


@pytest.mark.parametrize("terms", NOTHING_COMMON.values(), ids=NOTHING_COMMON)
def test_listings_without_common_words_are_refused(terms):
    pairs = Listings(unit(120, 8), unit(120, 6), [terms(number) for number in range(120)])
    with pytest.raises(TrainingError, match=r"No word stands in 5 listings or more.*titles"):
        train_head(pairs, "e", "t", SMALL)


# -- parts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_equal_listings_stay_on_one_side(seed):
    terms = [[f"word{number % 40}", "red"][:: (-1) ** number] for number in range(200)]
    pairs = Listings(unit(200, 4), unit(200, 4), terms)
    kept, held_out = split(pairs, AlignOptions(seed=seed))
    assert sorted([*kept, *held_out]) == list(range(200))
    sides = [{frozenset(terms[place]) for place in side} for side in (kept, held_out)]
    assert not sides[0] & sides[1]
    assert len(sides[1]) == 4  # a tenth of forty


def test_the_split_does_not_depend_on_the_order():
    pairs = invented(100)
    backwards = pairs.part(range(99, -1, -1))
    _, held_out = split(pairs, SMALL)
    _, again = split(backwards, SMALL)
    assert {pairs.terms[place][2] for place in held_out} == {
        backwards.terms[place][2] for place in again
    }


COMMON = {
    "commonest first": ([["red", "shoe"], ["red"]], 1, 9, ("red", "shoe")),
    "ties by the alphabet": ([["pen", "bag"]], 1, 9, ("bag", "pen")),
    "once a listing": ([["red", "red", "red"], ["bag"], ["bag"]], 2, 9, ("bag",)),
    "letters are no words": ([["s", "7", "xl"]], 1, 9, ("xl",)),
    "no more than allowed": ([["red", "shoe"], ["red"]], 1, 1, ("red",)),
    "none": ([["red"], []], 2, 9, ()),
}


@pytest.mark.parametrize(("terms", "least", "most", "words"), COMMON.values(), ids=COMMON)
def test_the_vocabulary_is_what_is_common(terms, least, most, words):
    options = AlignOptions(least_listings=least, max_words=most)
    assert common_words(terms, options) == words


def test_the_matrix_holds_a_one_for_every_known_word():
    matrix = word_matrix([["bag", "red", "nosuch"], [], ["red", "red"]], ("red", "bag"))
    np.testing.assert_array_equal(matrix, [[1, 1], [0, 0], [1, 0]])


def test_listings_of_one_text_count_as_one():
    torch.manual_seed(0)
    network = align._Network(8, SMALL, 2, 6).eval()
    x, words = torch.from_numpy(unit(4, 8)), torch.zeros(4, 2)
    texts = torch.from_numpy(np.repeat(unit(2, 6), 2, axis=0))
    loss = align._loss(network, x, words, texts, 1.0)
    swapped = align._loss(network, x, words, texts[[1, 0, 3, 2]], 1.0)
    torch.testing.assert_close(loss, swapped)
    with_words = align._loss(network, x, words, texts, 0.0)
    assert 0 < float(with_words.detach()) < float(loss.detach())
