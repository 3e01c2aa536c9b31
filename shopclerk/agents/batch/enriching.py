"""The steps there are, by name. A new one is a line in `STEPS`.

A step whose model cannot be used is not left out silently: its columns stay, empty, and the run says why.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from shopclerk.agents.batch.steps import Kind, Outcome, Step
from shopclerk.agents.batch.title_step import TitleStep
from shopclerk.catalog.product import Product
from shopclerk.errors import ModelError, SettingError, unknown
from shopclerk.settings import Settings


class StepKind(NamedTuple):
    """A step that can be opened.

    Attributes:
        columns: What it fills.
        open: Opens its model.
    """

    columns: Mapping[str, Kind]
    open: Callable[[Settings], Step]


class AbsentStep:
    """Stands for a step whose model cannot be used: its columns stay empty."""

    made_by = "none"

    def __init__(self, name: str, columns: Mapping[str, Kind], reason: str) -> None:
        self.name, self.columns, self.reason = name, columns, reason

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return nothing for each."""
        return [Outcome() for _ in products]


def open_title(settings: Settings) -> Step:
    """Open the title writer."""
    from shopclerk.models.title_writer import open_title_writer

    return TitleStep(
        open_title_writer(settings.title_writer, settings.models_folder, threads=settings.threads)
    )


STEPS: dict[str, StepKind] = {
    "title": StepKind(TitleStep.columns, open_title),
}


def open_steps(names: Sequence[str], settings: Settings, *, needed: bool = False) -> list[Step]:
    """Open steps by name, in the given order: what one finds the next ones see.

    Args:
        names: Names of `STEPS`.
        settings: Which models.
        needed: A model that cannot be used is an error, not an empty column.

    Raises:
        SettingError: A name that is not known or stands twice.
        ModelError: A needed model cannot be used.
    """
    for name in names:
        if name not in STEPS:
            raise SettingError(unknown("step", name, STEPS))
    if len(set(names)) < len(names) or not names:
        raise SettingError(f"Steps '{', '.join(names)}': each once, and at least one.")
    return [_opened(name, settings, needed) for name in names]


def _opened(name: str, settings: Settings, needed: bool) -> Step:
    kind = STEPS[name]
    try:
        return kind.open(settings)
    except (ModelError, ImportError) as error:
        if needed:
            raise
        return AbsentStep(name, kind.columns, str(error))
