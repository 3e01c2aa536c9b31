"""Pictures of rows: what the steps make of them, and of broken ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shopclerk.catalog.product import Product
from shopclerk.enrichment.registry import Known, open_category, open_checks, open_tags
from shopclerk.shop import Shop
from tests.fakes import FakeEye, HashEncoder
from tests.pictured import painted, picture_file, pictured_catalog

BROKEN = "broken.png"


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Known]:
    """The pictured shop, and a folder of rows with a red ball and a broken picture."""
    rows = tmp_path / "rows"
    picture_file(rows, "red")
    (rows / BROKEN).write_bytes(b"no picture")
    path = pictured_catalog(tmp_path)
    with Shop.open(path, encoder=HashEncoder(), eye=FakeEye(), home=tmp_path) as shop:
        shop.see()
        made = Known(shop.settings, rows)
        made.__dict__["shop"] = shop
        yield made


def row(*images: str) -> Product:
    return Product(id="new", title="Thing", images=images)


def test_a_picture_is_looked_at_beside_its_file(known: Known) -> None:
    assert known.pictures is not None
    seen = known.pictures.seen("red-ball.png")
    assert seen.image.size == painted("red").size
    assert seen.look is not None
    words = known.pictures.words("red-ball.png")
    assert max(words, key=lambda word: words[word]) == "Balls"


def test_tags_come_by_picture_where_words_say_nothing(known: Known) -> None:
    step = open_tags(known)
    seen, unseen = step.run([row("red-ball.png"), row()])
    assert "Red" in seen.cells["new_tags"]
    assert unseen.cells["new_tags"] == []
    assert seen.error is None


@pytest.mark.parametrize("open_one", [open_tags, open_category], ids=["tags", "category"])
@pytest.mark.parametrize(
    ("path", "told"),
    [(BROKEN, "By words alone. Picture 'broken.png'"), ("nosuch.png", "no such file")],
    ids=["broken", "missing"],
)
def test_a_row_whose_picture_cannot_be_read_goes_by_its_words(
    known: Known, open_one, path: str, told: str
) -> None:
    broken, bare = open_one(known).run([row(path), row()])
    assert told in broken.error
    assert broken.cells == bare.cells
    assert bare.error is None


def test_addresses_are_not_fetched(known: Known) -> None:
    address = "https://example.org/a.png"
    for open_one in (open_tags, open_category, open_checks):
        (outcome,) = open_one(known).run([row(address)])
        assert outcome.error is None
        assert address not in str(outcome.cells)


def test_checks_tell_a_picture_that_cannot_be_read(known: Known) -> None:
    broken, whole = open_checks(known).run([row(BROKEN), row("red-ball.png")])
    assert any(BROKEN in problem for problem in broken.cells["problems"])
    assert not any("ball.png' " in problem for problem in whole.cells["problems"])
    assert broken.error is None


def test_no_folder_and_no_eye_look_at_nothing(known: Known) -> None:
    blind = known.settings.model_copy(update={"image_encoder": "none"})
    assert Known(blind, Path()).pictures is None
    assert Known(known.settings).pictures is None


def test_another_look_makes_another_run(known: Known) -> None:
    bare = Known(known.settings)
    bare.__dict__["shop"] = known.shop
    assert open_tags(known).made_by != open_tags(bare).made_by
