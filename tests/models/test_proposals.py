"""Boxes that may hold an object."""

import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import shopclerk
from shopclerk.models.ground_regions import Region, ground_distance, standing_out
from shopclerk.models.proposals import WEIGHTS, candidates, intersections, overlap, propose
from shopclerk.models.segmentation import merged_regions, segment
from tests.regions import GROUNDS, drawn, ground

PHOTOS = Path(shopclerk.__file__).parent / "sample" / "photos"

ONE = [("star", "blue", (90, 60, 230, 190))]
TWO = [("ellipse", "red", (20, 40, 120, 150)), ("star", "black", (180, 90, 300, 220))]
FOUR = [
    ("rectangle", "red", (15, 15, 95, 90)),
    ("ellipse", "green", (190, 20, 300, 100)),
    ("star", "blue", (30, 130, 120, 225)),
    ("rectangle", "black", (200, 130, 290, 230)),
]
TOUCHING = [("rectangle", "red", (40, 30, 150, 130)), ("rectangle", "blue", (110, 130, 240, 215))]
SCENES = {"one": ONE, "two": TWO, "four": FOUR, "touching": TOUCHING}

OVERLAP = {
    "same": ((0, 0, 10, 10), (0, 0, 10, 10), 1.0),
    "half": ((0, 0, 10, 10), (0, 0, 10, 5), 0.5),
    "corner": ((0, 0, 10, 10), (5, 5, 15, 15), 25 / 175),
    "edge": ((0, 0, 10, 10), (10, 0, 20, 10), 0.0),
    "apart": ((0, 0, 10, 10), (30, 30, 40, 40), 0.0),
    "inside": ((0, 0, 10, 10), (2, 2, 4, 4), 0.04),
}


def found(image, boxes, limit=12):
    """The best overlap of each box with a proposal."""
    return overlap(boxes, [proposal.box for proposal in propose(image, limit)]).max(axis=1)


@pytest.mark.parametrize(("one", "other", "value"), OVERLAP.values(), ids=OVERLAP)
def test_overlap_by_hand(one, other, value):
    assert overlap([one], [other])[0, 0] == pytest.approx(value)
    assert overlap([other], [one])[0, 0] == pytest.approx(value)


def test_no_boxes_no_overlap():
    assert overlap([], [(0, 0, 1, 1)]).shape == (0, 1)
    assert intersections([(0, 0, 4, 4)], [(2, 2, 9, 9)])[0, 0] == 4


@pytest.mark.parametrize("kind", GROUNDS)
@pytest.mark.parametrize("objects", SCENES.values(), ids=SCENES)
def test_objects_are_among_the_proposals(kind, objects):
    overlaps = found(drawn(kind, objects), [box for *_, box in objects])
    assert overlaps.min() > 0.75


@pytest.mark.parametrize("kind", GROUNDS)
def test_the_best_proposal_is_the_object(kind):
    best = propose(drawn(kind, ONE))[0]
    assert overlap([best.box], [ONE[0][2]])[0, 0] > 0.75
    assert best.score > 0.5


def test_a_shadow_does_not_hide_the_object():
    assert found(drawn("plain", TWO, shadow=True), [box for *_, box in TWO]).min() > 0.7


@pytest.mark.parametrize("side", [80, 320, 1_000])
def test_boxes_are_in_pixels_of_the_picture_given(side):
    image = drawn("plain", ONE).resize((side, side * 3 // 4))
    box = [edge * side / 320 for edge in ONE[0][2]]
    assert found(image, [box])[0] > 0.75


@pytest.mark.skipif(not (PHOTOS / "boxes.jsonl").exists(), reason="the sample photos are not there")
def test_objects_of_the_sample_photos_are_found():
    lines = (PHOTOS / "boxes.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    best = [
        found(Image.open(PHOTOS / record["image"]), record["boxes"]).max() for record in records
    ]
    assert np.mean(np.array(best) >= 0.5) >= 0.85


ODD = {
    "one pixel": (1, 1),
    "a line": (400, 1),
    "a column": (2, 300),
    "a strip": (500, 30),
    "small": (9, 7),
}


@pytest.mark.parametrize("size", ODD.values(), ids=ODD)
def test_odd_sizes_have_proposals_inside(size):
    proposals = propose(Image.effect_noise(size, 60).convert("RGB"))
    assert proposals
    for x0, y0, x1, y1 in (proposal.box for proposal in proposals):
        assert 0 <= x0 < x1 <= size[0] + 1e-6
        assert 0 <= y0 < y1 <= size[1] + 1e-6


@pytest.mark.parametrize("colour", ["white", "black", "teal"])
def test_an_empty_picture_is_one_region(colour):
    proposals = propose(Image.new("RGB", (120, 90), colour))
    assert [proposal.box for proposal in proposals] == [(0, 0, 120, 90)]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 9))
def test_proposals_are_few_ordered_apart_and_hold_the_whole(seed, limit):
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    image = Image.fromarray(pixels).resize((160, 120), Image.Resampling.NEAREST)
    proposals = propose(image, limit)
    scores = [proposal.score for proposal in proposals if proposal.box != (0, 0, 160, 120)]
    assert 1 <= len(proposals) <= limit
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= proposal.score <= 1 for proposal in proposals)
    assert (0, 0, 160, 120) in [proposal.box for proposal in proposals]
    assert proposals == propose(image, limit)


def test_evidence_has_a_weight_each():
    boxes, evidence = candidates(drawn("tiles", TWO))
    assert evidence.shape == (len(boxes), len(WEIGHTS))
    assert np.isfinite(evidence).all()
    assert boxes[-1].tolist() == [0, 0, 320, 240]
    assert len(np.unique(boxes, axis=0)) == len(boxes)


def test_half_a_second_is_enough():
    image = drawn("grain", FOUR, (512, 384))
    propose(image)
    started = time.process_time()
    propose(image)
    assert time.process_time() - started < 0.5


# -- the two sources ---------------------------------------------------------------------------------


def colours_of(image):
    return np.asarray(image, float) / 2.55


def test_the_ground_is_near_and_an_object_far():
    objects = [("ellipse", "blue", (50, 30, 110, 90))]
    distance = ground_distance(colours_of(drawn("stripes", objects, (160, 120))))
    empty = ground_distance(colours_of(ground("stripes", (160, 120))))
    assert empty.max() < 2.5
    assert distance[45:75, 65:95].min() > 5
    assert distance[:25].max() < 2.5


def test_a_bridge_between_two_parts_is_cut():
    mask = np.zeros((60, 100))
    mask[5:35, 5:45] = 9
    mask[35:55, 40:95] = 9
    boxes = [region[:4] for region in standing_out(mask)]
    assert overlap([(5, 5, 45, 35), (40, 35, 95, 55)], boxes).max(axis=1).min() > 0.9
    assert (5, 5, 95, 55) in boxes


def test_segments_are_the_plain_areas():
    colours = np.zeros((40, 60, 3))
    colours[:, 30:] = (60, 20, 20)
    colours[10:25, 5:20] = (30, -40, 10)
    labels = segment(colours)
    assert len(np.unique(labels)) == 3
    assert len({labels[0, 0], labels[0, 59], labels[12, 10]}) == 3
    assert len(np.unique(labels[10:25, 5:20])) == 1


def test_merging_ends_with_the_whole():
    image = drawn("plain", TWO, (120, 90))
    regions = merged_regions(colours_of(image))
    first = len(np.unique(segment(colours_of(image))))
    assert len(regions) == 2 * first - 1
    assert regions[-1] == Region(0, 0, 120, 90, 120 * 90)
