"""What a conversation has come to, read off its messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from shopclerk.catalog.product import Product
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.result import ToolResult, artifact_of

PICTURE_KEY = "image"
"""Under this key a request keeps the name of the picture that came with it."""
LOOKING_TOOLS = ("describe_image", "locate_in_image")
SHOWING_TOOLS = ("search_catalog", "find_similar")


@dataclass(slots=True)
class Context:
    """The state of a conversation before the present turn.

    Attributes:
        shown: The products on the table: the last list that was not empty.
        search: The arguments of the search in effect, None before the first or after a failed topic.
        empty: The search in effect found nothing.
        focus: Ids that the last answer was about, the most recent first.
        images: Names of the pictures sent so far, the first one first.
        looked_at: Name of the picture that the last answer was about, None where it was about products.
    """

    shown: list[Product] = field(default_factory=list)
    search: SearchArguments | None = None
    empty: bool = False
    focus: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    looked_at: str | None = None

    @classmethod
    def of(cls, messages: Sequence[AnyMessage]) -> "Context":
        """Read the context off a conversation's messages, the present request left out."""
        context = cls()
        answered = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
        for message in messages:
            if name := picture_of(message):
                context.images.append(name)
            # The first call of a turn is the one the answer is about; it has the last word.
            for call in reversed(message.tool_calls if isinstance(message, AIMessage) else []):
                if result := artifact_of(answered.get(str(call["id"]))):
                    context.take(call["name"], call["args"], result)
        return context

    def take(self, name: str, arguments: dict[str, Any], result: ToolResult) -> None:
        """Follow one tool call and its result."""
        self.looked_at = arguments.get("image") if name in LOOKING_TOOLS else None
        if name == "search_catalog":
            self.search = SearchArguments(**arguments) if result.carried else None
            self.empty = not result.products
        if name in SHOWING_TOOLS and result.products:
            self.shown = list(result.products)
            self.focus = [result.products[0].id]
        elif name in ("get_product", "compare_products") and result.products:
            self.focus = [result.products[0].id]
        if name == "compare_products" and len(result.products) == len(self.shown):
            self.shown = list(result.products)

    def product(self, position: int) -> Product | None:
        """Return the shown product at a place, from 0; -1 is the last."""
        try:
            return self.shown[position]
        except IndexError:
            return None


def picture_of(message: AnyMessage) -> str | None:
    """Return the name of the picture that came with a message, None where none did."""
    name = message.additional_kwargs.get(PICTURE_KEY)
    return str(name) if name and isinstance(message, HumanMessage) else None


def request_picture(messages: Sequence[AnyMessage]) -> str | None:
    """Return the name of the picture that came with the last request, None where none did."""
    requests = [message for message in messages if isinstance(message, HumanMessage)]
    return picture_of(requests[-1]) if requests else None


def request_text(messages: Sequence[AnyMessage]) -> str:
    """Return the text of the last request."""
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            return message.text
    return ""


def before_request(messages: Sequence[AnyMessage]) -> Sequence[AnyMessage]:
    """Return the messages before the last request."""
    for index in range(len(messages) - 1, -1, -1):
        if isinstance(messages[index], HumanMessage):
            return messages[:index]
    return messages


def since_request(messages: Sequence[AnyMessage]) -> Sequence[AnyMessage]:
    """Return the messages after the last request."""
    return messages[len(before_request(messages)) + 1 :]
