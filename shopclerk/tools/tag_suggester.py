"""Tags for a listing out of what the shop has: its trained tagger, its catalogue's vocabulary, like products, a chat model.

Each tag says where it came from. Values of one field rule each other out where the catalogue's products have one each: a
listing is not tagged both red and blue because half of its neighbours are red and half are blue.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from PIL import Image

from shopclerk.catalog.facets import all_facet_values
from shopclerk.catalog.picture_search import PictureQuery
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Searcher, SearchRequest
from shopclerk.catalog.text import fold
from shopclerk.models.listing_features import Listing
from shopclerk.models.neighbour_tags import Neighbour, company_of, neighbour_tags
from shopclerk.models.tagger import LEAST_TAGS, MOST_TAGS, SuggestedTag, Tagger
from shopclerk.models.weak_tags import WeakTagger
from shopclerk.prompts.loader import load_prompt
from shopclerk.settings import Settings

NEIGHBOURS = 12
"""Like products that are asked."""
MOSTLY_ONE = 0.9
"""Share of a field's products with one value from which neighbours lend none beside a value that is known."""
NOT_TAGS = frozenset({"brand", "category"})
"""Fields that say who made a thing and where it stands, which a listing has fields of its own for."""
MAX_TAG_CHARS = 30
MAX_VOCABULARY = 5_000
SHOWN_TO_MODEL = 60
"""Known tags that a chat model is shown."""
FROM_WORDS, FROM_NEIGHBOURS, FROM_MODEL = "catalogue words", "neighbours", "chat model"
MODEL_SCORE = 0.4
"""A chat model gives no chances; its tags stand behind those that are likely by other evidence."""

Ask = Callable[[str], str]
"""A prompt to a chat model's answer."""


@dataclass(frozen=True)
class Wanted:
    """A listing that tags are wanted for.

    Attributes:
        text: Its words; may be empty.
        image: Its picture, for the trained tagger.
        look: The same picture as numbers, for searching like products.
    """

    text: str = ""
    image: Image.Image | None = None
    look: PictureQuery | None = None


