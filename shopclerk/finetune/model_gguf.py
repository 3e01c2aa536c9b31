"""Whole models as GGUF: a merged LLaMA written with the tokenizer and settings of its GGUF base."""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import TrainingError
from shopclerk.finetune.adapter_gguf import PARTS, interleaved
from shopclerk.models.chat_server import embedded_gguf

TOP = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}
NORMS = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
_LAYER = re.compile(r"model\.layers\.(\d+)\.([\w.]+)\.weight$")


def write_model_gguf(merged: Path, target: Path, *, template: Path | None = None) -> Path:
    """Write a merged LLaMA as a GGUF file of 16-bit weights; it appears whole or not at all.

    Args:
        merged: Folder with config.json and safetensors.
        target: The file to write.
        template: A GGUF file of the same model, whose tokenizer and settings are copied; the embedded one by default.

    Raises:
        TrainingError: The template is of another shape.
    """
    import gguf
    from safetensors.numpy import load_file

    reader = gguf.GGUFReader(str(template or embedded_gguf()))
    shapes = {t.name: tuple(int(n) for n in reversed(t.shape)) for t in reader.tensors}
    heads = int(reader.fields["llama.attention.head_count"].contents())
    kv_heads = int(reader.fields["llama.attention.head_count_kv"].contents())
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    writer = gguf.GGUFWriter(partial, "llama")
    _copy_settings(reader, writer)
    for file in sorted(merged.glob("*.safetensors")):
        for name, weights in load_file(file).items():
            place, values = model_tensor(name, weights, heads=heads, kv_heads=kv_heads)
            if shapes.get(place, values.shape) != values.shape:
                raise TrainingError(
                    f"The tensor {place} is {values.shape} in {merged} and {shapes[place]} in the template: "
                    "they are not the same model."
                )
            writer.add_tensor(place, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(target)
    return target


def _copy_settings(reader: Any, writer: Any) -> None:
    import gguf

    written = {"general.architecture", gguf.Keys.General.FILE_TYPE}
    for field in reader.fields.values():
        if field.name in written or field.name.startswith("GGUF."):
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)


def model_tensor(
    name: str, weights: NDArray[Any], *, heads: int, kv_heads: int
) -> tuple[str, NDArray[Any]]:
    """Return a tensor of a LLaMA under llama.cpp's name, its rows in llama.cpp's order.

    Norms stay float32, all else becomes float16.

    Raises:
        TrainingError: The tensor is none that a LLaMA has.
    """
    if name in TOP:
        place = TOP[name]
        kind = np.float32 if "norm" in place else np.float16
        return place, weights.astype(kind)
    match = _LAYER.fullmatch(name)
    if match and match[2] in NORMS:
        return f"blk.{match[1]}.{NORMS[match[2]]}.weight", weights.astype(np.float32)
    part = PARTS.get(match[2]) if match else None
    if match is None or part is None:
        raise TrainingError(f"The tensor '{name}' belongs to no LLaMA.")
    if part in ("attn_q", "attn_k"):
        weights = interleaved(weights, heads if part == "attn_q" else kv_heads)
    return f"blk.{match[1]}.{part}.weight", weights.astype(np.float16)
