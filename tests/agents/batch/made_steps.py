"""Steps that tests send rows through; they are picklable, as pools and Ray open them in other processes."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from shopclerk.agents.batch.steps import Kind, Outcome, Step
from shopclerk.catalog.product import Product
from shopclerk.errors import MissingModelError


class UpperStep:
    """Writes titles in capitals; a title that says `fail` fails, one that says `deadly` kills the process."""

    name: ClassVar[str] = "title"
    columns: ClassVar[dict[str, Kind]] = {
        "new_title": "text",
        "changes": "texts",
        "confidence": "number",
    }
    made_by = "capitals"

    def __init__(self, pause_s: float = 0.0, die_once: Path | None = None) -> None:
        self.pause_s, self.die_once = pause_s, die_once
        self.batches: list[int] = []

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        self.batches.append(len(products))
        time.sleep(self.pause_s)
        return [self._one(product.title) for product in products]

    def _one(self, title: str) -> Outcome:
        if "fail" in title:
            raise ValueError(f"no title for {title}")
        if "deadly" in title:
            self._die()
        return Outcome({"new_title": title.upper(), "changes": ["case"], "confidence": 0.5})

    def _die(self) -> None:
        if self.die_once is None:
            os._exit(9)
        elif not self.die_once.exists():
            self.die_once.touch()
            os._exit(9)


class BrandStep:
    """Finds a brand, the title's first word, and an attribute; titles that say `weird` it refuses."""

    name: ClassVar[str] = "brand"
    columns: ClassVar[dict[str, Kind]] = {"brand": "text", "facts": "json", "words": "texts"}
    made_by = "first word"

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        return [self._one(product) for product in products]

    def _one(self, product: Product) -> Outcome:
        if "weird" in product.title:
            return Outcome(error="The title is weird.")
        brand, *rest = product.title.split()
        cells = {"brand": brand, "facts": {"words": len(rest)}, "words": rest}
        return Outcome(cells, {"title": f"{product.title} by {brand}"})


def open_upper(pause_s: float = 0.0, die_once: Path | None = None) -> list[Step]:
    return [UpperStep(pause_s, die_once)]


def open_both() -> list[Step]:
    return [BrandStep(), UpperStep()]


def open_none() -> list[Step]:
    raise MissingModelError("The model 'x' is not there. Install it.")


def open_dead() -> list[Step]:
    os._exit(3)
