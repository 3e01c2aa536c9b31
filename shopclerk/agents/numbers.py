"""Numbers in a message: price limits, ratings, sizes with units.

`read_numbers` takes out what it understands and returns the rest of the text with blanks in its place, so
that places in the text stay what they were.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

AROUND = 0.2
"""'around 50' means 50 give or take a fifth."""

CENT = 0.01

_CURRENCY = r"(?:\$|€|£|¥|₹|₱|\b(?:usd|eur|gbp|php|inr|dollars?|bucks?|euros?|pounds?|quid|rupees?|pesos?)\b)"
_AMOUNT = rf"{_CURRENCY}?\s*(?:\d{{1,3}}(?:[ ,.']\d{{3}})+(?:[.,]\d{{1,2}})?|\d+(?:[.,]\d{{1,2}})?)(?![\w.,]*\d)\s*k?\s*{_CURRENCY}?"
_UNIT = (
    r"\s*-?\s*(?:inch(?:es)?|in\b|cm\b|mm\b|m\b|(?:centi|milli|kilo)?met(?:re|er)s?\b|ft\b|feet\b|foot\b|yards?\b|miles?\b|kilos?\b|(?:kilo)?grams?\b|ounces?\b|pints?\b|gallons?\b|m2\b|sqm\b|bar\b|kw\b|volts?\b|kg\b|kgs\b|g\b|gr\b|grams?|oz\b|lbs?\b|l\b|litres?|liters?|ml\b|cl\b|"
    r"gb\b|tb\b|mb\b|mah\b|w\b|watts?|v\b|hz\b|mp\b|megapixels?|h\b|hours?|hrs?\b|min\b|minutes?|days?|"
    r"weeks?|months?|years?|of\s+us\b|people|kids?\b|children\b|guests?\b|friends?\b|doors?\b|drawers?\b|shelves\b|burners?\b|speeds?\b|slots?\b|ply\b|person|people|persons?|person|pieces?|pcs|pack|seats?|seater|%|°|\"|''|x\b|d\b|p\b|k\b)"
)
_NOT_UNIT = rf"(?!{_UNIT})"

_UNDER = (
    r"(?:strictly\s+)?(?:under|below|beneath|less\s+th[ae]n|cheaper\s+th[ae]n|lower\s+th[ae]n|smaller\s+th[ae]n|"
    r"not\s+as\s+much\s+as|<)(?!\s*=)"
)
_AT_MOST = (
    r"(?:up\s+to|at\s+(?:the\s+)?most|at\s+max(?:imum)?|max(?:imum|imal)?\.?(?:\s+of)?|no\s+more\s+th[ae]n|"
    r"not\s+more\s+th[ae]n|nothing\s+(?:above|over|more\s+th[ae]n|beyond)|not\s+(?:above|over|exceed(?:ing)?|beyond)|"
    r"no(?:thing)?\s+higher\s+th[ae]n|not\s+exceeding|within|upto|"
    r"(?:\w+n'?t|not|never|nowt|nothing)\s+(?:\w+\s+){0,3}?(?:more|over|above|beyond)(?:\s+th[ae]n)?|"
    r"(?:raise|increase|lift|extend|change|set|lower|reduce|put|bring|cut)\s+(?:it|that|this|(?:the|my)\s+\w+)\s+(?:up\s+|down\s+)?to|"
    r"(?:drop|hide|skip|remove|exclude|leave\s+out|without|forget)\s+(?:\w+\s+){0,3}?(?:above|over|more\s+th[ae]n|beyond|from)|"
    r"(?:a\s+|my\s+)?budget(?:\s+is|\s+of|\s*:)?(?:\s+around|\s+about)?|"
    r"(?:can|could)\s+(?:only\s+)?(?:spend|pay|afford)|i\s+have(?:\s+only)?|only\s+have|spend|<=|≤|for)"
)
_OVER = r"(?:over|above|more\s+th[ae]n|higher\s+th[ae]n|greater\s+th[ae]n|dearer\s+th[ae]n|beyond|exceeding|>)(?!\s*=)"
_AT_LEAST = (
    r"(?:at\s+(?:the\s+)?least|min(?:imum)?\.?(?:\s+of)?|no\s+less\s+th[ae]n|not\s+less\s+th[ae]n|not\s+(?:below|under)|"
    r"nothing\s+(?:below|under|less\s+th[ae]n)|from|starting\s+(?:at|from)|upwards?\s+of|>=|≥)"
)
_ABOUT = r"(?:around|about|roughly|approximately|approx\.?|circa|somewhere\s+around|near(?:ly)?|close\s+to|~|more\s+or\s+less)"
_COST = r"(?:(?:that\s+|which\s+)?(?:costs?|costing|priced?|prices?|pricing)\s*(?:is|are|at|of|from|:)?\s*)?"
_MAX_AFTER = r"(?:tops|max(?:imum)?|or\s+(?:less|under|below|cheaper|lower|fewer)|at\s+(?:the\s+)?most|and\s+(?:under|below|less)|at\s+max)\b"
_MIN_AFTER = r"(?:(?:or|and)\s+(?:more|up|above|over|higher|better|upwards?)\b|\+|plus\b|minimum\b|at\s+least\b|upwards?\b)"

_STARS = r"\s*-?\s*(?:stars?|\*|★|points?)"
_RATED = r"(?:(?:rating|ratings|rated|review(?:s|ed)?|score|scores|scored|stars?|star\s+rating)\s*:?\s*(?:(?:of|is|are|with|that|must|should|has|have|to|be)\s+){0,4})"
_RATING = r"(?P<rating>[0-5](?:[.,]\d)?)"
_RATING_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:(?:with|minimum|min|at\s+least)\s+)*(?:an?\s+)?(?:minimum\s+)?{_RATED}(?:(?:{_AT_LEAST}|{_OVER})\s*)?{_RATING}(?:{_STARS})?(?:\s*{_MIN_AFTER})?(?![\d.,]*\d)",
        rf"(?:(?:{_AT_LEAST}|{_OVER})\s*)(?:an?\s+)?{_RATING}(?:{_STARS}|\s+(?:rating|rated))",
        rf"{_RATING}\s*{_MIN_AFTER}?{_STARS}(?:\s*{_MIN_AFTER})?",
        rf"{_RATING}\s*(?:\+|{_MIN_AFTER})\s*(?:rating|rated|reviews?)",
    )
)

_WORDS = dict(
    zip(
        [
            "ten",
            "eleven",
            "twelve",
            "fifteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
        ],
        (10, 11, 12, 15, 20, 30, 40, 50, 60, 70, 80, 90),
        strict=True,
    )
)
_WORD = re.compile(
    rf"\b(?:(a|one|two|three|five)\s+)?(hundred|thousand)\b|\b({'|'.join(_WORDS)})\b"
)
_SMALL = re.compile(
    rf"\b(one|two|three|four|five|six|seven|eight|nine)(?=\s*(?:{_CURRENCY}|stars?\b))"
)
_DIGITS = dict(
    zip(
        ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        (1, *range(1, 10)),
        strict=True,
    )
)


def digits_for_words(text: str) -> str:
    """Write number words as digits: 'ten dollars' becomes '10 dollars', 'four stars' '4 stars'."""

    def number(match: re.Match[str]) -> str:
        if match[3]:
            return str(_WORDS[match[3]])
        return str(_DIGITS[match[1] or "a"] * (100 if match[2] == "hundred" else 1000))

    return _SMALL.sub(lambda match: str(_DIGITS[match[1]]), _WORD.sub(number, text))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Limits a message states; None where it states none.

    Attributes:
        price_min, price_max: Major units, inclusive.
        rating_min: 0 to 5, inclusive.
    """

    price_min: float | None = None
    price_max: float | None = None
    rating_min: float | None = None


