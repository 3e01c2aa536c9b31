"""Exports a cross-encoder to ONNX with weights of eight bits."""

import logging
import os
import tempfile
import warnings
from pathlib import Path

import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModelForSequenceClassification, PreTrainedModel


class PairScorer(torch.nn.Module):
    """A cross-encoder as a function of three tensors."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor,
    ) -> torch.Tensor:
        """Return scores `(batch, 1)` from three times `(batch, tokens)`."""
        logits: torch.Tensor = self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).logits
        return logits


def write_pair_scorer(model: Path, target: Path) -> None:
    """Export the cross-encoder in a folder to `target`, its matrices rounded to eight bits (Jacob et al. 2018)."""
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # the library's own
    scorer = AutoModelForSequenceClassification.from_pretrained(
        model, attn_implementation="eager", local_files_only=True
    )
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        whole = os.path.join(folder, "whole.onnx")
        _export(PairScorer(scorer), whole)
        logging.getLogger().setLevel(logging.ERROR)
        quantize_dynamic(whole, target, weight_type=QuantType.QInt8, per_channel=True)


def _export(scorer: torch.nn.Module, target: str) -> None:
    # Different example inputs: one tensor given twice would be exported as one input.
    example = (
        torch.arange(2, 34).reshape(2, 16),
        torch.ones(2, 16, dtype=torch.long),
        torch.zeros(2, 16, dtype=torch.long),
    )
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens")}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    for name in ("torch.onnx", "torch.onnx._internal.exporter._registration"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            scorer.eval(),
            example,
            target,
            input_names=names,
            output_names=["score"],
            dynamic_shapes=dict.fromkeys(names, axes),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
