"""Training, using, saving and loading a classifier."""

import json

import numpy as np
import pytest

from shopclerk.errors import MissingModelError, TrainingError
from shopclerk.finetune.classifier import (
    ClassifierOptions,
    soft_targets,
    train_classifier,
)
from shopclerk.models import head_files
from shopclerk.models.listing_features import Listing
from shopclerk.models.product_classifier import FALLBACK, ProductClassifier
from tests.fakes import HashEncoder
from tests.labelled import LABELS, QuarterFeatures, listings
from tests.pictured import painted

QUICK = ClassifierOptions(views=2, iterations=20)


def trained(given, options=QUICK):
    return train_classifier(given, QuarterFeatures(), HashEncoder(), options)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    return trained(listings(tmp_path_factory.mktemp("goods")))[0]


@pytest.fixture
def stand_ins(monkeypatch):
    """Encoders that a folder's addresses lead to."""
    monkeypatch.setattr(
        head_files, "open_picture_features", lambda *_args, **_more: QuarterFeatures()
    )
    monkeypatch.setattr(head_files, "open_text_encoder", lambda *_args, **_more: HashEncoder())


@pytest.mark.parametrize(
    ("listing", "made_by"),
    [
        (Listing(painted("red", "box"), "Corva box"), "both"),
        (Listing(painted("red", "box")), "picture"),
        (Listing(None, "Corva box"), "text"),
    ],
    ids=["both", "picture", "text"],
)
def test_a_listing_is_told_by_what_it_has(classifier, listing, made_by):
    (said,) = classifier.classify([listing])
    assert said.label == LABELS["box"]
    assert said.made_by == made_by
    assert sum(guess.score for guess in said.guesses) == pytest.approx(1, abs=1e-3)


def test_nothing_to_judge_gives_the_commonest_label(tmp_path):
    given = listings(tmp_path)
    model, _ = trained([*given, *given[:8]])
    (said,) = model.classify([Listing()])
    assert said.made_by == FALLBACK
    assert said.label == given[0].labels[0]


def test_order_and_company_do_not_matter(classifier):
    given = [Listing(painted(paint, "ball"), "") for paint in ("red", "blue", "green")]
    together = classifier.classify(given)
    backwards = classifier.classify(given[::-1])[::-1]
    for one, other in zip(together, backwards, strict=True):
        assert one.label == other.label
        assert one.guesses[0].score == pytest.approx(other.guesses[0].score, abs=1e-4)


@pytest.mark.parametrize("modality", ["picture", "text"])
def test_one_side_alone_may_be_read(tmp_path, modality):
    options = ClassifierOptions(views=2, iterations=10, modality=modality)
    model, report = trained(listings(tmp_path), options)
    assert set(model.heads.heads) == {modality}
    assert set(report.scores) == {modality}


def test_both_do_better_than_the_better_one_alone(tmp_path):
    # The label is colour and shape; the picture shows the colour to eyes this coarse, the title names the shape.
    given = [
        type(each)(
            each.image, each.text, (f"{each.image.stem.partition('-')[0]} > {each.labels[0]}",)
        )
        for each in listings(tmp_path)
        if each.image
    ]
    blurred = [
        type(each)(
            tmp_path / "images" / f"{each.labels[0].split()[0]}-ball.png", each.text, each.labels
        )
        for each in given
    ]
    _, report = trained(blurred)
    top = {read: scores["top1"] for read, scores in report.scores.items()}
    assert top["both"] > max(top["picture"], top["text"])


