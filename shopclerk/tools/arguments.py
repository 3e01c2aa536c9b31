"""The arguments of the search tools, and what they mean as a search request."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shopclerk.catalog.search import SearchRequest, Sort


class SearchArguments(BaseModel):
    """What to search for. Every argument is optional; all that are given must hold."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(
        default="", description="Words the product should match, without the filters."
    )
    category: list[str] = Field(
        default_factory=list,
        description="Category names as the catalogue writes them; any may hold.",
    )
    filters: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Field to allowed values, e.g. {'colour': ['Red', 'Blue']}.",
    )
    exclude: dict[str, list[str]] = Field(
        default_factory=dict, description="Field to values that must not occur."
    )
    price_min: float | None = Field(default=None, ge=0, description="Lowest price, inclusive.")
    price_max: float | None = Field(default=None, ge=0, description="Highest price, inclusive.")
    rating_min: float | None = Field(default=None, ge=0, le=5, description="Lowest rating, 0 to 5.")
    in_stock: bool = Field(default=False, description="Only what is on hand.")
    sort: Sort = Field(default="relevance", description="The order of the results.")
    page: int = Field(default=1, ge=1, le=1_000, description="Page of results, from 1.")
    image: str | None = Field(
        default=None,
        description="Name of a picture of this conversation that the products should look like.",
    )
    box: list[float] | None = Field(
        default=None,
        min_length=4,
        max_length=4,
        description="A region of that picture, [x0, y0, x1, y1] in pixels.",
    )

    def conditions(self) -> dict[str, dict[str, Any]]:
        """Return the filters in the catalogue's form, `{field: {operator: value}}`."""
        tests: dict[str, dict[str, Any]] = {}
        if self.category:
            tests["category"] = {"under": self.category}
        for name, values in self.filters.items():
            tests.setdefault(name, {})["in"] = values
        for name, values in self.exclude.items():
            tests.setdefault(name, {})[_EXCLUDING.get(name, "not in")] = values
        for name, op, value in (
            ("price", ">=", self.price_min),
            ("price", "<=", self.price_max),
            ("rating", ">=", self.rating_min),
            ("stock", ">", 0 if self.in_stock else None),
        ):
            if value is not None:
                tests.setdefault(name, {})[op] = value
        return tests

    def request(self, limit: int, **changes: Any) -> SearchRequest:
        """Return the search request for a page of `limit` products."""
        given: dict[str, Any] = {
            "text": self.query,
            "filters": self.conditions(),
            "sort": self.sort,
            "offset": (self.page - 1) * limit,
            "limit": limit,
        }
        return SearchRequest(**(given | changes))

    def given(self) -> dict[str, Any]:
        """Return only the arguments that differ from their default."""
        return self.model_dump(exclude_defaults=True)


_EXCLUDING: Mapping[str, str] = {"category": "not under", "any": "not contains_any"}


class SimilarArguments(BaseModel):
    """Which product or picture to start from, and what must hold for the others."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = Field(
        default=None, description="A product id from earlier results, copied letter by letter."
    )
    image: str | None = Field(
        default=None, description="Or the name of a picture of this conversation."
    )
    box: list[float] | None = Field(
        default=None,
        min_length=4,
        max_length=4,
        description="A region of that picture, [x0, y0, x1, y1] in pixels.",
    )
    filters: dict[str, list[str]] = Field(
        default_factory=dict, description="Field to allowed values, e.g. {'colour': ['Blue']}."
    )
    price_min: float | None = Field(default=None, ge=0, description="Lowest price, inclusive.")
    price_max: float | None = Field(default=None, ge=0, description="Highest price, inclusive.")

    def search(self) -> SearchArguments:
        """Return the conditions as search arguments."""
        return SearchArguments(
            filters=self.filters,
            price_min=self.price_min,
            price_max=self.price_max,
            image=self.image,
            box=self.box,
        )


class ProductArguments(BaseModel):
    """Which product."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(description="A product id from earlier results, copied letter by letter.")


class CompareArguments(BaseModel):
    """Which products."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] = Field(
        min_length=1, max_length=20, description="Product ids from earlier results."
    )
    sort: Sort = Field(default="relevance", description="The order to put them in, best first.")
