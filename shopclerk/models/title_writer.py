"""Title writers: a seller's text and fields to a clean title, a short one, and what was changed.

`embedded` is the writer that measured best (docs/titles.md). Whatever writes, its title is checked against the input:
every number, unit, model and brand survives and nothing is invented; one that fails is written by rule, and says so.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED
from shopclerk.models.titles.checked_writer import CheckedTitleWriter
from shopclerk.models.titles.edits import Change, undo_all, undo_one
from shopclerk.models.titles.listing import Listing, TitleInput
from shopclerk.models.titles.patterns import read_patterns
from shopclerk.models.titles.rule_writer import RuleTitleWriter
from shopclerk.models.titles.title import (
    MAX_SHORT_CHARS,
    MAX_TITLE_CHARS,
    Title,
    TitleWriter,
)

__all__ = [
    "MAX_SHORT_CHARS",
    "MAX_TITLE_CHARS",
    "Change",
    "CheckedTitleWriter",
    "Listing",
    "RuleTitleWriter",
    "Title",
    "TitleInput",
    "TitleWriter",
    "open_title_writer",
    "undo_all",
    "undo_one",
    "write_titles",
]

RULES, TAGGER = "rules", "tagger"


def open_title_writer(
    address: str = EMBEDDED,
    models_folder: Path | None = None,
    *,
    patterns: Path | None = None,
    threads: int | None = None,
) -> TitleWriter:
    """Return the writer at an address.

    Args:
        address: `embedded`, `rules`, `tagger`, or the folder of a trained T5 or tagger.
        models_folder: Where exported models are kept; needed by the tagger.
        patterns: A shop's own YAML file of title patterns.
        threads: Threads for batches.

    Raises:
        MissingModelError: There is none.
        SettingError: The patterns cannot be used.
    """
    rules = RuleTitleWriter(patterns=read_patterns(patterns) if patterns else None)
    if address in (EMBEDDED, RULES):
        return rules
    from shopclerk.models.titles.t5 import TitleT5, is_t5_folder

    if is_t5_folder(Path(address)):
        return CheckedTitleWriter(TitleT5(Path(address), threads=threads), rules)
    raise MissingModelError(
        f"There is no title writer at '{address}'. Set title_writer to 'embedded', 'rules', 'tagger', or the folder "
        "that 'shopclerk finetune titles-t5-small' or 'titles-tagger' wrote."
    )


@lru_cache(maxsize=1)
def _rules() -> RuleTitleWriter:
    return RuleTitleWriter()


def write_titles(rows: Sequence[Listing], writer: TitleWriter | None = None) -> list[Title]:
    """Return one title a row, in the order given; by rule where no writer is given."""
    return (writer or _rules()).write(rows)
