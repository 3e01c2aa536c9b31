"""Quantities in words: `1 1/2 in`, `16-Ounce`, `5,000 IU`, `2 x 250ml` to a number and a unit, and to other units.

Numbers are decimals, never floats, until the library pint converts them. A comma is a thousands separator where three
digits follow it, and a decimal point where one or two do.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from shopclerk.errors import ShopclerkError
from shopclerk.models.unit_names import Unit, units

MAX_CHARS = 200

_NUMBER = r"\d+(?:[.,]\d+)*"
_FRACTION = r"(?:\d+[\s-]+)?\d+\s*/\s*\d+"
_QUANTITY = re.compile(
    rf"(?:(?P<times>\d+)\s*[x×]\s*)?(?P<number>{_FRACTION}|{_NUMBER}|[½¼¾⅓⅔])[\s-]*(?P<unit>[^\d\s/(),;]*(?:\s?[^\d\s/(),;]+)?)"
)
_GLYPHS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}


class UnitError(ShopclerkError):
    """A quantity that cannot be written in a unit."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit.

    Attributes:
        amount: How much of one thing.
        unit: Of what; None where none is given.
        times: How many things there are.
    """

    amount: Decimal
    unit: Unit | None
    times: int = 1

    def text(self) -> str:
        """Return the quantity as it is written here: `2 x 250 ml`."""
        amount = plain_number(self.amount)
        one = amount if self.unit is None else f"{amount} {self.unit.symbol}"
        return one if self.times == 1 else f"{self.times} x {one}"

    def to(self, symbol: str) -> Decimal:
        """Return the amount in another unit of the same dimension.

        Raises:
            UnitError: There is no such unit, or it measures something else.
        """
        target = units().get(symbol.lower())
        if target is None or self.unit is None or target.dimension != self.unit.dimension:
            raise UnitError(f"'{self.text()}' cannot be written in '{symbol}'.")
        if target == self.unit:
            return self.amount
        if target.pint is None or self.unit.pint is None:
            raise UnitError(
                f"'{self.unit.symbol}' and '{target.symbol}' are counts of unlike things."
            )
        registry = _registry()
        value = registry.Quantity(float(self.amount), self.unit.pint).to(target.pint).magnitude
        return Decimal(repr(round(float(value), 9)))


def parse_quantity(text: str) -> Quantity | None:
    """Return the first quantity of a text, None where there is no number."""
    match = _QUANTITY.search(text[:MAX_CHARS])
    if match is None:
        return None
    amount = parse_number(match["number"])
    if amount is None:
        return None
    return Quantity(amount, _unit(match["unit"] or ""), int(match["times"] or 1))


def _unit(text: str) -> Unit | None:
    words = text.strip().strip("-.").lower().split()
    for candidate in (" ".join(words[:2]), words[0].strip("-.") if words else ""):
        if candidate in units():
            return units()[candidate]
    return None


def parse_number(text: str) -> Decimal | None:
    """Return a number: plain, with separators, a fraction or a mixed one; None for anything else."""
    text = _GLYPHS.get(text.strip(), text.strip())
    if "/" in text:
        *whole, fraction = re.split(r"[\s-]+", re.sub(r"\s*/\s*", "/", text))
        top, _, bottom = fraction.partition("/")
        if not bottom.isdigit() or int(bottom) == 0:
            return None
        return Decimal(whole[0] if whole else 0) + Decimal(top) / Decimal(bottom)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def plain_number(number: Decimal) -> str:
    """Return a number without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()
