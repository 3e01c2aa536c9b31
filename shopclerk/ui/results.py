"""The products beside the conversation: found again under filters, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shopclerk.agents.turn import Turn
from shopclerk.catalog.facets import facet_counts
from shopclerk.catalog.picture_search import PictureQuery
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Hit
from shopclerk.tools.arguments import SearchArguments, SimilarArguments
from shopclerk.ui.filters import Facets, conditions, joined
from shopclerk.ui.reasons import reasons_for, reasons_of
from shopclerk.ui.shopfront import OpenShop

PAGE = 12
SEARCHES = {"search_catalog", "find_similar"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the results answer, and what was picked in the filters.

    Attributes:
        arguments: Those of the search tool.
        similar: Id of the product that the others should be like.
        picked: Field to values.
        price: Lowest and highest.
        limit: How many are shown.
    """

    arguments: Mapping[str, Any] = field(default_factory=dict)
    similar: str | None = None
    picked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    price: tuple[float | None, float | None] = (None, None)
    limit: int = PAGE

    @property
    def anything(self) -> bool:
        """Whether the results are the whole catalogue."""
        return not (self.arguments or self.similar)


@dataclass(frozen=True, slots=True)
class Results:
    """What is shown.

    Attributes:
        products: In order.
        reasons: Id to why it is shown.
        total: How many there are.
        facets: Counts over all of them.
    """

    products: tuple[Product, ...] = ()
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    total: int = 0
    facets: Facets = field(default_factory=dict)


def asked_by(turn: Turn) -> Asked | None:
    """Return what a turn searched for, None where it searched for nothing."""
    call = next((call for call in turn.tool_calls if call.name in SEARCHES), None)
    if call is None or call.status != "ok":
        return None
    if call.name == "search_catalog":
        return Asked(SearchArguments(**call.args).given())
    wanted = SimilarArguments(**call.args)
    return Asked(wanted.search().given(), wanted.id)


def find(opened: OpenShop, asked: Asked) -> Results:
    """Search once more for what was asked, under the filters.

    Raises:
        CatalogError: A filter, product or picture is not known any more.
    """
    arguments = SearchArguments(**asked.arguments)
    filters = joined(arguments.conditions(), conditions(asked.picked, *asked.price))
    request = arguments.request(
        asked.limit,
        filters=filters,
        facets=True,
        only_relevant=not asked.anything,
        picture=_picture(opened, arguments),
    )
    searcher = opened.shop.searcher
    if asked.similar is None:
        found = searcher.search(request)
        return _results(found.hits, found.total, found.facets, arguments)
    found = searcher.similar(asked.similar, replace(request, picture=None))
    rows = [searcher.store.row_of(hit.product.id) for hit in found.hits]
    return _results(found.hits, found.total, facet_counts(searcher.store, rows), arguments)


def _picture(opened: OpenShop, arguments: SearchArguments) -> PictureQuery | None:
    sight = opened.assistant.sight
    if arguments.image is None or sight is None:
        return None
    return sight.shelf.query(arguments.image, arguments.box)


def _results(
    hits: Sequence[Hit], total: int, facets: Facets, arguments: SearchArguments
) -> Results:
    given = arguments.given()
    reasons = {hit.product.id: reasons_of(hit, given) for hit in hits}
    return Results(tuple(hit.product for hit in hits), reasons, total, facets)


def of_turn(opened: OpenShop, turn: Turn) -> tuple[Asked | None, Results]:
    """Return what a turn showed, with the filters that narrow it further."""
    asked = asked_by(turn)
    if asked is None or not turn.products:
        return asked, Results(turn.products, total=len(turn.products))
    arguments = SearchArguments(**asked.arguments)
    reasons = {each.id: reasons_for(each, arguments) for each in turn.products}
    around = find(opened, asked)
    total = max(around.total, len(turn.products))
    return asked, Results(turn.products, reasons, total, around.facets)
