"""Indexing pictures: what is read, what is only placed, and what a kill or a bad file leaves behind."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from shopclerk.catalog import picture_indexing
from shopclerk.catalog.indexing import indexing_lock
from shopclerk.catalog.picture_indexing import listing_terms, listing_text, pictured, read_pictures
from shopclerk.catalog.product import Product
from shopclerk.catalog.schema import MIGRATIONS
from shopclerk.catalog.store import STORE_FILE, Store
from shopclerk.pictures import PictureLimits
from shopclerk.settings import load_settings
from shopclerk.shop import Shop
from tests.fakes import FakeEye, HashEncoder
from tests.pictured import (
    painted,
    picture_file,
    pictured_catalog,
    pictured_products,
    rejected,
)
from tests.pictures.drawn import png_header, saved

BAD = {
    "truncated.jpg": lambda: saved(painted("red"), "JPEG")[:300],
    "empty.jpg": lambda: b"",
    "bomb.png": lambda: png_header(20_000, 20_000),
    "text.jpg": lambda: b"this is no picture at all\n" * 9,
    "drawing.jpg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
    "phone.jpg": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
}
ODD = {
    "cmyk.jpg": lambda: saved(painted("red").convert("CMYK"), "JPEG"),
    "palette.png": lambda: saved(painted("red").convert("P"), "PNG"),
    "deep.png": lambda: saved(painted("red").convert("L").convert("I;16"), "PNG"),
    "moving.gif": lambda: saved(
        painted("red"), "GIF", save_all=True, append_images=[painted("blue")]
    ),
}


class Pictured:
    """A shop over a folder with pictures, and the eye that looks at them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.products = pictured_products(folder)
        self.eye = FakeEye()
        self.opened: list[Shop] = []

    def open(self, **settings) -> Shop:
        """Write the file and open the shop as another process would."""
        path = pictured_catalog(self.folder, self.products)
        given = {"home": self.folder, "picture_head": "none", "eye": self.eye, **settings}
        self.opened.append(Shop.open(path, encoder=HashEncoder(), **given))
        return self.opened[-1]

    def change(self, product_id: str, **fields) -> None:
        """Change a listing."""
        self.products = [
            product.model_copy(update=fields) if product.id == product_id else product
            for product in self.products
        ]


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[Pictured]:
    made = Pictured(tmp_path)
    yield made
    for shop in made.opened:
        shop.close()


def placed(shop: Shop) -> set[str]:
    """The ids of the products whose pictures are in the index."""
    return {product.id for product in shop.store.by_rows(list(shop.gallery.index.rows())).values()}


PICTURED = {"red-ball", "blue-ball", "green-box", "red-box", "pair"}


def test_every_picture_is_read_and_placed(pictures: Pictured) -> None:
    shop = pictures.open()
    assert placed(shop) == PICTURED
    assert pictures.eye.looked == 6
    assert rejected(shop.place.folder) == {}


def test_a_second_run_looks_at_nothing(pictures: Pictured) -> None:
    pictures.open().close()
    shop = pictures.open()
    assert pictures.eye.looked == 6
    assert shop.index().pictures.read == 0
    assert placed(shop) == PICTURED


def test_the_report_counts_products_and_pictures(pictures: Pictured) -> None:
    pictures.change("pair", images=("images/black-cone.png", "images/nowhere.png"))
    path = pictured_catalog(pictures.folder, pictures.products)
    settings = load_settings(home=pictures.folder, catalog=str(path), picture_head="none")
    with Shop(settings, encoder=HashEncoder(), eye=pictures.eye) as shop:
        seen: list[tuple[str, int, int | None]] = []
        report = shop.index(progress=lambda *step: seen.append(step)).pictures
    assert (report.read, report.rejected) == (5, 1)
    assert report.reject_file == shop.place.folder / picture_indexing.REJECT_FILE
    assert 0 < report.encode_s < report.total_s
    assert ("Looking at pictures", 5, 5) in seen
    assert ("Placing pictures", 5, 5) in seen


def test_several_pictures_are_pooled(pictures: Pictured) -> None:
    shop = pictures.open()
    stored = shop.gallery.pictures.of(shop.store.row_of("pair"))
    mean = FakeEye().encode([painted("black", "cone"), painted("blue", "cone")]).mean(axis=0)
    assert stored is not None
    assert stored.vector == pytest.approx(mean / np.linalg.norm(mean), abs=2e-3)


def test_no_more_than_the_first_pictures_are_looked_at(pictures: Pictured) -> None:
    pictures.change("pair", images=("images/red-ball.png",) * 30)
    pictures.open()
    assert pictures.eye.looked == 4 + picture_indexing.MAX_PICTURES


# -- changes -----------------------------------------------------------------------------------------


