"""A message in the making: what it aims at, and what it comes to."""

from collections.abc import Sequence

from shopclerk.catalog.product import Product
from shopclerk.finetune.data.shops import singular
from shopclerk.finetune.data.slots import Slots
from shopclerk.finetune.data.turns import INTENTIONS, IntendedTurn
from shopclerk.finetune.data.wordings import Piece, message_text
from shopclerk.tools.arguments import SearchArguments


class Draft(Slots):
    """Chooses what a message is about and puts the turn together."""

    def aim(self, intention: str) -> bool:
        """Choose the product in mind and the condition to change; tell whether that works here."""
        search, shown = self.moment.search, self.moment.shown
        self.goal = self.rng.choice(self.shop.products)
        if intention in (
            "value",
            "exclude",
            "limits",
            "drop_and",
            "similar",
            "similar_it",
            "similar_name",
        ):
            self.goal = self._goal_within(search)
        kind = intention.partition("_")[0]
        own = {
            "new_topic": self._aim_elsewhere,
            "drop": lambda: self._aim_drop(intention),
            "within": self._aim_within,
            "allow": self._aim_allow,
            "same": self._aim_same,
            "ask_name": self._aim_name,
            "similar_name": self._aim_name,
        }
        if aim := own.get(intention) or own.get(kind):
            return aim()
        if intention == "switch":
            return bool(search and search.category and len(search.given()) > 1)
        if kind == "picture":
            return intention == "picture" or bool(self.moment.images)
        if intention in ("ask_it", "similar_it"):
            self.numbers = [self.moment.focus or 1]
        if kind in ("ask", "similar"):
            return bool(shown)
        return not (kind == "compare" and len(shown) < 2)

    def _aim_allow(self) -> bool:
        """Choose a field of which something was ruled out."""
        search = self.moment.search
        banned = [name for name in (search.exclude if search else ()) if name != "any"]
        self.changed = self.rng.choice(banned) if banned else None
        return self.changed is not None

    def _goal_within(self, search: SearchArguments | None) -> Product:
        """Return a product of the category at hand, mostly; its values are what may be asked for."""
        if search is None or not search.category:
            return self.rng.choice(self.moment.shown or self.shop.products)
        same = [p for p in self.shop.products if set(search.category) & set(p.category_levels())]
        return self.rng.choice(same or list(self.shop.products))

    def _aim_elsewhere(self) -> bool:
        """Choose something outside the category at hand; what lies inside would be a refinement."""
        search = self.moment.search
        if search is None or not search.category:
            return False
        there = [
            p for p in self.shop.products if not set(search.category) & set(p.category_levels())
        ]
        self.goal = self.rng.choice(there) if there else None
        return self.goal is not None

    def _aim_drop(self, intention: str) -> bool:
        search = self.moment.search
        if search is None:
            return False
        fixed = {"drop_price": "price", "drop_rating": "rating", "drop_stock": "stock"}
        held = _held(search)
        if intention in fixed:
            self.changed = fixed[intention]
            return self.changed in held
        names = [*search.filters, *(["price"] if "price" in held else [])]
        self.changed = self.rng.choice(names) if names else None
        return self.changed is not None

    def _aim_within(self) -> bool:
        search = self.moment.search
        if search is None:
            return False
        above = set(search.category)
        below = [
            p
            for p in self.shop.products
            if (p.category and above & set(p.category_levels()[:-1]))
            or (not above and p in self.moment.shown)
        ]
        if not below:
            return False
        self.goal = self.rng.choice(below)
        return True

    def _aim_same(self) -> bool:
        """Choose goods elsewhere that have a field of the search in effect, with its value."""
        search = self.moment.search
        filters = search.filters if search else {}
        if not filters or not self._aim_elsewhere():
            return False
        self.changed = self.rng.choice(list(filters))
        fitting = [
            p
            for p in self.shop.products
            if not set(search.category if search else ()) & set(p.category_levels())
            and any(n == self.changed and v in filters[self.changed] for n, v in p.facets())
        ]
        self.goal = self.rng.choice(fitting) if fitting else None
        return self.goal is not None

    def _aim_name(self) -> bool:
        shown = self.moment.shown
        if len(shown) < 2:
            return False
        number = self.rng.randrange(len(shown)) + 1
        ref = self._reference(shown, number)
        if ref is None:
            return False
        self.numbers, self.used["ref"] = [number], ref
        return True

    def _reference(self, shown: Sequence[Product], number: int) -> str | None:
        """Return a name that fits only one of the products shown: brand, series or a value of its own."""
        product, others = shown[number - 1], [p for i, p in enumerate(shown, 1) if i != number]
        words = product.title.split()
        names = [word for word in words[1:-1] if len(word) > 2]
        options = [w for w in names if not any(w in other.title for other in others)]
        if product.brand and product.brand not in {other.brand for other in others}:
            options += [product.brand, f"{product.brand} one"]
        facets = {value for other in others for _, value in other.facets()}
        own = [v for n, v in product.facets() if n not in ("category", "brand") and v not in facets]
        options += [f"{value} one" for value in own if value not in ("Yes", "No", "None")]
        if not options:
            return None
        chosen = self.rng.choice(options)
        noun = f" {singular(product.category_levels()[-1])}" if product.category else ""
        return (chosen + (noun if " one" not in chosen and self.rng.random() < 0.3 else "")).lower()

    def turn(self, intention: str, pieces: Sequence[Piece]) -> IntendedTurn | None:
        """Return the turn that the draft came to."""
        action = INTENTIONS[intention][0]
        text = message_text(list(pieces))
        numbers = tuple(self.numbers)
        if intention in ("ask_position", "similar") and not numbers:
            numbers = _said_place(text, len(self.moment.shown))
        if action == "compare":
            numbers = numbers if intention == "compare_two" else ()
        elif action not in ("product", "similar"):
            numbers = ()
        elif not numbers:
            return None
        image = None
        if intention == "picture":
            image = f"picture-{len(self.moment.images) + 1}"
        elif intention == "picture_again":
            image = self.moment.images[0 if "first" in text else -1]
        drops = intention.startswith("drop") or intention == "allow"
        drop = (self.changed,) if drops and self.changed else ()
        reply = intention if action == "reply" else None
        return IntendedTurn(
            intention, tuple(pieces), action, drop, numbers, reply, image, self.category
        )


def _said_place(text: str, count: int) -> tuple[int, ...]:
    """Return the place that fixed words name: 'the first one', 'the second one', 'the last one'."""
    places = {"first": 1, "second": 2, "last": count}
    found = [place for word, place in places.items() if f"the {word} " in f"{text} "]
    return (found[0],) if found and 1 <= found[0] <= min(count, 5) else ()


def _held(search: SearchArguments) -> set[str]:
    held = set(search.filters) | set(search.exclude)
    if search.price_min is not None or search.price_max is not None:
        held.add("price")
    if search.rating_min is not None:
        held.add("rating")
    if search.in_stock:
        held.add("stock")
    return held
