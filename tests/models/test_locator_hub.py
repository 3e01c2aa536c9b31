"""Detectors of transformers, tried on tiny random ones."""

import sys

import pytest
from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.hub_locator import (
    ClosedLocator,
    OpenLocator,
    matching_labels,
    open_hub_locator,
)
from shopclerk.models.proposals import overlap
from tests.models import tiny_detectors
from tests.pictures.drawn import scene

OPEN = ("owlvit", "owlv2", "grounding_dino")
SIZES = {"wide": (90, 60), "tall": (50, 110), "tiny": (5, 4)}
LABELS = ("coffee mug", "mug", "banana", "wine glass", "dress", "bus", "cherry")
MATCHES = {
    "same": ("banana", ["banana"]),
    "among other words": ("a ripe banana on a plate", ["banana"]),
    "many": ("Bananas", ["banana"]),
    "all that are named": ("coffee mug", ["coffee mug", "mug"]),
    "by the last word": ("tall glass", ["wine glass"]),
    "ending in ss": ("red dresses", ["dress"]),
    "ending in us": ("bus", ["bus"]),
    "ending in ies": ("cherries", ["cherry"]),
    "none": ("guitar", []),
    "no words": ("!?", []),
}


@pytest.fixture(scope="module")
def open_tiny(tmp_path_factory):
    """Load a tiny detector by its kind, each made once; every box counts."""
    loaded = {}

    def load(kind):
        if kind not in loaded:
            folder = getattr(tiny_detectors, kind)(tmp_path_factory.mktemp(kind))
            loaded[kind] = open_hub_locator(str(folder))
            loaded[kind]._threshold = 0.0
        return loaded[kind]

    return load


@pytest.mark.parametrize(("phrase", "labels"), MATCHES.values(), ids=MATCHES)
def test_labels_that_a_phrase_names(phrase, labels):
    assert matching_labels(phrase, LABELS) == labels


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("kind", ["detr", *OPEN])
def test_boxes_lie_in_the_picture_and_the_surest_come_first(open_tiny, kind, size):
    found = open_tiny(kind).locate(scene(3, *size), None)
    assert 1 <= len(found) <= 5
    scores = [region.score for region in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    for x0, y0, x1, y1 in (region.box for region in found):
        assert 0 <= x0 < x1 <= size[0]
        assert 0 <= y0 < y1 <= size[1]


@pytest.mark.parametrize("kind", ["detr", *OPEN])
def test_one_box_an_object_and_no_more_than_asked_for(open_tiny, kind):
    found = open_tiny(kind).locate(scene(4, 90, 60), None, limit=8)
    boxes = [region.box for region in found]
    near = overlap(boxes, boxes)
    assert all(near[one, other] <= 0.6 for one in range(len(boxes)) for other in range(one))
    assert len(open_tiny(kind).locate(scene(4, 90, 60), None, limit=1)) == 1


@pytest.mark.parametrize("kind", OPEN)
def test_an_open_detector_takes_any_phrase(open_tiny, kind):
    locator, image = open_tiny(kind), scene(5, 90, 60)
    assert isinstance(locator, OpenLocator)
    mug, banana = locator.locate(image, "red mug"), locator.locate(image, "banana")
    assert {region.label for region in mug} == {"red mug"}
    assert [region.score for region in mug] != [region.score for region in banana]
    assert {region.label for region in locator.locate(image, None)} == {"object"}


@pytest.mark.parametrize("kind", OPEN)
def test_a_phrase_of_any_length_is_taken(open_tiny, kind):
    assert open_tiny(kind).locate(scene(5, 90, 60), "red mug " * 200)


def test_a_closed_detector_says_its_own_labels(open_tiny):
    locator, image = open_tiny("detr"), scene(6, 90, 60)
    assert isinstance(locator, ClosedLocator)
    assert locator.labels == ("coffee mug", "banana", "chair")
    everything = {region.label for region in locator.locate(image, None, limit=9)}
    assert everything <= set(locator.labels)
    for label in locator.labels:
        found = {region.label for region in locator.locate(image, f"the {label}")}
        assert found == ({label} & everything)
    assert locator.locate(image, "guitar") == []


def test_a_grey_picture_is_taken(open_tiny):
    assert open_tiny("owlvit").locate(Image.new("L", (40, 40), 90), "mug")


def test_uncertain_boxes_are_left_out(open_tiny, monkeypatch):
    locator = open_tiny("detr")
    monkeypatch.setattr(locator, "_threshold", 1.0)
    assert locator.locate(scene(6, 90, 60), None) == []


@pytest.mark.parametrize("address", ["nosuch", "./nosuch", "/no/such/model", "empty"])
def test_a_missing_model_is_not_sought_on_the_network(address, tmp_path, sought):
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingModelError, match=f"'{address}' could not be loaded"):
        open_hub_locator(address)
    assert sought == []


def test_a_model_that_finds_no_boxes_is_refused(tmp_path):
    from transformers import BertConfig

    BertConfig().save_pretrained(tmp_path / "bert")
    with pytest.raises(MissingModelError, match="of the kind 'bert', which finds no boxes"):
        open_hub_locator(str(tmp_path / "bert"))


def test_a_missing_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingModelError, match=r"shopclerk\[train\].*set locator to 'embedded'"):
        open_hub_locator("models/mine")
