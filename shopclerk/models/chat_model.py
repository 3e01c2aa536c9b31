"""The chat model: one OpenAI-compatible client, whatever serves it; or a provider's own, by `provider:model`."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shopclerk.errors import MissingModelError
from shopclerk.models.agent_adapter import agent_adapter
from shopclerk.models.chat_server import WITHOUT_ADAPTER, start_chat_server
from shopclerk.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_openai import ChatOpenAI

NO_KEY = "none"


def open_chat_model(settings: Settings) -> "BaseChatModel":
    """Return the client for the configured endpoint or provider; the embedded server is started for it.

    Raises:
        MissingModelError: The embedded model, or the provider's package or key, is not there.
    """
    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    if settings.provider_llm:
        return _of_provider(settings.llm_model, key)
    if settings.llm_url is None:
        adapter = agent_adapter(settings)
        server = start_chat_server(settings.llm_model, adapter=adapter, threads=settings.threads)
        return _client(server.url, server.key, Path(server.model).stem, adapter is not None)
    return _client(settings.llm_url, key or NO_KEY, settings.llm_model)


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


@lru_cache(maxsize=8)
def _of_provider(model: str, key: str | None) -> "BaseChatModel":
    """Return the client of a provider that LangChain knows."""
    from langchain.chat_models import init_chat_model

    from shopclerk.models.portable_chat import portable

    try:
        given: dict[str, Any] = {"api_key": key} if key else {}
        return portable(init_chat_model(model, temperature=0.0, **given))
    except Exception as error:
        # Each provider has errors of its own for a missing key or a name that it does not know.
        reason = str(error).splitlines()[0][:300]
        raise MissingModelError(
            f"The chat model '{model}' cannot be opened: {reason} Install the provider's package "
            "(langchain-anthropic, langchain-google-genai, …), and set its key by llm_key or as the provider says."
        ) from error
