"""Title writers: a seller's text and fields to a clean title, a short one, and what was changed.

`embedded` is the writer that measured best (docs/titles.md). Whatever writes, its title is checked against the input:
every number, unit, model and brand survives and nothing is invented; one that fails is written by rule, and says so.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED
from shopclerk.models.text_normaliser import TextNormaliser
from shopclerk.models.titles.chat_writer import Ask, ChatTitles
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
from shopclerk.settings import Settings

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
    "settings_title_writer",
    "undo_all",
    "undo_one",
    "write_titles",
]

RULES, CHAT = "rules", "chat"
CHAT_TIMEOUT_S = 20.0
MAX_CHAT_TOKENS = 200


def open_title_writer(
    address: str = EMBEDDED,
    models_folder: Path | None = None,
    *,
    patterns: Path | None = None,
    threads: int | None = None,
    ask: Ask | None = None,
    prompts: Path | None = None,
    vocabulary: Mapping[str, int] | None = None,
) -> TitleWriter:
    """Return the writer at an address.

    Args:
        address: `embedded`, `rules`, `chat`, or the folder of a trained T5 or tagger.
        models_folder: Where exported models are kept; by default the tagger's own folder.
        patterns: A shop's own YAML file of title patterns.
        threads: Threads for batches.
        ask: Asks the chat model; what `chat` needs.
        prompts: A folder of prompts that go before those that come along.
        vocabulary: A shop's words with the number of listings that hold each; misspelt ones are mended into them.

    Raises:
        MissingModelError: There is none.
        SettingError: The patterns cannot be used.
    """
    rules = RuleTitleWriter(
        TextNormaliser(vocabulary), read_patterns(patterns) if patterns else None
    )
    if address in (EMBEDDED, RULES):
        return rules
    if address == CHAT and ask is not None:
        return CheckedTitleWriter(ChatTitles(ask, CHAT, prompts), rules)
    from shopclerk.models.titles.t5 import TitleT5, is_t5_folder
    from shopclerk.models.titles.tagger import TitleTagger, is_tagger_folder

    folder = Path(address)
    if is_t5_folder(folder):
        return CheckedTitleWriter(TitleT5(folder, threads=threads), rules)
    if is_tagger_folder(folder):
        cache = models_folder or folder
        return CheckedTitleWriter(TitleTagger(folder, cache, threads=threads), rules)
    raise MissingModelError(
        f"There is no title writer at '{address}'. Set title_writer to 'embedded', 'rules', 'chat' (with a chat model), or the folder "
        "that 'shopclerk finetune titles-t5-small' or 'titles-tagger' wrote."
    )


def settings_title_writer(
    settings: Settings, vocabulary: Mapping[str, int] | None = None
) -> TitleWriter:
    """Return the writer that the settings name; the chat model is opened where it is `chat`.

    Args:
        settings: Name it.
        vocabulary: A shop's words, as for `open_title_writer`.

    Raises:
        MissingModelError: There is none.
        SettingError: The patterns cannot be used.
    """
    return open_title_writer(
        settings.title_writer,
        settings.models_folder,
        patterns=settings.title_patterns,
        threads=settings.threads,
        ask=_chat_ask(settings) if settings.title_writer == CHAT else None,
        prompts=settings.prompts_folder,
        vocabulary=vocabulary,
    )


def _chat_ask(settings: Settings) -> Ask:
    from shopclerk.models.chat_model import open_chat_model

    model = open_chat_model(settings)
    return lambda prompt: (
        model.invoke(prompt, max_tokens=MAX_CHAT_TOKENS, timeout=CHAT_TIMEOUT_S).text
    )


@lru_cache(maxsize=1)
def _rules() -> RuleTitleWriter:
    return RuleTitleWriter()


def write_titles(rows: Sequence[Listing], writer: TitleWriter | None = None) -> list[Title]:
    """Return one title a row, in the order given; by rule where no writer is given."""
    return (writer or _rules()).write(rows)
