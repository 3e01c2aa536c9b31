"""How long the listing helper takes on words and a picture, warm, over the sample shop.

    python -m benchmarks.listing_speed

Prints the time of the first listing, which opens the models, and median and worst of ten after it.
"""

import statistics
import time

from shopclerk.agents.listing.draft import Given
from shopclerk.settings import quiet_libraries
from shopclerk.shop import Shop
from shopclerk.terminal import sample_photo

LISTINGS = (
    ("blue_running_shoe.jpg", "mens runing shoes blue sz10 mesh"),
    ("black_backpack.jpg", "laptop backpack 15 inch, water resistant, black"),
    ("mug_on_desk.jpg", "ceramic mug 350ml gift"),
    ("yellow_raincoat.jpg", "kids raincoat yelow waterproof age 6"),
    ("mug_and_plant.jpg", "mug with saucer, stoneware, dishwasher safe"),
    ("guitar_and_chair.jpg", "acoustic guitar spruce top with bag"),
    ("blue_running_shoe.jpg", "nike runing shoes red sz10"),
    ("black_backpack.jpg", "school bag"),
    ("yellow_raincoat.jpg", "rain jacket yellow hood"),
    ("mug_on_desk.jpg", "travel mug stainless steel 450 ml lid"),
)


def main() -> None:
    """Measure and print."""
    quiet_libraries()
    with Shop.open("sample") as shop:
        helper = shop.listing_helper()
        seconds = []
        for photo, words in (LISTINGS[0], *LISTINGS):
            started = time.perf_counter()
            helper.make(Given(text=words, images=(str(sample_photo(photo)),)))
            seconds.append(time.perf_counter() - started)
    first, *warm = seconds
    print(
        f"first {first:.2f} s; then, n = {len(warm)}: median {statistics.median(warm):.2f} s, worst {max(warm):.2f} s"
    )


if __name__ == "__main__":
    main()
