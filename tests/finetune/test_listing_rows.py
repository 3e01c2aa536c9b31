"""Labelled listings out of files."""

import json

import numpy as np
import pytest

from shopclerk.errors import TrainingError
from shopclerk.finetune.listing_rows import (
    MOST_VIEWS,
    encode_listings,
    read_listings,
    view_count,
)
from shopclerk.finetune.run import silent
from tests.fakes import HashEncoder
from tests.labelled import QuarterFeatures, listings, write_rows
from tests.listings import make_products, write_catalog


def encoded(given, views=3, pictures=True, texts=True):
    return encode_listings(
        given,
        QuarterFeatures() if pictures else None,
        HashEncoder() if texts else None,
        silent,
        views=views,
    )


def test_rows_have_labels_or_tags(tmp_path):
    rows = [
        {"image": "a.jpg", "title": "Red  ball", "label": "Toys >  Balls"},
        {"image": None, "title": None, "description": "For water", "label": None},
    ]
    first, second = read_listings(write_rows(tmp_path / "train.jsonl", rows), "label")
    assert first.image == tmp_path / "a.jpg"
    assert first.labels == ("Toys > Balls",)
    assert (second.image, second.text, second.labels) == (None, "For water", ())


def test_a_catalogue_gives_categories_and_tags(tmp_path):
    path = write_catalog(tmp_path / "catalog.jsonl", make_products())
    assert read_listings(path, "label")[0].labels == ("Footwear > Athletic > Running Shoes",)
    assert read_listings(path, "tags")[0].labels == ("running", "road")
    assert read_listings(path, "tags")[0].image == tmp_path / "images/run-1.jpg"


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("", "label", "holds no example"),
        ("{", "label", "line 1 is not JSON"),
        ('{"image": "a", "label": 3}', "label", "row 1: 'label' is 3; it must be a text"),
        ('{"image": "a", "tags": [3]}', "tags", "must be a list of texts"),
        ('{"image": 3, "label": "a"}', "label", "must be a path or null"),
    ],
    ids=["empty", "not JSON", "number", "numbers", "image"],
)
def test_a_broken_file_says_what_is_wrong(tmp_path, text, key, message):
    path = tmp_path / "train.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match=message):
        read_listings(path, key)


def test_a_listing_with_nothing_is_left_out(tmp_path):
    given = listings(tmp_path)[:4]
    bare = [type(each)(None, " ", each.labels) for each in given[:2]]
    found = encoded([*bare, *given[2:]])
    assert (len(found.listings), found.left_out) == (2, 2)


def test_a_picture_that_cannot_be_read_leaves_the_words(tmp_path):
    given = listings(tmp_path)[:3]
    (tmp_path / "images" / "broken.png").write_bytes(b"no picture")
    broken = type(given[0])(tmp_path / "images" / "broken.png", "a ball", given[0].labels)
    found = encoded([broken, *given])
    assert found.views.whole().has_picture.tolist() == [False, True, True, True]
    assert len(found.unreadable) == 1
    with pytest.raises(TrainingError, match="The first picture that cannot be read"):
        encoded([broken], texts=False)


def test_every_view_belongs_to_its_listing(tmp_path):
    found = encoded(listings(tmp_path)[:5], views=4)
    assert found.views.count == 5
    assert np.bincount(found.views.listing).tolist() == [4] * 5
    assert found.views.listing[:5].tolist() == [0, 1, 2, 3, 4]
    assert np.abs(found.views.inputs.picture.mean(axis=0)).max() < 1e-3


def test_words_alone_have_one_row_each(tmp_path):
    found = encoded(listings(tmp_path, pictures=False)[:5])
    assert len(found.views.inputs) == 5
    assert found.features.pictures is None


@pytest.mark.parametrize(("pictures", "views"), [(1, MOST_VIEWS), (3_000, 5), (10**6, 2)])
def test_views_keep_to_the_budget(pictures, views):
    assert view_count(pictures) == views


def test_rows_of_a_file_may_be_numbered(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"id": "1", "title": "Ball", "image": None, "tags": ["red"]}))
    assert read_listings(path, "tags")[0].labels == ("red",)
