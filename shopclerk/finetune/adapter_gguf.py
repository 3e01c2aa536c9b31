"""LoRA adapters as GGUF files, the form in which llama.cpp loads them.

A peft adapter holds `lora_A` (rank, in) and `lora_B` (out, rank) of each linear layer. llama.cpp names the layers its
own way, scales by alpha / rank, and, for LLaMA, keeps the rows of the query and key projections in
another order (pairs of a rotation side by side instead of half a head apart), so the rows of their `lora_B` are
reordered in the same way.
"""

import json
import math
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import TrainingError

PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_NAME = re.compile(r"layers\.(\d+)\.([\w.]+)\.lora_([AB])\.weight$")


def write_adapter_gguf(adapter: Path, target: Path, *, heads: int, kv_heads: int) -> int:
    """Write a peft LoRA adapter of a LLaMA as GGUF; return the number of tensors.

    The file appears whole or not at all.

    Args:
        adapter: Folder with adapter_config.json and adapter_model.safetensors.
        target: The file to write.
        heads: Query heads of the base.
        kv_heads: Key and value heads of the base.

    Raises:
        TrainingError: It is no adapter that llama.cpp can apply.
    """
    import gguf
    from safetensors.torch import load_file

    config = json.loads((adapter / "adapter_config.json").read_text("utf-8"))
    tensors = load_file(adapter / "adapter_model.safetensors")
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    writer = gguf.GGUFWriter(partial, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, scale_alpha(config))
    for name, weights in sorted(tensors.items()):
        place, values = gguf_tensor(name, weights.float().numpy(), heads=heads, kv_heads=kv_heads)
        writer.add_tensor(place, values.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(target)
    return len(tensors)


def scale_alpha(config: dict[str, Any]) -> float:
    """Return the alpha that gives llama.cpp, which divides by the rank, peft's scale.

    Raises:
        TrainingError: The adapter has parts that a GGUF adapter cannot hold.
    """
    for key in ("use_dora", "rank_pattern", "alpha_pattern", "modules_to_save"):
        if config.get(key):
            raise TrainingError(
                f"An adapter with {key} cannot be written as a GGUF adapter. Merge it into its base and "
                "export the whole model, or train it without."
            )
    alpha, rank = float(config["lora_alpha"]), int(config["r"])
    return alpha * math.sqrt(rank) if config.get("use_rslora") else alpha


def gguf_tensor(
    name: str, weights: NDArray[Any], *, heads: int, kv_heads: int
) -> tuple[str, NDArray[Any]]:
    """Return a peft tensor under llama.cpp's name, its rows in llama.cpp's order.

    Raises:
        TrainingError: The layer is none that a LLaMA has.
    """
    match = _NAME.search(name)
    part = PARTS.get(match[2]) if match else None
    if match is None or part is None:
        raise TrainingError(
            f"The adapter's tensor '{name}' belongs to no layer of a LLaMA. Known: {', '.join(PARTS)}."
        )
    if match[3] == "B" and part in ("attn_q", "attn_k"):
        weights = interleaved(weights, heads if part == "attn_q" else kv_heads)
    return f"blk.{match[1]}.{part}.weight.lora_{match[3].lower()}", weights


def interleaved(rows: NDArray[Any], heads: int) -> NDArray[Any]:
    """Return `(heads * head, any)` rows with the two halves of each head interleaved."""
    half = rows.shape[0] // heads // 2
    return rows.reshape(heads, 2, half, -1).swapaxes(1, 2).reshape(rows.shape)
