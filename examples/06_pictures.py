"""Search by a photo, by a region of it, and by photo and words; describe it; find things in it.

Run it:

    python examples/06_pictures.py

It prints what looks most like a photo of a backpack; the same in blue; what is like the mug at the left of a photo of
two things; what the describer makes of the photo; and where the mug is.
"""

from shopclerk import Shop
from shopclerk.catalog.search import SearchRequest
from shopclerk.pictures import open_picture
from shopclerk.terminal import sample_photo


def main() -> None:
    """Look around."""
    with Shop.open("sample") as shop:
        backpack = open_picture(sample_photo("black_backpack.jpg"))
        mug_and_plant = open_picture(sample_photo("mug_and_plant.jpg"))
        searches = {
            "like the backpack": SearchRequest(picture=shop.gallery.query(backpack), limit=3),
            "the same, but blue": SearchRequest(
                "blue", picture=shop.gallery.query(backpack), limit=3
            ),
            "like the mug in the other photo": SearchRequest(
                picture=shop.gallery.query(mug_and_plant, (41, 157, 136, 245)), limit=3
            ),
        }
        for name, request in searches.items():
            print(f"{name}:")
            for hit in shop.search(request).hits:
                print(f"  {hit.visual or 0:.2f}  {hit.product.title}")

        caption = shop.gallery.captioner().caption([backpack.image])[0]
        print(f"described as: {caption.text} (sure by {caption.score:.2f})")
        for region in shop.gallery.locator().locate(mug_and_plant.image, "mug", limit=1):
            print("the mug is at", [round(edge) for edge in region.box])


if __name__ == "__main__":
    main()
