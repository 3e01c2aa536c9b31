"""Answers by template: what a tool found, said in plain words and nothing else.

Templates speak only from the tool's result, so they are grounded by construction. The chat model may word
an answer instead (`answer_writer.py`); the template stands behind it.
"""

from collections.abc import Sequence

from shopclerk.agents.plan import ReplyKind
from shopclerk.agents.reading import Reading
from shopclerk.catalog.money import format_price
from shopclerk.catalog.product import Product
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.result import ToolResult

SUPERLATIVES = {
    "price_asc": "cheapest",
    "price_desc": "most expensive",
    "rating_desc": "best rated",
    "newest": "newest",
}
MAX_DESCRIPTION_CHARS = 400
MAX_WISH_CHARS = 60


def reply(kind: ReplyKind, departments: Sequence[str]) -> str:
    """Return what to say where no tool was called."""
    goods = _list(departments[:6])
    offer = f" We have {goods}." if goods else ""
    return {
        "greet": f"Hello! What are you looking for?{offer}",
        "thanks": "You're welcome. Come back any time.",
        "clarify": f"Happy to help. What kind of product is it for, and is there a price limit?{offer}",
        "help": (
            "I find products in this shop: tell me what you need, with a price, a brand or anything "
            f"else that matters, and ask about what I show.{offer} What may I look for?"
        ),
        "policy": (
            "I only know the products of this shop, not its orders, delivery or returns. "
            "Is there a product I can find for you?"
        ),
        "refuse": "I can only help with finding products in this shop. What are you looking for?",
        "no_more": "That was all that fits. Shall I widen the search?",
    }[kind]


def failed() -> str:
    """Return what to say when a tool could not answer."""
    return "I could not look that up just now. Please try again in other words."


def picture_failed() -> str:
    """Return what to say when a tool could do nothing with a picture."""
    return "I could not search by that picture in this shop. Tell me in words what you are looking for, and I will."


def description_answer(result: ToolResult) -> str:
    """Return the answer to what a picture shows."""
    return f"It looks like this to me: {result.caption}. Shall I look for something like it?"


def location_answer(phrase: str | None, result: ToolResult) -> str:
    """Return the answer to where something is in a picture."""
    if not result.boxes:
        return f"I cannot make out {phrase or 'anything'} in the picture. Shall I look for something like it?"
    sure = [found for found in result.boxes if found.score >= result.boxes[0].score / 2]
    lines = [
        f"{number}. {found.label}: from ({found.box[0]:.0f}, {found.box[1]:.0f}) to ({found.box[2]:.0f}, {found.box[3]:.0f})"
        for number, found in enumerate(sure, 1)
    ]
    return "\n".join(["In pixels from the top left corner, the likeliest first:", *lines])


def search_answer(
    arguments: SearchArguments,
    result: ToolResult,
    corrections: dict[str, str],
    before: ToolResult | None = None,
) -> str:
    """Return the answer to a search.

    Args:
        arguments: What was searched.
        result: What was found.
        corrections: Misspelt words and what was read instead.
        before: The products shown before, put in the same order, where an order was asked for.
    """
    if not result.products:
        return _nothing(arguments, result)
    parts = [_corrected(corrections | result.corrections)]
    parts.append(_best_before(arguments, result, before))
    parts.append(_lead(arguments, result))
    lines = "\n".join(_numbered(result.products, result.offset))
    return " ".join(part for part in parts if part) + "\n" + lines


def similar_answer(origin: Product | None, result: ToolResult) -> str:
    """Return the answer to 'more like this'."""
    if not result.products:
        return "I found nothing like it with these limits. Shall I drop one?"
    head = f"Most like {origin.title}:" if origin else "Most alike:"
    return "\n".join([head, *_numbered(result.products)])


def product_answer(product: Product, reading: Reading) -> str:
    """Return the answer to a question on one product."""
    fields = [name for name in reading.asked if name != "description"]
    fields += [name for name in reading.wanted if name not in fields and name != "category"]
    told = [sentence for name in fields if (sentence := _tell(product, name))]
    if told and "description" not in reading.asked:
        return f"{product.title}: " + " ".join(told)
    silent = _silent(fields) if fields and not told and "description" not in reading.asked else ""
    return silent + _describe(product)


def compare_answer(arguments_sort: str, result: ToolResult, reading: Reading) -> str:
    """Return the answer to a comparison."""
    products = result.products
    lines = _numbered(products, details=True)
    if arguments_sort in SUPERLATIVES and products:
        best = products[0]
        lead = f"The {SUPERLATIVES[arguments_sort]} of these is {_priced(best)}."
        return "\n".join([lead, *_numbered(products)])
    differing = _differing(products, reading.asked)
    return "\n".join(["Side by side:", *lines, *differing])


def _nothing(arguments: SearchArguments, result: ToolResult) -> str:
    if not result.carried:
        return f"Sorry, we don't carry {_wish(arguments)}. Can I look for something else?"
    if not result.alternatives:
        return "Nothing fits that. Shall I look for something else?"
    options = _list(
        [f"{_items(n)} without {name}" for name, n in result.alternatives.items()], "or"
    )
    return f"Nothing fits all of that. There would be {options}. Which may I drop?"


