"""What a shop's sellers work with: the models that make and check listings, opened at first use over one catalogue."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shopclerk.agents.listing.draft import Draft, Made, Step
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Searcher
from shopclerk.gallery import FOLDER_KEY, Gallery
from shopclerk.pictures import Picture, open_picture
from shopclerk.settings import Settings

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from shopclerk.agents.listing.helper import ListingHelper, Skill
    from shopclerk.agents.listing.spelling import RoughWords
    from shopclerk.catalog.picture_search import PictureQuery
    from shopclerk.catalog.taxonomy import Taxonomy
    from shopclerk.models.attribute_extractor import EmbeddedExtractor
    from shopclerk.models.attribute_gazetteer import Gazetteer
    from shopclerk.models.category_mapper import CategoryMapper
    from shopclerk.models.quality.checker import ListingChecker
    from shopclerk.models.title_writer import TitleWriter
    from shopclerk.tools.attribute_shelf import AttributeShelf
    from shopclerk.tools.catalog_matching import CatalogMatcher
    from shopclerk.tools.picture_shelf import PictureShelf
    from shopclerk.tools.tag_suggester import TagSuggester

LEAST_CATEGORIES = 10
"""Categories that a catalogue must have for new listings to be placed among them."""

Same = Sequence[tuple[str, float, str]]
"""Listings that are the same as one: id, probability, why."""


class ListingDesk:
    """The models around one catalogue's listings.

    Args:
        searcher: Search over the catalogue.
        gallery: Its pictures.
        settings: Which models.
    """

    def __init__(self, searcher: Searcher, gallery: Gallery, settings: Settings) -> None:
        self._searcher, self._gallery, self._settings = searcher, gallery, settings
        self._checker: tuple[int, ListingChecker] | None = None
        self._words: tuple[int, RoughWords] | None = None

    @property
    def _sees(self) -> bool:
        return self._settings.image_encoder != "none"

    def open_picture(self, path: str) -> Picture:
        """Open a listing's picture; a relative path is relative to the catalogue's file, else to the working folder.

        Raises:
            PictureError: It cannot be read.
        """
        folder = self._searcher.store.meta(FOLDER_KEY)
        inside = Path(folder) if folder and (Path(folder) / path).exists() else None
        return open_picture(path, self._gallery.limits, folder=inside)

    def look(self, path: str) -> "PictureQuery":
        """Return a listing's picture as a query."""
        return self._gallery.query(self.open_picture(path))

    def checker(self) -> "ListingChecker":
        """Return what checks listings; it reads the catalogue for what is usual, and again when it has changed."""
        from shopclerk.models.quality.checker import ListingChecker, Surroundings
        from shopclerk.models.quality.norms import ShopNorms
        from shopclerk.models.quality.policy import load_policy
        from shopclerk.tools.listing_neighbours import CatalogNeighbours

        store = self._searcher.store
        if self._checker is None or self._checker[0] != store.generation:
            around = Surroundings(
                CatalogNeighbours(self._searcher, self.look if self._sees else None),
                self.find_same,
                self.open_picture,
            )
            norms = ShopNorms.of(store.products())
            checker = ListingChecker(norms, load_policy(self._settings.policy), around)
            self._checker = (store.generation, checker)
        return self._checker[1]

    @cached_property
    def mapper(self) -> "CategoryMapper":
        """What maps to the taxonomy."""
        from shopclerk.tools.category_mapping import open_mapper

        return open_mapper(self._settings, self.taxonomy)

    @cached_property
    def taxonomy(self) -> "Taxonomy":
        """The taxonomy of the settings or, where they name none, the shop's own categories."""
        from shopclerk.catalog.taxonomy_readers import EMBEDDED, open_taxonomy

        own = self._own_taxonomy() if self._settings.taxonomy == EMBEDDED else None
        return own if own is not None else open_taxonomy(self._settings.taxonomy)

    def _own_taxonomy(self) -> "Taxonomy | None":
        """Return the categories that the catalogue's listings have, None where there are too few to go by."""
        from shopclerk.catalog.taxonomy import Category, Taxonomy

        paths = {each.category_levels() for each in self._searcher.store.products()}
        every = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
        once = {tuple(part.casefold() for part in path): path for path in sorted(every)}
        if len(once) < LEAST_CATEGORIES:
            return None
        nodes = [Category(" > ".join(path), path) for path in once.values()]
        return Taxonomy(nodes, name="the shop's own categories")

    @cached_property
    def attributes(self) -> "AttributeShelf":
        """What the catalogue knows of attributes, with the extractor."""
        from shopclerk.models.attribute_extractor import open_extractor
        from shopclerk.tools.attribute_shelf import AttributeShelf

        settings = self._settings

        def opened(gazetteer: "Gazetteer") -> "EmbeddedExtractor":
            return open_extractor(
                settings.extractor,
                settings.models_folder,
                threads=settings.threads,
                gazetteer=gazetteer,
            )

        return AttributeShelf(self._searcher.store, opened)

    @cached_property
    def tags(self) -> "TagSuggester":
        """What suggests tags."""
        from shopclerk.tools.tag_suggester import open_tag_suggester

        return open_tag_suggester(self._searcher, self._settings)

    @property
    def words(self) -> "RoughWords":
        """What spells sellers' rough words as the shop does; made anew when the catalogue has changed."""
        from shopclerk.agents.listing.spelling import RoughWords
        from shopclerk.catalog.facets import all_facet_values
        from shopclerk.catalog.spelling import store_vocabulary
        from shopclerk.models.quality.policy import load_policy

        store = self._searcher.store
        if self._words is None or self._words[0] != store.generation:
            brands = all_facet_values(store).get("brand", {})
            names = (*brands, *load_policy(self._settings.policy).protected_brands)
            self._words = (store.generation, RoughWords(store_vocabulary(store), names))
        return self._words[1]

    @cached_property
    def writer(self) -> "TitleWriter":
        """What writes titles, spelt as the catalogue spells."""
        from shopclerk.catalog.spelling import store_vocabulary
        from shopclerk.models.title_writer import settings_title_writer

        return settings_title_writer(self._settings, store_vocabulary(self._searcher.store))

    @cached_property
    def matching(self) -> "CatalogMatcher":
        """What tells whether listings are the same product."""
        from shopclerk.models.product_matcher import open_matcher
        from shopclerk.tools.catalog_matching import CatalogMatcher

        return CatalogMatcher(self._searcher, open_matcher(self._settings.matcher))

    def find_same(self, listing: Product) -> Same:
        """Return the listings of the catalogue that are the same product as one, itself left out."""
        from shopclerk.tools.matching_listings import listing_of

        found = self.matching.items_like(listing_of(listing))
        return [
            (each.product.id, each.match.probability, "; ".join(each.match.reasons))
            for each in found
            if each.match.same and each.product.id != listing.id
        ]

    def helper(self, memory: Path | None = None) -> "ListingHelper":
        """Return the listing helper.

        Args:
            memory: SQLite file of listings on their way; None keeps them in the process.
        """
        from shopclerk.agents.listing.helper import ListingHelper
        from shopclerk.agents.memory import open_memory

        return ListingHelper(self._skills(), open_memory(memory))

    def _skills(self) -> "Mapping[Step, Skill]":
        from shopclerk.agents.listing.skills import (
            caption_skill,
            checks_skill,
            description_skill,
            duplicates_skill,
        )

        skills: dict[Step, Skill] = {
            "category": self._spelt(self._category),
            "attributes": self._spelt(self._attributes),
            "tags": self._spelt(self._tags),
            "title": self._spelt(self._title),
            "description": description_skill(),
            "checks": checks_skill(self.checker),
            "duplicates": duplicates_skill(self.find_same),
        }
        if self._sees:
            skills["caption"] = caption_skill(self._gallery.captioner(), self.open_picture)
        return skills

    def _spelt(self, skill: "Skill") -> "Skill":
        """Return a skill that reads the seller's words as the shop spells them, and says what was misspelt."""

        def spelt(draft: Draft) -> Made:
            better, changes = self.words.of_draft(draft)
            made = skill(better)
            said = ", ".join(f"{old} to {new}" for old, new in sorted(changes.items()))
            why = "; ".join(filter(None, (made.why, f"spelling: {said}" if said else "")))
            return made.model_copy(update={"why": why})

        return spelt

    def _category(self, draft: Draft) -> Made:
        from shopclerk.agents.listing.understanding import category_skill

        return category_skill(self.mapper, self._picture_words)(draft)

    def _picture_words(self, draft: Draft) -> dict[str, float]:
        """Return the category names of the listings that look most like the draft's picture, with their votes."""
        from shopclerk.models.quality.agreement_checks import votes
        from shopclerk.models.quality.norms import levels_of
        from shopclerk.tools.listing_neighbours import CatalogNeighbours

        if not draft.given.images or not self._sees:
            return {}
        near = CatalogNeighbours(self._searcher, self.look).by_picture(draft.product())
        leaves = [each for each in near if levels_of(each.category)]
        return votes(leaves, lambda levels: levels[-1])

    def _attributes(self, draft: Draft) -> Made:
        from shopclerk.agents.listing.understanding import attributes_skill

        knowledge, extractor = self.attributes.get()
        # Which attributes to look for goes by the category, which is still being made beside this.
        category = draft.value("category") or self._category(draft).value
        return attributes_skill(extractor, knowledge.schema, knowledge.normaliser)(draft, category)

    def _title(self, draft: Draft) -> Made:
        from shopclerk.agents.listing.skills import title_skill

        return title_skill(self.writer)(draft)

    def _tags(self, draft: Draft) -> Made:
        from shopclerk.tools.tag_suggester import Wanted

        path = draft.given.images[0] if draft.given.images and self._sees else None
        picture = self.open_picture(path) if path else None
        look = self._gallery.query(picture) if picture else None
        wanted = Wanted(draft.given.text, picture.image if picture else None, look)
        found = self.tags.suggest(wanted)
        return Made(
            value=[each.tag for each in found],
            confidence=round(min((each.score for each in found), default=0.0), 3),
            by="tags of the shop",
            why=", ".join(f"{each.tag}: {each.source}" for each in found),
        )

    def tools(self, shelf: "PictureShelf | None" = None) -> "list[BaseTool]":
        """Return the read-only tools on listings that an agent may call.

        Args:
            shelf: The pictures that the tools may look at; None looks at none.
        """
        from shopclerk.models.text_normaliser import TextNormaliser
        from shopclerk.tools.check_listing import check_listing_tool
        from shopclerk.tools.extract_attributes import extract_attributes_tool
        from shopclerk.tools.find_duplicates import find_duplicates_tool
        from shopclerk.tools.link_product import link_product_tool
        from shopclerk.tools.map_category import map_category_tool
        from shopclerk.tools.normalize_text import normalize_text_tool
        from shopclerk.tools.suggest_tags import suggest_tags_tool
        from shopclerk.tools.write_title import write_title_tool

        return [
            map_category_tool(lambda: self.mapper),
            extract_attributes_tool(self.attributes),
            normalize_text_tool(TextNormaliser()),
            suggest_tags_tool(self.tags, shelf),
            write_title_tool(self.writer),
            find_duplicates_tool(self.matching),
            link_product_tool(self.matching, shelf),
            check_listing_tool(self.checker, self._searcher.store.get),
        ]
