"""How fast pictures are read and encoded, and how fast a photo is searched by in a large catalogue.

The large catalogue is a varied copy of the sample shop; the vectors of its pictures are those of the sample's
pictures, each moved a little, since what takes time does not depend on what they show.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.processes import fresh_home
from benchmarks.results import Options, ResultTable, percentiles, time_each
from benchmarks.varied_catalog import vary
from shopclerk.catalog.picture_store import StoredPicture
from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import read_rows
from shopclerk.catalog.search import SearchRequest
from shopclerk.catalog.store import Store
from shopclerk.errors import PictureError
from shopclerk.pictures import PictureLimits, decode_many, open_picture
from shopclerk.settings import Settings
from shopclerk.shop import Shop, sample_file
from shopclerk.terminal import sample_photo

ENCODED = 1_024
BATCH = 32
PHOTOS = ("black_backpack.jpg", "blue_running_shoe.jpg", "mug_and_plant.jpg", "yellow_raincoat.jpg")
NO_COLOURS = "00" * 48
MOVED = 0.02
"""Standard deviation of what is added to each number of a vector of length one."""


def run(options: Options) -> Iterator[ResultTable]:
    """Encode pictures, then search a large catalogue by photo."""
    with fresh_home(options.settings) as settings:
        sample = [row.product for row in read_rows(sample_file()) if row.product]
        with Shop.open("sample", home=settings.home) as shop:
            yield _encoding(shop, sample)
            looks = list(shop.gallery.pictures.all())
        with Shop(_large(settings, sample, options)) as shop:
            _give_pictures(shop, looks, options.seed)
            yield _queries(shop, options)


def _encoding(shop: Shop, sample: Sequence[Product]) -> ResultTable:
    paths = [sample_file().parent / product.images[0] for product in sample]
    many = list(islice(cycle(paths), ENCODED))
    eye = shop.gallery.eye
    images = [open_picture(path).image for path in many]
    eye.look(images[:BATCH])
    bare = _seconds(lambda: eye.encoder.encode(images, batch_size=BATCH))
    whole = _seconds(lambda: _read_and_look(shop, many))
    rows = (
        ("decoded pictures to vectors", round(ENCODED / bare, 1)),
        ("files to vectors", round(ENCODED / whole, 1)),
    )
    title = f"{ENCODED:,} pictures of 320 px, batches of {BATCH}"
    return ResultTable("picture_speed", title, ("what", "pictures a second"), rows)


def _read_and_look(shop: Shop, paths: Sequence[Path]) -> None:
    waiting: list[Image.Image] = []
    for picture in decode_many(paths, PictureLimits(max_side_px=384)):
        if not isinstance(picture, PictureError):
            waiting.append(picture.image)
        if len(waiting) == 4 * BATCH:
            shop.gallery.eye.look(waiting)
            waiting = []
    shop.gallery.eye.look(waiting)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _large(settings: Settings, sample: Sequence[Product], options: Options) -> Settings:
    folder = settings.home / "large"
    large = settings.model_copy(update={"catalog": str(folder), "image_encoder": "embedded"})
    store = Store(folder)
    products = vary(sample, options.products, seed=options.seed)
    while batch := list(islice(products, 5_000)):
        store.upsert([each.model_copy(update={"images": ("its.jpg",)}) for each in batch])
    store.close()
    return large


def _give_pictures(shop: Shop, looks: Sequence[StoredPicture], seed: int) -> None:
    pictures, draw = shop.gallery.pictures, np.random.default_rng(seed)
    eye, chosen = shop.gallery.eye.id, cycle(looks)
    texts = shop.encoder.encode([product.title for product in islice(shop.store.products(), 500)])
    while due := pictures.due(5_000):
        rows = [(row, next(chosen)) for row, _ in due]
        shop.vectors.upsert([row for row, _ in rows], texts[[row % len(texts) for row, _ in rows]])
        pictures.write(
            eye, [(_moved(look, row, draw), f"{row:016x}-{NO_COLOURS}") for row, look in rows], []
        )
    shop.see()


def _moved(look: StoredPicture, row: int, draw: np.random.Generator) -> StoredPicture:
    vector = look.vector + draw.normal(0, MOVED, look.vector.shape).astype(np.float32)
    return StoredPicture(row, vector / np.linalg.norm(vector), look.meaning)


def _queries(shop: Shop, options: Options) -> ResultTable:
    photos = list(islice(cycle(sample_photo(name) for name in PHOTOS), options.queries))

    def ask(path: Path, words: str = "", **filters: object) -> None:
        query = shop.gallery.query(open_picture(path, shop.gallery.limits))
        shop.search(SearchRequest(words, filters, picture=query))

    for path in photos[:8]:
        ask(path)
    rows = [
        ("photo", *percentiles(time_each(ask, photos))),
        ("photo and words", *percentiles(time_each(lambda path: ask(path, "in red"), photos))),
        (
            "photo, price up to 100",
            *percentiles(time_each(lambda path: ask(path, price={"<=": 100}), photos)),
        ),
    ]
    title = (
        f"Search by photo over {options.products:,} products, decoding and encoding included "
        f"(n={options.queries} a row, {shop.gallery.space.route})"
    )
    return ResultTable("picture_speed", title, ("search", "p50 ms", "p95 ms"), tuple(rows))
