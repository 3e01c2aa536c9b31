"""What all places of the web app work with: the open shop, its assistant and its listing helper.

Another catalogue can be opened while the app runs; requests that are under way end on the one before.
"""

import shutil
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shopclerk.catalog.indexing import Progress, silent
from shopclerk.settings import Settings
from shopclerk.shop import SAMPLE, Shop, remember_current
from shopclerk.ui.cards import Cards
from shopclerk.ui.conversations import Conversations
from shopclerk.ui.metrics import Metrics
from shopclerk.ui.workplace import UPLOADS, Uploads, own_workplace

if TYPE_CHECKING:
    from shopclerk.agents.assistant import Assistant
    from shopclerk.agents.listing.helper import ListingHelper

FOLDER = "web"


class OpenShop:
    """One catalogue with what serves it; models are opened at first use.

    Args:
        shop: The catalogue, up to date.
        memory: SQLite file of what the assistant remembers.
    """

    def __init__(self, shop: Shop, memory: Path) -> None:
        self.shop = shop
        self._memory = memory
        self._opening = threading.RLock()
        self.cards = Cards(
            lambda path: shop.desk.open_picture(path),
            link_urls=shop.settings.allow_picture_urls,
        )

    @property
    def name(self) -> str:
        """The catalogue's name."""
        place = self.shop.place
        if place.folder.name == SAMPLE:
            return "the sample shop"
        return place.source.name if place.source else place.folder.name

    @property
    def assistant(self) -> "Assistant":
        """The shopping assistant."""
        with self._opening:
            return self._assistant

    @cached_property
    def _assistant(self) -> "Assistant":
        return self.shop.assistant(memory=self._memory)

    def warm(self) -> None:
        """Open the models before somebody waits for them."""
        self.shop.search("")
        self.assistant.ask("hello", thread="warming up")
        self.assistant.forget("warming up")
        _ = self.helper, self.shop.desk.mapper, self.shop.desk.writer

    @property
    def helper(self) -> "ListingHelper":
        """The listing helper; listings on their way live as long as the process."""
        with self._opening:
            return self._helper

    @cached_property
    def _helper(self) -> "ListingHelper":
        return self.shop.listing_helper()


class Shopfront:
    """The open shop of the app, and what outlives it.

    Args:
        settings: All settings.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.home / FOLDER
        self.workplace = own_workplace(self.folder / "work")
        self.uploads = Uploads(self.workplace / UPLOADS)
        self.conversations = Conversations(self.folder / "conversations.sqlite")
        self.metrics = Metrics()
        self._switching = threading.Lock()
        self._open: list[OpenShop] = []

    @property
    def now(self) -> OpenShop:
        """The catalogue that is served now.

        Raises:
            RuntimeError: None was opened yet.
        """
        if not self._open:
            raise RuntimeError("Call open() first.")
        return self._open[-1]

    def open(self, catalog: str | None = None, *, progress: Progress = silent) -> OpenShop:
        """Open a catalogue, bring it up to date and serve it from now on.

        Args:
            catalog: A product file, a catalogue folder or `sample`; None takes that of the settings.
            progress: Called as the work goes on.
        """
        with self._switching:
            settings = self.settings
            if catalog is not None:
                settings = settings.model_copy(update={"catalog": catalog})
            shop = Shop(settings)
            try:
                shop.refresh(progress=progress)
            except BaseException:
                shop.close()
                raise
            opened = OpenShop(shop, self.folder / f"assistant-{shop.place.folder.name}.sqlite")
            if catalog is not None:
                remember_current(settings, shop.place)
            self._open.append(opened)
        return opened

    def close(self) -> None:
        """Close everything."""
        for opened in self._open:
            opened.shop.close()
        self.conversations.close()
        shutil.rmtree(self.workplace, ignore_errors=True)
