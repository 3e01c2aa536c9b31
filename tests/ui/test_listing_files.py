import json

import pytest
from PIL import Image

from shopclerk.catalog.product import Product
from shopclerk.errors import PictureError
from shopclerk.pictures import PictureLimits
from shopclerk.ui.listing_files import ListingFiles


@pytest.fixture
def listing_files(tmp_path):
    return ListingFiles(tmp_path / "listings")


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "upload.png"
    Image.new("RGB", (60, 40), "green").save(path)
    return path


def test_a_photo_is_kept_and_the_upload_goes(listing_files, upload):
    kept = listing_files.keep_photo("listing-1", upload, PictureLimits())
    with Image.open(kept) as picture:
        assert picture.size == (60, 40)
    assert not upload.exists()
    listing_files.drop("listing-1")
    assert not kept.exists()


def test_no_picture_is_told_and_the_upload_goes_too(listing_files, tmp_path):
    fake = tmp_path / "photo.jpg"
    fake.write_bytes(b"no picture")
    with pytest.raises(PictureError):
        listing_files.keep_photo("listing-1", fake, PictureLimits())
    assert not fake.exists()


@pytest.mark.parametrize(
    ("form", "told"),
    [("JSON", '"title": "Mug"'), ("Shopify CSV", "Handle"), ("Google Merchant", "title")],
)
def test_exports_name_the_photo_and_not_its_folder(listing_files, tmp_path, form, told):
    product = Product(
        id="m1", title="Mug", price=5, images=(str(tmp_path / "listings" / "x" / "photo.jpg"),)
    )
    text, path = listing_files.export("x", product, form)
    assert told in text
    assert str(tmp_path) not in text
    assert path.read_text("utf-8") == text.replace("\r\n", "\n")


def test_accepted_listings_stand_beside_the_catalogue_with_their_photos(
    listing_files, upload, tmp_path
):
    photo = listing_files.keep_photo("listing-1", upload, PictureLimits())
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    for number in (1, 2):
        file = listing_files.accept(
            Product(id=f"listing-{number}", title="Mug", images=(str(photo),)), catalog
        )
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [each["id"] for each in records] == ["listing-1", "listing-2"]
    assert (catalog / records[0]["images"][0]).exists()
