"""The chat client, on a server in another process and on no server at all."""

import json
import socket
import subprocess
import sys

import pytest

from shopclerk.models.chat_model import NO_KEY, open_chat_model
from shopclerk.settings import load_settings

SERVE = """
import json, time
from shopclerk.models.chat_server import start_chat_server
server = start_chat_server(threads=2)
print(json.dumps({"llm_url": server.url, "llm_key": server.key}), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def endpoint():
    """Settings of a llama.cpp server in a process of its own."""
    command = [sys.executable, "-c", SERVE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield {**json.loads(process.stdout.readline()), "llm_model": "SmolLM2-135M-Instruct"}
        finally:
            process.kill()


@pytest.fixture
def dead_url():
    """An endpoint where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}/v1"


@pytest.mark.models
def test_assistant_works_with_another_process(shop, endpoint):
    settings = {"planner": "both", "answers": "template", "plan_timeout_s": 60, **endpoint}
    assistant = shop(**settings).assistant()
    turn = assistant.ask("hiking boots under 130", thread="t")
    assert "boot-1" in [product.id for product in turn.products]
    assert "119" in turn.answer
    assert "did not plan" not in (turn.reason or "")
    assert assistant.models()["chat"] == f"SmolLM2-135M-Instruct at {endpoint['llm_url']}"


@pytest.mark.models
def test_wrong_key_leaves_the_turn_to_the_rules(shop, endpoint):
    settings = {"planner": "both", **endpoint, "llm_key": "wrong"}
    turn = shop(**settings).assistant().ask("hiking boots under 130", thread="t")
    assert turn.planned_by == "rules"
    assert "401" in turn.reason
    assert turn.products


@pytest.mark.parametrize("answers", ["auto", "template"])
def test_dead_endpoint_leaves_the_turn_to_the_rules(shop, dead_url, answers):
    settings = {"planner": "both", "llm_url": dead_url, "answers": answers}
    turn = shop(**settings).assistant().ask("hiking boots under 130", thread="t")
    assert (turn.planned_by, turn.written_by) == ("rules", "template")
    assert "did not plan" in turn.reason
    assert [product.id for product in turn.products] == ["boot-1"]


def test_client_is_made_from_the_settings(dead_url):
    settings = load_settings(llm_url=dead_url, llm_key="secret", llm_model="qwen")
    model = open_chat_model(settings)
    assert (model.openai_api_base, model.model_name) == (dead_url, "qwen")
    assert model.openai_api_key.get_secret_value() == "secret"
    assert model.max_retries == 0
    assert "secret" not in repr(model) + repr(settings)
    assert open_chat_model(settings) is model


def test_client_needs_no_key(dead_url):
    model = open_chat_model(load_settings(llm_url=dead_url))
    assert model.openai_api_key.get_secret_value() == NO_KEY


@pytest.mark.models
def test_embedded_server_is_started_for_the_client():
    model = open_chat_model(load_settings(threads=2))
    assert model.openai_api_base.startswith("http://127.0.0.1:")
    assert model.invoke("Say hello.", max_tokens=8).text.strip()
