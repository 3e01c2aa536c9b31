"""How a shop writes its values, learned from pairs: a program for each attribute, chosen among a few dozen.

A program is a way of writing (`upper`, `letters and digits alone`, `in cm with one decimal`, ...) that holds no pair in
memory, so that how often it is right on the pairs tells how good it is on others (programming by example, Gulwani 2011).
Values seen in the pairs are looked up; all others go through the program that is right most often, or take the answer of
the most similar value, whichever did better when each pair was judged without itself.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from rapidfuzz import fuzz, process

from shopclerk.models.quantities import (
    Quantity,
    UnitError,
    parse_number,
    parse_quantity,
    plain_number,
)
from shopclerk.models.unit_names import units

LEAST_RIGHT = 0.5
"""Share of the pairs from which a program is trusted."""
LEAST_PAIRS = 2
JUDGED_PAIRS = 400
DECIMALS: tuple[tuple[int, bool], ...] = (
    (9, False),
    (0, False),
    (1, False),
    (2, False),
    (1, True),
    (2, True),
)
"""Decimals that are rounded to, and whether zeros at the end are kept."""
ALIKE = 60.0
"""Likeness, 0 to 100, from which the most similar value's answer is taken."""

Program = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Example:
    """A pair to learn from.

    Attributes:
        raw: As it stands in a text.
        wanted: How it shall be written; several values where the shop splits it.
        name: The attribute's name.
        category: The listing's category.
    """

    raw: str
    wanted: tuple[str, ...]
    name: str
    category: str = ""


@dataclass(frozen=True)
class Rule:
    """What was learned for one attribute.

    Attributes:
        table: Folded raw value to what it is written as.
        program: Its name, `similar` for the most similar value's answer, empty for none.
        right: Share of the pairs it is right on.
        run: The program itself.
    """

    table: dict[str, tuple[str, ...]]
    program: str
    right: float
    run: Program | None

    def apply(self, value: str) -> tuple[str, ...] | None:
        """Return what a value is written as, None where the rule does not know."""
        key = folded(value)
        if key in self.table:
            return self.table[key]
        if self.run is not None:
            made = self.run(value)
            return (made,) if made is not None else None
        if self.program == "similar":
            return similar(key, self.table)
        return None


@dataclass(frozen=True)
class Learned:
    """Rules by attribute.

    Attributes:
        rules: (category, name) and ("", name) in small letters, to rule.
    """

    rules: dict[tuple[str, str], Rule] = field(default_factory=dict)

    def apply(self, value: str, name: str, category: str) -> tuple[str, ...] | None:
        """Return what a value is written as, None where nothing was learned for its attribute."""
        for key in ((category.casefold(), name.casefold()), ("", name.casefold())):
            rule = self.rules.get(key)
            found = rule.apply(value) if rule else None
            if found is not None:
                return found
        return None


def learn(examples: Sequence[Example]) -> Learned:
    """Learn rules from pairs, for each attribute within its category and in all of them."""
    grouped: dict[tuple[str, str], list[Example]] = {}
    for example in examples:
        for category in {example.category.casefold(), ""}:
            grouped.setdefault((category, example.name.casefold()), []).append(example)
    return Learned({key: _rule(pairs) for key, pairs in grouped.items()})


def _rule(pairs: Sequence[Example]) -> Rule:
    counted: dict[str, Counter[tuple[str, ...]]] = {}
    for pair in pairs:
        counted.setdefault(folded(pair.raw), Counter())[pair.wanted] += 1
    table = {key: votes.most_common(1)[0][0] for key, votes in counted.items()}
    distinct = list({folded(pair.raw): pair for pair in pairs}.values())[:JUDGED_PAIRS]
    if len(distinct) < LEAST_PAIRS:
        return Rule(table, "", 0.0, None)
    judged = [(name, run, _share(run, distinct, table)) for name, run in programs(distinct)]
    best = max(judged, key=lambda entry: entry[2])
    alike = sum(
        similar(key, table, without=key) == table[key] for key in (folded(p.raw) for p in distinct)
    ) / len(distinct)
    if alike > best[2] and alike >= LEAST_RIGHT:
        return Rule(table, "similar", alike, None)
    if best[2] >= LEAST_RIGHT:
        return Rule(table, best[0], best[2], best[1])
    return Rule(table, "similar", alike, None)


