"""What the slots of a wording are filled with: names, values and numbers of one shop, at one moment."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shopclerk.catalog.product import Product
from shopclerk.finetune.data.shops import InventedShop, singular
from shopclerk.finetune.data.turns import Moment
from shopclerk.finetune.data.wordings import Role

ORDINALS = ("first", "second", "third", "fourth", "fifth")


@dataclass(slots=True)
class Slots:
    """Fills slots for a product in mind.

    Attributes:
        shop: The shop.
        moment: What the shopper sees.
        rng: Decides.
        goal: The product in mind.
        changed: The condition that the message sets free.
        numbers: Places in the list that the message points at.
        used: Slot or field to what it was filled with.
        category: The category named.
    """

    shop: InventedShop
    moment: Moment
    rng: random.Random
    goal: Product | None = None
    changed: str | None = None
    numbers: list[int] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)
    category: str | None = None

    def fill(self, slot: str, role: Role) -> str | None:
        """Return the text of a slot."""
        fill = getattr(self, f"_fill_{slot}", None)
        if fill is not None:
            text: str | None = fill(role)
            return text
        simple = _SIMPLE.get(slot)
        return simple(self) if simple else None

    def _fill_cat(self, role: Role) -> str | None:
        levels = self.goal.category_levels() if self.goal else ()
        if not levels:
            return None
        top = not self.moment.search and self.rng.random() < 0.2 and len(levels) > 1
        self.category = levels[0] if top else levels[-1]
        return self.category.lower()

    def _fill_cat1(self, role: Role) -> str | None:
        name = self._fill_cat(role)
        return singular(name) if name else None

    def _fill_a_cat(self, role: Role) -> str | None:
        return _with_article(self._fill_cat1(role))

    def _fill_oldcat(self, role: Role) -> str | None:
        others = [
            p for p in self.shop.products if not self.goal or p.category != self.goal.category
        ]
        name = self.rng.choice(others).category_levels()[-1].lower() if others else None
        return name if name is None or self.rng.random() < 0.5 else singular(name)

    def _fill_brand(self, role: Role) -> str | None:
        if role == "not":
            shown = [p.brand for p in self.moment.shown if p.brand]
            brands = shown or [p.brand for p in self.shop.products if p.brand]
            wanted = self.used.get("brand")
            brands = [brand for brand in brands if brand.lower() != wanted]
            return self.rng.choice(brands).lower() if brands else None
        brand = self.goal.brand if self.goal else None
        if brand is None:
            return None
        self.used["brand"] = brand.lower()
        return brand.lower()

    def _fill_brand_other(self, role: Role) -> str | None:
        brands = [
            p.brand
            for p in self.shop.products
            if p.brand and p.brand.lower() != self.used.get("brand")
        ]
        return self.rng.choice(brands).lower() if brands else None

    def _values(self) -> list[tuple[str, str]]:
        """Return the values of the product in mind that can be said alone, not used yet."""
        if self.goal is None:
            return []
        return [
            (name, value)
            for name, value in self.goal.facets()
            if name not in ("category", "brand", *self.used) and value not in ("Yes", "No", "None")
        ]

    def _fill_val(self, role: Role) -> str | None:
        if role == "not":
            return self._ruled_out()
        values = self._values()
        flags = self._flags() if self.rng.random() < 0.15 else []
        if flags and not self.moment.search:
            name = self.rng.choice(flags)
            self.used[name] = "yes"
            return name.replace("_", " ")
        if not values:
            return None
        name, value = self.rng.choice(values)
        if self.moment.search and value in self.moment.search.filters.get(name, ()):
            return None
        self.used[name] = value.lower()
        self.used["val"] = name
        return value.lower()

    _fill_val2 = _fill_val
    _fill_n_val = _fill_val

    def _fill_valf(self, role: Role) -> str | None:
        """Return a value with the name of its field: 'ash handle'."""
        value = self._ruled_out() if role == "not" else self._fill_val("want")
        name = next((n for n, v in self._facets() if v.lower() == value), None)
        return f"{value} {name.replace('_', ' ')}" if value and name else None

    _fill_valf2 = _fill_valf

    def _fill_a_valf(self, role: Role) -> str | None:
        return _with_article(self._fill_valf(role))

    def _fill_samefield(self, role: Role) -> str | None:
        """Return the name of the field whose value is to stay; it stands for that value."""
        return self._fill_field(role)

    def _facets(self) -> list[tuple[str, str]]:
        """Return all facets that products have here, but for category and brand."""
        return [
            (name, value)
            for product in self.shop.products
            for name, value in product.facets()
            if name not in ("category", "brand")
        ]

    def _fill_val_banned(self, role: Role) -> str | None:
        search = self.moment.search
        banned = search.exclude.get(self.changed or "") if search else None
        return banned[0].lower() if banned and banned[0] not in ("Yes", "No", "None") else None

    def _fill_a_val(self, role: Role) -> str | None:
        return _with_article(self._fill_val(role))

    def _flags(self) -> list[str]:
        if self.goal is None:
            return []
        return [n for n, v in self.goal.facets() if v == "Yes" and n not in self.used]

    def _ruled_out(self) -> str | None:
        """Return a value that products of this kind have and the one in mind has not."""
        kind = self.goal.category if self.goal else None
        held = self.moment.search.filters if self.moment.search else {}
        mine = {value.lower() for _, value in self.goal.facets()} if self.goal else set()
        values = {
            value.lower()
            for product in self.moment.shown or self.shop.products
            if product.category == kind or self.moment.shown
            for name, value in product.facets()
            if name not in ("category", "brand", *held, *self.used)
            and value not in ("Yes", "No", "None")
        }
        options = sorted(values - mine)
        return self.rng.choice(options) if options else None

    def _others(self, name: str) -> list[str]:
        held = self.used.get(name)
        return sorted(
            {v.lower() for p in self.shop.products for n, v in p.facets() if n == name}
            - {held or ""}
        )

    def _fill_val_same(self, role: Role) -> str | None:
        others = self._others(self.used.get("val", ""))
        return self.rng.choice(others) if others else None

    def _fill_val_other(self, role: Role) -> str | None:
        names = [n for n, _ in self._values()]
        others = self._others(self.rng.choice(names)) if names else []
        others = [value for value in others if value not in ("yes", "no", "none")]
        return self.rng.choice(others) if others else None

    _fill_anyval = _fill_val_other

    def _fill_val_before(self, role: Role) -> str | None:
        """Return the earlier value of the field that the message gives another."""
        search, name = self.moment.search, self.used.get("val", "")
        held = search.filters.get(name) if search else None
        return held[0].lower() if held else None

    def _fill_val_held(self, role: Role) -> str | None:
        search = self.moment.search
        held = search.filters.get(self.changed or "") if search else None
        if not held or held[0] in ("Yes", "No", "None"):
            return None
        return held[0].lower()

    def _fill_field(self, role: Role) -> str | None:
        return (self.changed or "").replace("_", " ") or None

    def _fill_ask(self, role: Role) -> str | None:
        shown = self.moment.shown
        names = sorted({n for p in shown for n in p.attributes}) or ["size"]
        return self.rng.choice([*names, "brand", "price"]).replace("_", " ")

    def _fill_words(self, role: Role) -> str | None:
        text = f"{self.goal.title} {self.goal.description}".lower() if self.goal else ""
        options = [word for word in self.shop.words if word in text]
        return self.rng.choice(options) if options else self.rng.choice(self.shop.words)

    def _fill_price(self, role: Role) -> str | None:
        base = self.goal.price if self.goal and self.goal.price else 50.0
        wanted = base * self.rng.uniform(0.8, 2.2)
        step = 1 if wanted < 20 else 5 if wanted < 100 else 10 if wanted < 400 else 50
        return str(max(step, round(wanted / step) * step))

    def _fill_low(self, role: Role) -> str | None:
        low = int(self._fill_price(role) or 10)
        self.used["low"] = str(low)
        return str(low)

    def _fill_high(self, role: Role) -> str | None:
        return str(int(self.used.get("low", 10)) + self.rng.choice([10, 20, 50, 100, 200]))

    def _fill_pos(self, role: Role) -> str | None:
        return str(self._position())

    def _fill_nth(self, role: Role) -> str | None:
        return ORDINALS[self._position() - 1]

    def _position(self) -> int:
        number = self.rng.randrange(min(5, len(self.moment.shown) or 1)) + 1
        self.numbers = [number]
        return number

    def _pair(self) -> tuple[int, int] | None:
        count = min(5, len(self.moment.shown))
        if count < 2:
            return None
        first, second = sorted(self.rng.sample(range(1, count + 1), 2))
        self.numbers = [first, second]
        return first, second

    def _fill_two(self, role: Role) -> str | None:
        if (pair := self._pair()) is None:
            return None
        first, second = pair
        options = [
            f"the {ORDINALS[first - 1]} and the {ORDINALS[second - 1]}",
            f"number {first} and number {second}",
            f"the {ORDINALS[first - 1]} one with the {ORDINALS[second - 1]} one",
        ]
        if pair == (1, 2):
            options += ["the first two", "the first two", "the top two"]
        return self.rng.choice(options)

    def _fill_two_vs(self, role: Role) -> str | None:
        pair = self._pair()
        return f"number {pair[0]} versus number {pair[1]}" if pair else None

    def _fill_two_with(self, role: Role) -> str | None:
        pair = self._pair()
        if pair is None:
            return None
        return f"the {ORDINALS[pair[0] - 1]} differ from the {ORDINALS[pair[1] - 1]}"

    def _fill_gone(self, role: Role) -> str | None:
        return self.rng.choice(self.shop.not_sold)

    def _fill_a_gone(self, role: Role) -> str | None:
        return _with_article(singular(self.rng.choice(self.shop.not_sold)))


_SIMPLE: Mapping[str, Any] = {
    "person": lambda slots: slots.rng.choice(slots.shop.people),
    "count": lambda slots: str(slots.rng.randint(2, 14)),
    "aside": lambda slots: str(slots.rng.choice([25, 60, 90, 150, 320, 700])),
    "stars": lambda slots: slots.rng.choice(["3", "3.5", "4", "4", "4.5"]),
    "ref": lambda slots: slots.used.get("ref"),
}


def _with_article(name: str | None) -> str | None:
    if name is None:
        return None
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
