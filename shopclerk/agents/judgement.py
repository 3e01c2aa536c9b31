"""Whether the chat model's plan makes sense, judged by what was read off the message.

The reading is sure of few things, and those a plan must respect: a number stated, a value named or ruled
out, an order asked for, a question about something on the table. Where the plan leaves one out or turns it
round, the rules take over. A model without training for this work (`strict`) is believed only where it
comes to the same plan as the rules. One trained for it (`trained`) has weighed the reading itself, asides and
all, and is believed unless it only talks where the message names something to search by.
"""

from shopclerk.agents.plan import Plan
from shopclerk.agents.reading import Reading
from shopclerk.tools.arguments import SearchArguments

_ABOUT_SHOWN = {"get_product", "compare_products", "find_similar"}


def objection(
    plan: Plan, ruled: Plan, reading: Reading, *, strict: bool, trained: bool = False
) -> str | None:
    """Return what is wrong with the model's plan, None when it may run.

    Args:
        plan: The model's plan.
        ruled: What the rules would do.
        reading: What the message says.
        strict: Accept only what the rules would do as well.
        trained: The model was trained for decisions; this goes before `strict`.
    """
    if trained:
        talks = plan.tool is None and ruled.tool is not None and reading.has_limits
        return "talks where the message names what to search by" if talks else None
    if strict:
        return None if plan == ruled else "differs from the rules"
    if (plan.tool is None) != (ruled.tool is None):
        return "talks where a tool is needed, or the other way round"
    if (plan.tool in _ABOUT_SHOWN) != (ruled.tool in _ABOUT_SHOWN):
        return "mistakes a question on the table for a search, or the other way round"
    if plan.tool == "search_catalog":
        return _search_objection(SearchArguments(**plan.arguments), reading)
    return None


def _search_objection(search: SearchArguments, reading: Reading) -> str | None:
    for name in ("price_min", "price_max", "rating_min"):
        stated = getattr(reading.numbers, name)
        if stated is not None and getattr(search, name) != stated:
            return f"{name} is not what the message says"
    if reading.sort and search.sort != reading.sort:
        return "forgets the order"
    if reading.in_stock and not search.in_stock:
        return "forgets the stock"
    if any(search.exclude.get(name) != values for name, values in reading.unwanted.items()):
        return "forgets what is ruled out"
    given = {"category": search.category, **search.filters}
    if any(set(given.get(name, ())) != set(values) for name, values in reading.wanted.items()):
        return "leaves out a value"
    return None if all(word in search.query for word in reading.rest) else "leaves out a word"
