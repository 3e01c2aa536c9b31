"""Makes docs/pictures.jpg: photos as a shopper takes them, and what looks most like them in the sample shop.

Run it: python docs/make_pictures_picture.py
"""

from pathlib import Path

from PIL import Image, ImageDraw

from shopclerk.catalog.search import SearchRequest
from shopclerk.pictures import open_picture
from shopclerk.shop import Shop, sample_file
from shopclerk.terminal import sample_photo

PHOTOS = ("black_backpack.jpg", "blue_running_shoe.jpg")
SIDE, GAP, FOUND = 220, 12, 4


def main() -> None:
    """Search and paste side by side."""
    width = (SIDE + GAP) * (FOUND + 1) + 3 * GAP
    sheet = Image.new("RGB", (width, (SIDE + GAP) * len(PHOTOS) + GAP), "white")
    pen = ImageDraw.Draw(sheet)
    with Shop.open("sample") as shop:
        for row, name in enumerate(PHOTOS):
            photo, top = open_picture(sample_photo(name)), GAP + row * (SIDE + GAP)
            found = shop.search(SearchRequest(picture=shop.gallery.query(photo), limit=FOUND))
            folder = sample_file().parent
            shown = [open_picture(hit.product.images[0], folder=folder) for hit in found.hits]
            for place, picture in enumerate([photo, *shown]):
                left = GAP + place * (SIDE + GAP) + (2 * GAP if place else 0)
                sheet.paste(picture.image.resize((SIDE, SIDE)), (left, top))
            line = GAP + SIDE + GAP + GAP // 2
            pen.line((line, top, line, top + SIDE), fill="#999999", width=2)
    sheet.save(Path(__file__).with_name("pictures.jpg"), quality=85)


if __name__ == "__main__":
    main()
