"""The steps there are, by name. A new one is a line in `STEPS`.

A step whose model cannot be used is not left out silently: its columns stay, empty, and the run says why.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shopclerk.agents.batch.attribute_step import AttributeStep
from shopclerk.agents.batch.category_step import CategoryStep
from shopclerk.agents.batch.check_step import CheckStep
from shopclerk.agents.batch.steps import Kind, Outcome, Step
from shopclerk.agents.batch.tag_step import TagStep
from shopclerk.agents.batch.title_step import TitleStep
from shopclerk.catalog.product import Product
from shopclerk.errors import ModelError, SettingError, unknown
from shopclerk.settings import Settings

if TYPE_CHECKING:
    from shopclerk.enrichment.pictures import RowPictures
    from shopclerk.shop import Shop


class Known:
    """What steps are opened with: the settings, the shop whose catalogue they learn from, and where pictures lie.

    Args:
        settings: Which models, which catalogue.
        folder: What the rows' pictures are relative to; None looks at none.
    """

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        self.settings, self._folder = settings, folder

    @cached_property
    def shop(self) -> "Shop":
        """The shop, brought up to date with its file; several steps share it."""
        from shopclerk.shop import Shop

        shop = Shop(self.settings)
        shop.refresh()
        return shop

    @cached_property
    def pictures(self) -> "RowPictures | None":
        """What looks at the rows' pictures, None where none are looked at."""
        if self._folder is None or self.settings.image_encoder == "none":
            return None
        from shopclerk.enrichment.pictures import RowPictures

        return RowPictures(self.shop, self._folder)

    @property
    def shop_name(self) -> str:
        """The catalogue and its state, which another answer comes from."""
        store = self.shop.store
        sees = f", pictures by {self.settings.image_encoder}" if self.pictures else ""
        place = self.shop.place.folder.name
        return f"catalogue {place}, {len(store)} products, {store.generation}{sees}"


class AbsentStep:
    """Stands for a step whose model cannot be used: its columns stay empty."""

    made_by = "none"

    def __init__(self, name: str, columns: Mapping[str, Kind], reason: str) -> None:
        self.name, self.columns, self.reason = name, columns, reason

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return nothing for each."""
        return [Outcome() for _ in products]


class OpenSteps(list[Step]):
    """Steps that are open, and what they hold open; a `with` block closes it."""

    def __init__(self, steps: Iterable[Step], known: Known) -> None:
        super().__init__(steps)
        self._known = known

    def __enter__(self) -> "OpenSteps":
        """Return the steps."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the shop, if a step has opened it."""
        if "shop" in self._known.__dict__:
            self._known.shop.close()


def open_category(known: Known) -> Step:
    """Open what maps to the taxonomy of the settings, or to the shop's own categories where they name none."""
    mapper, sees = known.shop.desk.mapper, known.pictures
    made_by = f"taxonomy {known.settings.taxonomy}, {known.shop_name}"
    return CategoryStep(mapper, made_by, sees.words if sees else None)


def open_attributes(known: Known) -> Step:
    """Open the extractor with what the catalogue knows of its attributes."""
    knowledge, extractor = known.shop.desk.attributes.get()
    return AttributeStep(extractor, knowledge, known.shop_name)


def open_tags(known: Known) -> Step:
    """Open what suggests tags: the shop's tagger, if it has one, over its catalogue."""
    suggester, sees = known.shop.desk.tags, known.pictures
    made_by = f"tagger {known.settings.tagger}, {known.shop_name}"
    return TagStep(suggester, made_by, sees.seen if sees else None)


def open_title(known: Known) -> Step:
    """Open the title writer; it spells by the words of a catalogue that is named, and of no other."""
    from shopclerk.catalog.spelling import store_vocabulary
    from shopclerk.models.title_writer import settings_title_writer

    if known.settings.catalog is None:
        return TitleStep(settings_title_writer(known.settings))
    vocabulary = store_vocabulary(known.shop.store)
    return TitleStep(settings_title_writer(known.settings, vocabulary), known.shop_name)


def open_checks(known: Known) -> Step:
    """Open the checks with what is usual in the catalogue."""
    from shopclerk.models.quality.checker import ListingChecker, Surroundings
    from shopclerk.models.quality.norms import ShopNorms
    from shopclerk.models.quality.policy import load_policy

    norms = ShopNorms.of(known.shop.store.products())
    policy, sees = load_policy(known.settings.policy), known.pictures
    around = Surroundings(open_picture=sees.open if sees else None)
    return CheckStep(
        ListingChecker(norms, policy),
        f"rules, {known.shop_name}, {known.settings.policy or 'own policy'}",
        ListingChecker(norms, policy, around) if sees else None,
    )


class StepKind(NamedTuple):
    """A step that can be opened.

    Attributes:
        columns: What it fills.
        open: Opens its model.
    """

    columns: Mapping[str, Kind]
    open: Callable[[Known], Step]


STEPS: dict[str, StepKind] = {
    "category": StepKind(CategoryStep.columns, open_category),
    "title": StepKind(TitleStep.columns, open_title),
    "attributes": StepKind(AttributeStep.columns, open_attributes),
    "tags": StepKind(TagStep.columns, open_tags),
    "checks": StepKind(CheckStep.columns, open_checks),
}


def open_steps(
    names: Sequence[str],
    settings: Settings,
    *,
    needed: bool = False,
    pictures: Path | None = None,
) -> OpenSteps:
    """Open steps by name, in the given order: what one finds the next ones see.

    Args:
        names: Names of `STEPS`.
        settings: Which models.
        needed: A model that cannot be used is an error, not an empty column.
        pictures: The folder that the rows' pictures are relative to; None looks at none.

    Raises:
        SettingError: A name that is not known or stands twice.
        ModelError: A needed model cannot be used.
    """
    for name in names:
        if name not in STEPS:
            raise SettingError(unknown("step", name, STEPS))
    if len(set(names)) < len(names) or not names:
        raise SettingError(f"Steps '{', '.join(names)}': each once, and at least one.")
    known = Known(settings, pictures)
    return OpenSteps([_opened(name, known, needed) for name in names], known)


def _opened(name: str, known: Known, needed: bool) -> Step:
    kind = STEPS[name]
    try:
        return kind.open(known)
    except (ModelError, ImportError) as error:
        if needed:
            raise
        return AbsentStep(name, kind.columns, str(error))
