"""The embedded locator, what scores its regions, and their tags."""

import numpy as np
import pytest
from PIL import Image

from shopclerk.catalog.text import content_terms
from shopclerk.errors import MissingModelError
from shopclerk.models.embedded_locator import PROPOSALS, EmbeddedLocator, apart, cut, joined
from shopclerk.models.locator import OBJECT, Located, open_locator
from shopclerk.models.proposals import overlap
from shopclerk.models.region_scorer import Names, SpaceScorer
from shopclerk.models.region_tags import tag_regions, tagged_objects
from tests.regions import GROUNDS, ColourScorer, ScriptedLocator, drawn

RED, BLACK = (20, 40, 120, 150), (180, 90, 300, 220)
OBJECTS = [("ellipse", "red", RED), ("rectangle", "black", BLACK)]


@pytest.fixture
def scorer():
    return ColourScorer()


@pytest.fixture
def locator(scorer):
    return EmbeddedLocator(scorer)


@pytest.mark.parametrize("kind", GROUNDS)
@pytest.mark.parametrize(("phrase", "box"), [("red mug", RED), ("a black bag", BLACK)])
def test_the_phrase_decides_which_object(locator, kind, phrase, box):
    best = locator.locate(drawn(kind, OBJECTS), phrase)[0]
    assert overlap([best.box], [box])[0, 0] > 0.7
    assert best.label == phrase
    assert 0 < best.score <= 1


def test_a_phrase_for_nothing_there_scores_low(locator):
    image = drawn("plain", OBJECTS)
    assert locator.locate(image, "green")[0].score < 0.01 < locator.locate(image, "red")[0].score


@pytest.mark.parametrize("kind", GROUNDS)
def test_all_objects_are_found_once_and_named(locator, kind):
    found = locator.locate(drawn(kind, OBJECTS), None)
    assert {region.label for region in found[:2]} == {"red", "black"}
    assert overlap([RED, BLACK], [region.box for region in found[:2]]).max(axis=1).min() > 0.7


def test_the_limit_holds_and_regions_lie_apart(locator):
    image = drawn("tiles", OBJECTS)
    for phrase in ("red", None):
        assert len(locator.locate(image, phrase, limit=1)) == 1
        found = locator.locate(image, phrase)
        near = overlap([each.box for each in found], [each.box for each in found])
        assert (near - np.eye(len(found))).max() < 0.5


def test_something_is_in_every_picture(locator):
    found = locator.locate(Image.new("RGB", (60, 40), "white"), None)
    assert [(region.box, region.label) for region in found] == [((0, 0, 60, 40), OBJECT)]


def test_no_more_crops_are_scored_than_allowed(locator, scorer):
    locator.locate(drawn("grain", OBJECTS), "red")
    assert 1 < len(scorer.seen) <= PROPOSALS


def test_a_crop_has_a_pixel_at_least():
    image = Image.new("RGB", (50, 40))
    assert cut(image, (10.2, 10.2, 10.4, 10.3)).size == (1, 1)
    assert cut(image, (49.9, 39.9, 50, 40)).size == (1, 1)
    assert cut(image, (0, 0, 50, 40)).size == (50, 40)


def test_both_match_and_object_count():
    scores = joined(np.array([0.9, 0.9, 0.1]), np.array([0.9, 0.1, 0.9]))
    assert scores[0] > scores[1]
    assert scores[0] > scores[2]
    assert joined(np.array([0.8]), np.array([1.0]))[0] == pytest.approx(0.8)


def test_a_part_of_a_better_box_is_dropped():
    boxes = np.array([[0, 0, 10, 10], [1, 1, 5, 5], [8, 0, 18, 10], [30, 30, 40, 40]], float)
    assert apart(boxes, np.array([0.9, 0.8, 0.7, 0.6]), 5) == [0, 2, 3]
    assert apart(boxes, np.array([0.9, 0.8, 0.7, 0.6]), 2) == [0, 2]


# -- scores in the space of pictures and words -------------------------------------------------------

WORDS = ("mug", "shoe")


