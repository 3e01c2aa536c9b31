"""The chat model: one OpenAI-compatible client, whatever serves it."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from shopclerk.models.agent_adapter import agent_adapter
from shopclerk.models.chat_server import WITHOUT_ADAPTER, start_chat_server
from shopclerk.settings import Settings

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

NO_KEY = "none"


def open_chat_model(settings: Settings) -> "ChatOpenAI":
    """Return the client for the configured endpoint; the embedded server is started for it.

    Raises:
        MissingModelError: The embedded model was asked for and is not installed.
    """
    if settings.llm_url is None:
        adapter = agent_adapter(settings)
        server = start_chat_server(settings.llm_model, adapter=adapter, threads=settings.threads)
        return _client(server.url, server.key, Path(server.model).stem, adapter is not None)
    key = settings.llm_key.get_secret_value() if settings.llm_key else NO_KEY
    return _client(settings.llm_url, key, settings.llm_model)


@lru_cache(maxsize=8)
def _client(url: str, key: str, model: str, adapted: bool = False) -> "ChatOpenAI":
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        base_url=url,
        api_key=SecretStr(key),
        model=model,
        temperature=0.0,
        max_retries=0,
        stream_usage=False,
        # The server takes a request that says nothing for one that goes on with what the last one used.
        extra_body=WITHOUT_ADAPTER if adapted else None,
    )
