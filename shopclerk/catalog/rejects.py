"""What a row must hold to become a product, and the file of the rows that do not.

`build_product` takes the fields of one row as they come from a file (texts, numbers, lists) and
either returns a product or says in one sentence why not. `RejectFile` keeps those sentences.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pydantic import ValidationError

from shopclerk.catalog.money import parse_currency, parse_price
from shopclerk.catalog.product import (
    MAX_ID_CHARS,
    MAX_PRICE,
    MAX_TEXT_CHARS,
    MAX_TITLE_CHARS,
    AttributeValue,
    Product,
)
from shopclerk.errors import RowError, StorageError

ATTRIBUTE_PREFIX = "attr:"
MAX_RAW_CHARS = 500
ALLOWED = {
    "id": f"1 to {MAX_ID_CHARS} characters, unique in the file",
    "title": f"a text of 1 to {MAX_TITLE_CHARS:,} characters",
    "price": f"one number from 0 to {MAX_PRICE:,.0f}",
    "currency": "an ISO 4217 code such as USD",
    "rating": "a number from 0 to 5",
    "stock": "a whole number, 0 or more",
    "images": "file paths or URLs: a JSON array, or separated by | ; or ,",
    "tags": "texts: a JSON array, or separated by | ; or ,",
    "attr": "a text or a JSON array of texts",
    "attributes": 'a JSON object of texts or lists of texts, as in {"color": "red"}',
}
_ALLOWED_TEXT = f"a text of at most {MAX_TEXT_CHARS:,} characters"
_NEXT_URL = re.compile(r"[|;,\s](?=[A-Za-z][A-Za-z0-9+.-]{0,20}://)")


def build_product(fields: Mapping[str, Any]) -> Product:
    """Make a product from the raw fields of one row; blank and None mean not given.

    Args:
        fields: Product field name, or `attr:NAME` for one attribute, to what the file holds: texts,
            numbers, lists, objects.

    Raises:
        RowError: A field is missing or not allowed.
    """
    values = _converted(fields)
    if "price" in values:
        price, currency = parse_price(values["price"], values.get("currency"))
        values |= {"price": price, "currency": currency} if currency else {"price": price}
    for name in ("id", "title"):
        if name not in values:
            raise RowError(f"{name} is missing. Allowed: {ALLOWED[name]}.")
    try:
        return Product.model_validate(values)
    except ValidationError as error:
        raise RowError(validation_reason(error)) from None


def validation_reason(error: ValidationError) -> str:
    """Say what pydantic found in our own words: field, value, what is allowed."""
    found = {str(item["loc"][0]): item["input"] for item in error.errors() if item["loc"]}
    return " ".join(_refusal(name, value) for name, value in list(found.items())[:3])


def clip(text: str, length: int = MAX_RAW_CHARS) -> str:
    """Return the beginning of a text, what cannot be encoded written as an escape."""
    return text[:length].encode("utf-8", "backslashreplace").decode("utf-8")


def split_cell(field: str, text: str) -> list[str]:
    """Split a cell at the first of `|`, `;`, `,` it holds; a URL may hold `;` and `,` itself."""
    if field == "images" and "|" not in text:
        if text.startswith("data:"):
            return [text]
        if "://" in text:
            return [url.strip("|;, \t\r\n") for url in _NEXT_URL.split(text)]
    mark = next((mark for mark in "|;," if mark in text), None)
    return text.split(mark) if mark else [text]


class RejectFile:
    """The JSONL file of rejected rows: one `{line, reason, raw}` each.

    An older file at the path is replaced when the `with` block begins; without a rejected row the
    file is left empty.

    Attributes:
        path: Where the file is written; missing folders are made.
        count: Rows rejected so far.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; it is opened by the `with` block."""
        self.path = path
        self.count = 0
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            StorageError: The file cannot be made.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise self._storage_error(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError as failure:
                raise self._storage_error(failure) from failure

    def add(self, line: int, reason: str, raw: str) -> None:
        """Write one rejected row.

        Args:
            line: 1-based line or record number in the source file.
            reason: Why the row was rejected.
            raw: The row as it stands in the source; its first 500 characters are kept.

        Raises:
            StorageError: The file cannot be written, or the `with` block has not begun.
        """
        if self._file is None:
            raise StorageError(f"Reject file '{self.path}' is not open. Use it in a with block.")
        try:
            # ASCII escapes keep lone surrogates writable.
            self._file.write(json.dumps({"line": line, "reason": reason, "raw": clip(raw)}) + "\n")
        except OSError as error:
            raise self._storage_error(error) from error
        self.count += 1

    def _storage_error(self, error: OSError) -> StorageError:
        return StorageError(
            f"Reject file '{self.path}' cannot be written: {error.strerror or error}. "
            "Free disk space or name another place."
        )


def _converted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that are given, each in the type that Product takes."""
    values: dict[str, Any] = {}
    attributes: dict[str, AttributeValue] = {}
    for name, value in fields.items():
        if value is None or value == "":
            continue
        if name.startswith(ATTRIBUTE_PREFIX):
            attributes |= _attributes(name, {name.removeprefix(ATTRIBUTE_PREFIX): value})
        elif (converted := _CONVERTERS[name](name, value)) is not None:
            values[name] = converted
    if attributes:
        values["attributes"] = values.get("attributes", {}) | attributes
    return values


