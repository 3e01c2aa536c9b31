"""A LoRA adapter beside the embedded chat model: at rest unless a request asks for it."""

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
import pytest

from shopclerk.errors import MissingModelError
from shopclerk.models.chat_server import (
    WITH_ADAPTER,
    WITHOUT_ADAPTER,
    ChatServer,
    start_chat_server,
)

gguf = pytest.importorskip("gguf", reason="writing an adapter needs the extra 'train'")

HIDDEN, RANK = 576, 4

NEAR, FAR = 0.2, 0.5
"""Log probabilities of one text differ by up to 0.1 with how its prompt was cut into batches."""


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random adapter on one layer, strong enough to be noticed."""
    path = tmp_path_factory.mktemp("adapter") / "adapter.gguf"
    rng = np.random.default_rng(0)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 8.0)
    name = "blk.20.attn_output.weight"
    writer.add_tensor(f"{name}.lora_a", rng.normal(size=(RANK, HIDDEN)).astype(np.float16))
    writer.add_tensor(f"{name}.lora_b", rng.normal(size=(HIDDEN, RANK)).astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def server(adapter: Path) -> ChatServer:
    return start_chat_server(adapter=adapter, threads=1)


def likely(server: ChatServer, body: dict[str, Any]) -> dict[str, float]:
    """Return the likeliest first tokens and their log probabilities."""
    given = {
        "messages": [{"role": "user", "content": "Name a colour."}],
        "max_tokens": 1, "temperature": 0, "logprobs": True, "top_logprobs": 5, **body,
    }  # fmt: skip
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {server.key}"}
    request = Request(f"{server.url}/chat/completions", json.dumps(given).encode(), headers)
    with urlopen(request, timeout=60) as response:
        first = json.load(response)["choices"][0]["logprobs"]["content"][0]
    return {token["token"]: round(token["logprob"], 3) for token in first["top_logprobs"]}


@pytest.mark.models
def test_a_request_has_the_adapter_only_where_it_asks(server: ChatServer) -> None:
    base = likely(start_chat_server(threads=1), {})
    assert likely(server, WITHOUT_ADAPTER) == pytest.approx(base, abs=NEAR)
    adapted = likely(server, WITH_ADAPTER)
    assert adapted != pytest.approx(base, abs=FAR)
    # The prompt's cache must not carry the adapter over.
    assert likely(server, WITHOUT_ADAPTER) == pytest.approx(base, abs=NEAR)


@pytest.mark.models
def test_the_server_with_an_adapter_is_another_one(server: ChatServer, adapter: Path) -> None:
    assert server.adapter == adapter
    assert start_chat_server(adapter=adapter, threads=1) is server
    assert start_chat_server(threads=1) is not server


def test_a_damaged_adapter_is_named(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gguf"
    path.write_bytes(b"GGUF and then nothing")
    with pytest.raises(MissingModelError, match=r"with the adapter .*damaged\.gguf"):
        start_chat_server(adapter=path, threads=1)
