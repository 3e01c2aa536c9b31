"""Training, using, saving and loading a tagger."""

import numpy as np
import pytest

from shopclerk.errors import MissingModelError, TrainingError
from shopclerk.finetune.tagger import TaggerOptions, tag_loss, train_tagger
from shopclerk.models import head_files
from shopclerk.models.listing_features import Listing
from shopclerk.models.tag_groups import TagGroup
from shopclerk.models.tagger import BOTH, PICTURE, WORDS, Tagger
from tests.fakes import HashEncoder
from tests.labelled import COLOURS, SHAPES, QuarterFeatures, listings
from tests.pictured import painted

QUICK = {"views": 2, "iterations": 25}


def trained(given, **options):
    chosen = TaggerOptions(**{**QUICK, **options})
    return train_tagger(given, QuarterFeatures(), HashEncoder(), chosen)


@pytest.fixture(scope="module")
def tagger(tmp_path_factory):
    return trained(listings(tmp_path_factory.mktemp("goods"), tags=True))[0]


def said(tagger, listing, **more):
    return {each.tag: each.source for each in tagger.suggest([listing], least=2, **more)[0][:2]}


@pytest.mark.parametrize(
    ("listing", "tags"),
    [
        (Listing(painted("red", "box")), {"red", "box"}),
        (Listing(painted("blue", "ball"), "Corva ball"), {"blue", "ball"}),
    ],
    ids=["picture", "both"],
)
def test_one_tag_of_each_group_is_said(tagger, listing, tags):
    assert set(said(tagger, listing)) == tags


def test_tags_say_what_spoke_for_them(tagger):
    assert set(said(tagger, Listing(painted("red", "box"))).values()) == {PICTURE}
    assert said(tagger, Listing(None, "Corva box for children"))["box"] == WORDS
    both = said(tagger, Listing(painted("red", "box"), "Corva box for children"))
    assert both["red"] == PICTURE
    assert both["box"] in {BOTH, WORDS}


def test_groups_are_those_of_the_data(tagger):
    found = [{tagger.tags[place] for place in group.columns} for group in tagger.rules.groups]
    assert sorted(found, key=len) == [set(SHAPES), set(COLOURS)]


def test_so_many_tags_as_are_wished(tagger):
    listing = Listing(painted("red", "box"))
    assert len(tagger.suggest([listing], least=4)[0]) == 4
    assert len(tagger.suggest([listing], most=1)[0]) == 1
    assert tagger.suggest([Listing()]) == [[]]


def test_without_groups_tags_are_judged_alone(tmp_path):
    model, report = trained(listings(tmp_path, tags=True), grouped=False)
    assert report.groups == 0
    assert {"red", "box"} <= set(said(model, Listing(painted("red", "box")), most=5))


def test_the_report_scores_each_way_of_reading(tmp_path):
    _, report = trained(listings(tmp_path, tags=True))
    assert set(report.micro_f1) == {"picture", "text", "both"}
    assert report.micro_f1["both"] >= report.micro_f1["text"]
    assert (report.listings, report.held) == (48, 10)


def test_listings_without_tags_teach_where_sure(tmp_path):
    given = listings(tmp_path, tags=True)
    bare = [type(each)(each.image, each.text, ()) for each in given]
    _, report = trained([*given, *bare], sure=0.3)
    assert report.pseudo > 0
    _, without = trained([*given, *bare], sure=1.0)
    assert (without.pseudo, without.left_out) == (0, 48)


def test_missing_negatives_raise_the_chances(tmp_path):
    given = listings(tmp_path, tags=True)
    # Every second listing lost its tag of the shape.
    partly = [
        type(each)(each.image, each.text, each.labels[n % 2 :]) for n, each in enumerate(given)
    ]
    listing = Listing(painted("red", "box"), "Corva box for children")
    chances = []
    for missing in (False, True):
        model, _ = trained(partly, grouped=False, missing_negatives=missing)
        found, _ = model.judge(model.features.read([listing]))
        chances.append(found[0, model.tags.index("box")])
    assert chances[1] > chances[0]


def test_two_tags_of_one_group_share_it():
    flags = np.array([[True, True, False], [False, True, False]])
    loss = tag_loss(flags, [TagGroup(np.array([0, 1, 2]), True)], np.ones(2, np.float32))
    assert loss.targets.tolist() == [[0.5, 0.5, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"decay": 1}, "Unknown option 'decay'"), ({"sure": 0}, "'sure' is 0; it takes a number")],
)
def test_options_that_do_not_work_are_refused(options, message):
    with pytest.raises(TrainingError, match=message):
        TaggerOptions.of(options)


def test_two_tags_at_least_are_needed(tmp_path):
    given = listings(tmp_path, tags=True)
    with pytest.raises(TrainingError, match="0 tags stand on 1 of 48 listings or more"):
        trained([type(each)(each.image, each.text, ()) for each in given])
    with pytest.raises(TrainingError, match="0 tags stand on 30 of 48"):
        trained(given, least=30)


def test_what_was_saved_says_the_same(tagger, tmp_path, monkeypatch):
    monkeypatch.setattr(head_files, "open_picture_features", lambda *_, **__: QuarterFeatures())
    monkeypatch.setattr(head_files, "open_text_encoder", lambda *_, **__: HashEncoder())
    tagger.save(tmp_path)
    again = Tagger.load(tmp_path, tmp_path)
    listing = Listing(painted("green", "ball"), "Elmet ball")
    one, other = (each.suggest([listing])[0] for each in (tagger, again))
    assert [each.tag for each in one] == [each.tag for each in other]
    assert [each.score for each in one] == pytest.approx([each.score for each in other], abs=5e-3)
    assert again.rules.groups[0].always


def test_a_broken_folder_says_how_to_mend_it(tmp_path):
    with pytest.raises(MissingModelError, match="shopclerk train tagger"):
        Tagger.load(tmp_path, tmp_path)
