"""How the rules make a search: what a message builds on, and which of its words count."""

import re
from collections.abc import Callable
from dataclasses import replace

from shopclerk.agents.context import Context
from shopclerk.agents.cues import refines
from shopclerk.agents.fitting import Fitting
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.plan import Plan, compare_plan, search_plan
from shopclerk.agents.reading import Reading
from shopclerk.agents.refinement import refined
from shopclerk.agents.wording import stem, synonyms
from shopclerk.tools.arguments import SearchArguments

COMPARABLE_SORTS = ("price_asc", "price_desc", "rating_desc")

Count = Callable[[SearchArguments], int]
NearNames = Callable[[str], list[str]]


class SearchRules:
    """Plans searches.

    Args:
        lexicon: The catalogue's words.
        count: Tells how many products fit some search arguments strictly.
        near_names: Gives category names whose meaning is near to some words, best first.
        knows: Tells whether any product holds a word.
    """

    def __init__(
        self, lexicon: Lexicon, count: Count, near_names: NearNames, knows: Callable[[str], bool]
    ) -> None:
        self._lexicon = lexicon
        self._count = count
        self._near_names = near_names
        self._knows = knows
        self._fitting = Fitting(lexicon, count, knows)

    def plan(self, reading: Reading, context: Context) -> Plan:
        """Return the search that a message asks for, or a question back where it asks for nothing."""
        reading = self._with_purpose(self._with_known_words(reading))
        reading = self._without_chatter(reading, context)
        reading = self._with_near_category(reading)
        other = self._other_kind(reading)
        if other is not None:
            return search_plan(SearchArguments(query=other))
        base = self._base(reading, context)
        if context.search and base.category:
            reading = self._within(base, reading)
        arguments = refined(base, reading)
        if not arguments.given():
            return Plan(reply="clarify")
        arguments = self._fitting.fitted(arguments)
        arguments = self._widened(arguments) if reading.guessed else arguments
        same_topic = context.search is not None and base == context.search
        if (
            reading.sort in COMPARABLE_SORTS
            and same_topic
            and not reading.has_limits
            and context.shown
        ):
            return replace(search_plan(arguments), beside=compare_plan(context.shown, reading.sort))
        return search_plan(arguments)

    def _other_kind(self, reading: Reading) -> str | None:
        wanted = reading.wanted.get("category", ())
        return self._fitting.other_kind(
            reading.text, reading.rest, reading.category_phrases, wanted
        )

    def _with_known_words(self, reading: Reading) -> Reading:
        """Say words that the catalogue does not hold by a synonym that it does."""
        return replace(reading, rest=[self._known_word(word) for word in reading.rest])

    def _with_purpose(self, reading: Reading) -> Reading:
        """Take in what the thing is for, where the catalogue has things that say so."""
        if not reading.purpose or not reading.rest:
            return reading
        wider = replace(reading, rest=[*reading.rest, *reading.purpose])
        return wider if self._count(refined(SearchArguments(), wider)) else reading

    def _known_word(self, word: str) -> str:
        if self._knows(word):
            return word
        others = (" ".join(other) for other in synonyms().get((stem(word),), ()))
        return next((other for other in others if all(map(self._knows, other.split()))), word)

    def _without_chatter(self, reading: Reading, context: Context) -> Reading:
        """Drop words that name no thing: unknown ones beside limits, and asides in a refinement."""
        narrowing = reading.has_limits or reading.sort or reading.relaxed
        narrowing = narrowing or reading.cues & {"more", "cheaper", "dearer", "those"}
        if not narrowing or not reading.rest:
            return reading
        if "category" in reading.wanted or context.search is None:
            return reading
        if self._count(refined(context.search, reading)):
            return reading
        fitting = [
            word
            for word in reading.rest
            if self._count(refined(context.search, replace(reading, rest=[word])))
        ]
        nouns = [word for word in reading.rest if word in reading.nouns]
        return replace(reading, rest=fitting or nouns)

    def _within(self, base: SearchArguments, reading: Reading) -> Reading:
        """Read a category word as the one below the present category that holds it, if any does."""
        below = [
            name
            for phrase in reading.category_phrases
            for name in self._lexicon.below(phrase, base.category)
        ]
        if not below:
            return reading
        return replace(reading, wanted={**reading.wanted, "category": below})

    def _widened(self, arguments: SearchArguments) -> SearchArguments:
        """Let a guessed category that holds nothing fitting give way to the level above it."""
        if self._count(arguments):
            return arguments
        wider = arguments.model_copy(update={"category": self._lexicon.parents(arguments.category)})
        return wider if wider.category and self._count(wider) else arguments

    def _with_near_category(self, reading: Reading) -> Reading:
        """Let words that name no value stand for a category of near meaning."""
        if not reading.rest or "category" in reading.wanted:
            return reading
        words = SearchArguments(query=" ".join(reading.rest))
        if self._count(words):
            return reading
        for phrase in dict.fromkeys((" ".join(reading.rest), reading.rest[-1])):
            if names := self._near_names(phrase):
                rest = [word for word in reading.rest if word not in phrase.split()]
                return replace(
                    reading, rest=rest, wanted={**reading.wanted, "category": names}, guessed=True
                )
        return reading

    def _base(self, reading: Reading, context: Context) -> SearchArguments:
        """Return the search that the message builds on; an empty one for a new topic."""
        search = context.search
        if search is None:
            return SearchArguments()
        wanted = reading.wanted.get("category")
        if search.image and self._leaves_picture(reading, context):
            return SearchArguments()
        if wanted:
            return self._base_for_category(search, wanted, reading)
        other_thing = "switch" in reading.cues and re.search(r"\bto an? ", reading.text)
        if refines(reading.text) or not (reading.rest or other_thing):
            return search
        merged = refined(search, reading)
        if self._count(merged):
            return search
        return SearchArguments()

    @staticmethod
    def _leaves_picture(reading: Reading, context: Context) -> bool:
        """Whether a message after a search by picture names another thing than the picture led to."""
        if reading.cues & {"also", "switch", "similar"}:
            return False
        if wanted := reading.wanted.get("category"):
            shown = {level for product in context.shown for level in product.category_levels()}
            return not shown & set(wanted)
        return any(noun in reading.rest for noun in reading.nouns)

    def _base_for_category(
        self, search: SearchArguments, wanted: list[str], reading: Reading
    ) -> SearchArguments:
        if any(self._lexicon.below(phrase, search.category) for phrase in reading.category_phrases):
            return search
        if not search.category:
            kept = search.model_copy(update={"page": 1})
            return kept if self._count(refined(kept, reading)) else SearchArguments()
        if set(wanted) == set(search.category) or self._lexicon.lies_under(wanted, search.category):
            return search
        if reading.cues & {"also", "switch"}:
            kept = search.model_copy(
                update={
                    "query": "",
                    "category": [],
                    "filters": self._shared_filters(search, wanted),
                    "exclude": {},
                    "sort": "relevance",
                }
            )
            return kept if self._count(refined(kept, reading)) else SearchArguments()
        return SearchArguments()

    def _shared_filters(self, search: SearchArguments, wanted: list[str]) -> dict[str, list[str]]:
        """Keep the filters that still leave something in the new category."""
        kept: dict[str, list[str]] = {}
        for name, values in search.filters.items():
            if self._count(SearchArguments(category=wanted, filters={**kept, name: values})):
                kept[name] = values
        return kept
