"""The caption decoder in numpy: its words, and what its beam search promises."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.caption_decoder import (
    BEGIN,
    END,
    UNKNOWN,
    CaptionDecoder,
    DecoderShape,
    Vocabulary,
    cut_words,
)
from tests.captions import SHAPE, WORDS, random_weights


@pytest.fixture(scope="module")
def decoder():
    return CaptionDecoder(SHAPE, random_weights(SHAPE, len(WORDS)))


@pytest.fixture(scope="module")
def picture():
    return np.random.default_rng(5).random(SHAPE.inputs).astype(np.float32)


TEXTS = {
    "plain": ("a red t-shirt for men", "a red t-shirt for men"),
    "marks": ("red , blue ; green !", "red, blue; green!"),
    "brackets": ("mug ( 300 ml )", "mug (300 ml)"),
    "apostrophe": ("a women's coat", "a women's coat"),
}


@pytest.mark.parametrize(("cut", "joined"), TEXTS.values(), ids=TEXTS)
def test_words_are_cut_and_joined(cut, joined):
    words = cut_words(cut)
    vocabulary = Vocabulary([*WORDS[:3], *dict.fromkeys(words)])
    assert vocabulary.text(vocabulary.numbers(joined)) == joined


@given(st.lists(st.sampled_from(WORDS[3:-1]), max_size=9))
def test_numbers_and_words_are_each_other(words):
    vocabulary = Vocabulary(WORDS)
    assert vocabulary.text(vocabulary.numbers(" ".join(words))) == " ".join(words)


def test_a_strange_word_is_unknown():
    assert Vocabulary(WORDS).numbers("a mauve square")[1] == UNKNOWN


def test_vocabulary_and_shape_come_back(tmp_path):
    Vocabulary(WORDS).save(tmp_path)
    SHAPE.save(tmp_path)
    assert Vocabulary.load(tmp_path).words == WORDS
    assert DecoderShape.load(tmp_path) == SHAPE


def test_captions_hold_no_special_word(decoder, picture):
    found = decoder.search(picture, beams=6)
    assert len(found) == 6
    assert not {BEGIN, END, UNKNOWN} & {word for beam in found for word in beam.words}


def test_the_best_come_first_and_differ(decoder, picture):
    found = decoder.search(picture, beams=6)
    means = [beam.mean for beam in found]
    assert means == sorted(means, reverse=True)
    assert len({beam.words for beam in found}) == 6


def test_a_caption_scores_as_its_words_do_one_by_one(decoder, picture):
    beam = decoder.search(picture)[0]
    words = [*beam.words, END]
    for place, log_prob in enumerate(beam.log_probs):
        _, logits = decoder._read(picture, [BEGIN, *words[:place]])
        expected = logits[words[place]] - np.log(np.exp(logits).sum())
        assert log_prob == pytest.approx(float(expected), abs=1e-4)


def test_a_wide_search_finds_the_best_of_all():
    shape = DecoderShape(
        inputs=3, features="x", prefix=1, width=8, layers=1, heads=2, hidden=4, max_words=3
    )
    decoder = CaptionDecoder(shape, random_weights(shape, 6, seed=3))
    picture = np.array([0.1, 0.9, 0.4], np.float32)

    def mean(words):
        score = 0.0
        for place in range(len(words)):
            _, logits = decoder._read(picture, [BEGIN, *words[:place]])
            score += float(logits[words[place]] - np.log(np.exp(logits).sum()))
        return score / len(words)

    every = [
        (*words, END)
        for length in range(3)
        for words in itertools.product((3, 4, 5), repeat=length)
    ]
    best = max(every, key=mean)
    found = decoder.search(picture, beams=40)[0]
    assert (*found.words, END) == best
    assert found.mean == pytest.approx(mean(best), abs=1e-4)


def test_a_start_is_not_repeated_and_not_scored(decoder, picture):
    start = Vocabulary(WORDS).numbers("a red")
    beam = decoder.search(picture, start)[0]
    assert len(beam.words) + len(start) < SHAPE.max_words
    assert len(beam.log_probs) in (len(beam.words), len(beam.words) + 1)


def test_captions_end(picture):
    weights = random_weights(SHAPE, len(WORDS))
    weights["bias"][END] = -np.inf
    found = CaptionDecoder(SHAPE, weights).search(picture)
    assert all(len(beam.words) == SHAPE.max_words for beam in found)
