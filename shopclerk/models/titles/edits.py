"""Changes to a text, kept so that each can be taken back.

A change knows where it was made in the text as it stood then. All of them undone from the last to the first give the
text that came in; one alone can be undone too, and with it those made later on the same letters.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MAX_PIECES = 400
"""A longer stretch is told as one change; comparing costs the square of the pieces."""

_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


class Change(NamedTuple):
    """One replacement.

    Attributes:
        start: Where it begins, in characters of the text before it.
        before: What stood there.
        after: What stands there now.
        rule: The rule or model that made it.
    """

    start: int
    before: str
    after: str
    rule: str

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the text before it: from, to."""
        return self.start, self.start + len(self.before)


class EditedText:
    """A text and what has been done to it.

    Args:
        text: The text as it came in.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.changes: list[Change] = []

    def become(self, text: str, rule: str) -> bool:
        """Take a new text, note what differs by word; tell whether anything does."""
        if text == self.text:
            return False
        shift = 0
        for start, before, after in _differences(self.text, text):
            self.changes.append(Change(start + shift, before, after, rule))
            shift += len(after) - len(before)
        self.text = text
        return True


def _differences(old: str, new: str) -> list[tuple[int, str, str]]:
    """Return (place in old, before, after) from left to right."""
    left, right = _PIECE.findall(old), _PIECE.findall(new)
    # Not every character is a piece or blank in all versions of Unicode: then the whole text is one change.
    if "".join(left) != old or "".join(right) != new:
        return [(0, old, new)]
    head = _common(left, right)
    tail = min(_common(left[::-1], right[::-1]), len(left) - head, len(right) - head)
    left_end, right_end = len(left) - tail, len(right) - tail
    place = sum(map(len, left[:head]))
    a, b = left[head:left_end], right[head:right_end]
    if len(a) > MAX_PIECES or len(b) > MAX_PIECES or not a or not b:
        return [(place, "".join(a), "".join(b))]
    starts = [place]
    for piece in a:
        starts.append(starts[-1] + len(piece))
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [
        (starts[i], "".join(a[i:j]), "".join(b[k:m])) for tag, i, j, k, m in codes if tag != "equal"
    ]


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many first items are equal."""
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def undo_all(text: str, changes: Sequence[Change]) -> str:
    """Return the text as it came in."""
    for change in reversed(changes):
        text = _put(text, change.start, change.after, change.before)
    return text


def undo_one(text: str, changes: Sequence[Change], index: int) -> tuple[str, list[Change]]:
    """Take one change back, and those made later on the same letters.

    Args:
        text: The text after all changes.
        changes: All of them, in order.
        index: Which one to take back.

    Returns:
        The text without it, and the changes that remain, with their new places.
    """
    undone = changes[index]
    text = undo_all(text, changes[index:])
    kept = list(changes[:index])
    # The region that differs between the text with the change and the one without: it starts at the same
    # place in both and ends at `old_end` and `new_end`.
    start = undone.start
    old_end, new_end = start + len(undone.after), start + len(undone.before)
    for later in changes[index + 1 :]:
        first, last = later.span
        grows = len(later.after) - len(later.before)
        if last <= start:
            text, start = _put(text, first, later.before, later.after), start + grows
            old_end, new_end = old_end + grows, new_end + grows
            kept.append(later)
        elif first >= old_end:
            moved = later._replace(start=first + new_end - old_end)
            text = _put(text, moved.start, later.before, later.after)
            kept.append(moved)
        else:
            start = min(start, first)
            new_end += max(last - old_end, 0)
            old_end = max(last, old_end) + grows
    return text, kept


def _put(text: str, start: int, before: str, after: str) -> str:
    return text[:start] + after + text[start + len(before) :]
