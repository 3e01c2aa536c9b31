"""Handing on: GGUF adapters and models, merged folders, CTranslate2, uploads."""

import json
import math
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
import transformers

from shopclerk.errors import TrainingError
from shopclerk.finetune import export as exporting
from shopclerk.finetune.adapter_gguf import (
    gguf_tensor,
    interleaved,
    scale_alpha,
    write_adapter_gguf,
)
from shopclerk.finetune.export import export, push
from tests.finetune.conftest import BaseMaker
from tests.finetune.test_loop import run, tiny

gguf = pytest.importorskip("gguf")


@pytest.fixture
def trained(base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path) -> Path:
    """A folder that training left."""
    changes = ["training.max_steps=3", "training.lr=0.05", "training.bf16=false"]
    run(tiny("agent-smollm2-lora", base, *changes), tmp_path / "out", talks)
    return tmp_path / "out"


def test_interleaving_pairs_the_halves_of_each_head() -> None:
    rows = np.arange(8).reshape(8, 1)
    assert interleaved(rows, 2).ravel().tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


@pytest.mark.parametrize(
    ("config", "alpha"),
    [
        ({"lora_alpha": 32, "r": 16}, 32.0),
        ({"lora_alpha": 32, "r": 16, "use_rslora": True}, 32 * math.sqrt(16)),
    ],
    ids=["plain", "rslora"],
)
def test_alpha_gives_pefts_scale(config: dict[str, Any], alpha: float) -> None:
    assert scale_alpha(config) == pytest.approx(alpha)


@pytest.mark.parametrize("key", ["use_dora", "rank_pattern", "modules_to_save"])
def test_what_a_gguf_adapter_cannot_hold_is_refused(key: str) -> None:
    with pytest.raises(TrainingError, match=key):
        scale_alpha({"lora_alpha": 1, "r": 1, key: True})


def test_a_strange_tensor_is_named() -> None:
    with pytest.raises(TrainingError, match="belongs to no layer"):
        gguf_tensor("base.encoder.lora_A.weight", np.zeros((1, 1)), heads=1, kv_heads=1)


def test_the_adapter_file_holds_every_tensor(trained: Path, tmp_path: Path) -> None:
    target = tmp_path / "adapter.gguf"
    count = write_adapter_gguf(trained / "adapter", target, heads=4, kv_heads=2)
    reader = gguf.GGUFReader(str(target))
    assert len(reader.tensors) == count > 0
    assert reader.fields["general.type"].contents() == "adapter"
    assert reader.fields["adapter.type"].contents() == "lora"
    names = {tensor.name for tensor in reader.tensors}
    assert {"blk.2.attn_q.weight.lora_a", "blk.3.ffn_down.weight.lora_b"} <= names
    assert not any(name.startswith(("blk.0.", "blk.1.")) for name in names)


def test_merged_is_base_plus_adapter(trained: Path, tmp_path: Path, base: BaseMaker) -> None:
    from peft import PeftModel

    folder = export(trained, "merged", tmp_path / "merged", tmp_path)
    ids = torch.tensor([[5, 6, 7, 8]])
    plain = transformers.AutoModelForCausalLM.from_pretrained(base("llama"), dtype=torch.float32)
    with torch.no_grad():
        before = plain(input_ids=ids).logits.clone()
        adapted = PeftModel.from_pretrained(plain, trained / "adapter")(input_ids=ids).logits
        merged = transformers.AutoModelForCausalLM.from_pretrained(folder)(input_ids=ids).logits
    torch.testing.assert_close(merged, adapted, rtol=1e-4, atol=1e-5)
    assert not torch.allclose(merged, before, atol=1e-3)


def test_an_unknown_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Known here: merged, gguf"):
        export(tmp_path, "onnx", tmp_path / "x", tmp_path)


def test_a_folder_that_training_did_not_make_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no folder that 'shopclerk finetune' made"):
        export(tmp_path, "merged", tmp_path / "x", tmp_path)


def test_a_base_that_changed_is_refused(trained: Path, tmp_path: Path) -> None:
    facts = json.loads((trained / "adapter.json").read_text("utf-8"))
    (trained / "adapter.json").write_text(json.dumps(facts | {"base_hash": "00"}), encoding="utf-8")
    with pytest.raises(TrainingError, match="was trained on the weights 00"):
        export(trained, "merged", tmp_path / "x", tmp_path)


def test_ctranslate2_serves_a_seq2seq_model(
    base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    pytest.importorskip("ctranslate2")
    run(tiny("titles-t5-lora", base), tmp_path / "out", talks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CT2_VERBOSE", "-3")
        folder = export(tmp_path / "out", "ctranslate2", tmp_path / "ct2", tmp_path)
    assert (folder / "model.bin").stat().st_size > 1_000


def test_push_wants_a_card(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"has no README\.md"):
        push(tmp_path, "me/adapter")


def test_push_uploads_all_but_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    class Hub:
        given: ClassVar[dict[str, Any]] = {}

        def create_repo(self, name: str, **more: Any) -> None:
            self.given["name"] = (name, more["private"])

        def upload_folder(self, **more: Any) -> str:
            self.given |= more
            return "https://hub/me/adapter"

    monkeypatch.setattr(huggingface_hub, "HfApi", Hub)
    (tmp_path / "README.md").write_text("card", encoding="utf-8")
    assert push(tmp_path, "me/adapter") == "https://hub/me/adapter"
    assert Hub.given["name"] == ("me/adapter", True)
    assert "checkpoints/*" in Hub.given["ignore_patterns"]


def test_every_form_has_a_writer(tmp_path: Path) -> None:
    for form in exporting.FORMS:
        with pytest.raises(TrainingError, match="no folder that"):
            export(tmp_path, form, tmp_path / "x", tmp_path)


def test_a_whole_model_keeps_its_shape_in_gguf(base: BaseMaker, tmp_path: Path) -> None:
    from shopclerk.finetune.model_gguf import write_model_gguf

    template = tmp_path / "template.gguf"
    writer = gguf.GGUFWriter(template, "llama")
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_token_list(["a", "b"])
    writer.add_tensor("output_norm.weight", np.ones(32, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    path = write_model_gguf(base("llama"), tmp_path / "model.gguf", template=template)
    reader = gguf.GGUFReader(str(path))
    names = {tensor.name: tuple(int(n) for n in tensor.shape) for tensor in reader.tensors}
    assert names["token_embd.weight"][0] == 32
    assert {f"blk.{layer}.attn_q.weight" for layer in range(4)} <= set(names)
    assert reader.fields["tokenizer.ggml.tokens"].contents() == ["a", "b"]
    assert reader.fields["llama.attention.head_count"].contents() == 4


def test_a_template_of_another_shape_is_refused(base: BaseMaker, tmp_path: Path) -> None:
    from shopclerk.finetune.model_gguf import write_model_gguf

    with pytest.raises(TrainingError, match="they are not the same model"):
        write_model_gguf(base("llama"), tmp_path / "model.gguf")
