"""Makes a search fit the catalogue: values in the field where they do something, and kinds of goods that are not there.

Only counting decides: a value that leaves nothing in its own field, and something in another that has it too,
belongs to the other.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.wording import Token, tokens
from shopclerk.tools.arguments import SearchArguments

Count = Callable[[SearchArguments], int]

_DESCRIBING_ENDINGS = tuple(
    "able ible ful less ous ish ive ic al ed proof free friendly y est ant ent like some".split()
)


class Fitting:
    """Fits searches to one catalogue.

    Args:
        lexicon: The catalogue's words.
        count: Tells how many products fit some search arguments strictly.
        knows: Tells whether any product holds a word.
    """

    def __init__(self, lexicon: Lexicon, count: Count, knows: Callable[[str], bool]) -> None:
        self._lexicon = lexicon
        self._count = count
        self._knows = knows

    def fitted(self, search: SearchArguments) -> SearchArguments:
        """Return the search with values that do nothing in their field moved to another, or said as words.

        'leather' is a material of one kind of goods and a strap of another.
        """
        count = self._count(search) if search.filters or search.exclude else 0
        if search.filters and not count:
            moved = self._moved(search, "filters", lambda found: found > 0)
            moved = self._wider(search) if moved == search else moved
            return self._said(search) if moved == search else moved
        for name in search.exclude if count else ():
            others = {n: v for n, v in search.exclude.items() if n != name}
            if self._count(search.model_copy(update={"exclude": others})) == count:
                search = self._moved(search, "exclude", lambda found: found < count)
        return search

    def _moved(
        self, search: SearchArguments, kind: str, better: Callable[[int], bool]
    ) -> SearchArguments:
        """Return the search with one field's values moved to another field, where that is better."""
        given: dict[str, list[str]] = getattr(search, kind)
        for name, values in given.items():
            rest = {n: v for n, v in given.items() if n != name}
            for other, known in self._lexicon.values.items():
                if other in (name, "category", *rest) or not set(values) <= set(known):
                    continue
                changed = search.model_copy(update={kind: {**rest, other: values}})
                if better(self._count(changed)):
                    return changed
        return search

    def _wider(self, search: SearchArguments) -> SearchArguments:
        """Let a value stand for those that hold its words, 'grey' for Matt Grey, where it alone fits nothing."""
        for name, values in search.filters.items():
            near = [other for value in values for other in self._lexicon.containing(name, value)]
            if set(near) <= set(values):
                continue
            both = list(dict.fromkeys([*values, *near]))
            changed = search.model_copy(update={"filters": {**search.filters, name: both}})
            if self._count(changed):
                return changed
        return search

    def _said(self, search: SearchArguments) -> SearchArguments:
        """Say a value in words where nothing of this kind states its field at all."""
        for name, values in search.filters.items() if search.category else ():
            stated = {name: list(self._lexicon.values.get(name, {}))}
            if self._count(SearchArguments(category=search.category, filters=stated)):
                continue
            rest = {n: v for n, v in search.filters.items() if n != name}
            words = " ".join([search.query, *values]).strip().casefold()
            return search.model_copy(update={"filters": rest, "query": words})
        return search

    def other_kind(
        self,
        text: str,
        rest: Sequence[str],
        phrases: Sequence[tuple[str, ...]],
        category: Sequence[str],
    ) -> str | None:
        """Return the kind of goods that a message names and the shop has not: 'cuckoo clocks' beside Alarm Clocks.

        Args:
            text: The message.
            rest: Its words that name no value.
            phrases: The stems of the words that named a category.
            category: The categories named.
        """
        message = tokens(text)
        stems = [token.stem for token in message]
        for phrase in phrases:
            for start in range(1, len(stems) - len(phrase) + 1):
                if tuple(stems[start : start + len(phrase)]) != phrase:
                    continue
                before, end = message[start - 1], start + len(phrase)
                if before.text in rest and self._is_kind(before, message[start], category):
                    whole = text[before.start : message[end - 1].end]
                    return before.text if self._count(SearchArguments(query=whole)) else whole
        return None

    def _is_kind(self, word: Token, noun: Token, category: Sequence[str]) -> bool:
        """Whether a word before a noun makes another kind of it, rather than describing it."""
        if noun.start - word.end != 1 or describes(word.text) or self._knows(word.text):
            return False
        return any(self._lexicon.is_kind_among_others(name) for name in category)


def describes(word: str) -> bool:
    """Tell whether a word looks like an adjective, by its ending or from a short list."""
    return word in _adjectives() or word.endswith(_DESCRIBING_ENDINGS) or not word.isalpha()


@lru_cache(maxsize=1)
def _adjectives() -> frozenset[str]:
    lines = files(__package__).joinpath("plain_adjectives.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
