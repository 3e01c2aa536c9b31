"""What the encoder reads: a category, the names asked for, and a text, in one row of tokens.

Names stand in the same row as the text (Zaratiana et al. 2023, GLiNER, section 2), so that one pass answers for all of
them, each knows of the others, and a name never seen in training is read like any other word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.attribute_spans import Pieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_NAMES = 16
MAX_NAME_TOKENS = 12
MAX_PIECE_TOKENS = 6
MAX_CATEGORY_TOKENS = 16
MAX_ROW = 480
"""The encoder has 512 places."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One row of tokens.

    Attributes:
        ids: The tokens.
        names: First token and the one behind the last of each name, `(names, 2)`.
        pieces: First and last token of each piece, `(pieces, 2)`.
    """

    ids: tuple[int, ...]
    names: Ints
    pieces: Ints


class PromptWriter:
    """Writes prompts for one vocabulary.

    Args:
        folder: The folder with the encoder's tokenizer.json.
    """

    def __init__(self, folder: Path) -> None:
        self._tokenizer = _tokenizer(str(folder / "tokenizer.json"))
        self._start = int(self._tokenizer.token_to_id("[CLS]") or 0)
        self._separator = int(self._tokenizer.token_to_id("[SEP]") or 0)

    def write(self, category: str, names: Sequence[str], pieces: Pieces) -> Prompt:
        """Return the row for at most `MAX_NAMES` names and one window of a text."""
        ids = [self._start, *self._tokens(category)[:MAX_CATEGORY_TOKENS], self._separator]
        name_places = []
        for name in names:
            tokens = self._tokens(name.replace("_", " "))[:MAX_NAME_TOKENS] or [self._separator]
            name_places.append((len(ids), len(ids) + len(tokens)))
            ids += [*tokens, self._separator]
        piece_places = []
        for word in pieces.words:
            read = self._piece(word) if len(ids) < MAX_ROW else []
            # A piece behind the last place of the row is read as the separator that closes it.
            piece_places.append((len(ids), len(ids) + max(1, len(read)) - 1))
            ids += read
        ids.append(self._separator)
        return Prompt(
            tuple(ids),
            np.array(name_places, np.int64).reshape(-1, 2),
            np.array(piece_places, np.int64).reshape(-1, 2),
        )

    def _tokens(self, text: str) -> list[int]:
        clean = text.encode("utf-8", "replace").decode()[:400]
        found: list[int] = self._tokenizer.encode(clean, add_special_tokens=False).ids
        return found

    def _piece(self, word: str) -> list[int]:
        tokens = self._tokens(word) or [self._separator]
        half = MAX_PIECE_TOKENS // 2
        return tokens if len(tokens) <= MAX_PIECE_TOKENS else tokens[:half] + tokens[-half:]


@lru_cache(maxsize=4)
def _tokenizer(path: str) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
