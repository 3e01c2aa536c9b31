"""Captions by BLIP (Li et al. 2022) or a model of its kind, through transformers. Optional, by setting.

A folder or a hub id; weights in safetensors only, and no code from a hub. Pictures are prepared by Pillow, so
torchvision is not needed.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.address import check_address, hub_allowed
from shopclerk.models.captioner import Caption


class BlipCaptioner:
    """An image-to-text model of transformers: BLIP, GIT and others that take pixels and a beginning.

    The model is loaded when it is first used.

    Args:
        address: A folder or a hub id.
        device: `cpu`, `cuda` or None for the GPU where there is one.
        beams: Captions followed side by side.
        max_new_tokens: Tokens of the longest caption, without the prompt.
        batch_size: Pictures at a time.
    """

    def __init__(
        self,
        address: str,
        *,
        device: str | None = None,
        beams: int = 4,
        max_new_tokens: int = 30,
        batch_size: int = 8,
    ) -> None:
        self.id = address
        self._device = device
        self._beams = max(2, beams)  # a single beam comes back without a score
        self._max_new_tokens = max_new_tokens
        self._batch_size = batch_size

    def caption(self, images: Sequence[Image.Image], *, prompt: str | None = None) -> list[Caption]:
        """Return one caption a picture, each beginning with the prompt.

        Raises:
            MissingModelError: transformers is not installed or the model cannot be loaded.
        """
        begin = " ".join((prompt or "").split())
        captions: list[Caption] = []
        for start in range(0, len(images), self._batch_size):
            captions += self._batch(images[start : start + self._batch_size], begin)
        return captions

    def _batch(self, images: Sequence[Image.Image], begin: str) -> list[Caption]:
        import torch

        model, processor, tokenizer = self._loaded
        pixels = processor(images=[image.convert("RGB") for image in images], return_tensors="pt")
        given: dict[str, Any] = {"pixel_values": pixels["pixel_values"].to(model.device)}
        if begin:
            ids = torch.tensor([self._begin(begin)] * len(images))
            given["input_ids"] = ids.to(model.device)
        with torch.inference_mode():
            made = model.generate(
                **given,
                num_beams=self._beams,
                do_sample=False,
                max_new_tokens=self._max_new_tokens,
                length_penalty=1.0,  # makes the score the mean logarithm of a token's probability
                return_dict_in_generate=True,
                output_scores=True,
            )
        texts = tokenizer.batch_decode(made.sequences, skip_special_tokens=True)
        sure = made.sequences_scores.exp().clamp(max=1).tolist()
        return [
            Caption(" ".join(text.split()), float(score), self.id)
            for text, score in zip(texts, sure, strict=True)
        ]

    def _begin(self, text: str) -> list[int]:
        """Return the token ids of a prompt; BLIP takes the closing token off itself, the others do not."""
        model, _, tokenizer = self._loaded
        ids: list[int] = tokenizer(text)["input_ids"]
        closing = (tokenizer.sep_token_id, tokenizer.eos_token_id)
        if model.config.model_type != "blip" and len(ids) > 1 and ids[-1] in closing:
            ids = ids[:-1]
        return ids

    @cached_property
    def _loaded(self) -> tuple[Any, Any, Any]:
        """The model, the picture processor and the tokenizer."""
        try:
            import torch
            from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer
        except ImportError as error:
            raise MissingModelError(
                f"The captioner '{self.id}' needs transformers: pip install 'shopclerk[train]', "
                "or set captioner to 'embedded'."
            ) from error
        device = self._device or ("cuda" if torch.cuda.is_available() else "cpu")
        how: dict[str, Any] = {
            "trust_remote_code": False,
            "local_files_only": not hub_allowed(self.id),
        }
        try:
            check_address(self.id)
            model: Any = AutoModelForImageTextToText.from_pretrained(
                self.id, use_safetensors=True, **how
            )
            processor = AutoImageProcessor.from_pretrained(  # type: ignore[no-untyped-call]  # the library's own
                self.id, backend="pil", **how
            )
            tokenizer = AutoTokenizer.from_pretrained(self.id, **how)
        except (OSError, ValueError) as error:
            raise MissingModelError(
                f"The captioner '{self.id}' could not be loaded ({error}). Set captioner to "
                "'embedded', an existing folder, or a hub id of a BLIP model that this machine can "
                "reach."
            ) from error
        return model.to(device).eval(), processor, tokenizer
