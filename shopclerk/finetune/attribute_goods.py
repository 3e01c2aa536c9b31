"""Listings made up of goods that no shop sells, with their attributes: names that labelled rows lack.

The goods are those of the invented shops (`data/goods.yaml`); names, measures and wordings are in
`data/attribute_names.yaml`. Every value stands in the title as it is; one name or two are asked for and not stated.
"""

import random
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from shopclerk.models.attribute_rows import AttributeRow

SEPARATORS = (" ", " ", " ", ", ", " - ", " | ")


@lru_cache(maxsize=2)
def _table(name: str) -> dict[str, Any]:
    text = files("shopclerk.finetune").joinpath("data", f"{name}.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def made_up_rows(count: int, seed: int) -> list[AttributeRow]:
    """Return so many listings; the same seed gives the same."""
    draw = random.Random(seed)
    return [_row(draw) for _ in range(count)]


def _row(draw: random.Random) -> AttributeRow:
    words, goods = _table("attribute_names"), _table("goods")
    department = draw.choice(sorted(goods["departments"]))
    sold = goods["departments"][department]
    good = str(draw.choice(sold["goods"]))
    good = good if draw.random() < 0.5 else _singular(good)
    given: dict[str, str] = {}
    facets = [name for name in sold["facets"] if name in words["names"]]
    used = draw.sample(facets, min(len(facets), draw.randint(1, 3)))
    for facet in used:
        value = _value(facet, goods["facets"][facet], draw)
        if value not in ("None", "Yes", "No"):
            given[_name(facet, draw)] = value
    parts = list(given.values())
    _add(given, parts, _name("good", draw), good)
    _add_some(given, parts, words, draw)
    brand = _brand(draw)
    given[_name("brand", draw)] = brand
    draw.shuffle(parts)
    ahead = draw.random() < 0.8
    ordered = [brand, *parts] if ahead else [*parts[:1], brand, *parts[1:]]
    title = _join(ordered, words["fillers"], draw)
    absent = [name for facet in facets if facet not in used for name in words["names"][facet][:2]]
    values: dict[str, tuple[str, ...] | None] = {name: (value,) for name, value in given.items()}
    for name in draw.sample(absent, min(len(absent), draw.randint(0, 2))):
        values.setdefault(name, None)
    category = draw.choice((department, f"{department} > {good}", good))
    names = draw.sample(sorted(values), len(values))
    return AttributeRow(title, "", category, {name: values[name] for name in names})


def _add_some(
    given: dict[str, str], parts: list[str], words: dict[str, Any], draw: random.Random
) -> None:
    """Add measures, a pack, a model, a line, a benefit or a sport, each by chance."""
    for measure in draw.sample(sorted(words["measures"]), draw.randint(0, 2)):
        facts = words["measures"][measure]
        number = draw.randint(facts["low"], facts["high"])
        amount = str(number) if draw.random() < 0.7 else f"{number / 10:g}"
        gap = draw.choice(("", " ", "-")) if amount.isdigit() else draw.choice(("", " "))
        _add(
            given, parts, draw.choice(facts["names"]), f"{amount}{gap}{draw.choice(facts['units'])}"
        )
    if draw.random() < 0.25:
        pack = draw.choice(words["packs"]).format(n=draw.randint(2, 12))
        _add(given, parts, draw.choice(words["pack_names"]), pack)
    if draw.random() < 0.35:
        _add(given, parts, _name("model", draw), _code(draw))
    for key in ("line", "benefit", "sport"):
        if draw.random() < 0.25:
            _add(given, parts, _name(key, draw), draw.choice(words[f"{key}s"]))


def _add(given: dict[str, str], parts: list[str], name: str, value: str) -> None:
    if name not in given and value not in parts:
        given[name] = value
        parts.append(value)


def _name(facet: str, draw: random.Random) -> str:
    return str(draw.choice(_table("attribute_names")["names"][facet]))


def _value(facet: str, usual: list[str], draw: random.Random) -> str:
    """Return a value; often of several words, so that where it ends must be read and not be guessed."""
    words = _table("attribute_names")
    value, chance = str(draw.choice(usual)), draw.random()
    if facet == "size" and chance < 0.6:
        return str(draw.choice(words["sizes"])).replace("{n}", str(draw.randint(2, 48)))
    if chance < 0.3 and facet in words["before"]:
        return f"{draw.choice(words['before'][facet])} {value}"
    if 0.3 <= chance < 0.5 and facet in words["joined"]:
        return f"{value}{draw.choice(words['joins'])}{draw.choice(usual)}"
    return value


def _brand(draw: random.Random) -> str:
    words = _table("attribute_names")
    if draw.random() < 0.6:
        first, second = draw.sample(words["brand_heads"], 2)
        return str(
            draw.choice(words["brand_forms"]).format(
                a=first, b=draw.choice(words["brand_tails"]), c=second, n=draw.randint(1, 999)
            )
        )
    made = "".join(draw.choice(words["brands"]) for _ in range(draw.randint(2, 3))).capitalize()
    made = made.upper() if draw.random() < 0.3 else made
    return f"{made}{draw.choice(words['brand_ends'])}"


def _code(draw: random.Random) -> str:
    letters = "".join(draw.choice("ABCDEFGHKLMNPRSTVX") for _ in range(draw.randint(1, 3)))
    digits = "".join(draw.choice("0123456789") for _ in range(draw.randint(2, 5)))
    return draw.choice((f"{letters}{digits}", f"{letters}-{digits}", f"{digits}{letters}", digits))


def _join(parts: list[str], fillers: list[str], draw: random.Random) -> str:
    words = list(parts)
    for filler in draw.sample(fillers, draw.randint(0, 2)):
        words.insert(draw.randint(1, len(words)), filler)
    usual = draw.choice(SEPARATORS)
    title = words[0]
    for word in words[1:]:
        title += (usual if draw.random() < 0.6 else " ") + word
    return title


def _singular(good: str) -> str:
    return good[:-1] if good.endswith("s") and not good.endswith(("ss", "shes", "xes")) else good
