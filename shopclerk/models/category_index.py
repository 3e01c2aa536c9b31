"""A taxonomy as matrices: what every name of it says in words, letters and meaning.

Names are embedded once for a taxonomy and an encoder and kept on disk. A path's meaning is composed of its names'
meanings, the lowest counting most: measured, that finds categories better than embedding the path as one text.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from shopclerk.models.category_words import (
    STOP_WORDS,
    Synonyms,
    Vocabulary,
    fold,
    name_parts,
    stems,
)
from shopclerk.models.text_encoder import TextEncoder

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Progress = Callable[[str, int, int | None], None]

CACHE_FOLDER = "taxonomies"
MAX_LEVELS = 8
NEAR_DECAY, FAR_DECAY = 0.3, 0.7
"""How much each level further up counts in a composed meaning: for the thing itself, and for its place."""
EMBEDDED_AT_ONCE = 256
PART_WEIGHT = 0.95
"""What a match with a part of a name is worth, of a match with the whole."""


@dataclass(frozen=True)
class Nodes:
    """The categories to choose from, as plain values.

    Attributes:
        ids: Their ids.
        paths: Names from the root to each.
        aliases: Other names of each; empty for a taxonomy without.
        digest: Names the taxonomy.
    """

    ids: Sequence[str]
    paths: Sequence[tuple[str, ...]]
    aliases: Sequence[Sequence[str]] = ()
    digest: str = ""


class CategoryIndex:
    """The matrices of a taxonomy.

    Args:
        nodes: The categories; every parent must be among them.
        encoder: Gives names meanings.
        synonyms: Names that mean the same.
        cache: Where embedded names are kept; None keeps nothing.
        progress: Called while names are embedded.
    """

    def __init__(
        self,
        nodes: Nodes,
        encoder: TextEncoder,
        synonyms: Synonyms,
        *,
        cache: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.nodes = nodes
        self.encoder = encoder
        self.synonyms = synonyms
        self._read_tree()
        texts = [stems(text) for text in self.terms]
        self.vocabulary = Vocabulary(texts, synonyms.words)
        self._columns(texts)
        self.meant = np.flatnonzero(self.term_weight == 1.0)
        self.meant_start = np.searchsorted(self.term_name[self.meant], np.arange(self.name_count))
        self.term_meanings = self._meanings(cache, progress)

    def _read_tree(self) -> None:
        paths = self.nodes.paths
        keys = [tuple(fold(name) for name in path) for path in paths]
        place = {key: number for number, key in enumerate(keys)}
        names: dict[str, int] = {}
        text_of: list[str] = []
        for key, path in zip(keys, paths, strict=True):
            if key[-1] not in names:
                names[key[-1]] = len(names)
                text_of.append(path[-1])
        self.name_count = len(names)
        self.name = np.array([names[key[-1]] for key in keys])
        self.parent = np.array([place.get(key[:-1], -1) for key in keys])
        self.depth = np.array([len(key) for key in keys])
        self.levels = np.full((len(keys), MAX_LEVELS), -1)
        for number, key in enumerate(keys):
            own = [names[name] for name in key[::-1][:MAX_LEVELS]]
            self.levels[number, : len(own)] = own
        known = self.parent >= 0
        self.child_count = np.bincount(self.parent[known], minlength=len(keys))
        self.same_name = np.bincount(self.name, minlength=len(names))[self.name]
        shallowest = np.full(len(names), MAX_LEVELS * 4)
        np.minimum.at(shallowest, self.name, self.depth)
        self.shallowest = shallowest[self.name]
        self._read_terms(text_of)

    def _read_terms(self, text_of: Sequence[str]) -> None:
        """Lay names, aliases and parts of names out by name; a part counts a little less."""
        of_name: list[list[str]] = [[text] for text in text_of]
        for number, aliases in enumerate(self.nodes.aliases):
            of_name[self.name[number]] += aliases
        parts = [[*dict.fromkeys(name_parts(text))] for text in text_of]
        self.terms = [
            text for pair in zip(of_name, parts, strict=True) for texts in pair for text in texts
        ]
        counts = np.array([len(own) + len(more) for own, more in zip(of_name, parts, strict=True)])
        self.term_start = np.concatenate([[0], np.cumsum(counts)[:-1]])
        self.term_name = np.repeat(np.arange(len(counts)), counts)
        weights = [
            [1.0] * len(own) + [PART_WEIGHT] * len(more)
            for own, more in zip(of_name, parts, strict=True)
        ]
        self.term_weight = np.array([weight for each in weights for weight in each], np.float32)

    def _columns(self, texts: Sequence[Sequence[str]]) -> None:
        canonical = [
            [word for words in self.synonyms.canonical(text) for word in words] for text in texts
        ]
        self.column = {
            word: column
            for column, word in enumerate(
                dict.fromkeys([*sorted(self.vocabulary.words), *(w for t in canonical for w in t)])
            )
        }
        count = len(texts)
        seen = np.zeros(len(self.column))
        for text, same in zip(texts, canonical, strict=True):
            for word in {*text, *same}:
                seen[self.column[word]] += 1
        self.idf = np.log((count + 1) / (seen + 0.5)).astype(np.float32).clip(0.3)
        self.unknown_idf = float(np.log((count + 1) / 1.5))
        self.words = self.bags(texts)
        self.canonical = self.bags(canonical)
        self.word_mass = self.words @ self.idf
        self.canonical_mass = self.canonical @ self.idf
        heads = self.bags([[_head(text)] for text in texts])
        # Products with texts take them the other way round.
        self.words, self.canonical, self.heads = (
            bag.T.tocsr() for bag in (self.words, self.canonical, heads)
        )
        self._grams(texts)
        self._path_words(texts, canonical)

    def bags(self, texts: Iterable[Iterable[str]]) -> sparse.csr_matrix:
        """Return which words each text holds, `(n, words)`, ones and zeros."""
        rows, columns = [], []
        count = 0
        for count, text in enumerate(texts, 1):
            found = {self.column[word] for word in text if word in self.column}
            rows += [count - 1] * len(found)
            columns += sorted(found)
        ones = np.ones(len(rows), np.float32)
        return sparse.csr_matrix((ones, (rows, columns)), shape=(count, len(self.column)))

    def _grams(self, texts: Sequence[Sequence[str]]) -> None:
        grams = [letter_grams(text) for text in texts]
        self.gram_column: dict[str, int] = {}
        for found in grams:
            for gram in found:
                self.gram_column.setdefault(gram, len(self.gram_column))
        seen = np.zeros(len(self.gram_column))
        for found in grams:
            for gram in set(found):
                seen[self.gram_column[gram]] += 1
        self.gram_idf = np.log((len(texts) + 1) / (seen + 0.5)).astype(np.float32)
        self.letters = self.gram_rows(texts).T.tocsr()

    def gram_rows(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return unit rows of weighted letter trigrams, `(n, trigrams)`."""
        rows, columns, values = [], [], []
        for number, text in enumerate(texts):
            found = letter_grams(text)
            known = {self.gram_column[gram] for gram in found if gram in self.gram_column}
            strange = sum(gram not in self.gram_column for gram in set(found))
            weights = np.array([self.gram_idf[each] for each in known])
            norm = float(np.sqrt((weights**2).sum() + strange * np.log(len(self.terms) + 1.0) ** 2))
            rows += [number] * len(known)
            columns += list(known)
            values += list(weights / (norm or 1.0))
        shape = (len(texts), len(self.gram_column))
        return sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)

    def _path_words(
        self, texts: Sequence[Sequence[str]], canonical: Sequence[Sequence[str]]
    ) -> None:
        """Lay out the words of whole paths, in plain words and with synonyms."""
        starts = self.term_start
        plain = [
            [*texts[starts[name]], *canonical[starts[name]]] for name in range(self.name_count)
        ]
        self.path_words = self.bags(
            [word for name in levels if name >= 0 for word in plain[name]] for levels in self.levels
        )
        self.path_mass = self.path_words @ self.idf
        self.path_words = self.path_words.T.tocsr()

    def _meanings(self, cache: Path | None, progress: Progress | None) -> Floats:
        """Return the embedded names and aliases, `(meant, dim)`, from disk where they are kept."""
        texts = self.meant_texts
        joined = "\n".join(texts).encode("utf-8", "replace")
        key = hashlib.blake2b(joined, digest_size=8).hexdigest()
        encoder = "".join(char if char.isalnum() else "-" for char in self.encoder.id)[-60:]
        path = cache / CACHE_FOLDER / f"{key}-{encoder}.npy" if cache else None
        if path and path.exists():
            kept = np.load(path, allow_pickle=False)
            if kept.shape == (len(texts), self.encoder.dimension):
                return np.asarray(kept, np.float32)
        made = np.zeros((len(texts), self.encoder.dimension), np.float32)
        for start in range(0, len(made), EMBEDDED_AT_ONCE):
            if progress:
                progress("Category names", start, len(made))
            part = texts[start : start + EMBEDDED_AT_ONCE]
            made[start : start + len(part)] = self.encoder.encode(part)
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(f".{os.getpid()}.part")
            with partial.open("wb") as file:
                np.save(file, made.astype(np.float16))
            partial.replace(path)
        return made.astype(np.float16).astype(np.float32)

    @cached_property
    def meant_texts(self) -> list[str]:
        """The names and aliases that are embedded, in order."""
        return [self.terms[term] for term in self.meant]

    @cached_property
    def near_meanings(self) -> Floats:
        """Composed meanings that tell what a category is, `(nodes, dim)`, unit rows."""
        return self.composed(self.levels, NEAR_DECAY)

    @cached_property
    def far_meanings(self) -> Floats:
        """Composed meanings that tell where a category lies, `(nodes, dim)`, unit rows."""
        return self.composed(self.levels, FAR_DECAY)

    def composed(self, levels: Ints, decay: float) -> Floats:
        """Return one meaning for each row of names, the lowest first, `-1` where there is none."""
        names = self.term_meanings[self.meant_start]
        total = np.zeros((len(levels), names.shape[1]), np.float32)
        for level in range(levels.shape[1]):
            there = levels[:, level] >= 0
            total[there] += decay**level * names[levels[there, level]]
        return unit(total)

    def best_term(self, values: Floats) -> Floats:
        """Reduce values of names and aliases, `(rows, meant)`, to the best of each name, `(rows, names)`."""
        if len(self.meant) == self.name_count:
            return values
        return np.asarray(np.maximum.reduceat(values, self.meant_start, axis=1))

    def best_of_terms(self, values: sparse.csr_matrix) -> Floats:
        """Reduce sparse values of terms, `(rows, terms)`, to the best of each name, dense `(rows, names)`."""
        found = np.zeros((values.shape[0], self.name_count), np.float32)
        if not values.nnz:
            return found
        values.sort_indices()
        row = np.repeat(np.arange(values.shape[0]), np.diff(values.indptr))
        place = row * self.name_count + self.term_name[values.indices]
        start = np.flatnonzero(np.diff(place, prepend=-1))
        best = np.maximum.reduceat(values.data * self.term_weight[values.indices], start)
        found.reshape(-1)[place[start]] = best
        return found


def unit(rows: Floats) -> Floats:
    """Return rows of length one; a row of zeros stays."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-9), np.float32)


def letter_grams(words: Iterable[str]) -> list[str]:
    """Return the letter trigrams of words, with their beginnings and ends marked."""
    return [
        marked[place : place + 3]
        for word in words
        for marked in (f"_{word}_",)
        for place in range(max(1, len(marked) - 2))
    ]


def _head(words: Sequence[str]) -> str:
    """Return the word that says what the thing is: in English, the last."""
    return next((word for word in reversed(words) if word not in STOP_WORDS), "")
