"""The deterministic planner: a reading and a context to a plan.

It decides in this order: talk without a wish, a question on what was shown, more of the same, a change of
the search in effect, a new search.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shopclerk.agents.context import Context
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.numbers import Numbers
from shopclerk.agents.plan import Plan, ReplyKind
from shopclerk.agents.reading import Reading
from shopclerk.agents.refinement import refined
from shopclerk.agents.wording import stem, stems, synonyms
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Sort
from shopclerk.tools.arguments import SearchArguments

CENT = 0.01
_COMPARABLE = ("price_asc", "price_desc", "rating_desc")

Count = Callable[[SearchArguments], int]
NearNames = Callable[[str], list[str]]


class RulePlanner:
    """Plans by rules alone.

    Args:
        lexicon: The catalogue's words.
        count: Tells how many products fit some search arguments strictly.
        knows: Tells whether any product holds a word.
        near_names: Gives category names whose meaning is near to some words, best first.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        count: Count,
        near_names: NearNames,
        knows: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._lexicon = lexicon
        self._knows = knows
        self._count = count
        self._near_names = near_names

    def plan(self, reading: Reading, context: Context) -> Plan:
        """Return what to do."""
        return (
            self._talk(reading, context)
            or self._about_shown(reading, context)
            or self._more(reading, context)
            or self._search(reading, context)
        )

    # -- talk ----------------------------------------------------------------------------------------

    def _talk(self, reading: Reading, context: Context) -> Plan | None:
        if reading.has_limits or (reading.rest and "policy" not in reading.cues):
            return None
        if "policy" in reading.cues:
            return Plan(reply="policy")
        about = reading.asked or reading.positions or reading.sort or reading.relaxed
        if (context.shown or context.search) and (
            about or reading.cues & {"more", "cheaper", "similar", "compare"}
        ):
            return None
        if reading.sort or (reading.cues & {"more", "cheaper"} and context.shown):
            return None
        return Plan(reply=self._kind_of_talk(reading))

    @staticmethod
    def _kind_of_talk(reading: Reading) -> ReplyKind:
        if reading.injected:
            return "refuse"
        if reading.cues & {"farewell", "thanks"}:
            return "thanks"
        if "help" in reading.cues:
            return "help"
        return "greet" if "greeting" in reading.cues else "clarify"

    # -- what was shown ------------------------------------------------------------------------------

    def _about_shown(self, reading: Reading, context: Context) -> Plan | None:
        if not context.shown or self._names_other_goods(reading, context):
            return None
        meant = self._meant(reading, context)
        if "compare" in reading.cues:
            return _compare(meant if len(meant) > 1 else context.shown[: max(2, len(meant))])
        if "similar" in reading.cues and "more" not in reading.cues - {"similar"}:
            return self._similar(reading, (meant or context.shown)[0])
        if reading.sort and self._asks_which(reading) and not self._narrows(reading):
            return _compare(context.shown, reading.sort)
        if self._is_question(reading, context, meant):
            product = meant[0] if meant else self._focus(context)
            return Plan("get_product", {"id": product.id})
        return None

    def _names_other_goods(self, reading: Reading, context: Context) -> bool:
        """Whether the message names a category that none of the shown products is in."""
        wanted = reading.wanted.get("category")
        if not wanted:
            return False
        levels = {level for product in context.shown for level in product.category_levels()}
        return not levels & set(wanted)

    def _meant(self, reading: Reading, context: Context) -> list[Product]:
        """Return the shown products that the message points at."""
        places = [context.product(position) for position in reading.positions]
        if reading.positions:
            return [product for product in places if product is not None]
        by_value = [product for product in context.shown if _has_values(product, reading.wanted)]
        if 0 < len(by_value) < len(context.shown):
            return by_value
        words = [*reading.rest, *(word for word in stems(reading.text) if len(word) > 3)]
        scores = [
            len(set(stems(product.title)) & set(stems(" ".join(words))))
            for product in context.shown
        ]
        best = max(scores)
        if reading.rest and best and scores.count(best) == 1:
            return [context.shown[scores.index(best)]]
        return []

    @staticmethod
    def _focus(context: Context) -> Product:
        by_id = {product.id: product for product in context.shown}
        return next((by_id[key] for key in context.focus if key in by_id), context.shown[0])

    @staticmethod
    def _asks_which(reading: Reading) -> bool:
        return bool(reading.cues & {"those", "which"}) and not reading.rest

    @staticmethod
    def _narrows(reading: Reading) -> bool:
        return bool(reading.wanted.keys() - {"category"}) or reading.numbers != Numbers()

    def _is_question(self, reading: Reading, context: Context, meant: list[Product]) -> bool:
        if reading.sort or reading.numbers != Numbers() or reading.unwanted or reading.relaxed:
            return False
        if reading.positions and not reading.cues & {"more", "switch"}:
            return True
        if not reading.asked or reading.cues & {"more", "cheaper"}:
            return False
        if not (reading.wanted or reading.rest):
            return not reading.in_stock or not reading.cues & {"those", "which"}
        if not reading.question:
            return bool(meant) and not reading.wanted.keys() & set(reading.asked)
        if "also" in reading.cues and reading.wanted:
            return False
        stated = {*self._focus(context).attributes, "brand"}
        asks_of_it = bool(meant) or "the" in reading.cues
        return asks_of_it and reading.wanted.keys() <= stated

    @staticmethod
    def _similar(reading: Reading, product: Product) -> Plan:
        wanted = {name: values for name, values in reading.wanted.items() if name != "category"}
        arguments: dict[str, Any] = {"id": product.id}
        if wanted:
            arguments["filters"] = wanted
        for name in ("price_min", "price_max"):
            if (value := getattr(reading.numbers, name)) is not None:
                arguments[name] = value
        if reading.cues & {"cheaper"} and product.price is not None:
            arguments["price_max"] = round(product.price - CENT, 2)
        return Plan("find_similar", arguments)

    # -- more of the same ----------------------------------------------------------------------------

    def _more(self, reading: Reading, context: Context) -> Plan | None:
        if context.search is None or reading.has_limits or reading.nouns:
            return None
        if "more" in reading.cues and not reading.relaxed:
            return _search(context.search.model_copy(update={"page": context.search.page + 1}))
        prices = [product.price for product in context.shown if product.price is not None]
        if "cheaper" in reading.cues and prices:
            return self._priced(context.search, prices, cheaper=True)
        if "dearer" in reading.cues and prices:
            return self._priced(context.search, prices, cheaper=False)
        return None

    def _priced(self, search: SearchArguments, prices: list[float], *, cheaper: bool) -> Plan:
        """Below the lowest price shown; if there is nothing, below the highest. And the reverse."""
        first, then = (min(prices), max(prices)) if cheaper else (max(prices), min(prices))
        for price in (first, then):
            changes: dict[str, Any] = {"page": 1}
            if cheaper:
                changes |= {"price_max": round(price - CENT, 2), "sort": "price_asc"}
            else:
                changes |= {"price_min": round(price + CENT, 2)}
            changed = search.model_copy(update=changes)
            if self._count(changed):
                break
        return _search(changed)

    # -- search --------------------------------------------------------------------------------------

    def _search(self, reading: Reading, context: Context) -> Plan:
        reading = self._with_purpose(self._with_known_words(reading))
        reading = self._without_chatter(reading, context)
        reading = self._with_near_category(reading)
        base = self._base(reading, context)
        if context.search and base.category:
            reading = self._within(base, reading)
        arguments = refined(base, reading)
        if not arguments.given():
            return Plan(reply="clarify")
        arguments = self._widened(arguments) if reading.guessed else arguments
        same_topic = context.search is not None and base == context.search
        if reading.sort in _COMPARABLE and same_topic and not reading.has_limits and context.shown:
            return replace(_search(arguments), beside=_compare(context.shown, reading.sort))
        return _search(arguments)

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
        if wanted:
            return self._base_for_category(search, wanted, reading)
        if not reading.rest and "switch" not in reading.cues:
            return search
        merged = refined(search, reading)
        if self._count(merged):
            return search
        return SearchArguments()

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


def _has_values(product: Product, wanted: dict[str, list[str]]) -> bool:
    facets = set(product.facets())
    checked = {name: values for name, values in wanted.items() if name != "category"}
    return bool(checked) and all(
        any((name, value) in facets for value in values) for name, values in checked.items()
    )


def _compare(products: list[Product], sort: Sort | None = None) -> Plan:
    arguments: dict[str, Any] = {"ids": [product.id for product in products]}
    return Plan("compare_products", arguments | ({"sort": sort} if sort else {}))


def _search(arguments: SearchArguments) -> Plan:
    return Plan("search_catalog", arguments.given())
