"""Tags read off a listing's words: weak labels for a shop that has tagged little.

Four looks at the words: the tag stands there, it stands there misspelt, it is among the text's telling phrases, or it means
nearly the same as the text. None is sure; a person accepts or drops what comes out (`tag_sheet.py`).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.text_encoder import TextEncoder
from shopclerk.models.text_terms import fold_words
from shopclerk.models.titles.words import is_english

Vectors = NDArray[np.float32]
Evidence = Literal["keyword", "fuzzy", "phrase", "meaning"]

FUZZY_LEAST = 88.0
"""Similarity, 0 to 100, from which a misspelt tag counts."""
FUZZY_CHARS = 5
"""Shorter tags must stand there as they are."""
WORD_COUNT = 3
"""Texts of the shop that hold a word which is not taken for misspelt; a slip may stand in one or two."""
MEANING_LEAST = 0.45
PHRASE_WORDS = 3
MAX_WORDS = 400
"""Of a text so many words are read."""
SCORES: Mapping[Evidence, float] = {"keyword": 0.95, "fuzzy": 0.7, "phrase": 0.5, "meaning": 0.6}


@dataclass(frozen=True, slots=True)
class WeakTag:
    """A tag that words suggest.

    Attributes:
        tag: The tag.
        score: 0 to 1, the higher the surer; no chance.
        evidence: What suggests it.
    """

    tag: str
    score: float
    evidence: Evidence


class WeakTagger:
    """Finds tags in words.

    Args:
        tags: The shop's vocabulary; empty for open vocabulary, where only phrases are found.
        corpus: Texts of the shop, which tell how telling a word is.
        encoder: Compares meanings; None does without.
    """

    def __init__(
        self, tags: Iterable[str], corpus: Sequence[str], encoder: TextEncoder | None = None
    ) -> None:
        self.tags = tuple(sorted(set(tags)))
        self._encoder = encoder
        self._words = {tag: tuple(_stem(word) for word in fold_words(tag)) for tag in self.tags}
        self._by_first: dict[str, list[str]] = {}
        for tag, words in self._words.items():
            if words:
                self._by_first.setdefault(words[0], []).append(tag)
        self._counts = counts = Counter(
            w for text in corpus for w in {_stem(x) for x in fold_words(text)}
        )
        self._idf = {w: math.log((1 + len(corpus)) / (1 + n)) + 1 for w, n in counts.items()}
        self._rare = math.log(1 + len(corpus)) + 1

    @cached_property
    def _vectors(self) -> Vectors:
        assert self._encoder is not None
        return self._encoder.encode(self.tags)

    def find(self, texts: Sequence[str], *, most: int = 10) -> list[list[WeakTag]]:
        """Return the tags of each text, the surest first.

        Args:
            texts: Titles and descriptions.
            most: Tags a text at most.
        """
        near = self._meanings(texts)
        found = []
        for text, meanings in zip(texts, near, strict=True):
            words = [_stem(word) for word in fold_words(text)[:MAX_WORDS]]
            hits = [*self._keywords(words), *self._fuzzy(words), *meanings, *self._phrases(text)]
            best: dict[str, WeakTag] = {}
            for hit in hits:
                if hit.tag not in best or hit.score > best[hit.tag].score:
                    best[hit.tag] = hit
            found.append(sorted(best.values(), key=lambda each: (-each.score, each.tag))[:most])
        return found

    def _keywords(self, words: Sequence[str]) -> list[WeakTag]:
        return [
            WeakTag(tag, SCORES["keyword"], "keyword")
            for place, word in enumerate(words)
            for tag in self._by_first.get(word, ())
            if tuple(words[place : place + len(self._words[tag])]) == self._words[tag]
        ]

    def _fuzzy(self, words: Sequence[str]) -> list[WeakTag]:
        """Return long tags that stand in the text but for a slip of the pen.

        Only what neither the shop nor the language knows is taken for misspelt, and few slips change the first letter.
        """
        from rapidfuzz import fuzz, process

        hits = []
        for size, tags in self._by_size.items():
            spans = {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}
            for span in spans:
                text = " ".join(span)
                if len(text) < FUZZY_CHARS or all(map(self._is_word, span)):
                    continue
                near = process.extract(text, tags, scorer=fuzz.ratio, score_cutoff=FUZZY_LEAST)
                likely = [(ratio, form) for form, ratio, _ in near if form[0] == text[0]]
                if likely:
                    ratio, form = max(likely)
                    score = SCORES["fuzzy"] * ratio / 100
                    hits += [WeakTag(tag, score, "fuzzy") for tag in self._by_form[form]]
        return hits

    def _is_word(self, word: str) -> bool:
        """Tell whether several of the shop's texts or the language hold a word."""
        return self._counts[word] >= WORD_COUNT or is_english(word)

    @cached_property
    def _by_form(self) -> dict[str, list[str]]:
        forms: dict[str, list[str]] = {}
        for tag, words in self._words.items():
            forms.setdefault(" ".join(words), []).append(tag)
        return forms

    @cached_property
    def _by_size(self) -> dict[int, list[str]]:
        sizes: dict[int, list[str]] = {}
        for form in self._by_form:
            if len(form) >= FUZZY_CHARS:
                sizes.setdefault(form.count(" ") + 1, []).append(form)
        return sizes

    def _phrases(self, text: str) -> list[WeakTag]:
        """Return telling phrases; with a vocabulary, those that are tags only."""
        top = key_phrases(text, self._idf, self._rare)
        hits = []
        for phrase, share in top:
            form = " ".join(_stem(word) for word in phrase.split())
            tags = self._by_form.get(form, []) if self.tags else [phrase]
            hits += [WeakTag(tag, SCORES["phrase"] * share, "phrase") for tag in tags]
        return hits

    def _meanings(self, texts: Sequence[str]) -> list[list[WeakTag]]:
        if self._encoder is None or not self.tags or not texts:
            return [[] for _ in texts]
        cosines = self._encoder.encode(list(texts)) @ self._vectors.T
        return [
            [
                WeakTag(self.tags[place], SCORES["meaning"] * float(row[place]), "meaning")
                for place in np.flatnonzero(row >= MEANING_LEAST)
            ]
            if text.strip()
            else []
            for text, row in zip(texts, cosines, strict=True)
        ]


