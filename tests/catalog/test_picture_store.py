"""What the store keeps of pictures: the queues, the vectors, and who is known again."""

from collections.abc import Iterator

import numpy as np
import pytest

from shopclerk.catalog.picture_prints import picture_print
from shopclerk.catalog.picture_store import PictureStore, StoredPicture
from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store
from tests.listings import temporary_store
from tests.pictured import painted

PRODUCTS = [Product(id=f"p-{n}", title=f"Ball {n}", images=("a.png",)) for n in (1, 2, 3)]
BARE = Product(id="bare", title="Ball without picture")


@pytest.fixture
def store() -> Iterator[Store]:
    with temporary_store([*PRODUCTS, BARE]) as opened:
        yield opened


@pytest.fixture
def pictures(store: Store) -> PictureStore:
    return PictureStore(store)


def read(row: int, paint: str = "red") -> tuple[StoredPicture, str]:
    """What reading a product's picture leaves."""
    vector = np.array([3.0, 4.0 * row], np.float32)
    picture = StoredPicture(row, vector / np.linalg.norm(vector), np.array([1.0, 0.0], np.float32))
    return picture, picture_print(painted(paint))


def test_products_with_pictures_wait(pictures: PictureStore) -> None:
    assert pictures.due_count() == 3
    assert [row for row, _ in pictures.due(2)] == [1, 2]
    assert pictures.due(1)[0][1].id == "p-1"


def test_what_was_read_comes_back_as_it_was(pictures: PictureStore) -> None:
    item, prints = read(1)
    pictures.write("eye", [(item, prints)], [])
    (back,) = pictures.all()
    assert back.row == 1
    assert back.vector == pytest.approx(item.vector, abs=1e-3)
    assert np.linalg.norm(back.vector) == pytest.approx(1.0)
    assert back.meaning == pytest.approx(item.meaning)
    assert pictures.of(2) is None


def test_the_queues_follow_one_another(pictures: PictureStore) -> None:
    pictures.write("eye", [read(1), read(2)], failed=[3])
    assert (pictures.due_count(), pictures.read_count(), pictures.unplaced_count()) == (0, 2, 2)
    pictures.placed([1])
    assert (pictures.placed_count(), pictures.placed_rows()) == (1, {1})
    assert [item.row for item in pictures.unplaced(9)] == [2]
    pictures.place_again([1])
    assert pictures.unplaced_count() == 2


def test_what_failed_waits_only_when_asked_for(pictures: PictureStore) -> None:
    pictures.write("eye", [read(1)], failed=[2, 3])
    pictures.start_over("eye")
    assert pictures.due_count() == 0
    pictures.retry_failed()
    assert [row for row, _ in pictures.due(9)] == [2, 3]


@pytest.mark.parametrize(("encoder", "due"), [("eye", 0), ("other", 2)])
def test_another_encoder_starts_over(pictures: PictureStore, encoder: str, due: int) -> None:
    pictures.write("eye", [read(1), read(2)], failed=[3])
    pictures.start_over(encoder)
    assert pictures.due_count() == due


def test_reading_again_queues_all(pictures: PictureStore) -> None:
    pictures.write("eye", [read(1)], failed=[2])
    pictures.read_again()
    assert pictures.due_count() == 3


def test_a_picture_changed_or_deleted_is_gone_until_it_is_forgotten(
    store: Store, pictures: PictureStore
) -> None:
    pictures.write("eye", [read(1), read(2), read(3)], [])
    store.upsert([PRODUCTS[0].model_copy(update={"images": ("b.png",)})])
    store.delete(["p-2"])
    assert pictures.gone() == [1, 2]
    assert [row for row, _ in pictures.due(9)] == [1]
    pictures.forget_gone([1, 2])
    assert pictures.gone() == []


def test_changed_words_only_need_another_place(store: Store, pictures: PictureStore) -> None:
    pictures.write("eye", [read(1)], [2, 3])
    pictures.placed([1])
    store.upsert([PRODUCTS[0].model_copy(update={"title": "Other"})])
    assert (pictures.due_count(), pictures.unplaced_count(), pictures.gone()) == (0, 1, [])


# -- known again -------------------------------------------------------------------------------------


def test_the_same_picture_is_known_and_another_colour_is_another(pictures: PictureStore) -> None:
    pictures.write("eye", [read(1, "red"), read(2, "blue")], [3])
    assert pictures.same_as(picture_print(painted("red", side=300))) == [1]
    assert pictures.same_as(picture_print(painted("green"))) == []
    assert pictures.same_as(picture_print(painted("red", "cone"))) == []


def test_any_of_a_products_pictures_is_known(pictures: PictureStore) -> None:
    item, first = read(1, "red")
    second = picture_print(painted("black", "cone"))
    pictures.write("eye", [(item, f"{first} {second}")], [2, 3])
    assert pictures.same_as(second) == [1]


def test_what_another_process_reads_is_known_too(store: Store, pictures: PictureStore) -> None:
    wanted = picture_print(painted("red"))
    assert pictures.same_as(wanted) == []
    PictureStore(store).write("eye", [read(1, "red")], [])
    assert pictures.same_as(wanted) == [1]
