"""CLIP and SigLIP encoders by setting: pictures and texts in one space, through sentence-transformers.

An address is a folder or a hub id of a model that sentence-transformers loads, or of a plain transformers CLIP or
SigLIP checkpoint (Marqo's e-commerce models and LAION's among them, where they have one).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.address import check_address, hub_allowed
from shopclerk.models.image_encoder import unit_rows

if TYPE_CHECKING:
    import torch

Vectors = NDArray[np.float32]

SET_INSTEAD = (
    "Set image_encoder to 'embedded', an existing folder, or a hub id that this machine can reach."
)


class HubImageEncoder:
    """A model with a tower for pictures and one for texts.

    Args:
        address: A folder or a hub id.
        device: `cpu`, `cuda` or None for a GPU where torch sees one.
    """

    def __init__(self, address: str, *, device: str | None = None) -> None:
        self.id = address
        self._device = device

    @cached_property
    def _parts(self) -> tuple[Any, Any, "torch.device"]:
        try:
            import torch
            from transformers import AutoModel, AutoProcessor
        except ImportError as error:
            raise MissingModelError(
                f"The image encoder '{self.id}' needs transformers and torch: "
                "pip install 'shopclerk[train]', or set image_encoder to 'embedded'."
            ) from error
        given: dict[str, Any] = {
            "local_files_only": not hub_allowed(self.id),
            "trust_remote_code": False,
        }
        try:
            check_address(self.id)
            model = AutoModel.from_pretrained(self.id, **given)
            processor = AutoProcessor.from_pretrained(self.id, backend="pil", **given)  # type: ignore[no-untyped-call]  # the library's own
        except Exception as error:
            # Damaged weights raise safetensors' own error, damaged words the tokenizer's.
            raise MissingModelError(
                f"The image encoder '{self.id}' could not be loaded ({error}). {SET_INSTEAD}"
            ) from error
        if not hasattr(model, "get_image_features"):
            raise MissingModelError(
                f"The model '{self.id}' ({type(model).__name__}) has no tower for pictures and one for texts; "
                f"a CLIP or SigLIP model has. {SET_INSTEAD}"
            )
        device = torch.device(self._device or ("cuda" if torch.cuda.is_available() else "cpu"))
        return model.eval().to(device), processor, device

    @cached_property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self.encode([Image.new("RGB", (8, 8))]).shape[1])

    def encode(self, images: Sequence[Image.Image], *, batch_size: int = 32) -> Vectors:
        """Return `(len(images), dimension) float32`, rows of length one."""
        if not images:
            return np.zeros((0, self.dimension), np.float32)
        _, processor, _ = self._parts
        parts = [
            self._features(
                "get_image_features",
                processor(
                    images=[image.convert("RGB") for image in images[start : start + batch_size]],
                    return_tensors="pt",
                ),
            )
            for start in range(0, len(images), batch_size)
        ]
        return np.concatenate(parts)

    def encode_query(self, image: Image.Image) -> Vectors:
        """Return `(dimension,) float32` of length one."""
        vector: Vectors = self.encode([image])[0]
        return vector

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return texts in the space of the pictures, `(len(texts), dimension) float32`, rows of length one."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        model, processor, _ = self._parts
        # SigLIP was trained on texts padded to their full length (Zhai et al. 2023), CLIP was not.
        padding = "max_length" if model.config.model_type.startswith("siglip") else True
        given = processor(
            # Half a surrogate pair is no text to a tokenizer.
            text=[text.encode("utf-8", "replace").decode() or " " for text in texts],
            padding=padding,
            truncation=True,
            return_tensors="pt",
        )
        return self._features("get_text_features", given)

    def _features(self, name: str, given: Any) -> Vectors:
        import torch

        model, _, device = self._parts
        with torch.inference_mode():
            found = getattr(model, name)(**given.to(device))
        features = getattr(found, "pooler_output", found)
        return unit_rows(features.float().cpu().numpy())