class ScriptedEye:
    """Sees a mug in wide crops and a shoe in tall ones."""

    id = "eye"

    def __init__(self, shares_space=False):
        self.shares_space = shares_space

    def look(self, images):
        vectors = np.array(
            [[1, 0] if im.width > im.height else [0, 1] for im in images], np.float32
        )
        return vectors, vectors

    def meaning_of(self, text):
        return np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)[_number(text)]


class ScriptedTexts:
    """Places texts on a circle by the word they hold."""

    id = "texts"
    dimension = 2

    def encode(self, texts, *, batch_size=32):
        return np.array([ScriptedEye().meaning_of(text) for text in texts], np.float32)


class ScriptedHead:
    """Is sure of mugs and half sure of shoes."""

    id = "head"
    vocabulary = WORDS

    def words(self, vectors):
        return np.asarray(vectors * (0.9, 0.6) + 0.01, np.float32)

    def meanings(self, vectors):
        return vectors


def _number(text):
    return next((number for number, word in enumerate(WORDS) if word in text), 2)


def scorer_of(*, head=True, names=None, shares_space=False):
    return SpaceScorer(
        ScriptedEye(shares_space),
        ScriptedTexts(),
        content_terms,
        head=ScriptedHead() if head else None,
        names=names,
    )


CROPS = [Image.new("RGB", (30, 20)), Image.new("RGB", (20, 30))]
NAMES = Names(("cup", "boot"), lambda: np.eye(2, dtype=np.float32))


@pytest.mark.parametrize("head", [True, False], ids=["head", "no head"])
@pytest.mark.parametrize("shares_space", [True, False], ids=["shared", "class names"])
def test_the_right_crop_scores_higher(head, shares_space):
    scorer = scorer_of(head=head, shares_space=shares_space, names=NAMES)
    mug, shoe = scorer.score(CROPS, "red mug"), scorer.score(CROPS, "a shoe")
    assert mug[0] > mug[1]
    assert shoe[1] > shoe[0]
    assert ((mug >= 0) & (mug <= 1)).all()


def test_words_the_head_does_not_know_move_no_crop():
    scorer = scorer_of()
    known = scorer._words(scorer._looker.look(CROPS)[0], "mug")
    more = scorer._words(scorer._looker.look(CROPS)[0], "mug zyx")
    assert known[0] - known[1] == pytest.approx(2 * (more[0] - more[1]))


def test_tags_are_words_the_head_is_sure_of_else_names():
    assert [row[0][0] for row in scorer_of().tags(CROPS, 3)] == ["mug", "shoe"]
    assert [row[0] for row in scorer_of(head=False, names=NAMES).tags(CROPS, 1)] == [
        ("cup", 1.0),
        ("boot", 1.0),
    ]
    assert scorer_of(head=False).tags(CROPS, 3) == [[], []]


def test_no_crops_no_scores():
    assert scorer_of().score([], "mug").shape == (0,)
    assert scorer_of().tags([], 2) == []


def test_the_scorer_says_what_it_works_with():
    assert scorer_of().id == "eye | head"
    assert scorer_of(head=False).id == "eye | class names"


# -- tags of regions, addresses ----------------------------------------------------------------------


def test_each_region_has_its_tags(scorer):
    image = drawn("plain", OBJECTS)
    regions = [Located(BLACK, "bag", 0.9), Located(RED, "mug", 0.4)]
    tagged = tag_regions(image, regions, scorer, 2)
    assert [(region.box, region.tags[0][0], region.score) for region in tagged] == [
        (BLACK, "black", 0.9),
        (RED, "red", 0.4),
    ]


def test_all_objects_are_tagged(scorer):
    locator = ScriptedLocator(Located(RED, "object", 0.5), Located(BLACK, "object", 0.4))
    tagged = tagged_objects(drawn("plain", OBJECTS), locator, scorer, limit=1)
    assert [region.tags[0][0] for region in tagged] == ["red"]
    assert locator.asked == [((320, 240), None, 1)]


def test_embedded_takes_the_scorer_and_a_folder_does_not(scorer, tmp_path, sought):
    assert open_locator("embedded", lambda: scorer).id == "proposals | colours"
    with pytest.raises(MissingModelError, match=r"could not be loaded.*Set locator to 'embedded'"):
        open_locator(str(tmp_path), lambda: pytest.fail("not wanted"))
    assert sought == []
