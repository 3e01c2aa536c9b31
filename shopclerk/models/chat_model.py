"""The chat model: one OpenAI-compatible client, whatever serves it."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from shopclerk.models.chat_server import start_chat_server
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
        server = start_chat_server(settings.llm_model, threads=settings.threads)
        return _client(server.url, server.key, Path(server.model).stem)
    key = settings.llm_key.get_secret_value() if settings.llm_key else NO_KEY
    return _client(settings.llm_url, key, settings.llm_model)


@lru_cache(maxsize=8)
def _client(url: str, key: str, model: str) -> "ChatOpenAI":
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        base_url=url,
        api_key=SecretStr(key),
        model=model,
        temperature=0.0,
        max_retries=0,
        stream_usage=False,
    )
