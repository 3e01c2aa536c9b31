"""Files of listings: the photos of those on their way, those that were accepted, and exports."""

import json
import shutil
import threading
from pathlib import Path
from typing import Literal

from shopclerk.catalog.feed_rows import google_tsv, shopify_csv
from shopclerk.catalog.product import Product
from shopclerk.catalog.store import storage_errors
from shopclerk.pictures import PictureLimits, open_picture
from shopclerk.ui.cards import small_jpeg

Form = Literal["JSON", "Shopify CSV", "Google Merchant"]

LISTINGS = "listings"
PHOTO = "photo.jpg"
PHOTO_PX = 1600
ACCEPTED_FILE = "accepted.jsonl"
ACCEPTED_PICTURES = "accepted"
_NAMES: dict[str, str] = {
    "JSON": "listing.json",
    "Shopify CSV": "listing-shopify.csv",
    "Google Merchant": "listing-google.tsv",
}


class ListingFiles:
    """Keeps photos of listings until their page is closed, and accepted listings for good.

    Args:
        folder: For photos of listings on their way.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing = threading.Lock()

    def keep_photo(self, listing: str, upload: Path, limits: PictureLimits) -> Path:
        """Keep a seller's photo without its metadata and remove the upload.

        Raises:
            PictureError: It cannot be read.
        """
        try:
            picture = open_picture(upload, limits)
        finally:
            upload.unlink(missing_ok=True)
        place = self._folder / listing
        with storage_errors(place):
            place.mkdir(parents=True, exist_ok=True)
            (place / PHOTO).write_bytes(small_jpeg(picture.image, PHOTO_PX))
        return place / PHOTO

    def drop(self, listing: str) -> None:
        """Forget the photo of a listing."""
        shutil.rmtree(self._folder / listing, ignore_errors=True)

    def export(self, listing: str, product: Product, form: Form) -> tuple[str, Path]:
        """Return a listing in the form of a shop system, as text and as a file."""
        place = self._folder / listing
        shown = product.model_copy(update={"images": tuple(Path(i).name for i in product.images)})
        text = exported(shown, form)
        with storage_errors(place):
            place.mkdir(parents=True, exist_ok=True)
            path = place / _NAMES[form]
            path.write_text(text, encoding="utf-8", newline="")
        return text, path

    def accept(self, product: Product, catalog: Path) -> Path:
        """Put a listing, with its photo, into the accepted ones beside a catalogue; return their file."""
        with self._writing, storage_errors(catalog):
            images = tuple(self._moved(product.id, image, catalog) for image in product.images)
            record = product.model_copy(update={"images": images}).record()
            with (catalog / ACCEPTED_FILE).open("a", encoding="utf-8") as out:
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
        return catalog / ACCEPTED_FILE

    @staticmethod
    def _moved(product_id: str, image: str, catalog: Path) -> str:
        pictures = catalog / ACCEPTED_PICTURES
        pictures.mkdir(exist_ok=True)
        name = f"{product_id}.jpg"
        shutil.copyfile(image, pictures / name)
        return f"{ACCEPTED_PICTURES}/{name}"


def exported(product: Product, form: Form) -> str:
    """Return a listing as the text of one of the forms."""
    if form == "Shopify CSV":
        return shopify_csv([product])
    if form == "Google Merchant":
        return google_tsv([product])
    return json.dumps(product.record(), ensure_ascii=False, indent=2)
