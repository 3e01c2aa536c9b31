"""Prices as sellers write them, read into numbers, and numbers written as prices.

The rules, where a text could be read in two ways:

- A single `.` or `,` followed by exactly three digits separates thousands: `1.299` is 1299. It is a
  decimal mark all the same where thousands make no sense: the currency has three decimals
  (`1.299 KWD`), nothing or a zero stands before it (`0.125`), more than three digits do
  (`1234.567`), or thousands are separated otherwise (`1 299,000`).
- With both `.` and `,` the last one is the decimal mark.
- Blanks and apostrophes separate thousands only; commas also in the Indian way (`1,29,999`).
- A symbol of several currencies means the first in the table (`$` is USD, `kr` SEK, `¥` JPY),
  unless the currency given beside the price is another one of them.
"""

import re
from typing import NoReturn

from shopclerk.catalog.product import MAX_PRICE
from shopclerk.errors import RowError

_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
    "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
    "RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
    "TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW "
    "ZWG "
)
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
ISO_CODES = frozenset(_CODES.split())
NO_DECIMALS = frozenset(_NO_DECIMALS.split())
THREE_DECIMALS = frozenset(_THREE_DECIMALS.split())
SYMBOLS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"),
    "us$": ("USD",),
    "ca$": ("CAD",),
    "c$": ("CAD",),
    "au$": ("AUD",),
    "a$": ("AUD",),
    "nz$": ("NZD",),
    "hk$": ("HKD",),
    "s$": ("SGD",),
    "mx$": ("MXN",),
    "nt$": ("TWD",),
    "r$": ("BRL",),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "₹": ("INR",),
    "rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "fr": ("CHF",),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "ft": ("HUF",),
    "lei": ("RON",),
    "₩": ("KRW",),
    "₽": ("RUB",),
    "₺": ("TRY",),
    "₱": ("PHP",),
    "₫": ("VND",),
    "฿": ("THB",),
    "₴": ("UAH",),
    "₪": ("ILS",),
    "₦": ("NGN",),
    "rm": ("MYR",),
    "rp": ("IDR",),
}
WRITTEN_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
MAX_PRICE_TEXT_CHARS = 100

# A dot right after a letter ends an abbreviation (`Rs.500`) and is no decimal mark.
_NUMBER = re.compile(r"(?:(?<![^\W\d_])\.)?[0-9](?:[0-9.,' ]*[0-9])?(?:(?<=[0-9])[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(
    r"[0-9]*|[0-9]{1,3}([., '])[0-9]{3}(?:\1[0-9]{3})*|[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}"
)
_ROUND = re.compile(r"^[.,][-\u2013\u2014]+")  # `19,-` and `19.-` are 19
_ALLOWED = f"one number from 0 to {MAX_PRICE:,.0f}, with or without a currency, as in 19.99 USD"


def parse_price(text: str | int | float, currency: str | None = None) -> tuple[float, str | None]:
    """Read a price and its currency; the module says how ambiguous texts are read.

    Args:
        text: What the seller wrote (`1.299,00 €`), or a number in major units.
        currency: The currency where the text names none, a code or a symbol; None if not known.

    Returns:
        The price in major units; the ISO 4217 code, None where neither text nor `currency` says.

    Raises:
        RowError: No number, several numbers, a negative or absurdly big one, an unknown currency.
    """
    given = parse_currency(currency) if currency else None
    if isinstance(text, int | float):
        return _checked(text, text), given
    flat = re.sub(r"\s", " ", text).replace("\u2019", "'").replace("\u2212", "-").strip()
    numbers = list(_NUMBER.finditer(flat)) if len(flat) <= MAX_PRICE_TEXT_CHARS else []
    if not numbers:
        _refuse(text, "is not a number", "Write 0 for what is free, leave it empty if not known.")
    if len(numbers) > 1:
        _refuse(text, "holds several numbers", "Give the lowest price of a range.")
    before, after = flat[: numbers[0].start()], flat[numbers[0].end() :]
    if "-" in before:
        _refuse(text, "is negative", "Give the price without its sign.")
    code = _currency_of(text, (before.replace("+", ""), _ROUND.sub("", after)), given)
    return _checked(text, _number(text, numbers[0].group(), code)), code