def test_the_report_counts_what_was_left_out(tmp_path):
    given = listings(tmp_path)
    bare = type(given[0])(None, "", given[0].labels)
    nameless = type(given[0])(None, "a ball", ())
    single = type(given[0])(None, "one of its kind", ("Rare",))
    model, report = trained([*given, bare, nameless, single])
    assert (report.left_out, report.single) == (2, 1)
    assert "Rare" in model.labels


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda given: given[:8], "All listings have one label, 'Toys > Balls'"),
        (lambda given: [], "None of 0 listings has a label"),
        (
            lambda given: [type(each)(None, "", each.labels) for each in given],
            "has a picture that can be read, or words",
        ),
    ],
    ids=["one label", "nothing", "nothing to read"],
)
def test_what_cannot_be_learned_from_says_so(tmp_path, change, message):
    with pytest.raises(TrainingError, match=message):
        trained(change(listings(tmp_path)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"smooth": 0.1}, "Unknown option 'smooth'"),
        ({"smoothing": 1.5}, "'smoothing' is 1.5; it takes a number from 0 to 0.9"),
        ({"decays": [0.01, 0.1]}, r"'decays' is .*falling numbers"),
        ({"modality": "sound"}, "Unknown modality 'sound'. Known here: picture, text, both"),
        ({"iterations": "many"}, "'iterations' is 'many'; it takes a whole number"),
        ({"views": True}, "'views' is True"),
    ],
)
def test_options_that_do_not_work_are_refused(options, message):
    with pytest.raises(TrainingError, match=message):
        ClassifierOptions.of(options)


def test_targets_lean_to_near_kin():
    names = ["A > B > C", "A > B > D", "A > E > F", "X > Y > Z"]
    soft = soft_targets(names, 0.1, 1.0)
    assert soft.sum(axis=1) == pytest.approx([1, 1, 1, 1])
    assert soft[0, 0] == pytest.approx(0.9)
    assert soft[0, 1] > soft[0, 2] > soft[0, 3]
    even = soft_targets(names, 0.1, 0.0)[0, 1:]
    assert even == pytest.approx([0.1 / 3] * 3)


def test_balance_and_adjustment_favour_the_rare(tmp_path):
    given = [each for each in listings(tmp_path, pictures=False) if "ball" in each.text]
    rare = [type(each)(None, "Aldon for children", ("Rare",)) for each in given[:3]]
    vague = Listing(None, "for children")
    scores = []
    for options in ({}, {"balance": 1.0}, {"adjustment": 1.0}):
        model, _ = trained([*given, *rare], ClassifierOptions(iterations=20, **options))
        scores.append(model.scores([vague])[0][0, model.labels.index("Rare")])
    assert scores[1] > scores[0]
    assert scores[2] > scores[0]


# -- on disk -----------------------------------------------------------------------------------------


def test_what_was_saved_says_the_same(classifier, tmp_path, stand_ins):
    classifier.save(tmp_path / "model")
    again = ProductClassifier.load(tmp_path / "model", tmp_path)
    given = [Listing(painted("blue", "box"), "Brisk box"), Listing(None, "a ball"), Listing()]
    one, other = classifier.scores(given), again.scores(given)
    np.testing.assert_allclose(one[0], other[0], atol=5e-3)
    assert one[1] == other[1]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("model.json", lambda text: "{"),
        ("model.json", lambda text: json.dumps({**json.loads(text), "kind": "tagger"})),
        ("model.json", lambda text: json.dumps({**json.loads(text), "labels": ["one"]})),
        ("model.json", lambda text: json.dumps({**json.loads(text), "terms": []})),
        ("model.safetensors", lambda text: "broken"),
    ],
    ids=["not JSON", "another kind", "labels", "terms", "weights"],
)
def test_a_broken_folder_says_how_to_mend_it(classifier, tmp_path, stand_ins, name, change):
    classifier.save(tmp_path)
    path = tmp_path / name
    text = path.read_text("utf-8") if name.endswith("json") else ""
    path.write_text(change(text), encoding="utf-8")
    with pytest.raises(MissingModelError, match="shopclerk train classifier"):
        ProductClassifier.load(tmp_path, tmp_path)


def test_no_folder_at_all_says_so(tmp_path):
    with pytest.raises(MissingModelError, match=r"no usable classifier in '.*nowhere'"):
        ProductClassifier.load(tmp_path / "nowhere", tmp_path)


def test_other_encoders_are_refused(classifier, tmp_path, stand_ins, monkeypatch):
    classifier.save(tmp_path)
    monkeypatch.setattr(HashEncoder, "id", "other")
    with pytest.raises(MissingModelError, match="trained over the text_encoder 'hash-64'"):
        ProductClassifier.load(tmp_path, tmp_path)
