"""What proves that two listings are one product, read out of their texts: model numbers, measures, variants."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.words import PIECE, RUN, folded, words

MAX_CODES = 12
MIN_CODE, MIN_DIGITS = 4, 5
CODE_NAMES = ("model", "mpn", "sku", "part", "gtin", "ean", "upc", "isbn", "asin")
SPACED_UNIT = 3
"""Shorter unit words stand directly behind their number, or they are words of their own (`2 in 1`)."""
SHORT_UNITS = frozenset("gb mb tb mm cm ft oz lb kg mg ml mp hz va pk ct".split())

_MEASURE = re.compile(r"(?<![^\W_])(\d+(?:[.,]\d+)*)([\s-]?)(\"|''|'|”|″|′|[^\W\d_]+)?(?![^\W\d_])")
_HAS_DIGIT, _HAS_LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NUMBER_UNIT = re.compile(r"\d+(?:x\d+)*([^\W\d_]+)")
_QUOTES = frozenset("\" '' ' ” ″ ′".split())
INCH = 2.54


@dataclass(frozen=True, slots=True)
class Signs:
    """What a listing says that can be checked against another.

    Attributes:
        title_words, all_words: Words in order.
        codes: Model numbers, without separators, those of the title and of model attributes first.
        spaced: What stands in several words and may be one model number, `dgs 1008p`.
        joined: All of the title without separators.
        numbers: Plain numbers of the title.
        measures: Dimension to values in its first unit, of all the text.
        variants: Group to meanings named in the title or in attributes.
    """

    title_words: tuple[str, ...]
    all_words: tuple[str, ...]
    codes: tuple[str, ...]
    spaced: frozenset[str]
    joined: str
    numbers: frozenset[str]
    measures: Mapping[str, frozenset[float]]
    variants: Mapping[str, frozenset[str]]


def read_signs(listing: Listing) -> Signs:
    """Read the signs of a listing."""
    title, text = folded(listing.heading), folded(listing.text)
    values = [folded(value) for all_ in listing.attributes.values() for value in all_]
    codes = [*_attribute_codes(listing), *_codes(title)]
    if not codes:
        codes = _codes(text)
    pieces = PIECE.findall(title)
    return Signs(
        title_words=tuple(words(title)),
        all_words=tuple(words(text)),
        codes=tuple(dict.fromkeys(codes))[:MAX_CODES],
        spaced=frozenset(_spaced(pieces)),
        joined="".join(pieces),
        numbers=frozenset(_NUMBER.findall(title)),
        measures=measures(text),
        variants=variants([*words(title), *(word for value in values for word in words(value))]),
    )


def _attribute_codes(listing: Listing) -> list[str]:
    """Return the values of attributes whose name says that they are model numbers."""
    found = []
    for name, values in listing.attributes.items():
        if any(part in folded(name) for part in CODE_NAMES):
            found += ["".join(PIECE.findall(folded(value))) for value in values]
    return [code for code in found if len(code) >= MIN_CODE]


def _codes(text: str) -> list[str]:
    """Return what looks like model numbers: letters with digits, or many digits; no measures."""
    found = []
    for run in RUN.findall(text):
        code = "".join(PIECE.findall(run))
        if not _HAS_DIGIT.search(code) or _is_measure(code):
            continue
        if len(code) >= (MIN_CODE if _HAS_LETTER.search(code) else MIN_DIGITS):
            found.append(code)
    return found


def _is_measure(code: str) -> bool:
    match = _NUMBER_UNIT.fullmatch(code)
    return match is not None and match[1] in _units()


def _spaced(pieces: list[str]) -> list[str]:
    found = []
    for count in (2, 3):
        for place in range(len(pieces) - count + 1):
            part = "".join(pieces[place : place + count])
            if len(part) >= MIN_CODE and _HAS_DIGIT.search(part):
                found.append(part)
    return found


def measures(text: str) -> dict[str, frozenset[float]]:
    """Return dimension to values, each in the dimension's first unit, from a folded text."""
    found: dict[str, set[float]] = {}
    for number, gap, unit in _MEASURE.findall(text):
        if not unit:
            continue
        if unit in _QUOTES:
            found.setdefault("length", set()).add(round(_value(number) * INCH, 4))
        elif unit in _units() and (not gap or len(unit) >= SPACED_UNIT or unit in SHORT_UNITS):
            dimension, factor = _units()[unit]
            found.setdefault(dimension, set()).add(round(_value(number) * factor, 6))
    return {dimension: frozenset(values) for dimension, values in found.items()}


def _value(number: str) -> float:
    """Read a number with points or commas; three digits behind a comma are thousands."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number):
        number = number.replace(",", "")
    whole, *parts = re.split(r"[.,]", number)
    return float(f"{whole}.{''.join(parts)}") if parts else float(whole)


def variants(title_words: list[str]) -> dict[str, frozenset[str]]:
    """Return group to the meanings that some words name."""
    found: dict[str, set[str]] = {}
    for word in title_words:
        for group, meaning in _variant_words().get(word, ()):
            found.setdefault(group, set()).add(meaning)
    return {group: frozenset(meanings) for group, meanings in found.items()}


def variant_groups() -> tuple[str, ...]:
    """Return the names of the groups."""
    return tuple(_read("variants.yaml"))


def first_unit(dimension: str) -> str:
    """Return the unit in which a dimension's values are kept."""
    return str(next(iter(_read("units.yaml")[dimension])))


def colour_words() -> dict[str, str]:
    """Return word to the colour that it means, in all languages known."""
    return {
        word: meaning
        for word, named in _variant_words().items()
        for group, meaning in named
        if group == "colour"
    }


@cache
def _variant_words() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for group, meanings in _read("variants.yaml").items():
        for meaning, spellings in meanings.items():
            for word in words(folded(spellings)):
                found[word] = (*found.get(word, ()), (group, meaning))
    return found


@cache
def _units() -> dict[str, tuple[str, float]]:
    return {
        unit: (dimension, float(factor))
        for dimension, spellings in _read("units.yaml").items()
        for unit, factor in spellings.items()
    }


@cache
def _read(name: str) -> dict[str, Any]:
    text = files("shopclerk.models.matching").joinpath(name).read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data
