"""A small T5 that writes titles, run by CTranslate2: no torch when it serves.

It is given a title whose characters the rules have cleaned, and the words of the other fields; `finetune/title_t5.py`
trains it from scratch.
"""

import json
import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shopclerk.errors import MissingModelError
from shopclerk.models.titles.listing import OwnWords

if TYPE_CHECKING:
    import ctranslate2
    import sentencepiece

FACTS_FILE, VOCABULARY_FILE, MODEL_FOLDER = "title_t5.json", "spiece.model", "ctranslate2"
MAX_VALUES_CHARS = 80
MAX_SOURCE_CHARS = 280
MAX_TARGET_TOKENS = 96
BATCH = 64


def source_text(title: str, own: OwnWords) -> str:
    """Return what the model reads: the title, then brand and values, then what the description begins with."""
    values = " ; ".join(value for values in own.values.values() for value in values)
    described = " ".join(own.words)[:MAX_VALUES_CHARS]
    parts = (title, own.brand or "", values[:MAX_VALUES_CHARS], described)
    return " | ".join(parts)[:MAX_SOURCE_CHARS]


class TitleT5:
    """The model of a folder.

    Args:
        folder: What `shopclerk finetune titles-t5-small` wrote.
        threads: Threads; None for the library's choice.

    Raises:
        MissingModelError: There is none, or ctranslate2 or sentencepiece is not installed.
    """

    reads_rules = False

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self._folder = folder
        self._threads = threads or 0
        try:
            self.id = str(json.loads((folder / FACTS_FILE).read_text("utf-8"))["id"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MissingModelError(
                f"There is no title model in '{folder}' ({error}). Make one with "
                "'shopclerk finetune titles-t5-small', or set title_writer to 'embedded'."
            ) from error

    @cached_property
    def _translator(self) -> "ctranslate2.Translator":
        try:
            import ctranslate2

            return ctranslate2.Translator(
                str(self._folder / MODEL_FOLDER), device="cpu", intra_threads=self._threads
            )
        except (ImportError, RuntimeError, ValueError) as error:
            raise MissingModelError(
                f"The title model in '{self._folder}' cannot be loaded ({error}): "
                "pip install 'shopclerk[train]', or set title_writer to 'embedded'."
            ) from error

    @cached_property
    def _pieces(self) -> "sentencepiece.SentencePieceProcessor":
        import sentencepiece

        return sentencepiece.SentencePieceProcessor(model_file=str(self._folder / VOCABULARY_FILE))

    def write(self, titles: Sequence[str], owns: Sequence[OwnWords]) -> list[tuple[str, float]]:
        """Return (title, probability by piece) for titles whose characters are clean."""
        sources = [
            [*self._pieces.encode(source_text(title, own), out_type=str), "</s>"]
            for title, own in zip(titles, owns, strict=True)
        ]
        results = self._translator.translate_batch(
            sources,
            max_batch_size=BATCH,
            beam_size=1,
            max_decoding_length=MAX_TARGET_TOKENS,
            return_scores=True,
        )
        return [
            (self._pieces.decode(result.hypotheses[0]), math.exp(min(result.scores[0], 0.0)))
            for result in results
        ]


def is_t5_folder(folder: Path) -> bool:
    """Tell whether a folder holds a title T5."""
    return (folder / FACTS_FILE).is_file()
