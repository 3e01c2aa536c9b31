"""The tool `link_product`."""

from typing import Annotated, Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.models.matching.listing import Listing
from shopclerk.tools.catalog_matching import CatalogMatcher
from shopclerk.tools.find_duplicates import candidate_line, match_result
from shopclerk.tools.picture_shelf import PictureShelf
from shopclerk.tools.result import ToolResult, model_errors

NAME = "link_product"

DESCRIPTION = """Say which product of the catalogue a listing from elsewhere is, or that it is none of them.
Give what the listing says, copied letter by letter, and the name of its picture, picture-1, if it has one.
Do not use it to find products for a shopper; search_catalog does that."""

Value = Annotated[str, Field(max_length=1_000)]


class LinkArguments(BaseModel):
    """A listing from elsewhere."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=50_000, description="The listing's title.")
    description: str = Field(default="", max_length=200_000, description="Its description.")
    brand: str = Field(default="", max_length=1_000, description="Its brand.")
    category: str = Field(default="", max_length=5_000, description="Its category.")
    price: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="Its price, without the currency."
    )
    currency: str = Field(default="USD", pattern="^[A-Z]{3}$", description="The currency, EUR.")
    attributes: dict[Value, Value] = Field(
        default_factory=dict, max_length=64, description="Name to value, {'colour': 'Red'}."
    )
    image: str | None = Field(default=None, max_length=200, description="Its picture's name.")

    def listing(self, picture: str | None) -> Listing:
        """Return it as matching sees it."""
        record: dict[str, Any] = self.model_dump(exclude={"image"})
        return Listing.of({**record, "id": "listing"}, picture)


def link_product_tool(matching: CatalogMatcher, shelf: PictureShelf | None = None) -> BaseTool:
    """Return the tool over a catalogue and, where there is a shelf, the pictures of conversations."""

    @model_errors
    def link_product(**given: Any) -> tuple[str, ToolResult]:
        arguments = LinkArguments(**given)
        picture = shelf.query(arguments.image, None) if shelf and arguments.image else None
        known_by = picture.known_by if picture else None
        found = matching.items_like(arguments.listing(known_by), picture)
        same = [each for each in found if each.match.same][:1]
        if same:
            content = f"It is {candidate_line(same[0])}"
        elif found:
            content = f"It is none of the catalogue. The nearest is {candidate_line(found[0])}"
        else:
            content = "It is none of the catalogue; nothing comes near."
        return content, match_result(same, found)

    return StructuredTool.from_function(
        link_product,
        name=NAME,
        description=DESCRIPTION,
        args_schema=LinkArguments,
        response_format="content_and_artifact",
    )