def _refusal(name: str, value: object) -> str:
    # A container is named by its kind: its text may be endless or too deep to write.
    shown = str(value) if isinstance(value, str | int | float) else type(value).__name__
    more = f"… ({len(shown):,} characters)" if len(shown) > 60 else ""
    allowed = ALLOWED.get(name.partition(":")[0], _ALLOWED_TEXT)
    return f"{name} '{clip(shown, 60)}{more}' is not allowed. Allowed: {allowed}."


def _text(name: str, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | date):
        raise RowError(_refusal(name, value))
    text = str(value).strip()
    if "\0" in text:
        raise RowError(f"{name} holds a NUL character. Allowed: text only. Remove it.")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise RowError(f"{name} holds half a character (a lone surrogate). Allowed: text only.")
    return text or None


def _price(name: str, value: object) -> str | int | float | None:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return _text(name, value)


def _currency(name: str, value: object) -> str | None:
    text = _text(name, value)
    return parse_currency(text) if text else None


def _amount(name: str, value: object) -> str | int | float | None:
    """Read a rating or a stock; pydantic turns the text into a number."""
    number = _price(name, value)
    return number.replace(",", ".") if isinstance(number, str) else number


def _texts(name: str, value: object) -> tuple[str, ...]:
    """Read a list of texts: a list, a JSON array, or texts separated by | ; or , marks."""
    if isinstance(value, str):
        array = _json(value, "[")
        value = split_cell(name, value) if array is None else array
    if not isinstance(value, list | tuple):
        raise RowError(_refusal(name, value))
    texts = (_text(name, item) for item in value if item is not None)
    return tuple(text for text in texts if text)


def _attributes(name: str, value: object) -> dict[str, AttributeValue]:
    """Read attributes from an object, its JSON text, or Parquet's list of key and value."""
    given = value
    if isinstance(value, str):
        value = _json(value.strip() or "{}", "{")
    if isinstance(value, list) and all(isinstance(pair, dict) for pair in value):
        value = {pair.get("key"): pair.get("value") for pair in value}
    if not isinstance(value, Mapping):
        raise RowError(_refusal(name, given))
    read = {_text(name, key): _attribute(name, item) for key, item in value.items()}
    return {key: item for key, item in read.items() if key and item}


def _attribute(name: str, value: object) -> AttributeValue | None:
    if isinstance(value, str) and value.startswith("["):
        value = _json(value, "[") or value
    if isinstance(value, list | tuple):
        return _texts(name, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else _text(name, value)


def _json(text: str, opening: str) -> Any:
    """Return the JSON array or object a cell holds, None where it holds something else."""
    if not text.lstrip().startswith(opening):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


_CONVERTERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("id", "title", "description", "brand", "url", "category"), _text),
    "price": _price,
    "currency": _currency,
    "rating": _amount,
    "stock": _amount,
    "images": _texts,
    "tags": _texts,
    "attributes": _attributes,
}
