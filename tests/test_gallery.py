"""A shop's gallery: which space is chosen, what learning keeps, and what a picture is as a query."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from shopclerk import gallery as gallery_module
from shopclerk.errors import MissingModelError, PictureError, SettingError
from shopclerk.gallery import HEAD_FOLDER, Gallery, Pair
from shopclerk.pictures import open_picture
from shopclerk.shop import Shop
from tests.catalog.test_picture_search import head_of_colours
from tests.fakes import FakeEye, HashEncoder
from tests.pictured import painted, pictured_catalog, pictured_products
from tests.pictures.drawn import saved


@pytest.fixture
def eye() -> FakeEye:
    return FakeEye()


@pytest.fixture
def open_shop(tmp_path: Path, eye: FakeEye) -> Iterator:
    """Open the pictured shop under some settings."""
    opened: list[Shop] = []

    def make(**settings) -> Shop:
        given = {"eye": eye, "home": tmp_path, **settings}
        path = pictured_catalog(tmp_path)
        opened.append(Shop.open(path, encoder=HashEncoder(), **given))
        return opened[-1]

    yield make
    for shop in opened:
        shop.close()


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch):
    """Say whether the shipped head finds listings more alike than the look alone."""

    def say(answer: bool) -> list[int]:
        asked: list[int] = []

        def agreement(_space, known, _asked):
            asked.append(len(known))
            return (0.6, 0.5) if answer else (0.5, 0.6)

        monkeypatch.setattr(gallery_module, "agreement", agreement)
        return asked

    return say


def route(shop: Shop) -> str:
    return shop.gallery.space.route


# -- which space -------------------------------------------------------------------------------------


def test_without_a_head_that_takes_its_vectors_class_names_serve(open_shop) -> None:
    assert route(open_shop()) == "class names"
    assert route(open_shop(picture_head="none")) == "class names"


@pytest.mark.parametrize(
    ("answer", "expected"), [(True, "shipped head"), (False, "class names")], ids=["fits", "not"]
)
@pytest.mark.parametrize("wanted", ["auto", "shipped"])
def test_the_shipped_head_serves_where_it_fits(
    open_shop, eye, fits, monkeypatch: pytest.MonkeyPatch, wanted, answer, expected
) -> None:
    monkeypatch.setattr(gallery_module, "shipped_head", lambda: head_of_colours(eye))
    asked = fits(answer)
    assert route(open_shop(picture_head=wanted)) == expected
    assert set(asked) == {5}


def test_whether_it_fits_is_asked_once(open_shop, eye, fits, monkeypatch) -> None:
    monkeypatch.setattr(gallery_module, "shipped_head", lambda: head_of_colours(eye))
    asked = fits(True)
    open_shop()
    before = len(asked)
    assert route(open_shop()) == "shipped head"
    assert len(asked) == before


def test_where_no_listing_tells_products_apart_the_shipped_head_gives_words(
    tmp_path, eye, fits, monkeypatch
) -> None:
    monkeypatch.setattr(gallery_module, "shipped_head", lambda: head_of_colours(eye))
    fits(False)
    bare = [p.model_copy(update={"title": "Item"}) for p in pictured_products(tmp_path)]
    path = pictured_catalog(tmp_path, bare)
    with Shop.open(path, encoder=HashEncoder(), eye=eye, home=tmp_path) as shop:
        assert route(shop) == "shipped head for words"
        assert shop.search("blue").hits[0].product.id in ("blue-ball", "pair")


def test_its_own_head_goes_before_the_shipped_one(open_shop, eye, fits, monkeypatch) -> None:
    monkeypatch.setattr(gallery_module, "shipped_head", lambda: head_of_colours(eye))
    fits(True)
    shop = open_shop(picture_head="none")
    head_of_colours(eye).save(shop.place.folder / HEAD_FOLDER)
    assert route(open_shop()) == "own head"
    assert route(open_shop(picture_head="none")) == "class names"


def test_its_own_head_of_another_encoder_is_passed_over(open_shop) -> None:
    shop = open_shop()
    head_of_colours(FakeEye("quarters-9")).save(shop.place.folder / HEAD_FOLDER)
    assert route(open_shop()) == "class names"


def test_a_folder_is_taken_as_it_is(open_shop, eye, tmp_path: Path) -> None:
    head_of_colours(eye).save(tmp_path / "head")
    shop = open_shop(picture_head=str(tmp_path / "head"))
    assert (route(shop), shop.gallery.space.id) == ("own head", "colours")
    assert shop.gallery.models() == {"image_encoder": eye.id, "pictures_by": "own head colours"}


def test_a_folder_of_another_encoder_is_an_error(open_shop, tmp_path: Path) -> None:
    head_of_colours(FakeEye("quarters-9")).save(tmp_path / "head")
    with pytest.raises(MissingModelError, match=r"'quarters-9'.*'quarters-1'.*set picture_head"):
        open_shop(picture_head=str(tmp_path / "head"))


def test_a_folder_without_a_head_is_an_error(open_shop, tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="no usable picture head in"):
        open_shop(picture_head=str(tmp_path / "nowhere"))


def test_another_space_places_all_anew_without_looking(open_shop, eye, tmp_path: Path) -> None:
    open_shop().close()
    head_of_colours(eye).save(tmp_path / "head")
    shop = open_shop(picture_head=str(tmp_path / "head"))
    assert (len(shop.gallery.index), eye.looked) == (5, 6 + 2)  # two more to make the head


# -- learning ----------------------------------------------------------------------------------------


@dataclass
class Learned:
    """What training is said to have come to."""

    better: bool
    pairs: int = 5


@pytest.fixture
def train(monkeypatch: pytest.MonkeyPatch, eye: FakeEye):
    """Have training return a head that is better, or is not, and keep what it was given."""
    align = pytest.importorskip("shopclerk.finetune.align", reason="torch is not installed")

    def set_up(better: bool) -> list:
        given: list = []

        def train_head(listings, encoder, text_encoder, *, progress):
            given.append((listings, encoder, text_encoder))
            return head_of_colours(eye), Learned(better, len(listings))

        monkeypatch.setattr(align, "train_head", train_head)
        return given

    return set_up


def test_a_better_head_is_kept_and_used(open_shop, eye, train) -> None:
    given = train(better=True)
    shop = open_shop()
    assert shop.adapt().better
    ((listings, encoder, text_encoder),) = given
    assert (encoder, text_encoder, len(listings)) == (eye.id, "hash-64", 5)
    assert route(shop) == "own head"
    assert len(shop.gallery.index) == 5
    assert shop.search("blue").hits[0].visual is not None


def test_a_head_that_is_no_better_is_dropped(open_shop, train) -> None:
    train(better=False)
    shop = open_shop()
    assert not shop.adapt().better
    assert not (shop.place.folder / HEAD_FOLDER).exists()
    assert route(shop) == "class names"


def test_pairs_from_outside_are_learned_from_and_bad_ones_left_out(
    open_shop, train, tmp_path: Path, caplog
) -> None:
    given = train(better=False)
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    painted("green").save(good)
    bad.write_bytes(b"nothing")
    pairs = [Pair(good, "a green vase"), Pair(bad, "a bad thing"), Pair(good, "once more")]
    assert open_shop().adapt(pairs).pairs == 7
    listings = given[0][0]
    assert listings.vectors.shape == (7, 12)
    assert [list(terms) for terms in listings.terms[5:]] == [["green", "vase"], ["once", "more"]]
    assert "bad.png" in caplog.text


def test_too_few_pictures_are_not_learned_from(open_shop) -> None:
    pytest.importorskip("torch", reason="learning needs torch")
    from shopclerk.errors import TrainingError

    with pytest.raises(TrainingError, match="5"):
        open_shop().adapt()


# -- a picture as a query ----------------------------------------------------------------------------


def opened_picture(side: int = 120):
    return open_picture(saved(painted("red", "ball", side), "PNG"))


def test_a_picture_is_known_by_its_print_and_a_region_is_not(open_shop) -> None:
    gallery: Gallery = open_shop().gallery
    whole, part = gallery.query(opened_picture()), gallery.query(opened_picture(), (0, 0, 60, 60))
    assert whole.known_by is not None
    assert part.known_by is None
    assert whole.vector.shape == part.vector.shape == (12,)
    assert not np.allclose(whole.vector, part.vector)


@pytest.mark.parametrize("box", [(200, 0, 300, 50), (-20, -20, -1, -1), (50, 50, 40, 60)])
def test_a_box_outside_is_refused(open_shop, box) -> None:
    with pytest.raises(PictureError, match="120 x 120 pixels"):
        open_shop().gallery.query(opened_picture(), box)


def test_a_box_that_sticks_out_is_clipped(open_shop) -> None:
    gallery = open_shop().gallery
    clipped = gallery.query(opened_picture(), (60, 60, 500, 500))
    assert clipped.vector == pytest.approx(
        gallery.query(opened_picture(), (60, 60, 120, 120)).vector
    )


def test_without_an_encoder_a_picture_is_refused(open_shop) -> None:
    shop = open_shop(image_encoder="none", eye=None)
    assert (shop.gallery.search(), shop.gallery.models()) == (None, {})
    with pytest.raises(SettingError, match="image_encoder is 'none'"):
        shop.gallery.query(opened_picture())


def test_limits_follow_the_settings(open_shop) -> None:
    limits = open_shop(max_picture_mb=0.5, allow_picture_urls=True).gallery.limits
    assert (limits.max_bytes, limits.allow_urls) == (2**19, True)
    assert not open_shop().gallery.limits.allow_urls
