"""The trained scorer: how likely each candidate is what a text means, and how likely none is.

Two small networks, one over a candidate's features and one over a text's statistics, meet in one softmax. Inference is
numpy alone; `finetune/taxonomy_recipe.py` trains them on made examples of any taxonomies.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from shopclerk.errors import MissingModelError
from shopclerk.models.category_features import FEATURES, STATISTICS
from shopclerk.models.category_index import Floats, Ints

WEIGHTS_FILE, FACTS_FILE = "scorer.safetensors", "scorer.json"
SHIPPED = "category-mapper"


@dataclass(frozen=True)
class CategoryScorer:
    """The networks.

    Attributes:
        id: Names the weights.
        tensors: `fit.N.weight`, `fit.N.bias` for the candidate's layers, `none.N.…` for the text's, and
            `fit.mean`, `fit.scale`, `none.mean`, `none.scale` of their inputs.
        temperature: What logits are divided by, so that the softmax tells how often it is right.
        threshold: A text is left unmapped where none is likelier than this.
    """

    id: str
    tensors: Mapping[str, Floats]
    temperature: float
    threshold: float

    def fit(self, features: Floats) -> Floats:
        """Return the logit of each candidate, `(candidates,)`."""
        return self._network("fit", features)

    def none(self, statistics: Floats) -> Floats:
        """Return the logit of no category for each text, `(texts,)`."""
        return self._network("none", statistics)

    def _network(self, name: str, x: Floats) -> Floats:
        x = (x - self.tensors[f"{name}.mean"]) / self.tensors[f"{name}.scale"]
        last = self._layers(name) - 1
        for layer in range(last + 1):
            x = x @ self.tensors[f"{name}.{layer}.weight"].T + self.tensors[f"{name}.{layer}.bias"]
            if layer < last:
                x = np.maximum(x, 0)
        return np.asarray(x[:, 0], np.float32)

    def _layers(self, name: str) -> int:
        return sum(key.startswith(f"{name}.") and key.endswith("weight") for key in self.tensors)

    def probabilities(
        self, features: Floats, statistics: Floats, question: Ints, bonus: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Return (of each candidate, of none), each question's adding up to 1.

        Args:
            features: `(candidates, FEATURES)`.
            statistics: `(texts, STATISTICS)`.
            question: Which text each candidate belongs to.
            bonus: Added to the candidates' logits, for what is known beside the features.
        """
        fit, none = self.fit(features) / self.temperature, self.none(statistics) / self.temperature
        if bonus is not None:
            fit = fit + bonus
        top = none.copy()
        np.maximum.at(top, question, fit)
        fit, none = np.exp(fit - top[question]), np.exp(none - top)
        total = none.copy()
        np.add.at(total, question, fit)
        return fit / total[question], none / total

    def save(self, folder: Path) -> None:
        """Write the scorer into a folder."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        save_file(
            {name: np.ascontiguousarray(t) for name, t in self.tensors.items()},
            folder / WEIGHTS_FILE,
        )
        facts = {
            "id": self.id,
            "temperature": self.temperature,
            "threshold": self.threshold,
            "features": list(FEATURES),
            "statistics": list(STATISTICS),
        }
        (folder / FACTS_FILE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "CategoryScorer":
        """Read a scorer from a folder.

        Raises:
            MissingModelError: There is none, it is damaged, or it was trained on other features.
        """
        from safetensors.numpy import load_file

        try:
            facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
            if tuple(facts["features"]) != FEATURES or tuple(facts["statistics"]) != STATISTICS:
                raise ValueError("it was trained on other features than this version computes")
            tensors = {
                name: t.astype(np.float32) for name, t in load_file(folder / WEIGHTS_FILE).items()
            }
            if not all(np.isfinite(tensor).all() for tensor in tensors.values()):
                raise ValueError("its weights hold what is no number")
            scorer = cls(
                facts["id"], tensors, float(facts["temperature"]), float(facts["threshold"])
            )
            scorer.fit(np.zeros((1, len(FEATURES)), np.float32))
            scorer.none(np.zeros((1, len(STATISTICS)), np.float32))
        except Exception as error:
            # safetensors raises an error of its own kind, which is no subclass of ValueError.
            raise MissingModelError(
                f"There is no usable category scorer in '{folder}' ({error}). Make one with "
                "'shopclerk finetune taxonomy-scorer', or set category_mapper to 'embedded'."
            ) from error
        return scorer


def shipped_folder() -> Path:
    """Return where the scorer that comes along lies."""
    return Path(str(files("shopclerk.models").joinpath("weights", SHIPPED)))
