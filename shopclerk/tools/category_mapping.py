"""Opens a category mapper from the settings: taxonomy, scorer, synonyms and a shop's confirmed mappings together."""

from collections.abc import Callable, Iterable

from shopclerk.catalog.mappings import Mapping
from shopclerk.catalog.taxonomy import Taxonomy
from shopclerk.catalog.taxonomy_readers import EMBEDDED, open_taxonomy
from shopclerk.models.category_mapper import CategoryMapper, open_category_mapper
from shopclerk.models.category_memory import Confirmed
from shopclerk.models.text_encoder import TextEncoder, open_text_encoder
from shopclerk.settings import Settings

Progress = Callable[[str, int, int | None], None]


def open_mapper(
    settings: Settings,
    taxonomy: Taxonomy | None = None,
    *,
    mappings: Iterable[Mapping] = (),
    encoder: TextEncoder | None = None,
    progress: Progress | None = None,
) -> CategoryMapper:
    """Return a mapper to a taxonomy.

    Args:
        settings: Name the taxonomy, the scorer and the text encoder.
        taxonomy: One to use instead of the setting's.
        mappings: What the shop has confirmed; those to paths that the taxonomy lacks are passed over.
        encoder: One to use instead of the setting's.
        progress: Called while the taxonomy's names are embedded for the first time.

    Raises:
        TaxonomyError: The taxonomy cannot be read.
        MissingModelError: The scorer or the encoder is missing.
    """
    return open_category_mapper(
        taxonomy if taxonomy is not None else open_taxonomy(settings.taxonomy),
        encoder
        or open_text_encoder(
            settings.text_encoder, settings.models_folder, threads=settings.threads
        ),
        synonym_groups(),
        address=settings.category_mapper,
        cache=settings.models_folder,
        confirmed=[Confirmed(each.source, each.path, each.title) for each in mappings],
        progress=progress,
    )


def synonym_groups() -> list[list[str]]:
    """Return names that mean the same, from the taxonomy that comes along."""
    return [[each.name, *each.aliases] for each in open_taxonomy(EMBEDDED)]
