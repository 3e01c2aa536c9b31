"""Invented shoppers: what they ask next, given what the shop has answered so far.

A shopper picks an intention that makes sense at this moment, a product of the shop to have in mind, and a wording.
What is meant goes along with the words: the action, the conditions to drop, the products pointed at.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shopclerk.catalog.product import Product
from shopclerk.finetune.data.shops import InventedShop, singular
from shopclerk.finetune.data.wordings import Piece, Role, Split, message_text, word_turn
from shopclerk.tools.arguments import SearchArguments

TRIES = 12
ORDINALS = ("first", "second", "third", "fourth", "fifth")
FIELD_NAMES = {"price": "price", "rating": "rating", "stock": "stock"}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a shopper sees before the next message.

    Attributes:
        search: The search in effect, None before the first.
        shown: The products on the table.
        focus: The number, from 1, of the product the last answer was about; 0 for none.
        images: Names of the pictures sent so far.
    """

    search: SearchArguments | None = None
    shown: tuple[Product, ...] = ()
    focus: int = 0
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntendedTurn:
    """A message and what is meant by it.

    Attributes:
        intention: The name of the intention.
        pieces: The words, with what each stretch means.
        action: `new`, `refine`, `more`, `cheaper`, `dearer`, `product`, `compare`, `similar` or `reply`.
        drop: Conditions of the search in effect that no longer hold.
        numbers: Places in the list shown, from 1.
        reply: The kind of reply.
        image: A picture that comes with the message or is meant by it.
        category: The category in mind, where the message names one.
    """

    intention: str
    pieces: tuple[Piece, ...]
    action: str
    drop: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    reply: str | None = None
    image: str | None = None
    category: str | None = None

    @property
    def text(self) -> str:
        """The message."""
        return message_text(list(self.pieces))


# intention: (action, weight at the start, weight with products shown, weight after an empty result)
INTENTIONS: dict[str, tuple[str, float, float, float]] = {
    "new": ("new", 60, 0, 0),
    "new_topic": ("new", 0, 12, 25),
    "not_sold": ("new", 9, 5, 6),
    "value": ("refine", 0, 19, 8),
    "exclude": ("refine", 0, 15, 3),
    "limits": ("refine", 0, 11, 3),
    "sort": ("refine", 0, 5, 0),
    "drop": ("refine", 0, 10, 14),
    "drop_price": ("refine", 0, 3, 9),
    "drop_rating": ("refine", 0, 2, 5),
    "drop_stock": ("refine", 0, 2, 5),
    "drop_and": ("refine", 0, 7, 8),
    "switch": ("refine", 0, 5, 3),
    "within": ("refine", 0, 5, 0),
    "more": ("more", 0, 4, 0),
    "cheaper": ("cheaper", 0, 4, 0),
    "dearer": ("dearer", 0, 3, 0),
    "ask_position": ("product", 0, 9, 0),
    "ask_name": ("product", 0, 7, 0),
    "ask_it": ("product", 0, 9, 0),
    "compare_sort": ("compare", 0, 5, 0),
    "compare": ("compare", 0, 3, 0),
    "compare_two": ("compare", 0, 4, 0),
    "similar": ("similar", 0, 4, 0),
    "similar_name": ("similar", 0, 3, 0),
    "similar_it": ("similar", 0, 3, 0),
    "picture": ("new", 5, 2, 2),
    "picture_again": ("new", 0, 3, 2),
    "greet": ("reply", 5, 1, 1),
    "thanks": ("reply", 1, 5, 3),
    "clarify": ("reply", 7, 2, 1),
    "help": ("reply", 3, 1, 1),
    "policy": ("reply", 2, 2, 2),
    "refuse": ("reply", 3, 4, 3),
}


class Shopper:
    """Makes the messages of one conversation.

    Args:
        shop: The shop.
        split: Which wordings to use.
        seed: Decides everything the shopper does.
    """

    def __init__(self, shop: InventedShop, split: Split, seed: int) -> None:
        self._shop = shop
        self._split: Split = split
        self._rng = random.Random(f"{shop.seed}/{split}/{seed}")

    def next(self, moment: Moment) -> IntendedTurn | None:
        """Return the next message, None where nothing sensible came to mind."""
        for _ in range(TRIES):
            intention = self._intention(moment)
            draft = _Draft(self._shop, moment, self._rng)
            if not draft.aim(intention):
                continue
            pieces = word_turn(intention, self._split, draft.fill, self._rng)
            if pieces is not None and (turn := draft.turn(intention, pieces)):
                return turn
        return None

    def _intention(self, moment: Moment) -> str:
        stage = 1 if moment.search is None else 2 if moment.shown else 3
        weights = [float(row[stage]) for row in INTENTIONS.values()]
        return self._rng.choices(list(INTENTIONS), weights)[0]


@dataclass(slots=True)
class _Draft:
    """A message in the making: the product in mind, and what its slots came to."""

    shop: InventedShop
    moment: Moment
    rng: random.Random
    goal: Product | None = None
    changed: str | None = None
    numbers: list[int] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)
    category: str | None = None

    # -- what to aim at ----------------------------------------------------------------------------------

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
        if intention == "new_topic":
            return self._aim_elsewhere()
        if intention.startswith("drop"):
            return self._aim_drop(intention)
        if intention == "within":
            return self._aim_within()
        if intention == "switch":
            return bool(search and search.category and len(search.given()) > 1)
        if intention.startswith("picture"):
            return (intention == "picture") or bool(self.moment.images)
        if intention in ("ask_it", "similar_it"):
            self.numbers = [self.moment.focus or 1]
            return bool(shown)
        if intention in ("ask_name", "similar_name"):
            return self._aim_name()
        if intention in ("ask_position", "similar"):
            return bool(shown)
        return not (intention.startswith("compare") and len(shown) < 2)

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

    # -- slots ---------------------------------------------------------------------------------------------

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

    # -- the whole --------------------------------------------------------------------------------------

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
        drop = (self.changed,) if intention.startswith("drop") and self.changed else ()
        reply = intention if action == "reply" else None
        return IntendedTurn(
            intention, tuple(pieces), action, drop, numbers, reply, image, self.category
        )


_SIMPLE: Mapping[str, Any] = {
    "person": lambda draft: draft.rng.choice(draft.shop.people),
    "count": lambda draft: str(draft.rng.randint(2, 14)),
    "aside": lambda draft: str(draft.rng.choice([25, 60, 90, 150, 320, 700])),
    "stars": lambda draft: draft.rng.choice(["3", "3.5", "4", "4", "4.5"]),
    "ref": lambda draft: draft.used.get("ref"),
}


def _said_place(text: str, count: int) -> tuple[int, ...]:
    """Return the place that fixed words name: 'the first one', 'the second one', 'the last one'."""
    places = {"first": 1, "second": 2, "last": count}
    found = [place for word, place in places.items() if f"the {word} " in f"{text} "]
    return (found[0],) if found and 1 <= found[0] <= min(count, 5) else ()


def _with_article(name: str | None) -> str | None:
    if name is None:
        return None
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _held(search: SearchArguments) -> set[str]:
    held = set(search.filters) | set(search.exclude)
    if search.price_min is not None or search.price_max is not None:
        held.add("price")
    if search.rating_min is not None:
        held.add("rating")
    if search.in_stock:
        held.add("stock")
    return held
