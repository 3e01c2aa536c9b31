"""The deterministic planner: a reading and a context to a plan.

It decides in this order: talk without a wish, a question on what was shown, more of the same, a change of
the search in effect, a new search.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shopclerk.agents.context import Context
from shopclerk.agents.cues import asks_of_one
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.numbers import Numbers
from shopclerk.agents.picture_rules import picture_plan
from shopclerk.agents.plan import Plan, ReplyKind, compare_plan, search_plan
from shopclerk.agents.reading import Reading
from shopclerk.agents.search_rules import Count, NearNames, SearchRules
from shopclerk.agents.takebacks import settled
from shopclerk.agents.wording import stems
from shopclerk.catalog.product import Product
from shopclerk.tools.arguments import SearchArguments

CENT = 0.01


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
        self._count = count
        self._searches = SearchRules(lexicon, count, near_names, knows)

    def plan(self, reading: Reading, context: Context) -> Plan:
        """Return what to do."""
        if reading.image is not None:
            return picture_plan(reading, self._count)
        reading = settled(reading, context)
        return (
            self._talk(reading, context)
            or self._about_shown(reading, context)
            or self._more(reading, context)
            or self._searches.plan(reading, context)
        )

    def finds_more(self, plan: Plan, other: Plan) -> bool:
        """Whether a search finds something where another finds nothing."""
        if plan == other or plan.tool != "search_catalog" or other.tool != "search_catalog":
            return False
        found = self._count(SearchArguments(**other.arguments))
        return not found and bool(self._count(SearchArguments(**plan.arguments)))

    def makes_sense(self, plan: Plan) -> bool:
        """Whether a search has conditions of this catalogue to hold on to, and finds something."""
        if plan.tool != "search_catalog":
            return True
        search = SearchArguments(**plan.arguments)
        return bool(search.category or search.filters) and bool(self._count(search))

    def unsure(self, plan: Plan, reading: Reading) -> bool:
        """Whether a plan of these rules rests on words that they could make nothing of.

        That is a search for plain words that finds nothing as it stands, or a question back where words were left over.
        """
        if plan.tool == "search_catalog":
            search = SearchArguments(**plan.arguments)
            return bool(reading.rest and search.query) and not self._count(search)
        return plan.reply == "clarify" and bool(reading.rest or reading.has_limits)

    # -- talk ----------------------------------------------------------------------------------------

    def _talk(self, reading: Reading, context: Context) -> Plan | None:
        if "off_topic" in reading.cues and not (reading.wanted.keys() & {"category", "brand"}):
            return Plan(reply="refuse")
        if reading.has_limits or (reading.rest and "policy" not in reading.cues):
            return None
        if "policy" in reading.cues:
            return Plan(reply="policy")
        about = reading.asked or reading.positions or reading.sort or reading.relaxed
        if (context.shown or context.search) and (
            about or reading.cues & {"more", "cheaper", "dearer", "similar", "compare"}
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
            return compare_plan(meant if len(meant) > 1 else context.shown)
        if "similar" in reading.cues and "more" not in reading.cues:
            origin = (meant or context.shown)[0]
            return similar_plan(as_reference(reading, origin, context), origin, self._count)
        if reading.sort and self._asks_which(reading) and not self._narrows(reading):
            return compare_plan(context.shown, reading.sort)
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
        if asks_of_one(reading.text) and "category" not in reading.wanted:
            return True
        if not reading.asked or reading.cues & {"more", "cheaper"}:
            return False
        if not (reading.wanted or reading.rest):
            asks = reading.question and not reading.cues & {"those", "which"}
            return not reading.in_stock or asks
        if not reading.question:
            return bool(meant) and not reading.wanted.keys() & set(reading.asked)
        if "also" in reading.cues and reading.wanted:
            return False
        stated = {"brand", "category"}.union(*(product.attributes for product in context.shown))
        asks_of_it = bool(meant) or "the" in reading.cues
        return asks_of_it and reading.wanted.keys() <= stated

    # -- more of the same ----------------------------------------------------------------------------

    def _more(self, reading: Reading, context: Context) -> Plan | None:
        if context.search is None or reading.has_limits or reading.nouns:
            return None
        if "more" in reading.cues and not reading.relaxed:
            return search_plan(context.search.model_copy(update={"page": context.search.page + 1}))
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
        return search_plan(changed)


def _has_values(product: Product, wanted: dict[str, list[str]]) -> bool:
    facets = set(product.facets())
    checked = {name: values for name, values in wanted.items() if name != "category"}
    return bool(checked) and all(
        any((name, value) in facets for value in values) for name, values in checked.items()
    )


def as_reference(reading: Reading, product: Product, context: Context) -> Reading:
    """Return the reading without the values that a product is only known by: 'something like the oak one'."""
    known_by = _has_values(product, reading.wanted) and any(
        not _has_values(other, reading.wanted) for other in context.shown
    )
    plain = reading.positions or " but " in reading.text or not known_by
    return reading if plain else replace(reading, wanted={})


def similar_plan(reading: Reading, product: Product, count: Count) -> Plan:
    """Return the plan to find what is like a product, with what the message wants otherwise.

    Where something is to differ, the kind of goods stays, if that leaves anything.
    """
    arguments: dict[str, Any] = {"id": product.id}
    for name in ("price_min", "price_max"):
        if (value := getattr(reading.numbers, name)) is not None:
            arguments[name] = value
    if "cheaper" in reading.cues and reading.numbers == Numbers() and product.price is not None:
        arguments["price_max"] = round(product.price - CENT, 2)
    filters = {name: values for name, values in reading.wanted.items() if name != "category"}
    kind = {"category": [product.category]} if product.category else {}
    if (filters or len(arguments) > 1) and kind:
        limits = {name: value for name, value in arguments.items() if name != "id"}
        search = SearchArguments(
            category=list(product.category_levels()[-1:]), filters=filters, **limits
        )
        filters |= kind if count(search) else {}
    return Plan("find_similar", arguments | ({"filters": filters} if filters else {}))
