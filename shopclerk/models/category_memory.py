"""A shop's confirmed mappings: the same text again is answered from them, a near one leans towards them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shopclerk.models.category_index import Floats, Ints
from shopclerk.models.category_words import fold, stems

NEAR_FROM, NEAR_WEIGHT = 0.75, 10.0
"""Likeness of texts from which a confirmed mapping counts, and what full likeness adds to a logit."""

NOTHING = -1
"""Stands for the decision that no category fits."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A mapping that a person confirmed.

    Attributes:
        source: The seller's text.
        path: The category's path; empty where nothing fits.
        title: A title that belongs to it; None where the text alone decides.
    """

    source: str
    path: str
    title: str | None = None


class MappingMemory:
    """Confirmed mappings over a taxonomy's nodes; those to paths it does not have are passed over.

    Args:
        confirmed: The mappings.
        paths: The path of each node.
        embed: Gives texts meanings.
    """

    def __init__(
        self,
        confirmed: Iterable[Confirmed],
        paths: Sequence[str],
        embed: Callable[[Sequence[str]], Floats],
    ) -> None:
        place = {fold(path): node for node, path in enumerate(paths)}
        place[""] = NOTHING
        known = [(each, place[fold(each.path)]) for each in confirmed if fold(each.path) in place]
        self._exact: dict[tuple[str, str], Counter[int]] = {}
        for each, node in known:
            for title in {_key(each.title or ""), ""}:
                self._exact.setdefault((_key(each.source), title), Counter())[node] += 1
        fitting = [(each.source, node) for each, node in known if node != NOTHING]
        self._texts = [source for source, _ in fitting]
        self._nodes = np.array([node for _, node in fitting], dtype=np.int64)
        self._embed = embed
        self._meanings: Floats | None = None

    def __len__(self) -> int:
        """Return the number of mappings."""
        return len(self._texts)

    def exact(self, source: str, title: str | None) -> int | None:
        """Return the node a text was mapped to before, `NOTHING` where the shop said that nothing fits.

        None where the text never was mapped or the shop was of two minds.
        """
        for key in ((_key(source), _key(title or "")), (_key(source), "")):
            if seen := self._exact.get(key):
                (node, count), *rest = seen.most_common(2)
                return node if not rest or count > 2 * rest[0][1] else None
        return None

    def bonus(self, sources: Sequence[str], question: Ints, node: Ints) -> Floats | None:
        """Return what near confirmed texts add to each candidate's logit, None where nothing is confirmed."""
        if not self._texts:
            return None
        if self._meanings is None:
            self._meanings = self._embed(self._texts)
        alike = self._embed(sources) @ self._meanings.T
        found = np.zeros(len(node), np.float32)
        for number in range(len(sources)):
            near = np.flatnonzero(alike[number] > NEAR_FROM)
            if not len(near):
                continue
            mine = np.flatnonzero(question == number)
            for place in near:
                hit = mine[node[mine] == self._nodes[place]]
                value = NEAR_WEIGHT * (alike[number, place] - NEAR_FROM)
                found[hit] = np.maximum(found[hit], value)
        return found


def _key(text: str) -> str:
    return " ".join(stems(text)) or fold(text).strip()
