"""Spelling help and autocomplete from the catalogue's own vocabulary.

A word that the catalogue does not hold is replaced by a near one, unless it is a word of the language:
'sofa' in a shoe shop is not a misspelt 'soft', it is something the shop does not have. What counts as a
word of the language is a set the caller gives (for English, the list that comes with symspellpy).
"""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property, lru_cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from shopclerk.catalog.store import Store
from shopclerk.catalog.text import content_terms, fold

MIN_WORD_CHARS = 3
LONG_WORD_CHARS = 7
"""Words from here on may differ by two edits, shorter ones by one."""
ENDINGS = ("s", "es", "ed", "ing")
MIN_ENGLISH_COUNT = 100_000


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Return the common words of symspellpy's English list (count over 100,000 of Google's n-grams)."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    pairs = (line.split() for line in text.splitlines())
    return frozenset(word for word, count in pairs if int(count) >= MIN_ENGLISH_COUNT)


class Speller:
    """Finds the word of a vocabulary that a mistyped word was meant to be.

    Args:
        vocabulary: Known words with how often they occur.
        language: Gives the words of the language that are never corrected.
    """

    def __init__(
        self,
        vocabulary: dict[str, int],
        language: Callable[[], Collection[str]] = english_words,
    ) -> None:
        self._vocabulary = vocabulary
        self._language = language

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = {}
        for word in self._vocabulary:
            if word.isalpha():
                lengths.setdefault(len(word), []).append(word)
        return lengths

    def knows(self, word: str) -> bool:
        """Tell whether the vocabulary holds a word, in any common ending."""
        return word in self._vocabulary or _stem_known(word, self._vocabulary)

    def correct(self, word: str) -> str | None:
        """Return the known word meant, or None when the word is known, foreign or too short."""
        if word in self._vocabulary or not word.isalpha() or len(word) < MIN_WORD_CHARS:
            return None
        if _stem_known(word, self._vocabulary) or word in self._language():
            return None
        near = self.neighbours(word)
        return near[0] if near else None

    def neighbours(self, word: str) -> list[str]:
        """Return known words within the allowed edit distance, the likeliest first."""
        reach = 1 if len(word) < LONG_WORD_CHARS else 2
        candidates = (
            near
            for length in range(len(word) - reach, len(word) + reach + 1)
            for near in self._by_length.get(length, ())
        )
        found = process.extract(
            word, list(candidates), scorer=OSA.distance, score_cutoff=reach, limit=20
        )
        ranked = sorted(
            found, key=lambda hit: (hit[1], hit[0][0] != word[0], -self._vocabulary[hit[0]])
        )
        return [near for near, _, _ in ranked]


def _stem_known(word: str, vocabulary: Collection[str]) -> bool:
    """Tell whether the word is a known word with or without a common ending."""
    bare = (word.removesuffix(end) for end in ENDINGS if word.endswith(end))
    longer = (word + end for end in ENDINGS)
    return any(other in vocabulary for other in (*bare, *longer) if len(other) > MIN_WORD_CHARS)


def store_vocabulary(store: Store) -> dict[str, int]:
    """Return the catalogue's words with the number of products that hold each."""
    return dict(store.db.execute("SELECT word, products FROM vocabulary"))


def correct_query(speller: Speller, query: str) -> dict[str, str]:
    """Return the corrections of a query's words, word to replacement."""
    pairs = ((term, speller.correct(term)) for term in content_terms(query))
    return {term: better for term, better in pairs if better}


def complete(store: Store, typed: str, *, most: int = 8) -> list[str]:
    """Return completions of what was typed: whole facet values first, then the last word."""
    folded = fold(typed)
    if not folded:
        return []
    head, _, last = folded.rpartition(" ")
    words = store.db.execute(
        "SELECT word FROM vocabulary WHERE word >= ? AND word < ? ORDER BY products DESC LIMIT ?",
        (last, last + "\U0010ffff", most),
    )
    endings = (f"{head} {word}".strip() for (word,) in words) if last else ()
    return list(dict.fromkeys([*_facet_completions(store, folded, most), *endings]))[:most]


def _facet_completions(store: Store, folded: str, most: int) -> Iterable[str]:
    rows = store.db.execute(
        "SELECT value FROM facet_value JOIN product_facet ON value_id = id"
        " WHERE field IN ('brand', 'category') GROUP BY id ORDER BY count(*) DESC"
    )
    names = (value.rpartition(">")[2].strip() for (value,) in rows)
    starting = (name for name in names if fold(name).startswith(folded))
    return [name for name, _ in zip(starting, range(most), strict=False)]
