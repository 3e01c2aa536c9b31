"""The steps there are, by name. A new one is a line in `STEPS`.

A step whose model cannot be used is not left out silently: its columns stay, empty, and the run says why.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
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
    from shopclerk.shop import Shop


class Known:
    """What steps are opened with: the settings, and the shop whose catalogue they learn from.

    Args:
        settings: Which models, which catalogue.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def shop(self) -> "Shop":
        """The shop, brought up to date with its file; several steps share it."""
        from shopclerk.shop import Shop

        shop = Shop(self.settings)
        shop.refresh()
        return shop

    @property
    def shop_name(self) -> str:
        """The catalogue and its state, which another answer comes from."""
        store = self.shop.store
        return f"catalogue {self.shop.place.folder.name}, {len(store)} products, {store.generation}"


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
    mapper = known.shop.desk.mapper
    return CategoryStep(mapper, f"taxonomy {known.settings.taxonomy}, {known.shop_name}")


def open_attributes(known: Known) -> Step:
    """Open the extractor with what the catalogue knows of its attributes."""
    knowledge, extractor = known.shop.desk.attributes.get()
    return AttributeStep(extractor, knowledge, known.shop_name)


def open_tags(known: Known) -> Step:
    """Open what suggests tags: the shop's tagger, if it has one, over its catalogue."""
    suggester = known.shop.desk.tags
    return TagStep(suggester, f"tagger {known.settings.tagger}, {known.shop_name}")


def open_title(known: Known) -> Step:
    """Open the title writer."""
    from shopclerk.models.title_writer import settings_title_writer

    return TitleStep(settings_title_writer(known.settings))


def open_checks(known: Known) -> Step:
    """Open the checks with what is usual in the catalogue."""
    from shopclerk.models.quality.checker import ListingChecker
    from shopclerk.models.quality.norms import ShopNorms
    from shopclerk.models.quality.policy import load_policy

    norms = ShopNorms.of(known.shop.store.products())
    checker = ListingChecker(norms, load_policy(known.settings.policy))
    return CheckStep(checker, f"rules, {known.shop_name}, {known.settings.policy or 'own policy'}")


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


def open_steps(names: Sequence[str], settings: Settings, *, needed: bool = False) -> OpenSteps:
    """Open steps by name, in the given order: what one finds the next ones see.

    Args:
        names: Names of `STEPS`.
        settings: Which models.
        needed: A model that cannot be used is an error, not an empty column.

    Raises:
        SettingError: A name that is not known or stands twice.
        ModelError: A needed model cannot be used.
    """
    for name in names:
        if name not in STEPS:
            raise SettingError(unknown("step", name, STEPS))
    if len(set(names)) < len(names) or not names:
        raise SettingError(f"Steps '{', '.join(names)}': each once, and at least one.")
    known = Known(settings)
    return OpenSteps([_opened(name, known, needed) for name in names], known)


def _opened(name: str, known: Known, needed: bool) -> Step:
    kind = STEPS[name]
    try:
        return kind.open(known)
    except (ModelError, ImportError) as error:
        if needed:
            raise
        return AbsentStep(name, kind.columns, str(error))