class TagSuggester:
    """Suggests tags over one catalogue.

    Args:
        searcher: Finds like products.
        tagger: The shop's own, if it has trained one.
        ask: A chat model, where it is to be asked; None never asks.
    """

    def __init__(
        self, searcher: Searcher, tagger: Tagger | None = None, ask: Ask | None = None
    ) -> None:
        self._searcher, self._tagger, self._ask = searcher, tagger, ask

    def suggest(
        self, wanted: Wanted, *, least: int = LEAST_TAGS, most: int = MOST_TAGS
    ) -> list[SuggestedTag]:
        """Return tags, the surest first; fewer than `least` only where nothing more is known.

        Args:
            wanted: The listing.
            least: How many tags to aim at.
            most: Tags at most.
        """
        found: list[SuggestedTag] = []
        if self._tagger and (wanted.image is not None or wanted.text.strip()):
            listing = Listing(wanted.image, wanted.text)
            found = self._tagger.suggest([listing], least=min(least, most), most=most)[0]
        if len(found) < least or self._tagger is None:
            found += self._by_words(wanted.text)
            found += self._by_neighbours(wanted)
        if self._ask is not None:
            found += self._by_model(wanted.text, most)
        return self._consistent(found)[:most]

    def _by_words(self, text: str) -> list[SuggestedTag]:
        if not text.strip():
            return []
        hits = self._weak.find([text])[0]
        return [SuggestedTag(hit.tag, hit.score, FROM_WORDS) for hit in hits]

    def _by_neighbours(self, wanted: Wanted) -> list[SuggestedTag]:
        seen = self._searcher.pictures is not None and wanted.look is not None
        if not seen and not wanted.text.strip():
            return []
        picture = wanted.look if seen else None
        hits = self._searcher.search(
            SearchRequest(wanted.text, limit=NEIGHBOURS, only_relevant=True, picture=picture)
        ).hits
        near = [
            Neighbour(max(hit.score, hit.visual or 0.0), frozenset(product_tags(hit.product)))
            for hit in hits
        ]
        votes = neighbour_tags(near, company=company_of(each.tags for each in near))
        return [SuggestedTag(tag, score * 0.9, FROM_NEIGHBOURS) for tag, score in votes]

    def _by_model(self, text: str, most: int) -> list[SuggestedTag]:
        assert self._ask is not None
        if not text.strip():
            return []
        known = ", ".join(list(self._fields)[:SHOWN_TO_MODEL])
        prompt = load_prompt("tags").render(listing=text[:1_000], known=known, most=most)
        lines = [line.strip(" -*•.\t") for line in self._ask(prompt).splitlines()]
        fit = [line for line in lines if 0 < len(line) <= MAX_TAG_CHARS]
        return [SuggestedTag(line, MODEL_SCORE, FROM_MODEL) for line in fit[:most]]

    def _consistent(self, found: Iterable[SuggestedTag]) -> list[SuggestedTag]:
        """Return the surest of tags that say the same, or that rule each other out; trained ones go first."""
        kept: dict[str, SuggestedTag] = {}
        taken: set[str] = set()
        trained = set(self._tagger.tags) if self._tagger else set()
        order = sorted(found, key=lambda each: (each.tag not in trained, -each.score))
        for each in order:
            name, field = fold(each.tag), self._fields.get(fold(each.tag))
            ruled_out = field in taken and (field in self._single or each.source == FROM_NEIGHBOURS)
            if name in kept or (ruled_out and each.tag not in trained):
                continue
            kept[name] = replace(each, score=round(each.score, 3))
            if field in self._mostly_single:
                taken.add(str(field))
        return list(kept.values())

    @cached_property
    def _values(self) -> dict[str, dict[str, int]]:
        """Return field to value to count, of what may be a tag."""
        every = all_facet_values(self._searcher.store)
        return {
            field: {value: count for value, count in values.items() if is_tag(value)}
            for field, values in every.items()
            if field not in NOT_TAGS
        }

    @cached_property
    def _fields(self) -> dict[str, str]:
        """Return folded value to its field, the commonest values first."""
        counted = [
            (count, value, field)
            for field, values in self._values.items()
            for value, count in values.items()
        ]
        fields: dict[str, str] = {}
        for _, value, field in sorted(counted, key=lambda each: (-each[0], each[1])):
            fields.setdefault(fold(value), field)
        return fields

    @cached_property
    def _shares_of_one(self) -> dict[str, float]:
        """Return field to the share of its products that have one value at most."""
        counts: dict[str, list[int]] = defaultdict(list)
        for number, product in enumerate(self._searcher.store.products()):
            if number == MAX_VOCABULARY:
                break
            for name in product.attributes:
                counts[name.strip().casefold()].append(len(product.attribute_values(name)))
        return {name: sum(n <= 1 for n in sizes) / len(sizes) for name, sizes in counts.items()}

    @cached_property
    def _single(self) -> frozenset[str]:
        """Return the fields of which products have one value at most."""
        return frozenset(name for name, share in self._shares_of_one.items() if share == 1)

    @cached_property
    def _mostly_single(self) -> frozenset[str]:
        """Return the fields of which like products lend no second value."""
        return frozenset(name for name, share in self._shares_of_one.items() if share >= MOSTLY_ONE)

    @cached_property
    def _weak(self) -> WeakTagger:
        values = {value for each in self._values.values() for value in each}
        titles = [
            product.title
            for _, product in zip(
                range(MAX_VOCABULARY), self._searcher.store.products(), strict=False
            )
        ]
        return WeakTagger(sorted(values)[:MAX_VOCABULARY], titles)


def open_tag_suggester(
    searcher: Searcher, settings: Settings, ask: Ask | None = None
) -> TagSuggester:
    """Return a suggester over a catalogue, with the tagger that the settings name.

    Raises:
        MissingModelError: The tagger's folder holds none, or a damaged one.
    """
    folder, cache = settings.tagger, settings.models_folder
    own = None if folder == "none" else Tagger.load(Path(folder), cache, threads=settings.threads)
    return TagSuggester(searcher, own, ask)


def product_tags(product: Product) -> list[str]:
    """Return what a product is tagged with: its tags, and its attributes' short values."""
    values = [value for name in product.attributes for value in product.attribute_values(name)]
    return [each.strip() for each in (*product.tags, *values) if is_tag(each)]


def is_tag(value: str) -> bool:
    """Tell whether a value may be a tag: short, and not a bare number or size."""
    bare = value.strip()
    return 1 < len(bare) <= MAX_TAG_CHARS and not bare[0].isdigit()


def tags_line(tags: Sequence[SuggestedTag]) -> str:
    """Return tags with their sources as a line for a chat model."""
    return "; ".join(f"{each.tag} ({each.source}, {each.score:.0%})" for each in tags)
