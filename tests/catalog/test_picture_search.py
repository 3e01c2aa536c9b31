"""Search by picture, by picture and words, by region, and by words in pictures."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shopclerk.catalog import picture_search
from shopclerk.catalog.picture_search import scaled
from shopclerk.catalog.search import Hit, SearchRequest, SearchResult
from shopclerk.errors import FilterError, PictureError
from shopclerk.models.picture_head import PictureHead
from shopclerk.pictures import open_picture
from shopclerk.shop import Shop
from tests.conftest import ShopMaker
from tests.fakes import FakeEye, HashEncoder
from tests.pictured import painted, pictured_catalog
from tests.pictures.drawn import saved

WORDS = ("ball", "blue", "box", "red")


def head_of_colours(eye: FakeEye, *, width: int = 12) -> PictureHead:
    """A head that reads red and blue off a picture, as good as a trained one."""
    words = np.zeros((len(WORDS), width), np.float32)
    for place, paint in ((1, "blue"), (3, "red")):
        words[place] = 4 * eye.encode_query(painted(paint, "box"))
    tensors = {
        "trunk.weight": np.eye(width, dtype=np.float32),
        "trunk.bias": np.zeros(width, np.float32),
        "words.weight": words,
        "words.bias": np.full(len(WORDS), -3.0, np.float32),
        "meaning.weight": np.eye(64, width, dtype=np.float32),
        "meaning.bias": np.zeros(64, np.float32),
    }
    return PictureHead("colours", eye.id, HashEncoder.id, WORDS, tensors)


@pytest.fixture
def eye() -> FakeEye:
    return FakeEye()


@pytest.fixture
def opened(tmp_path: Path, eye: FakeEye) -> Iterator[Shop]:
    """The six listings, found by how they look alone."""
    path = pictured_catalog(tmp_path)
    given = {"home": tmp_path, "picture_head": "none"}
    with Shop.open(path, encoder=HashEncoder(), eye=eye, **given) as shop:
        yield shop


@pytest.fixture
def learned(tmp_path: Path, eye: FakeEye) -> Iterator[Shop]:
    """The six listings under a head that knows some words."""
    path = pictured_catalog(tmp_path)
    head_of_colours(eye).save(tmp_path / "head")
    given = {"home": tmp_path, "picture_head": str(tmp_path / "head")}
    with Shop.open(path, encoder=HashEncoder(), eye=eye, **given) as shop:
        yield shop


def find(shop: Shop, image: Image.Image, text: str = "", box=None, **more) -> SearchResult:
    """Search by a picture."""
    picture = shop.gallery.query(open_picture(saved(image, "PNG")), box)
    return shop.search(SearchRequest(text, picture=picture, **more))


def ids(result: SearchResult) -> list[str]:
    return [hit.product.id for hit in result.hits]


def same(result: SearchResult) -> list[str]:
    return [hit.product.id for hit in result.hits if hit.same_picture]


# -- by picture alone --------------------------------------------------------------------------------


@pytest.mark.parametrize("product_id", ["red-ball", "blue-ball", "green-box"])
def test_the_same_picture_comes_first_and_is_marked(opened: Shop, product_id: str) -> None:
    result = find(opened, painted(*product_id.split("-")))
    assert ids(result)[0] == product_id
    assert same(result) == [product_id]
    assert result.hits[0].visual == pytest.approx(1.0)


def test_a_recompressed_copy_is_marked_too(opened: Shop) -> None:
    copy = painted("blue", "ball", side=400)
    result = find(opened, Image.open(io.BytesIO(saved(copy, "JPEG", quality=35))))
    assert (ids(result)[0], same(result)) == ("blue-ball", ["blue-ball"])


def test_any_of_several_pictures_is_the_very_one(opened: Shop) -> None:
    for paint in ("black", "blue"):
        result = find(opened, painted(paint, "cone"))
        assert (ids(result)[0], same(result)) == ("pair", ["pair"])


def test_the_very_picture_comes_first_where_others_are_nearer(
    learned: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few candidates that the picture itself is not among the nearest.
    monkeypatch.setattr(picture_search, "MAX_CANDIDATES", 1)
    result = find(learned, painted("black", "cone"))
    assert (ids(result)[0], same(result)) == ("pair", ["pair"])


def test_the_same_shape_in_another_colour_is_not_the_same(opened: Shop) -> None:
    assert same(find(opened, painted("green", "ball"))) == []


def test_products_without_pictures_are_not_found_by_one(opened: Shop) -> None:
    assert "words-only" not in ids(find(opened, painted("red")))


def test_filters_hold(opened: Shop) -> None:
    blue = find(opened, painted("red"), filters={"colour": {"==": "Blue"}})
    assert (ids(blue), same(blue)) == (["blue-ball"], [])
    cheap = find(opened, painted("red"), filters={"price": {"<": 10}})
    assert ids(cheap) == ["red-ball", "blue-ball"]
    assert find(opened, painted("red"), filters={"price": {">": 999}}) == SearchResult((), 0)


def test_only_what_is_alike_counts_as_relevant(opened: Shop) -> None:
    result = find(opened, painted("red"), only_relevant=True)
    assert ids(result)[0] == "red-ball"
    assert len(result.hits) < len(find(opened, painted("red")).hits)
    assert all((hit.visual or 0) >= 0.55 for hit in result.hits)


def test_pages_follow_one_another(opened: Shop) -> None:
    whole = ids(find(opened, painted("red")))
    pages = [ids(find(opened, painted("red"), offset=n, limit=2)) for n in (0, 2, 4)]
    assert [each for page in pages for each in page] == whole


def test_an_order_is_laid_over_what_looks_alike(opened: Shop) -> None:
    result = find(opened, painted("red"), sort="price_desc", only_relevant=True)
    prices = [hit.product.price for hit in result.hits]
    assert prices == sorted(prices, reverse=True)


def test_facets_are_counted(opened: Shop) -> None:
    result = find(opened, painted("red"), facets=True, filters={"category": {"under": "Balls"}})
    assert {f.value: f.count for f in result.facets["colour"]} == {"Red": 1, "Blue": 1}


def test_a_deleted_product_is_not_found_before_its_vector_is_gone(opened: Shop) -> None:
    opened.store.delete(["red-ball"])
    result = find(opened, painted("red"))
    assert "red-ball" not in ids(result)
    assert result.total == len(result.hits) == 4


# -- a region ----------------------------------------------------------------------------------------


def scene_of_two() -> Image.Image:
    """A blue ball on the left, a green box on the right."""
    image = Image.new("RGB", (400, 200), "white")
    image.paste(painted("blue", "ball", 200), (0, 0))
    image.paste(painted("green", "box", 200), (200, 0))
    return image


@pytest.mark.parametrize(
    ("box", "product_id"), [((0, 0, 200, 200), "blue-ball"), ((200, 0, 400, 200), "green-box")]
)
def test_a_region_is_searched_by_what_is_in_it(opened: Shop, box, product_id: str) -> None:
    result = find(opened, scene_of_two(), box=box)
    assert ids(result)[0] == product_id
    assert same(result) == []


@pytest.mark.parametrize("box", [(500, 0, 600, 100), (10, 10, 10, 50), (0, 0, float("nan"), 9)])
def test_a_region_that_is_none_is_refused(opened: Shop, box) -> None:
    with pytest.raises(PictureError, match="400 x 200 pixels"):
        find(opened, scene_of_two(), box=box)


# -- words beside a picture --------------------------------------------------------------------------


def test_words_change_what_is_wanted(learned: Shop) -> None:
    balls = {"category": {"under": "Balls"}}
    assert ids(find(learned, painted("red"), filters=balls)) == ["red-ball", "blue-ball"]
    blue = find(learned, painted("red"), "in blue", filters=balls)
    assert ids(blue) == ["blue-ball", "red-ball"]


def test_words_that_no_picture_shows_count_by_the_texts(opened: Shop) -> None:
    result = find(opened, painted("red"), "box")
    assert ids(result)[0] == "red-box"
    assert result.hits[0].matched == ("title", "category")


@pytest.mark.parametrize("text", ["this one", "the same picture", "something like this photo"])
def test_words_that_only_point_change_nothing(opened: Shop, text: str) -> None:
    assert find(opened, painted("red"), text) == find(opened, painted("red"))


def test_a_changed_wish_marks_no_picture_as_the_same(learned: Shop) -> None:
    assert same(find(learned, painted("red"), "blue")) == []


# -- words to pictures -------------------------------------------------------------------------------


def test_pictures_answer_only_to_words_they_know(learned: Shop) -> None:
    seen = {hit.product.id: hit.visual or 0.0 for hit in learned.search("blue").hits}
    assert seen["blue-ball"] > seen["red-ball"]
    assert all(hit.visual is None for hit in learned.search("striped").hits)


def test_without_a_head_words_ask_the_texts_alone(opened: Shop) -> None:
    assert all(hit.visual is None for hit in opened.search("blue").hits)


def test_a_shared_space_answers_to_any_words(tmp_path: Path) -> None:
    path, eye = pictured_catalog(tmp_path), FakeEye(shares_space=True)
    with Shop.open(path, encoder=HashEncoder(), eye=eye, home=tmp_path) as shop:
        assert shop.gallery.space.route == "shared space"
        visual = {hit.product.id: hit.visual for hit in shop.search("something in green").hits}
    assert max(visual, key=lambda each: visual[each] or 0.0) == "green-box"


def test_what_pictures_cannot_say_is_told_apart(learned: Shop) -> None:
    pictures = learned.gallery.search()
    assert pictures is not None
    assert pictures.knows("a red thing")
    assert not pictures.knows("striped")
    assert pictures.unseen_words("a red striped one like this") == "striped"
    assert pictures.only_points("like this one")
    assert not pictures.only_points("like this one in red")


# -- like a product ----------------------------------------------------------------------------------


def test_similar_products_look_alike(opened: Shop) -> None:
    result = opened.searcher.similar("red-box", SearchRequest(limit=10))
    assert "red-box" not in ids(result)
    assert ids(result)[0] in ("red-ball", "green-box")
    assert result.hits[0].visual is not None


def test_similar_to_a_product_without_a_picture_goes_by_words(opened: Shop) -> None:
    result = opened.searcher.similar("words-only", SearchRequest(limit=10))
    assert set(ids(result)[:2]) == {"red-ball", "blue-ball"}
    assert all(hit.visual is None for hit in result.hits)


# -- nothing to lay it beside ------------------------------------------------------------------------


def test_a_catalogue_without_pictures_says_what_to_do(shop: ShopMaker) -> None:
    opened = shop()
    picture = picture_search.PictureQuery(np.zeros(12, np.float32), np.zeros(64, np.float32))
    with pytest.raises(FilterError, match=r"cannot be searched by picture.*index"):
        opened.search(SearchRequest(picture=picture))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({}, {}),
        ({1: 4.0, 2: 2.0, 3: -1.0}, {1: 1.0, 2: 0.5, 3: 0.0}),
        ({1: -4.0, 2: 0.0}, {1: 0.0, 2: 0.0}),
    ],
    ids=["none", "some", "none above nought"],
)
def test_scores_are_shares_of_the_best(scores, expected) -> None:
    assert scaled(scores) == expected


def test_a_hit_says_how_it_was_found(opened: Shop) -> None:
    hit = find(opened, painted("red")).hits[0]
    assert hit == Hit(hit.product, 1.0, visual=1.0, same_picture=True)