def key_phrases(
    text: str, idf: Mapping[str, float], unknown: float, *, most: int = 5
) -> list[tuple[str, float]]:
    """Return the telling phrases of a text with their scores from 0 to 1, the best first.

    Rare words count more, and so do those that stand early and often, in the manner of YAKE (Campos et al. 2020, section
    3); a phrase scores the mean of its words and a little for its length. No phrase lies within another.
    """
    words = fold_words(text)[:MAX_WORDS]
    counts = Counter(_stem(word) for word in words)
    scored: dict[tuple[str, ...], float] = {}
    for size in range(1, PHRASE_WORDS + 1):
        for start in range(len(words) - size + 1):
            span = tuple(words[start : start + size])
            plain = all(len(word) > 2 and not word.isdigit() for word in span)
            if not plain or len(set(span)) < size or span in scored:
                continue
            weights = [
                idf.get(_stem(word), unknown) * (1 + math.log(counts[_stem(word)])) for word in span
            ]
            early = 1 / (1 + math.log1p(start) / 4)
            scored[span] = early * sum(weights) / size * (1 + 0.1 * (size - 1))
    best = max(scored.values(), default=1.0)
    chosen: list[tuple[tuple[str, ...], float]] = []
    for span, score in sorted(scored.items(), key=lambda each: (-each[1], each[0])):
        if not any(set(span) & set(other) for other, _ in chosen):
            chosen.append((span, score / best))
        if len(chosen) == most:
            break
    return [(" ".join(span), score) for span, score in chosen]


def _stem(word: str) -> str:
    """Return a word without a plural's s, so that `shoes` and `shoe` meet."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
