"""The tool `normalize_text`."""

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.models.text_normaliser import TextNormaliser, TitleInput
from shopclerk.tools.result import ToolResult, model_errors

NAME = "normalize_text"

DESCRIPTION = """Clean a seller's text: encoding, HTML, emoji, promotion, contact data, capitals, spelling, short forms.
Use it on a short text such as a title or a line. Do not use it to write a title; write_title does that.
Nothing is invented: a word is mended only from the brand and values given here."""


class NormalizeArguments(BaseModel):
    """The text, and what is known of the product."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=50_000, description="The text, copied letter by letter.")
    brand: str | None = Field(
        default=None, max_length=500, description="The product's brand, if it is known."
    )
    attributes: dict[str, str | list[str]] = Field(
        default_factory=dict, description="Known values by name: {'colour': 'Black'}."
    )


def normalize_text_tool(normaliser: TextNormaliser) -> BaseTool:
    """Return the tool over a normaliser."""

    @model_errors
    def normalize_text(**given: Any) -> tuple[str, ToolResult]:
        arguments = NormalizeArguments(**given)
        listing = TitleInput(
            "", arguments.text, brand=arguments.brand, attributes=arguments.attributes
        )
        clean = normaliser.normalize(listing)
        changes = [change._asdict() for change in clean.changes]
        rules = ", ".join(dict.fromkeys(change.rule for change in clean.changes))
        content = f"Clean: {clean.text or '(nothing is left)'}\nChanged: {rules or 'nothing'}"
        return content, ToolResult(
            text={"text": clean.text, "changes": changes, "made_by": normaliser.id}
        )

    return StructuredTool.from_function(
        normalize_text,
        name=NAME,
        description=DESCRIPTION,
        args_schema=NormalizeArguments,
        response_format="content_and_artifact",
    )
