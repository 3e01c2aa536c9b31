"""Answers worded by the chat model, kept only where they are grounded."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from shopclerk.agents.claims import unfounded
from shopclerk.agents.grounding import Grounding
from shopclerk.prompts.loader import load_prompt
from shopclerk.tools.result import ToolResult

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = logging.getLogger(__name__)

MAX_ANSWER_TOKENS = 400


class AnswerWriter:
    """Asks the chat model for an answer and checks it.

    Args:
        model: The chat model.
        grounding: The check.
        timeout_s: How long the model may take.
        prompts: A folder of prompts that go before those that come along.
    """

    def __init__(
        self,
        model: "BaseChatModel",
        grounding: Grounding,
        *,
        timeout_s: float,
        prompts: Path | None = None,
    ) -> None:
        self._model = model
        self._grounding = grounding
        self._timeout_s = timeout_s
        self._prompt = load_prompt("answer", prompts)

    def write(self, request: str, content: str, result: ToolResult) -> str | None:
        """Return the model's answer, None where it fails, is empty, or is not grounded."""
        try:
            said = self._model.invoke(
                self._prompt.render(request=request, results=content),
                max_tokens=MAX_ANSWER_TOKENS,
                timeout=self._timeout_s,
            ).text.strip()
        except Exception as error:
            # Whatever a client library raises, the template answers.
            log.info("template answers: %s", error)
            return None
        records = [json.dumps(p.record(), ensure_ascii=False) for p in result.products]
        missing = self._grounding.ungrounded(said, [content, *records], request)
        missing += unfounded(said, result.products, request, self._prompt)
        if missing:
            log.info("template answers: the model named %s", missing)
        return None if missing or not said else said
