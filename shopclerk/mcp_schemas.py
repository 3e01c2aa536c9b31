"""What MCP clients are told of a tool: what it takes, and which parts of a result it fills."""

import json
from typing import Any

from langchain_core.tools import BaseTool

from shopclerk.tools.result import ToolResult

WITH_PICTURES = "with_pictures"
MAX_PICTURES = 4

_FOUND = "products total offset carried again loose alternatives corrections pictured"
_FILLED = {
    "search_catalog": _FOUND,
    "find_similar": _FOUND,
    "get_product": "products total",
    "compare_products": "products total",
    "describe_image": "caption caption_score caption_by",
    "locate_in_image": "boxes",
    "map_category": "mapping",
    "extract_attributes": "attributes",
    "normalize_text": "text",
    "write_title": "text",
    "suggest_tags": "tags",
    "find_duplicates": "products total matches",
    "link_product": "products total matches",
    "check_listing": "verdict",
}


def input_schema(tool: BaseTool, picture: str, *, shows: bool) -> dict[str, Any]:
    """Return the JSON schema of a tool's arguments.

    Args:
        tool: The tool.
        picture: How a picture may be given.
        shows: Whether it shows products, whose pictures can be asked for.
    """
    schema: dict[str, Any] = tool.get_input_jsonschema()
    if "image" in schema["properties"]:
        schema["properties"]["image"]["description"] = picture
    if shows:
        schema["properties"][WITH_PICTURES] = {
            "type": "boolean",
            "default": False,
            "description": f"Also send the pictures of the first {MAX_PICTURES} products.",
        }
    return schema


def output_schema(name: str) -> dict[str, Any]:
    """Return the JSON schema of a tool's structured content; all of a `ToolResult` for a tool not known here."""
    whole = ToolResult.model_json_schema()
    if name not in _FILLED:
        return whole
    properties = {field: whole["properties"][field] for field in _FILLED[name].split()}
    named = json.dumps(properties)
    kinds = {kind: each for kind, each in whole["$defs"].items() if f"#/$defs/{kind}" in named}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "$defs": kinds} if kinds else schema
