"""Texts compared with all names of a taxonomy at once.

A batch's texts become rows; `compare` gives one matrix a kind of evidence, rows by names. The kinds:

- cover: the share of the name's words that the text says, weighted by how rare they are
- covered: the share of the text's words that the name says
- match: the harmonic mean of both, in plain words or with synonyms, whichever is better
- letters: cosine of letter trigrams
- meaning: cosine of embeddings
- head: whether the text says the name's last word, the one that tells what it is
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from shopclerk.models.category_index import CategoryIndex, Floats, Ints
from shopclerk.models.category_words import generic_words, stems

CORRECTED_FROM = 0.7
NUMBER_WEIGHT = 0.4
SYNONYM_WEIGHT = 0.92
"""What a match by synonyms is worth, of a match in the very words."""


class Evidence(NamedTuple):
    """How each text compares with each name, all `(rows, names)`."""

    cover: Floats
    covered: Floats
    match: Floats
    letters: Floats
    meaning: Floats
    head: Floats


@dataclass(frozen=True)
class Rows:
    """Texts as matrices over a taxonomy's words.

    Attributes:
        mass: Words of each text weighted by rarity, for what of a text is covered.
        best: The surest reading of each word, for what of a name is covered.
        total: The sum of a text's weights.
        same_mass: As mass, phrases put as their synonym groups.
        same_best: As best, phrases put as their synonym groups.
        same_total: As total, phrases put as their synonym groups.
        letters: Letter trigrams.
        meanings: Embeddings.
        known: The share of a text's words that the vocabulary holds or nearly holds.
        generic: The share of a text's words that name no category by themselves.
    """

    mass: sparse.csr_matrix
    best: sparse.csr_matrix
    total: Floats
    same_mass: sparse.csr_matrix
    same_best: sparse.csr_matrix
    same_total: Floats
    letters: sparse.csr_matrix
    meanings: Floats
    known: Floats
    generic: Floats


Slots = list[list[dict[str, float]]]


def read_rows(index: CategoryIndex, texts: Sequence[str], meanings: Floats) -> Rows:
    """Return texts as rows; `meanings` are their embeddings."""
    words = [stems(text) for text in texts]
    plain = [index.vocabulary.readings(each) for each in words]
    same = [_canonical(index, each, slots) for each, slots in zip(words, plain, strict=True)]
    mass, best, total = _weigh(index, plain)
    same_mass, same_best, same_total = _weigh(index, same)
    known = [
        float(np.mean([max(slot.values(), default=0.0) for slot in slots])) if slots else 0.0
        for slots in plain
    ]
    vague = generic_words()
    generic = [sum(w in vague for w in each) / max(1, len(each)) for each in words]
    letters = index.gram_rows(words)
    return Rows(
        mass, best, total, same_mass, same_best, same_total, letters, meanings,
        np.array(known, np.float32), np.array(generic, np.float32),
    )  # fmt: skip


def _canonical(
    index: CategoryIndex, words: Sequence[str], slots: list[dict[str, float]]
) -> list[dict[str, float]]:
    """Return the slots with each phrase that has synonyms put as its groups."""
    sure = [_surest(word, slot) for word, slot in zip(words, slots, strict=True)]
    found: list[dict[str, float]] = []
    for groups in index.synonyms.canonical(sure):
        if groups[0].startswith("@"):
            found.append(dict.fromkeys(groups, 1.0))
        else:
            found.append(slots[sure.index(groups[0])])
    return found


def _surest(word: str, slot: dict[str, float]) -> str:
    if word in slot or not slot:
        return word
    best = max(slot, key=lambda other: slot[other])
    return best if slot[best] >= CORRECTED_FROM else word


def _weigh(
    index: CategoryIndex, texts: Slots
) -> tuple[sparse.csr_matrix, sparse.csr_matrix, Floats]:
    """Return (mass, best, total) of texts whose words have readings."""
    rows, columns, mass, best = [], [], [], []
    totals = np.zeros(len(texts), np.float32)
    for number, slots in enumerate(texts):
        masses: dict[int, float] = {}
        bests: dict[int, float] = {}
        for slot in slots:
            heavy = max(
                (weight * _idf(index, word) for word, weight in slot.items()),
                default=index.unknown_idf * 0.6,
            )
            totals[number] += heavy
            for word, weight in slot.items():
                if (column := index.column.get(word)) is not None:
                    masses[column] = masses.get(column, 0.0) + heavy * weight
                    bests[column] = max(bests.get(column, 0.0), weight)
        rows += [number] * len(masses)
        columns += list(masses)
        mass += list(masses.values())
        best += [bests[column] for column in masses]
    shape = (len(texts), len(index.column))

    def matrix(values: list[float]) -> sparse.csr_matrix:
        return sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)

    return matrix(mass), matrix(best), np.maximum(totals, 1e-6)


def _idf(index: CategoryIndex, word: str) -> float:
    column = index.column.get(word)
    idf = index.unknown_idf if column is None else float(index.idf[column])
    return idf * NUMBER_WEIGHT if word.isdigit() else idf


def compare(index: CategoryIndex, rows: Rows) -> Evidence:
    """Compare rows with all names."""
    best_of = index.best_of_terms
    plain = _covers(rows.best, rows.mass, rows.total, index, index.words, index.word_mass)
    same = _covers(
        rows.same_best,
        rows.same_mass,
        rows.same_total,
        index,
        index.canonical,
        index.canonical_mass,
    )
    cover, covered, match = (
        np.maximum(best_of(left), SYNONYM_WEIGHT * best_of(right))
        for left, right in zip(plain, same, strict=True)
    )
    return Evidence(
        cover,
        covered,
        match,
        best_of((rows.letters @ index.letters).tocsr()),
        index.best_term(rows.meanings @ index.term_meanings.T),
        best_of((rows.best @ index.heads).tocsr()),
    )


def _covers(
    best: sparse.csr_matrix,
    mass: sparse.csr_matrix,
    total: Floats,
    index: CategoryIndex,
    words: sparse.csr_matrix,
    word_mass: Floats,
) -> tuple[sparse.csr_matrix, sparse.csr_matrix, sparse.csr_matrix]:
    """Return (cover, covered, their harmonic mean) of texts and terms, sparse."""
    weighted = sparse.csr_matrix(
        (best.data * index.idf[best.indices], best.indices, best.indptr), shape=best.shape
    )
    cover, covered = (weighted @ words).tocsr(), (mass @ words).tocsr()
    cover.sort_indices()
    covered.sort_indices()
    # Both products have their values in the same places, for their factors have.
    row = np.repeat(np.arange(cover.shape[0]), np.diff(cover.indptr))
    cover.data = np.minimum(cover.data / word_mass[cover.indices], 1.0)
    covered.data = np.minimum(covered.data / total[row], 1.0)
    match = cover.copy()
    match.data = harmonic(cover.data, covered.data)
    return cover, covered, match


def path_covers(index: CategoryIndex, rows: Rows, chosen: Ints) -> tuple[Floats, Floats]:
    """Return (share of the path that the text says, share of the text that the path says), `(chosen, nodes)`."""
    both = (rows.best[chosen] + rows.same_best[chosen]).minimum(1.0).tocsr()
    weighted = sparse.csr_matrix(
        (both.data * index.idf[both.indices], both.indices, both.indptr), shape=both.shape
    )
    paths = index.path_words
    cover = _dense(weighted @ paths) / np.maximum(index.path_mass, 1e-6)[None, :]
    said = np.maximum(
        _dense(rows.mass[chosen] @ paths) / rows.total[chosen, None],
        _dense(rows.same_mass[chosen] @ paths) / rows.same_total[chosen, None],
    )
    return np.minimum(cover, 1.0), np.minimum(said, 1.0)


def harmonic(left: Floats, right: Floats) -> Floats:
    """Return the harmonic mean, element by element."""
    return np.asarray(2 * left * right / np.maximum(left + right, 1e-6), np.float32)


def _dense(matrix: sparse.csr_matrix) -> Floats:
    return np.asarray(matrix.toarray(), np.float32)
