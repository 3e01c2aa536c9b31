"""What a training run is given and what it gives back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shopclerk.finetune.examples import Example
from shopclerk.finetune.recipe import Recipe

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much is done, and of how much (None: not known yet)."""

CHECKPOINTS, ADAPTER = "checkpoints", "adapter"


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Job:
    """A recipe with everything it needs.

    Attributes:
        recipe: The recipe, all changes made.
        folder: Where checkpoints and the result go.
        train: The examples to learn from.
        heldout: The examples to measure on.
        models: Where the embedded base is kept once it is unpacked.
        resume: Carry on from the last good checkpoint, if there is one.
        progress: Called as the work goes on.
    """

    recipe: Recipe
    folder: Path
    train: Sequence[Example]
    heldout: Sequence[Example]
    models: Path
    resume: bool = True
    progress: Progress = silent

    @property
    def checkpoints(self) -> Path:
        """Where checkpoints are kept while training."""
        return self.folder / CHECKPOINTS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to.

    Attributes:
        adapter: Folder of the trained adapter.
        metrics: Scores on the held-out part.
        steps: Steps taken.
        seconds: Time spent in the loop, of this run alone.
        tokens: Tokens that went through the model, of this run alone.
        left_out: Examples left out as too long.
        facts: More to put on the card.
    """

    adapter: Path
    metrics: dict[str, float]
    steps: int
    seconds: float
    tokens: int = 0
    left_out: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
