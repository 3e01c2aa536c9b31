"""Cells of tables that people open in a spreadsheet: a seller's text is never taken for a formula."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(value: object) -> str:
    """Return a value as a cell; one that a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def bare(cell: str | None) -> str:
    """Return a cell as it was before it was guarded, without blanks around it."""
    text = (cell or "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