def _share(run: Program, pairs: Sequence[Example], table: dict[str, tuple[str, ...]]) -> float:
    right = sum(_same(run(pair.raw), table[folded(pair.raw)]) for pair in pairs)
    return right / len(pairs)


def _same(made: str | None, wanted: tuple[str, ...]) -> bool:
    return made is not None and len(wanted) == 1 and folded(made) == folded(wanted[0])


def similar(
    key: str, table: dict[str, tuple[str, ...]], without: str | None = None
) -> tuple[str, ...] | None:
    """Return what the most similar raw value is written as, None where none is similar."""
    others = [other for other in table if other != without]
    best = process.extractOne(key, others, scorer=fuzz.WRatio, score_cutoff=ALIKE)
    return table[best[0]] if best else None


def folded(text: str) -> str:
    """Return a value as it is compared: letters lowered, white space folded."""
    return " ".join(text.lower().split())


def programs(pairs: Sequence[Example]) -> list[tuple[str, Program]]:
    """Return the programs worth trying on some pairs, the plainest first."""
    found: list[tuple[str, Program]] = [
        ("as it is", lambda text: text),
        ("letters and digits alone", lambda text: re.sub(r"[\W_]", "", text)),
        ("marks to blanks", lambda text: " ".join(re.sub(r"[\W_]+", " ", text).split())),
        ("no marks", lambda text: " ".join(re.sub(r"[^\w\s]|_", "", text).split())),
        ("no brackets", lambda text: " ".join(re.sub(r"[()\[\]{}]", " ", text).split())),
        ("first word", lambda text: text.split()[0] if text.split() else None),
        ("last word", lambda text: text.split()[-1] if text.split() else None),
        ("first number", _first_number),
    ]
    return found + _conversions(pairs)


def _first_number(text: str) -> str | None:
    match = re.search(r"\d+(?:[.,]\d+)*", text)
    number = parse_number(match[0]) if match else None
    return None if number is None else plain_number(number)


def _conversions(pairs: Sequence[Example]) -> list[tuple[str, Program]]:
    """Return programs that write quantities in one unit, with the decimals and the words that the pairs show."""
    quantities = [q for pair in pairs if (q := parse_quantity(pair.raw)) and q.unit]
    dimensions = {q.unit.dimension for q in quantities if q.unit}
    symbols = dict.fromkeys(u.symbol for u in units().values() if u.dimension in dimensions)
    usual = Counter(q.unit.symbol for q in quantities if q.unit).most_common(1)
    wordings = Counter(_wording(pair.wanted[0]) for pair in pairs if len(pair.wanted) == 1)
    return [
        (
            f"in {symbol}, {decimals[0]} decimals, as '{wording}'",
            _conversion(symbol, decimals, wording, usual[0][0]),
        )
        for wording, _ in wordings.most_common(3)
        if wording is not None
        for symbol in symbols
        for decimals in DECIMALS
    ]


def _wording(text: str) -> str | None:
    """Return a wanted value with its number taken out, None where it has none."""
    found = re.sub(r"\d+(?:[.,]\d+)*", "{}", text, count=1)
    return found if "{}" in found and found.count("{") == 1 else None


def _conversion(symbol: str, decimals: tuple[int, bool], wording: str, usual: str) -> Program:
    places, zeros = decimals

    def run(text: str) -> str | None:
        quantity = parse_quantity(text)
        if quantity is None:
            return None
        try:
            amount = (
                quantity.to(symbol) if quantity.unit else _assume(quantity.amount, usual, symbol)
            )
        except UnitError:
            return None
        try:
            rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        except InvalidOperation:
            return None
        return wording.replace("{}", f"{rounded:f}" if zeros else plain_number(rounded), 1)

    return run


def _assume(amount: Decimal, usual: str, symbol: str) -> Decimal:
    """Return a bare number as if the unit that most pairs have stood behind it."""
    return Quantity(amount, units()[usual.lower()]).to(symbol)
