"""Let another OpenAI-compatible endpoint plan and word the answers.

Run it:

    python examples/05_own_chat_endpoint.py
    SHOPCLERK_LLM_URL=http://localhost:11434/v1 SHOPCLERK_LLM_MODEL=qwen3 python examples/05_own_chat_endpoint.py

Any server will do: vLLM, Ollama, llama.cpp, or a hosted one. Without the variables the example starts the
small embedded model as if it were such a server, so that it runs offline; an endpoint's plans are believed
more readily than those of the embedded model, so expect it to plan worse than usual here. It prints the answer, who planned
it and who worded it: wording that names what no tool has said is thrown away, and a template answers.
"""

from shopclerk import Shop
from shopclerk.models.chat_server import start_chat_server
from shopclerk.settings import load_settings


def endpoint() -> dict[str, str]:
    """Return the settings of an endpoint: those in the environment, or of a server started here."""
    if load_settings().llm_url:
        return {}
    server = start_chat_server()
    return {"llm_url": server.url, "llm_model": server.model.stem, "llm_key": server.key}


def main() -> None:
    """Ask one question through the endpoint."""
    with Shop.open("sample", answers="model", **endpoint()) as shop:
        assistant = shop.assistant()
        turn = assistant.ask("a black backpack for less than $90, please", thread="example")
        print(assistant.models())
        print(turn.answer)
        print(f"Planned by the {turn.planned_by}, worded by the {turn.written_by}.")


if __name__ == "__main__":
    main()