def test_changed_pictures_are_read_again(pictures: Pictured) -> None:
    pictures.open().close()
    picture_file(pictures.folder / "images", "green", "cone")
    pictures.change("red-ball", images=("images/green-cone.png",))
    shop = pictures.open()
    assert pictures.eye.looked == 7
    stored = shop.gallery.pictures.of(shop.store.row_of("red-ball"))
    assert stored is not None
    assert stored.vector == pytest.approx(
        FakeEye().encode_query(painted("green", "cone")), abs=2e-3
    )
    assert placed(shop) == PICTURED


def test_changed_words_are_placed_again_without_looking(
    pictures: Pictured, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures.open().close()
    pictures.change("red-ball", title="Crimson ball")
    asked: list[int] = []
    space = picture_indexing.PictureStore.unplaced
    monkeypatch.setattr(
        picture_indexing.PictureStore,
        "unplaced",
        lambda self, limit: asked.extend(i.row for i in space(self, limit)) or space(self, limit),
    )
    shop = pictures.open()
    assert pictures.eye.looked == 6
    assert asked == [shop.store.row_of("red-ball")]
    assert placed(shop) == PICTURED


def test_deleted_products_leave_the_index(pictures: Pictured) -> None:
    shop = pictures.open()
    shop.store.delete(["red-ball", "words-only"])
    shop.refresh()
    assert placed(shop) == PICTURED - {"red-ball"}
    assert shop.gallery.pictures.gone() == []


def test_a_product_that_lost_its_pictures_leaves_the_index(pictures: Pictured) -> None:
    pictures.open().close()
    pictures.change("red-ball", images=())
    assert placed(pictures.open()) == PICTURED - {"red-ball"}


def test_another_encoder_reads_all_anew(pictures: Pictured) -> None:
    pictures.open().close()
    pictures.eye = FakeEye("quarters-2")
    shop = pictures.open()
    assert pictures.eye.looked == 6
    assert placed(shop) == PICTURED


def test_without_an_encoder_nothing_is_read_and_nothing_lost(pictures: Pictured) -> None:
    pictures.open().close()
    shop = pictures.open(image_encoder="none")
    assert shop.gallery.search() is None
    shop.rebuild()
    shop.close()
    assert pictures.open().gallery.pictures.placed_count() == 5
    assert pictures.eye.looked == 6


# -- cut short, lost, damaged ------------------------------------------------------------------------


def test_a_run_killed_while_reading_carries_on(
    pictures: Pictured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_indexing, "PRODUCTS_A_BATCH", 2)
    look = pictures.eye.look

    def killed(images):
        if pictures.eye.looked >= 2:
            raise KeyboardInterrupt
        return look(images)

    monkeypatch.setattr(pictures.eye, "look", killed)
    with pytest.raises(KeyboardInterrupt):
        pictures.open()
    monkeypatch.setattr(pictures.eye, "look", look)
    assert placed(pictures.open()) == PICTURED
    assert pictures.eye.looked == 6


@pytest.mark.parametrize("step", ["product_vectors", "upsert", "placed"])
def test_a_run_killed_between_reading_and_placing_carries_on(
    pictures: Pictured, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    owners = {
        "product_vectors": "shopclerk.models.picture_space.PictureSpace.product_vectors",
        "upsert": "shopclerk.catalog.picture_indexing.VectorIndex.upsert",
        "placed": "shopclerk.catalog.picture_indexing.PictureStore.placed",
    }
    with monkeypatch.context() as patch:
        original = picture_indexing.VectorIndex.upsert

        def killed(self, *given):
            if step != "upsert" or self._name == "pictures":
                raise KeyboardInterrupt
            return original(self, *given)

        patch.setattr(owners[step], killed)
        with pytest.raises(KeyboardInterrupt):
            pictures.open()
    assert placed(pictures.open()) == PICTURED
    assert pictures.eye.looked == 6


def test_lost_and_stray_vectors_are_mended(pictures: Pictured) -> None:
    shop = pictures.open()
    index = shop.gallery.index
    stray = np.ones((2, 12 + 64), np.float32) / np.sqrt(76)
    index.delete([1])
    index.upsert([77, 78], stray)
    shop.refresh()
    assert placed(shop) == PICTURED
    assert len(index) == 5
    assert pictures.eye.looked == 6


def test_verify_compares_where_the_counts_agree(pictures: Pictured) -> None:
    shop = pictures.open()
    assert shop.verify() == 0
    shop.gallery.index.delete([1])
    shop.gallery.index.upsert([77], np.ones((1, 76), np.float32))
    assert shop.verify() == 2
    shop.refresh()
    assert (placed(shop), len(shop.gallery.index)) == (PICTURED, 5)


def test_rebuild_reads_all_anew(pictures: Pictured) -> None:
    shop = pictures.open()
    (pictures.folder / "images" / "red-ball.png").write_bytes(
        saved(painted("green", "cone"), "PNG")
    )
    assert shop.rebuild() == 6
    stored = shop.gallery.pictures.of(shop.store.row_of("red-ball"))
    assert stored is not None
    assert pictures.eye.looked == 12
    assert stored.vector == pytest.approx(
        FakeEye().encode_query(painted("green", "cone")), abs=2e-3
    )


def test_opening_a_shop_in_step_takes_no_lock(pictures: Pictured) -> None:
    shop = pictures.open()
    with indexing_lock(shop.place.folder):
        assert shop.refresh() is None


# -- bad pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_rejected_and_the_rest_goes_on(pictures: Pictured, name: str) -> None:
    (pictures.folder / "images" / name).write_bytes(BAD[name]())
    pictures.change("red-ball", images=(f"images/{name}",))
    pictures.change("pair", images=(f"images/{name}", "images/blue-cone.png"))
    shop = pictures.open()
    assert placed(shop) == PICTURED - {"red-ball"}
    reasons = rejected(shop.place.folder)
    assert reasons.keys() == {f"images/{name}"}
    assert f"images/{name}" in reasons[f"images/{name}"]
    assert shop.search("red ball").hits[0].product.id == "red-ball"


@pytest.mark.parametrize("name", ODD)
def test_an_odd_picture_is_read(pictures: Pictured, name: str) -> None:
    (pictures.folder / "images" / name).write_bytes(ODD[name]())
    pictures.change("red-ball", images=(f"images/{name}",))
    assert placed(pictures.open()) == PICTURED


@pytest.mark.parametrize(
    "source",
    ["https://shop.example/a.jpg", "images", "/nowhere/at/all.jpg", "images/../../../etc/hostname"],
)
def test_what_is_no_file_of_a_picture_is_rejected(pictures: Pictured, source: str) -> None:
    pictures.change("red-ball", images=(source,))
    shop = pictures.open()
    assert placed(shop) == PICTURED - {"red-ball"}
    assert rejected(shop.place.folder).keys() == {source}


def test_a_picture_that_came_later_is_read_by_the_next_index(pictures: Pictured) -> None:
    pictures.change("red-ball", images=("images/later.png",))
    shop = pictures.open()
    painted("red").save(pictures.folder / "images" / "later.png")
    shop.refresh()
    assert placed(shop) == PICTURED - {"red-ball"}
    assert shop.index().pictures.read == 1
    assert placed(shop) == PICTURED
    assert rejected(shop.place.folder) == {}


# -- an older store ----------------------------------------------------------------------------------


def version_one(store_file: Path) -> None:
    """Take a store back to the schema that knew no pictures."""
    store = Store(store_file.parent)
    with store.transaction() as db:
        for table in ("picture", "picture_gone"):
            db.execute(f"DROP TABLE {table}")
        db.execute("DELETE FROM meta WHERE key IN ('picture_folder', 'picture_writes')")
        db.execute("PRAGMA user_version = 1")
    store.close()


def test_opening_an_older_store_reads_its_pictures(pictures: Pictured) -> None:
    shop = pictures.open(image_encoder="none")
    folder, path = shop.place.folder, shop.place.source
    shop.close()
    version_one(folder / STORE_FILE)
    with Shop.open(
        path, encoder=HashEncoder(), eye=pictures.eye, home=pictures.folder, picture_head="none"
    ) as shop:
        assert shop.store.generation == 1  # nothing but pictures was touched
        assert shop.store.db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert placed(shop) == PICTURED


def test_an_older_store_without_pictures_queues_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "old")
    store.upsert([Product(id="a", title="A"), Product(id="b", title="B", images=("b.png",))])
    store.close()
    version_one(tmp_path / "old" / STORE_FILE)
    store = Store(tmp_path / "old")
    assert store.db.execute("SELECT row, state FROM picture").fetchall() == [(2, "due")]
    store.close()


# -- words of a listing ------------------------------------------------------------------------------


def test_prose_tells_nothing_of_a_picture() -> None:
    product = Product(
        id="1", title="Red ball", category="Toys > Balls", description="Comes with a blue pump"
    )
    assert {"red", "ball"} <= set(listing_terms(product))
    assert "blue" not in listing_terms(product)
    assert listing_text(product) == "Red ball. Toys > Balls"
    assert listing_text(Product(id="1", title="Red ball")) == "Red ball"


def test_pictured_pairs_pictures_with_their_products(pictures: Pictured) -> None:
    shop = pictures.open()
    pairs = list(pictured(shop.store))
    assert {product.id for _, product in pairs} == PICTURED
    assert all(shop.store.row_of(product.id) == picture.row for picture, product in pairs)


def test_paths_are_relative_to_the_folder_that_is_given(tmp_path: Path) -> None:
    pictured_products(tmp_path / "shop")
    store = Store(tmp_path / "store")
    store.upsert([Product(id="a", title="A", images=("images/red-ball.png",))])
    report = read_pictures(store, FakeEye(), tmp_path / "shop", PictureLimits())
    store.close()
    shutil.rmtree(tmp_path / "store")
    assert (report.read, report.rejected) == (1, 0)
