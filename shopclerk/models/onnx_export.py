"""Exports the embedded encoders to ONNX."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModel, PreTrainedModel

from shopclerk.models.efficientnet import SIDE, EfficientNetLite0, load_efficientnet
from shopclerk.models.text_encoder import embedded_folder


class SentenceEncoder(torch.nn.Module):
    """A BERT model with mean pooling over the mask and length-one output, as sentence-transformers does.

    Reimers & Gurevych 2019, Sentence-BERT, section 3 (MEAN strategy).
    """

    def __init__(self, bert: PreTrainedModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return `(batch, hidden)` from `(batch, tokens)` ids and mask."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(pooled, dim=1)


def write_sentence_encoder(model: Path, target: Path) -> None:
    """Export the BERT model in a folder to `target`."""
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # the library's own
    bert = AutoModel.from_pretrained(model, attn_implementation="eager", local_files_only=True)
    # Two different example inputs: one tensor given twice would be exported as one input.
    example = (torch.arange(2, 34).reshape(2, 16), torch.ones(2, 16, dtype=torch.long))
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens")}
    names = ["input_ids", "attention_mask"]
    _export(
        SentenceEncoder(bert),
        example,
        target,
        names,
        ["sentence_embedding"],
        dict.fromkeys(names, axes),
    )


class TokenEncoder(torch.nn.Module):
    """A BERT model that returns its last hidden states."""

    def __init__(self, bert: PreTrainedModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return `(batch, tokens, hidden)` from `(batch, tokens)` ids and mask."""
        states: torch.Tensor = self.bert(
            input_ids=input_ids, attention_mask=attention_mask
        ).last_hidden_state
        return states


@contextmanager
def quiet_peft() -> Iterator[None]:
    """Keep back what peft and what it loads have to say of renamed names and of kernels that nobody asked for."""
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


def write_token_encoder(adapter: Path, target: Path) -> None:
    """Export the embedded sentence encoder with a peft adapter merged into it, one state a token."""
    from peft import PeftModel

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # the library's own
    bert = AutoModel.from_pretrained(
        embedded_folder(),
        attn_implementation="eager",
        local_files_only=True,
        add_pooling_layer=False,
    )
    with quiet_peft():
        merged = PeftModel.from_pretrained(bert, str(adapter)).merge_and_unload()
    example = (torch.arange(2, 34).reshape(2, 16), torch.ones(2, 16, dtype=torch.long))
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens")}
    names = ["input_ids", "attention_mask"]
    _export(TokenEncoder(merged), example, target, names, ["states"], dict.fromkeys(names, axes))


def write_image_encoder(weights: Path, target: Path) -> None:
    """Export EfficientNet-lite0 from a file of tensors to `target`."""
    example = (torch.zeros(2, 3, SIDE, SIDE),)
    shapes = {"pixels": {0: torch.export.Dim("batch")}}
    outputs = ["places", "features", "logits"]
    _export(load_efficientnet(weights), example, target, ["pixels"], outputs, shapes)


class LevelFeatures(torch.nn.Module):
    """EfficientNet-lite0 with the mean and the maximum of each depth's channels."""

    def __init__(self, network: EfficientNetLite0) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return `(batch, 1280)` features and `(batch, 1536)` levels."""
        return self.network.features_and_levels(pixels)


def write_level_features(weights: Path, target: Path) -> None:
    """Export EfficientNet-lite0 with its levels from a file of tensors to `target`."""
    write_levels_of(load_efficientnet(weights), target)


def write_levels_of(network: EfficientNetLite0, target: Path) -> None:
    """Export a network with its levels to `target`."""
    example = (torch.zeros(2, 3, SIDE, SIDE),)
    shapes = {"pixels": {0: torch.export.Dim("batch")}}
    _export(LevelFeatures(network), example, target, ["pixels"], ["features", "levels"], shapes)


def _export(
    model: torch.nn.Module,
    example: tuple[torch.Tensor, ...],
    target: Path,
    inputs: list[str],
    outputs: list[str],
    shapes: dict[str, Any],
) -> None:
    for name in ("torch.onnx", "torch.onnx._internal.exporter._registration"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            example,
            str(target),
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=shapes,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
