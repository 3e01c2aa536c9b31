"""What programs may call by `gradio_client`: one named endpoint for each thing that the places do."""

import secrets
from typing import Any

from gradio import FileData
from gradio.events import api

from shopclerk.agents.listing.draft import Given
from shopclerk.errors import SettingError
from shopclerk.tools.arguments import SearchArguments
from shopclerk.ui.errors import friendly
from shopclerk.ui.listing_files import LISTINGS, ListingFiles
from shopclerk.ui.shopfront import Shopfront

MOST = 100


class Endpoints:
    """Adds the endpoints of the places that the settings show; call it within the app's blocks."""

    def __init__(self, front: Shopfront) -> None:
        self._front = front
        self._files = ListingFiles(front.workplace / LISTINGS)
        guard = friendly(front.metrics)
        by_place: dict[str, tuple[Any, ...]] = {
            "shop": (self.search, self.ask),
            "sell": (self.make_listing,),
            "batch": (self.rewrite_title,),
            "catalogue": (self.catalogue,),
        }
        for place in front.settings.ui_places:
            for function in by_place[place]:
                api(guard(function), api_name=function.__name__)

    def search(self, arguments: dict[str, Any], limit: int = 10) -> list[dict[str, Any]]:
        """Find products.

        Args:
            arguments: Those of the tool search_catalog: query, category, filters, price_max and the like.
            limit: Products at most.
        """
        asked = SearchArguments(**{**arguments, "image": None, "box": None})
        found = self._front.now.shop.search(asked.request(max(1, min(limit, MOST))))
        return [hit.product.record() for hit in found.hits]

    def ask(
        self, message: str, thread: str | None = None, photo: FileData | None = None
    ) -> dict[str, Any]:
        """Ask the shopping assistant; the answer names the thread to go on with.

        Args:
            message: What the shopper says.
            thread: The conversation, as an earlier answer named it.
            photo: A picture, if any.
        """
        thread = thread or secrets.token_hex(16)
        upload = None if photo is None else self._front.uploads.take(photo)
        turn = self._front.now.assistant.ask(message, thread=thread, image=upload)
        self._front.metrics.turns.labels(turn.planned_by).inc()
        return {**turn.record(), "thread": thread}

    def make_listing(
        self, text: str = "", photo: FileData | None = None, fields: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Make a listing of rough words, a picture, or both.

        Args:
            text: Rough words.
            photo: A picture.
            fields: What is known: brand, price, category and the like.
        """
        name = f"listing-{secrets.token_hex(8)}"
        opened, images = self._front.now, tuple[str, ...]()
        try:
            if photo is not None:
                upload, limits = self._front.uploads.path(photo), opened.shop.gallery.limits
                images = (str(self._files.keep_photo(name, upload, limits)),)
            given = Given(id=name, text=text, images=images, fields=fields or {})
            record = opened.helper.make(given, thread=name).record()
        finally:
            self._files.drop(name)
            opened.helper.forget(name)
        record["listing"].pop("images", None)
        return record

    def rewrite_title(self, title: str) -> dict[str, Any]:
        """Write a clean title.

        Args:
            title: The title as it is.
        """
        if not title.strip():
            raise SettingError("Give a title.")
        written = self._front.now.shop.rewrite(title)
        return {
            "title": written.title,
            "short_title": written.short_title,
            "writer": written.writer,
            "confidence": written.confidence,
        }

    def catalogue(self) -> dict[str, Any]:
        """Say which catalogue is open and how much is in it."""
        opened = self._front.now
        return {
            "name": opened.name,
            "products": len(opened.shop.store),
            "vectors_due": opened.shop.store.due_count(),
        }