def parse_currency(text: str) -> str:
    """Return the ISO 4217 code of a code or symbol: `eur`, `€` and `EUR` are EUR.

    Raises:
        RowError: The text is neither three letters nor a known symbol.
    """
    token = _token(text)
    if token in SYMBOLS:
        return SYMBOLS[token][0]
    if not re.fullmatch(r"[a-z]{3}", token):
        raise RowError(
            f"Currency '{text[:60]}' is not known. Allowed: an ISO 4217 code such as USD. "
            "Mend the row or map another column with --map currency=COLUMN."
        )
    return token.upper()


def format_price(value: float, currency: str) -> str:
    """Write a price for a shopper: `$1,299.00`, `€15.50`, `PHP 38.00`, `¥1,500`.

    Args:
        value: Major units.
        currency: ISO 4217 code; it sets the number of decimals too.
    """
    decimals = 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    sign = WRITTEN_SYMBOLS.get(currency, f"{currency} ")
    return f"{'-' if value < 0 else ''}{sign}{abs(value):,.{decimals}f}"


def _currency_of(text: str, units: tuple[str, str], given: str | None) -> str | None:
    """Settle on the currency that every unit in the text allows; `given` decides a tie."""
    allowed: list[str] = []
    for token in filter(None, map(_token, units)):
        codes = SYMBOLS.get(token) or ((token.upper(),) if token.upper() in ISO_CODES else ())
        if not codes:
            _refuse(text, f"has '{token[:20]}', no known currency", "Leave words and units out.")
        allowed = [code for code in codes if not allowed or code in allowed]
        if not allowed:
            _refuse(text, "names two currencies", "Leave one of them out.")
    return given if not allowed or given in allowed else allowed[0]


def _token(unit: str) -> str:
    return re.sub(r"[\s.:]", "", unit).casefold()


def _number(text: str, digits: str, currency: str | None) -> float:
    if "e" in digits.lower():
        digits = f"{float(digits):f}" if re.fullmatch(r"[0-9.]+[eE][+-]?[0-9]{1,2}", digits) else ""
    mark = _decimal_mark(digits, currency in THREE_DECIMALS)
    whole, _, fraction = digits.rpartition(mark) if mark else (digits, "", "0")
    if not digits or not _WHOLE.fullmatch(whole) or not fraction.isdecimal():
        _refuse(text, "is not one number", "Group digits by thousands or not at all.")
    return float(f"{re.sub('[^0-9]', '', whole) or '0'}.{fraction}")


def _decimal_mark(digits: str, three_decimals: bool) -> str | None:
    """Return the decimal mark of a number, None where all marks separate thousands."""
    marks = [mark for mark in digits if mark in ".,"]
    if not marks or (len(marks) > 1 and len(set(marks)) == 1):
        return None
    if len(marks) > 1:
        return marks[-1]
    head, tail = digits.split(marks[0])
    thousands = len(tail) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", head)
    return None if thousands and not three_decimals else marks[0]


def _checked(text: str | int | float, value: int | float) -> float:
    if isinstance(value, bool) or value != value:
        _refuse(text, "is not a number", "Leave it empty if the price is not known.")
    if value < 0:
        _refuse(text, "is negative", "Give the price without its sign.")
    if value > MAX_PRICE:
        _refuse(text, "is too big", "Give major units: dollars, not cents.")
    return abs(float(value))


def _refuse(text: str | int | float, problem: str, mend: str) -> NoReturn:
    shown = text[:60] if isinstance(text, str) else "over 1e60" if abs(text) > 1e60 else str(text)
    raise RowError(f"Price '{shown}' {problem}. Allowed: {_ALLOWED}. {mend}")
