"""The state of an attribute training that was killed: written whole, and carried on only by the same run."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from shopclerk.errors import TrainingError
from shopclerk.finetune.attribute_net import SpanModel

STATE_FILE = "attributes.pt"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a run keeps its state.

    Attributes:
        folder: The run's folder of checkpoints.
        mark: What a run must share to be carried on: recipe, rows, base.
        saves: How often a run is saved.
    """

    folder: Path
    mark: str
    saves: int = 10

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / STATE_FILE

    def save(self, model: SpanModel, optimizer: torch.optim.Optimizer, step: int) -> None:
        """Write a state whole, or leave the one before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_suffix(f".{os.getpid()}.part")
        state = {"mark": self.mark, "step": step, "optimizer": optimizer.state_dict()}
        torch.save({**state, "weights": _trained(model)}, partial)
        partial.replace(self.path)

    def load(self, model: SpanModel, optimizer: torch.optim.Optimizer) -> int:
        """Carry on from a state, if there is one, and return the steps already taken.

        Raises:
            TrainingError: The file is damaged, or of another run.
        """
        if not self.path.exists():
            return 0
        try:
            state = torch.load(self.path, weights_only=True)
            mark, step = state["mark"], int(state["step"])
        except Exception as error:
            # A file cut off or of another kind; torch has no error of its own for it.
            raise TrainingError(
                f"The checkpoint {self.path} cannot be read: {error}. Delete it, or start anew with "
                "--no-resume."
            ) from error
        if mark != self.mark:
            raise TrainingError(
                f"The checkpoint {self.path} belongs to another base, data or recipe. Name another output "
                "folder, or start anew with --no-resume."
            )
        for name, weights in _trained(model).items():
            weights.copy_(state["weights"][name])
        optimizer.load_state_dict(state["optimizer"])
        return step

    def remove(self) -> None:
        """Delete the state of a run that came to its end."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _trained(model: SpanModel) -> dict[str, Tensor]:
    return {
        name: parameter.detach()
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    }
