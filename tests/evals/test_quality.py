"""Task quality: damage is done as it says, and what is found is counted."""

import json
import random

import pytest
from PIL import Image

from shopclerk.catalog.product import Product
from shopclerk.errors import DataFormatError
from shopclerk.evals.damage import DAMAGES, Workshop
from shopclerk.evals.quality import judge, made_cases, quality_metrics, read_cases
from shopclerk.models.quality.checker import KINDS, ListingChecker
from shopclerk.models.quality.finding import Finding, Mend, Verdict
from shopclerk.models.quality.norms import ShopNorms


@pytest.fixture
def products(tmp_path):
    for name in ("Home", "Garden"):
        Image.effect_noise((300, 300), 90).convert("RGB").save(tmp_path / f"{name}.png")
    return [
        Product(
            id=f"{department}-{number}",
            title=f"{department} thing number {number} of good make",
            description="It is made to last and comes in one piece, with all that belongs to it.",
            brand="Ikando",
            category=f"{department} > Things",
            price=20.0 + number,
            images=(f"{department}.png",),
            attributes={"colour": "blue"},
        )
        for department in ("Home", "Garden")
        for number in range(15)
    ]


@pytest.fixture
def workshop(products, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Workshop(random.Random(1), products, tmp_path, scratch)


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damage_changes_the_listing(kind, products, workshop):
    assert kind in KINDS
    assert DAMAGES[kind](products[0], workshop) != products[0]


@pytest.mark.parametrize(
    "kind",
    ["missing", "thin", "stuffing", "shouting", "promotion", "contact", "link", "prohibited", "price", "look-alike", "injection"],
)  # fmt: skip
def test_damage_to_words_is_found(kind, products, workshop):
    checker = ListingChecker(ShopNorms.of(products))
    found = 0
    for product in products[:10]:
        verdict = checker.check(DAMAGES[kind](product, workshop))
        found += any(each.kind == kind for each in verdict.findings)
    assert found >= 9


def test_what_cannot_be_damaged_is_left(products, workshop):
    bare = Product(id="x", title="Thing")
    assert DAMAGES["price"](bare, workshop) is None
    assert DAMAGES["shouting"](Product(id="y", title="椅子"), workshop) is None
    assert DAMAGES["picture-blurred"](bare, workshop) is None
    assert DAMAGES["category-words"](bare, workshop) is None


def test_cases_are_the_same_each_time(products, tmp_path):
    (tmp_path / "p").mkdir()
    first, second = (
        [(each.title, kind) for each, kind in made_cases(products, tmp_path, tmp_path / "p")]
        for _ in range(2)
    )
    assert first == second
    assert {kind for _, kind in first} == {*DAMAGES, None}


def test_clean_listings_are_complete_ones(products, tmp_path):
    (tmp_path / "p").mkdir()
    bare = [Product(id=f"bare-{n}", title="Bare thing of good make") for n in range(5)]
    cases = list(made_cases([*products, *bare], tmp_path, tmp_path / "p"))
    clean = {each.id for each, kind in cases if kind is None}
    assert clean == {each.id for each in products}


class Blind:
    """Finds shouting everywhere and nothing else."""

    def check(self, listing):
        finding = Finding("shouting", "warning", "language", "title", "Loud.", Mend("Hush."))
        return Verdict(88, {}, (finding,) if listing.id != "calm" else ())


def test_recall_and_false_alarms():
    loud, calm = Product(id="loud", title="A"), Product(id="calm", title="B")
    report = judge([(loud, "shouting"), (loud, "price"), (loud, None), (calm, None)], Blind())
    assert report.metrics["recall_shouting"] == 1.0
    assert report.metrics["recall_price"] == 0.0
    assert report.metrics["mean_recall"] == 0.5
    assert report.metrics["false_alarm_rate"] == 0.5
    assert report.metrics["recall_thin"] is None
    assert len(report.failures) == 2


def test_nothing_to_judge_is_null():
    metrics = quality_metrics({}, {}, 0, 0)
    assert metrics["mean_recall"] is metrics["false_alarm_rate"] is None


@pytest.mark.parametrize(
    ("record", "match"),
    [
        ({"damage": None}, "'listing'"),
        ({"listing": {"id": "a", "title": "A"}, "damage": "rust"}, "'rust'"),
        ({"listing": {"id": "a"}, "damage": None}, "'listing' is none"),
    ],
    ids=["no listing", "unknown damage", "no title"],
)
def test_a_broken_record_is_named(record, match, tmp_path):
    path = tmp_path / "test.jsonl"
    path.write_text(json.dumps(record) + "\n")
    with pytest.raises(DataFormatError, match=match):
        list(read_cases(path))
