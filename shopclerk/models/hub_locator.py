"""Detectors of transformers as locators, by setting: a folder or a hub id.

Closed ones (DETR and its kin) know a list of labels, and a phrase is matched to them. Open ones (OWL-ViT, OWLv2,
Grounding DINO) take the phrase itself. Weights in safetensors only, no code from a hub; pictures are prepared by
Pillow, so torchvision is not needed.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.address import check_address, hub_allowed
from shopclerk.models.locator import OBJECT, Located, Locator
from shopclerk.models.proposals import MOST_OVERLAP, overlap

THRESHOLD = 0.1
"""Boxes that the detector is less sure of are left out."""
PROMPT = "a photo of {}"
"""What OWL-ViT was trained on (Minderer et al. 2022, appendix A)."""

_WORD = re.compile(r"[^\W_]+")


class ClosedLocator:
    """A detector with labels of its own: DETR, RT-DETR, YOLOS and their kin.

    Args:
        address: A folder or a hub id.
        model: The loaded model.
        processor: Its picture processor.
        threshold: Boxes that the detector is less sure of are left out.
    """

    def __init__(
        self, address: str, model: Any, processor: Any, *, threshold: float = THRESHOLD
    ) -> None:
        self.id = address
        self._model = model
        self._processor = processor
        self._threshold = threshold

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels it knows."""
        return tuple(self._model.config.id2label.values())

    def locate(self, image: Image.Image, phrase: str | None, *, limit: int = 5) -> list[Located]:
        """Return regions, the best first; none where no label is in the phrase, see `Locator`."""
        wanted = self.labels if phrase is None else matching_labels(phrase, self.labels)
        if not wanted:
            return []
        import torch

        given = self._processor(images=[image.convert("RGB")], return_tensors="pt")
        with torch.inference_mode():
            outputs = self._model(**given.to(self._model.device))
        found = self._processor.post_process_object_detection(
            outputs, threshold=self._threshold, target_sizes=[(image.height, image.width)]
        )[0]
        names = [self._model.config.id2label[int(label)] for label in found["labels"]]
        return _best(image, found, names, set(wanted), limit)


class OpenLocator:
    """A detector that takes any phrase: OWL-ViT, OWLv2, Grounding DINO.

    Args:
        address: A folder or a hub id.
        model: The loaded model.
        processor: Its processor of pictures and texts.
        threshold: Boxes that the detector is less sure of are left out.
    """

    def __init__(
        self, address: str, model: Any, processor: Any, *, threshold: float = THRESHOLD
    ) -> None:
        self.id = address
        self._model = model
        self._processor = processor
        self._threshold = threshold

    def locate(self, image: Image.Image, phrase: str | None, *, limit: int = 5) -> list[Located]:
        """Return regions, the best first; without a phrase those of anything, see `Locator`."""
        import torch

        label = phrase or OBJECT
        grounding = "grounding" in self._model.config.model_type
        # Grounding DINO wants lower case and a full stop (Liu et al. 2023, section 3.4).
        text = label.lower().strip(" .") + "." if grounding else PROMPT.format(label)
        given = self._processor(
            images=[image.convert("RGB")],
            text=[text] if grounding else [[text]],
            truncation=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            outputs = self._model(**given.to(self._model.device))
        more = {"input_ids": given["input_ids"], "text_threshold": 0.0} if grounding else {}
        found = self._processor.post_process_grounded_object_detection(
            outputs,
            threshold=self._threshold,
            target_sizes=[(image.height, image.width)],
            **more,
        )[0]
        return _best(image, found, [label] * len(found["scores"]), {label}, limit)


def open_hub_locator(address: str) -> Locator:
    """Load a detector.

    Args:
        address: A folder or a hub id.

    Raises:
        MissingModelError: transformers is not installed, or the model is not there or no detector.
    """
    try:
        import transformers
        from transformers.models.auto import modeling_auto
    except ImportError as error:
        raise MissingModelError(
            f"The locator '{address}' needs transformers: pip install 'shopclerk[train]', or set "
            "locator to 'embedded'."
        ) from error
    how: dict[str, Any] = {"trust_remote_code": False, "local_files_only": not hub_allowed(address)}
    try:
        check_address(address)
        kind = transformers.AutoConfig.from_pretrained(address, **how).model_type
        if kind in modeling_auto.MODEL_FOR_ZERO_SHOT_OBJECT_DETECTION_MAPPING_NAMES:
            loader, reader = "AutoModelForZeroShotObjectDetection", "AutoProcessor"
        elif kind in modeling_auto.MODEL_FOR_OBJECT_DETECTION_MAPPING_NAMES:
            loader, reader = "AutoModelForObjectDetection", "AutoImageProcessor"
        else:
            raise MissingModelError(_no_detector(address, kind))
        model = getattr(transformers, loader).from_pretrained(address, use_safetensors=True, **how)
        processor = getattr(transformers, reader).from_pretrained(address, backend="pil", **how)
    except (OSError, ValueError, ImportError) as error:
        raise MissingModelError(
            f"The locator '{address}' could not be loaded ({error}). Set locator to 'embedded', an "
            "existing folder, or a hub id that this machine can reach."
        ) from error
    model = model.eval().to(_device())
    return (ClosedLocator if reader == "AutoImageProcessor" else OpenLocator)(
        address, model, processor
    )


def matching_labels(phrase: str, labels: Sequence[str]) -> list[str]:
    """Return the labels that a phrase names: those whose words it holds, else those with its last word."""
    words = _words(phrase)
    whole = [label for label in labels if (named := _words(label)) and set(named) <= set(words)]
    return whole or [label for label in labels if words and words[-1] in _words(label)]


def _words(text: str) -> list[str]:
    return [_singular(word) for word in _WORD.findall(text.casefold())]


def _singular(word: str) -> str:
    for ending, instead in (
        ("ies", "y"),
        ("sses", "ss"),
        ("shes", "sh"),
        ("ches", "ch"),
        ("s", ""),
    ):
        if (
            word.endswith(ending)
            and not word.endswith(("ss", "us"))
            and len(word) > len(ending) + 2
        ):
            return word[: -len(ending)] + instead
    return word


def _best(
    image: Image.Image, found: Any, names: Sequence[str], wanted: set[str], limit: int
) -> list[Located]:
    """Return the surest boxes under the labels wanted, kept inside the picture, one an object."""
    located: list[Located] = []
    for box, score, name in zip(
        found["boxes"].tolist(), found["scores"].tolist(), names, strict=True
    ):
        x0, x1 = (min(max(edge, 0.0), float(image.width)) for edge in (box[0], box[2]))
        y0, y1 = (min(max(edge, 0.0), float(image.height)) for edge in (box[1], box[3]))
        if name in wanted and x1 > x0 and y1 > y0:
            located.append(Located((x0, y0, x1, y1), name, float(score)))
    kept: list[Located] = []
    for region in sorted(located, key=lambda region: -region.score):
        near = overlap([region.box], [other.box for other in kept])
        if len(kept) < limit and not (near > MOST_OVERLAP).any():
            kept.append(region)
    return kept


def _no_detector(address: str, kind: str) -> str:
    return (
        f"The model '{address}' is of the kind '{kind}', which finds no boxes. Set locator to 'embedded', or to "
        "a DETR, OWL-ViT, OWLv2 or Grounding DINO model."
    )


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
