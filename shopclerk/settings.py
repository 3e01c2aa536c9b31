"""Every setting in one place.

Order: command-line flag, environment (`SHOPCLERK_…`), the file `shopclerk.toml` in the working folder,
default. Unknown keys in the file are errors.
"""

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from shopclerk.errors import SettingError

SETTINGS_FILE = "shopclerk.toml"
_PROVIDER = re.compile(r"[a-z][a-z_]+:[^/\\]")

Place = Literal["shop", "sell", "batch", "catalogue"]
"""A place of the web app."""


def default_home() -> Path:
    """Return where catalogues and exported models are kept: `$XDG_DATA_HOME/shopclerk` or the like."""
    data = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(data) / "shopclerk" if data else Path.home() / ".local" / "share" / "shopclerk"


class Settings(BaseSettings):
    """What can be set."""

    model_config = SettingsConfigDict(
        env_prefix="SHOPCLERK_",
        toml_file=SETTINGS_FILE,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
    )

    home: Path = Field(default_factory=default_home)
    """Folder for catalogues, conversations and exported models."""

    catalog: str | None = None
    """The catalogue to use: a file, a catalogue folder, or `sample`. Unset: the one indexed last."""

    chroma_url: str | None = None
    """A Chroma server (`http://host:8000`) to hold the vectors. Unset: a folder beside the store."""

    text_encoder: str = "embedded"
    """Text encoder: `embedded` (MiniLM), a folder, or a hub id that sentence-transformers can load."""

    image_encoder: str = "embedded"
    """Image encoder: `embedded` (EfficientNet-lite0), a folder or a hub id of a CLIP or SigLIP model, or `none`."""

    picture_head: str = "auto"
    """What gives pictures words: `auto` (the shop's own head, else the shipped one where it fits, else class
    names), `shipped` (never its own), `none` (class names), or the folder of a head."""

    allow_picture_urls: bool = False
    """Whether pictures may be fetched from public http(s) addresses."""

    max_picture_mb: float = Field(default=20.0, gt=0)
    """Megabytes of a picture file at most."""

    reranker: str | None = None
    """Cross-encoder that reorders the best hits: a folder or a hub id. Unset: none."""

    captioner: str = "embedded"
    """Captioner of pictures: `embedded`, the folder of a trained one, or a folder or hub id of a BLIP model."""

    extractor: str = "embedded"
    """Extractor of attribute values: `embedded`, or the folder of one from `shopclerk finetune attributes-minilm-lora`."""

    taxonomy: str = "embedded"
    """The taxonomy that listings are mapped to: `embedded` (a small one), or a category file."""

    category_mapper: str = "embedded"
    """The scorer of category mapping: `embedded`, or the folder of one from `shopclerk finetune taxonomy-scorer`."""

    locator: str = "embedded"
    """Locator of regions in pictures: `embedded`, or a folder or hub id of a DETR, OWL-ViT or Grounding DINO model."""

    title_writer: str = "embedded"
    """Writer of titles: `embedded`, `rules`, `chat`, or the folder of a trained one."""

    title_patterns: Path | None = None
    """A YAML file with the shop's own patterns of titles. Unset: those that come along."""

    policy: Path | None = None
    """The shop's policy on listings (YAML): prohibited goods, hosts, brands. Unset: the one that ships."""

    classifier: str = "none"
    """The shop's own classifier: a folder from `shopclerk train classifier`, or `none`."""

    tagger: str = "none"
    """The shop's own tagger: a folder from `shopclerk train tagger`, or `none`."""

    matcher: str = "embedded"
    """What tells whether two listings are one product: `embedded`, or a folder from `shopclerk finetune match`."""

    threads: int | None = Field(default=None, ge=1)
    """Threads for batches and the embedded chat model. Unset: all cores, and half of them."""

    llm_url: str | None = None
    """An OpenAI-compatible endpoint (`http://host:8000/v1`). Unset: the embedded model is started."""

    llm_model: str = "embedded"
    """The model's name at the endpoint; or, without one, `embedded`, a GGUF file, or `provider:model` as LangChain
    writes it (`anthropic:claude-haiku-4-5`)."""

    llm_key: SecretStr | None = None
    """The endpoint's API key, if it wants one."""

    agent_adapter: str = "embedded"
    """What was trained to plan: `embedded` (the adapter that comes along, for the embedded chat model), the
    folder of an adapter for it, `served` (the endpoint's own model has been trained), or `none`."""

    text_encoder_adapter: str | None = None
    """The folder of a shop's own text encoder, from `shopclerk finetune search-minilm-lora`. Unset: none."""

    planner: Literal["both", "model", "rules"] = "both"
    """Who plans a turn: both (a model trained for decisions is asked where the rules are unsure; any other goes first, the
    rules behind it), the model alone, or the rules alone."""

    tool_calling: Literal["grammar", "native"] = "grammar"
    """How the chat model calls tools: JSON under a schema, or the endpoint's own tool calls."""

    answers: Literal["auto", "model", "template"] = "auto"
    """Who words an answer. `auto`: templates for the embedded model, the model at an endpoint."""

    prompts_folder: Path | None = None
    """A folder of prompts that go before those that come along, by file name: `plan_system.md`, `answer.md`, …"""

    plan_timeout_s: float = Field(default=4.0, gt=0)
    """Seconds the chat model may take to plan before the rules take over."""

    answer_timeout_s: float = Field(default=15.0, gt=0)
    """Seconds the chat model may take to word an answer before the template does."""

    max_message_chars: int = Field(default=4_000, ge=100)
    """A shopper's message is cut here; the answer says so."""

    page_size: int = Field(default=5, ge=1, le=50)
    """How many products the assistant shows a turn."""

    ray_address: str | None = None
    """A Ray cluster for batch work with `--engine ray`: `auto` or `host:6379`. Unset: Ray is started on this machine."""

    mcp_token: SecretStr | None = None
    """The token that MCP clients must show over HTTP. Unset: one is made for clients on this machine, others are refused."""

    ui_host: str = "127.0.0.1"
    """Address that the web app listens on. Any but loopback needs a password or a token file."""

    ui_port: int = Field(default=7860, ge=0, le=65_535)
    """Port of the web app; 0 takes a free one."""

    ui_user: str = "shop"
    """Name to sign in with at the web app, where a password is set."""

    ui_password: SecretStr | None = None
    """Password of the web app. Unset: everybody on this machine may use it."""

    ui_token_file: Path | None = None
    """A file with a `name:token` a line: who may sign in at the web app, the token being the password."""

    ui_places: tuple[Place, ...] = ("shop", "sell", "batch", "catalogue")
    """Which places the web app has; a shop that faces shoppers shows `["shop"]` alone."""

    ui_max_upload_mb: float = Field(default=50.0, gt=0)
    """Megabytes of an uploaded file at most; a picture may have `max_picture_mb`."""

    ui_queue_size: int = Field(default=64, ge=1)
    """Requests that may wait at the web app; more are told to come back."""

    ui_workers: int = Field(default=4, ge=1)
    """Requests of one kind that the web app works on at once."""

    ui_requests_per_minute: int = Field(default=240, ge=1)
    """Requests that one client may make at the web app a minute."""

    ui_root_path: str = ""
    """Path of the web app behind a proxy, `/shop`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def models_folder(self) -> Path:
        """Where exported models are kept."""
        return self.home / "models"

    @property
    def provider_llm(self) -> bool:
        """Whether the chat model is a provider's, `provider:model`."""
        return self.llm_url is None and bool(_PROVIDER.match(self.llm_model))

    @property
    def embedded_llm(self) -> bool:
        """Whether the chat model is the one started in this process."""
        return self.llm_url is None and not self.provider_llm


def load_settings(**flags: Any) -> Settings:
    """Read the settings; flags that are None count as not given.

    Raises:
        SettingError: A value that cannot be used, an unknown key in the settings file, or a file that
            is not TOML.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingError(
            f"Setting '{name}' is {first.get('input')!r}: {first['msg']}. It can be set by flag, by "
            f"SHOPCLERK_{name.upper()} or in {SETTINGS_FILE}."
        ) from error
    except ValueError as error:
        raise SettingError(f"The file {SETTINGS_FILE} is not TOML: {error}.") from error


@lru_cache(maxsize=1)
def quiet_libraries() -> None:
    """Turn off telemetry and chatter of the libraries, before any of them is imported."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("LANGSMITH_TRACING", "false")
    os.environ.setdefault("LANGCHAIN_TRACING_V2", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