def _wish(arguments: SearchArguments) -> str:
    wish = arguments.query or " ".join(arguments.category).lower() or "that"
    return wish if len(wish) <= MAX_WISH_CHARS else wish[:MAX_WISH_CHARS].rsplit(" ", 1)[0] + " …"


def _lead(arguments: SearchArguments, result: ToolResult) -> str:
    first = result.products[0]
    if result.again:
        return "That was all that fits. Once more from the start:"
    if result.pictured is not None and arguments.sort == "relevance":
        return _picture_lead(arguments, result)
    if result.loose:
        return f"Nothing says '{arguments.query}'; these come closest:"
    if arguments.sort in SUPERLATIVES and arguments.page == 1:
        return f"The {SUPERLATIVES[arguments.sort]} is {_priced(first)}. In that order:"
    count = _items(result.total)
    fits = "fits" if result.total == 1 else "fit"
    if result.total > len(result.products):
        what = "these are more of them" if arguments.page > 1 else "these come first"
        return f"{count.capitalize()} {fits}; {what}:"
    return f"{count.capitalize()} {fits}:"


def _picture_lead(arguments: SearchArguments, result: ToolResult) -> str:
    if arguments.page > 1:
        return "These look like your picture, too:"
    if result.pictured == 1:
        return "The first is the very one in your picture; the others look most like it:"
    if result.pictured:
        return f"The first {result.pictured} show the very picture; the others look most like it:"
    limits = arguments.filters or arguments.query or arguments.category
    what = "These come closest to your picture with what you asked for:"
    return what if limits else "These look most like your picture:"


def _best_before(arguments: SearchArguments, result: ToolResult, before: ToolResult | None) -> str:
    """Name the best of the products shown before, when the best of all is another."""
    if before is None or not before.products or before.products[0].id == result.products[0].id:
        return ""
    best = SUPERLATIVES.get(arguments.sort, "first")
    return f"Of those shown before, the {best} is {_priced(before.products[0])}."


def _corrected(corrections: dict[str, str]) -> str:
    pairs = [f"'{word}' as '{meant}'" for word, meant in corrections.items()]
    return f"I read {_list(pairs)}." if pairs else ""


def _numbered(products: Sequence[Product], offset: int = 0, *, details: bool = False) -> list[str]:
    return [
        f"{number}. {_priced(product)}{_rated(product)}{_attributes(product) if details else ''}"
        for number, product in enumerate(products, offset + 1)
    ]


def _priced(product: Product) -> str:
    if product.price is None:
        return product.title
    return f"{product.title}, {format_price(product.price, product.currency)}"


def _rated(product: Product) -> str:
    stars = "" if product.rating is None else f", rated {product.rating:g}"
    return stars + (", sold out" if product.stock == 0 else "")


def _attributes(product: Product) -> str:
    facts = [f"{_name(name)} {_values(product, name)}" for name in product.attributes]
    stock = [] if product.stock is None else [f"{product.stock} in stock"]
    brand = [product.brand] if product.brand else []
    return "; " + ", ".join([*brand, *facts, *stock]) if facts or stock or brand else ""


def _tell(product: Product, name: str) -> str | None:
    """Return a sentence on one field, None where the product does not state it."""
    if name == "price" and product.price is not None:
        return f"It costs {format_price(product.price, product.currency)}."
    if name == "stock" and product.stock is not None:
        return f"There are {product.stock} in stock." if product.stock else "It is sold out."
    if name == "rating" and product.rating is not None:
        return f"It is rated {product.rating:g} out of 5."
    if name in ("brand", "category"):
        value = getattr(product, name)
        return f"Its {name} is {value}." if value else None
    if values := _values(product, name):
        return f"Its {_name(name)} is {values}."
    return None


def _silent(fields: Sequence[str]) -> str:
    return f"The listing does not state its {_list([_name(name) for name in fields], 'or')}. "


def _describe(product: Product) -> str:
    text = f"{_priced(product)}{_rated(product)}{_attributes(product)}."
    return f"{text} {_clip(product.description)}" if product.description else text


def _clip(description: str) -> str:
    if len(description) <= MAX_DESCRIPTION_CHARS:
        return description
    return description[:MAX_DESCRIPTION_CHARS].rsplit(" ", 1)[0] + " …"


def _differing(products: Sequence[Product], asked: Sequence[str]) -> list[str]:
    names = list(dict.fromkeys(name for product in products for name in product.attributes))
    rows = {
        name: [_values(product, name) or "not stated" for product in products] for name in names
    }
    wanted = [name for name in asked if name in rows] or [
        name for name, values in rows.items() if len(set(values)) > 1
    ]
    if not wanted:
        return []
    return [
        "They differ in "
        + "; ".join(f"{_name(name)}: {' / '.join(rows[name])}" for name in wanted)
        + "."
    ]


def _values(product: Product, name: str) -> str:
    return ", ".join(product.attribute_values(_key(product, name)))


def _key(product: Product, name: str) -> str:
    return next((key for key in product.attributes if key.strip().casefold() == name), name)


def _name(field: str) -> str:
    return field.replace("_", " ")


def _items(count: int) -> str:
    return "one product" if count == 1 else f"{count} products"


def _list(words: Sequence[str], last: str = "and") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