def amount(text: str) -> float:
    """Return the number in a price as people write it: '1,299.00', '1.299,00', '15,50', '1 299'."""
    digits = re.sub(r"[^\d.,]", "", text).strip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        value = float(digits)
    elif len(digits) - last - 1 == 3:
        value = float(re.sub(r"[.,]", "", digits))
    else:
        value = float(re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :])
    return value * 1000 if re.search(r"\d\s*k\b", text) else value


def _between(match: re.Match[str]) -> Numbers:
    low, high = sorted((amount(match["low"]), amount(match["high"])))
    return Numbers(price_min=low, price_max=high)


def _limit(kind: str, step: float = 0.0) -> Callable[[re.Match[str]], Numbers]:
    def read(match: re.Match[str]) -> Numbers:
        value = max(0.0, round(amount(match["price"]) + step, 2))
        return Numbers(price_max=value) if kind == "max" else Numbers(price_min=value)

    return read


def _near(match: re.Match[str]) -> Numbers:
    value = amount(match["price"])
    return Numbers(
        price_min=round(value * (1 - AROUND), 2), price_max=round(value * (1 + AROUND), 2)
    )


_PRICE = rf"(?P<price>{_AMOUNT}){_NOT_UNIT}"
_MONEY = rf"(?P<price>(?:{_CURRENCY}\s*\d[\d,.' ]*|\d[\d,.']*\s*{_CURRENCY}))"
_PRICE_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Numbers]], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (
            rf"{_COST}(?:anywhere\s+|somewhere\s+)?(?:between|from|within|in\s+the\s+range(?:\s+of)?|range)?\s*(?P<low>{_AMOUNT})\s*"
            rf"(?:-|–|—|to|and|till|until|\.\.)\s*(?P<high>{_AMOUNT}){_NOT_UNIT}",
            _between,
        ),
        (rf"{_COST}{_AT_LEAST}\s*{_PRICE}", _limit("min")),
        (rf"{_COST}{_ABOUT}\s*{_PRICE}", _near),
        (
            rf"{_COST}(?:(?:price|cost)\s+)?(?:is\s+|be\s+|stay\s+|keep\s+it\s+)?{_UNDER}\s*{_PRICE}",
            _limit("max", -CENT),
        ),
        (rf"{_COST}{_AT_MOST}\s*{_PRICE}(?:\s*{_MAX_AFTER})?", _limit("max")),
        (rf"{_COST}{_OVER}\s*{_PRICE}", _limit("min", CENT)),
        (rf"{_PRICE}\s*{_MAX_AFTER}", _limit("max")),
        (rf"{_PRICE}\s*{_MIN_AFTER}", _limit("min")),
        (rf"(?:at|a|the)?\s*{_MONEY}\s*(?:limit|budget|mark)?", _limit("max")),
    )
)
_RANGE_CUE = re.compile(rf"between|from|range|price|cost|budget|{_CURRENCY}")


def read_numbers(text: str) -> tuple[Numbers, str]:
    """Read price and rating limits.

    Args:
        text: Folded text.

    Returns:
        The limits, and the text with what was read blanked out.
    """
    numbers = Numbers()
    for pattern in _RATING_PATTERNS:
        if match := pattern.search(text):
            numbers = replace(numbers, rating_min=float(match["rating"].replace(",", ".")))
            text = _blank(text, match)
            break
    for pattern, reader in _PRICE_PATTERNS:
        match = pattern.search(text)
        if match is None or (reader is _between and not _RANGE_CUE.search(match.group())):
            continue
        found = reader(match)
        numbers = replace(
            numbers,
            price_min=found.price_min if found.price_min is not None else numbers.price_min,
            price_max=found.price_max if found.price_max is not None else numbers.price_max,
        )
        text = _blank(text, match)
        if reader is _between:
            break
    return numbers, text


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
