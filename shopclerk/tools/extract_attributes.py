"""The tool `extract_attributes`."""

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.errors import TryAgainError
from shopclerk.models.attribute_extractor import Extracted, Listing
from shopclerk.models.attribute_schema import AttributeSpec
from shopclerk.tools.attribute_shelf import AttributeKnowledge, AttributeShelf
from shopclerk.tools.result import ToolResult, model_errors

NAME = "extract_attributes"

DESCRIPTION = """Find the values of attributes (brand, colour, size, material, ...) in the text of a listing.
Use it on a seller's title and description. Do not use it on products of the catalogue; get_product knows those.
Values are copied from the text, never guessed: what the text does not state stays unknown."""


class ExtractArguments(BaseModel):
    """The listing to read and what to look for."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(
        max_length=50_000, description="The listing's title, copied letter by letter."
    )
    description: str = Field(default="", max_length=200_000, description="Its description, if any.")
    category: str = Field(
        default="", max_length=5_000, description="Its category, as the catalogue writes it."
    )
    attributes: list[str] | None = Field(
        default=None,
        max_length=64,
        description="Names to look for. Left out: those that the catalogue's category has.",
    )


def extract_attributes_tool(shelf: AttributeShelf) -> BaseTool:
    """Return the tool over what a catalogue knows of its attributes."""

    @model_errors
    def extract_attributes(**given: Any) -> tuple[str, ToolResult]:
        arguments = ExtractArguments(**given)
        knowledge, extractor = shelf.get()
        specs, source = _asked(arguments, knowledge)
        listing = Listing(arguments.title, specs, arguments.description, arguments.category)
        found = extractor.extract([listing])[0]
        record = {
            name: _record(answer, arguments.category, knowledge) for name, answer in found.items()
        }
        artifact = {"attributes": record, "names_from": source, "made_by": extractor.id}
        return _content(record, source), ToolResult(attributes=artifact)

    return StructuredTool.from_function(
        extract_attributes,
        name=NAME,
        description=DESCRIPTION,
        args_schema=ExtractArguments,
        response_format="content_and_artifact",
    )


def _asked(
    arguments: ExtractArguments, knowledge: AttributeKnowledge
) -> tuple[tuple[AttributeSpec, ...], str]:
    if arguments.attributes is not None:
        names = dict.fromkeys(name.strip() for name in arguments.attributes if name.strip())
        if not names:
            raise TryAgainError(
                "No attribute is named. Leave 'attributes' out to look for those of the category, or name some."
            )
        return tuple(AttributeSpec(name) for name in names), "given"
    specs, source = knowledge.schema.attributes(arguments.category)
    if not specs:
        raise TryAgainError(
            "The catalogue has no attributes to look for. Name them in 'attributes', for instance Brand, Color."
        )
    return specs, source


def _record(answer: Extracted, category: str, knowledge: AttributeKnowledge) -> dict[str, Any]:
    return {
        "values": [
            {
                "text": value.text,
                "normalised": list(
                    knowledge.normaliser.normalise(value.text, answer.name, category).values
                ),
                "field": value.field,
                "start": value.start,
                "end": value.end,
                "confidence": round(value.confidence, 4),
            }
            for value in answer.values
        ],
        "confidence": round(answer.confidence, 4),
    }


def _content(record: dict[str, Any], source: str) -> str:
    found = [
        f"{name}: {', '.join(_worded(value) for value in facts['values'])}"
        for name, facts in record.items()
        if facts["values"]
    ]
    missing = [name for name, facts in record.items() if not facts["values"]]
    parts = [f"The text states {'; '.join(found)}." if found else "The text states none of them."]
    if missing:
        parts.append(f"Not stated: {', '.join(missing)}.")
    if source == "all categories":
        parts.append(
            "The catalogue does not know the category; these are its commonest attributes."
        )
    return " ".join(parts)


def _worded(value: dict[str, Any]) -> str:
    text, normalised = value["text"], ", ".join(value["normalised"])
    same = normalised.casefold() == text.casefold()
    return (
        f"{text} ({value['confidence']:.0%} sure)"
        if same
        else f"{text} ({normalised}, {value['confidence']:.0%} sure)"
    )
