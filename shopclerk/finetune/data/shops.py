"""Invented shops: catalogues of products that do not exist, each unlike the others.

Departments, goods and facets are drawn from `goods.yaml`; brands, series and some goods are made of syllables, and
fields get other names from shop to shop, so that nothing can be learnt by heart but the way of reading.
"""

import random
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from shopclerk.catalog.product import Product

ONSETS = "b br c ch cl d dr f fl g gl gr h j k l m n p pl pr qu r s sh st t th tr v w y z".split()
VOWELS = "a e i o u ai ea oo ou".split()
CODAS = [*"n r l m s t ck nd rt x th sk ll mp ng".split(), "", "", ""]
NAME_ENDINGS = " & Sons,works, Studio,co, Labs,ia,o".split(",")
INVENTED_GOODS_SHARE = 0.12
RARE = 0.18


@dataclass(frozen=True, slots=True)
class InventedShop:
    """A shop that does not exist.

    Attributes:
        seed: What it was made from.
        products: Its catalogue.
        words: Properties that its titles state and no facet holds.
        not_sold: Goods that it does not have.
        people: Whom shoppers speak of.
    """

    seed: int
    products: tuple[Product, ...]
    words: tuple[str, ...]
    not_sold: tuple[str, ...]
    people: tuple[str, ...]


@lru_cache(maxsize=1)
def goods_file() -> dict[str, Any]:
    """Return what `goods.yaml` holds."""
    text = files(__package__).joinpath("goods.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def invented_word(rng: random.Random, syllables: int = 2) -> str:
    """Return a word of some syllables that means nothing."""
    made = "".join(
        rng.choice(ONSETS) + rng.choice(VOWELS) + (rng.choice(CODAS) if last else "")
        for last in [False] * (syllables - 1) + [True]
    )
    return made.capitalize()


def invent_shop(seed: int, *, products: int = 160) -> InventedShop:
    """Return a shop; the same seed gives the same shop."""
    rng = random.Random(seed)
    data = goods_file()
    plan = _ShopPlan.draw(rng, data)
    listed = tuple(plan.product(rng, number) for number in range(products))
    sold = {name.casefold() for name in plan.goods}
    gone = [name for name in data["not_sold"] if name not in sold]
    elsewhere = [
        name.lower()
        for department in data["departments"].values()
        for name in department["goods"]
        if name not in plan.goods and name.split()[-1] not in {g.split()[-1] for g in plan.goods}
    ]
    gone += rng.sample(elsewhere, min(15, len(elsewhere)))
    gone += [invented_word(rng).lower() + "s" for _ in range(3)]
    return InventedShop(seed, listed, tuple(plan.words), tuple(gone), tuple(data["people"]))


@dataclass(slots=True)
class _Kind:
    """One kind of goods: its path, its fields with their values here, and its usual price."""

    name: str
    path: str
    fields: dict[str, list[str]]
    price: float


@dataclass(slots=True)
class _ShopPlan:
    kinds: list[_Kind]
    brands: list[str]
    words: list[str]
    goods: list[str] = field(default_factory=list)
    series: list[str] = field(default_factory=list)

    @classmethod
    def draw(cls, rng: random.Random, data: dict[str, Any]) -> "_ShopPlan":
        names = rng.sample(list(data["departments"]), rng.randint(2, 5))
        kinds: list[_Kind] = []
        renamed = {
            field: rng.choice(names_) if rng.random() < 0.4 else names_[0]
            for field, names_ in data["fields"].items()
        }
        for name in names:
            kinds += _department(rng, data, name, renamed)
        brands = list({_brand(rng, data): None for _ in range(rng.randint(5, 14))})
        words = [word for group in data["words"] for word in rng.sample(group, 3)]
        return cls(kinds, brands, words, [kind.name for kind in kinds], data["series"])

    def product(self, rng: random.Random, number: int) -> Product:
        kind = (
            self.kinds[number % len(self.kinds)] if rng.random() < 0.7 else rng.choice(self.kinds)
        )
        brand = rng.choice(self.brands)
        attributes: dict[str, str | tuple[str, ...]] = {}
        for name, values in kind.fields.items():
            if rng.random() < 0.9:
                many = len(values) > 3 and rng.random() < 0.08
                attributes[name] = tuple(rng.sample(values, 2)) if many else rng.choice(values)
        shown = [
            v for v in attributes.values() if isinstance(v, str) and v not in ("Yes", "No", "None")
        ]
        said = rng.sample(shown, min(len(shown), rng.randint(0, 2)))
        words = rng.sample(self.words, rng.choice([0, 0, 1, 1, 2]))
        series = rng.choice(self.series) if rng.random() < 0.6 else invented_word(rng)
        title = " ".join([brand, series, *said, *words[:1], singular(kind.name)])
        return Product(
            id=f"{kind.name[:3].lower().strip()}-{number:03d}",
            title=title[:1].upper() + title[1:],
            description=f"{singular(kind.name)} by {brand}, {', '.join(words) or 'plain'}.",
            brand=brand if rng.random() > 0.05 else None,
            category=kind.path,
            price=round(kind.price * rng.lognormvariate(0, 0.5), 2),
            rating=round(min(5.0, max(1.5, rng.gauss(4.0, 0.5))), 1)
            if rng.random() > RARE
            else None,
            stock=rng.choice([0, 0, 3, 8, 21, 60]) if rng.random() > RARE else None,
            attributes=attributes,
        )


def _department(
    rng: random.Random, data: dict[str, Any], name: str, renamed: dict[str, str]
) -> list[_Kind]:
    department = data["departments"][name]
    goods = rng.sample(department["goods"], min(len(department["goods"]), rng.randint(4, 8)))
    if rng.random() < INVENTED_GOODS_SHARE * 3:
        goods[0] = invented_word(rng) + "s"
    facets = department["facets"]
    fields: dict[str, list[str]] = {}
    for facet in rng.sample(facets, min(len(facets), rng.randint(2, 4))):
        values = data["facets"][facet]
        fields[renamed.get(facet, facet)] = rng.sample(values, min(len(values), rng.randint(3, 8)))
    top = name if rng.random() < 0.85 else invented_word(rng)
    middle = rng.random() < 0.4
    halves = [f"{invented_word(rng)} {name}" for _ in range(2)]
    kinds = []
    for index, good in enumerate(goods):
        path = f"{top} > {halves[index % 2]} > {good}" if middle else f"{top} > {good}"
        kinds.append(_Kind(good, path, fields, rng.choice([8, 15, 30, 60, 120, 300])))
    return kinds


def _brand(rng: random.Random, data: dict[str, Any]) -> str:
    if rng.random() < 0.4:
        return str(rng.choice(data["brand_heads"]) + rng.choice(data["brand_tails"]))
    name = invented_word(rng, rng.randint(1, 2))
    if rng.random() < 0.2:
        name += rng.choice(NAME_ENDINGS)
    if rng.random() < 0.1:
        name += f" {invented_word(rng, 1)}"
    return name


def singular(name: str) -> str:
    """Return a plural name of goods as the name of one."""
    head, _, last = name.rpartition(" ")
    if last.endswith("ies") and len(last) > 4:
        last = f"{last[:-3]}y"
    elif last.endswith(("sses", "shes", "ches", "xes")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        last = last[:-1]
    return f"{head} {last}".strip()
