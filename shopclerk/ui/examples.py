"""What a shopper could say, made of what the catalogue holds."""

from statistics import median

from shopclerk.catalog.facets import facet_counts
from shopclerk.catalog.money import format_price
from shopclerk.catalog.store import Store

MOST_CATEGORIES = 3
FEW = 200


def examples_of(store: Store) -> list[str]:
    """Return up to three requests that the catalogue can meet."""
    found = facet_counts(store, most=MOST_CATEGORIES).get("category", [])
    names = [each.value.split(">")[-1].strip().lower() for each in found]
    ways = ("{name} under {price}", "the best rated {name}", "what {name} do you have?")
    return [
        way.format(name=name, price=_middle_price(store, each.value))
        for way, name, each in zip(ways, names, found, strict=False)
    ]


def _middle_price(store: Store, category: str) -> str:
    query = "SELECT row FROM product_facet JOIN facet_value ON facet_value.id = product_facet.value_id WHERE field = 'category' AND value = ? LIMIT ?"
    rows = [row for (row,) in store.db.execute(query, (category, FEW))]
    priced = [each for each in store.by_rows(rows).values() if each.price is not None]
    if not priced:
        return "50"
    return format_price(
        float(round(median(each.price or 0.0 for each in priced))), priced[0].currency
    )
