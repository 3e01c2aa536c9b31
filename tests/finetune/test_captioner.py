"""Training of the captioner on pictures of plain shapes, and its data."""

import json
import random

import numpy as np
import pytest
import yaml
from PIL import Image, ImageDraw

from shopclerk.catalog.product import Product
from shopclerk.errors import TrainingError
from shopclerk.finetune import captioner as training
from shopclerk.finetune.caption_data import (
    Captioned,
    encode_pictures,
    plain_captions,
    product_caption,
    read_captions,
    read_catalog_captions,
    singular,
)
from shopclerk.finetune.caption_fit import CaptionNumbers
from shopclerk.finetune.caption_model import CaptionModel
from shopclerk.finetune.captioner import split, train_captioner, word_f1
from shopclerk.finetune.recipe import load_recipe
from shopclerk.models.caption_decoder import BEGIN, CaptionDecoder
from shopclerk.models.embedded_captioner import EmbeddedCaptioner
from tests.captions import SHAPE, WORDS, ColourEncoder

COLOURS = {"red": (220, 30, 30), "green": (30, 180, 50), "blue": (40, 60, 220)}
SMALL = CaptionNumbers(
    epochs=30,
    batch=16,
    lr=5e-3,
    patience=0,
    min_count=1,
    dropout=0.0,
    input_dropout=0.0,
    smoothing=0.0,
    width=16,
    layers=1,
    heads=2,
    hidden=24,
    threads=1,
)


def shape(colour, kind, seed):
    """A square or a bar of a colour, somewhat out of place."""
    move = random.Random(seed)
    image = Image.new("RGB", (32, 32), "white")
    x, y = move.randint(0, 6), move.randint(0, 6)
    size = (24, 24) if kind == "square" else (24, 7)
    ImageDraw.Draw(image).rectangle((x, y, x + size[0], y + size[1]), fill=COLOURS[colour])
    return image


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """Ninety pictures and the file that captions them."""
    folder = tmp_path_factory.mktemp("shapes")
    rows = []
    for number in range(90):
        colour, kind = list(COLOURS)[number % 3], ("square", "bar")[number // 3 % 2]
        shape(colour, kind, number).save(folder / f"{number}.png")
        rows.append({"image": f"{number}.png", "text": f"a {colour} {kind}", "set": number % 2})
        rows.append({"image": f"{number}.png", "text": f"Acme {kind} X{number}", "set": number % 2})
    lines = [json.dumps(row) for row in rows]
    (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder / "rows.jsonl"


# -- training ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained(shapes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    return folder, *train_captioner(read_captions(shapes), ColourEncoder(), folder, SMALL)


def test_unseen_pictures_are_described(trained):
    folder, outcome, counts = trained
    assert counts == (81, 9)
    assert outcome.metrics["word_f1"] > 0.9
    captioner = EmbeddedCaptioner(folder, ColourEncoder())
    wanted = [(colour, kind) for colour in COLOURS for kind in ("square", "bar")]
    said = captioner.caption([shape(*each, seed=1_000) for each in wanted])
    assert [caption.text for caption in said] == [f"a {colour} {kind}" for colour, kind in wanted]


def test_words_that_are_too_rare_are_never_said(shapes, tmp_path):
    pictures = [
        Captioned(each.image, (f"{text} for owl{place}" if place // 6 % 2 else text,))
        for place, each in enumerate(read_captions(shapes))
        for text in each.captions
    ]
    numbers = CaptionNumbers(**{**_as_dict(SMALL), "min_count": 3})
    train_captioner(pictures, ColourEncoder(), tmp_path, numbers)
    captioner = EmbeddedCaptioner(tmp_path, ColourEncoder())
    said = captioner.caption([shape(colour, "bar", 7) for colour in COLOURS])
    assert all("owl" not in caption.text and "<" not in caption.text for caption in said)
    assert [caption.text.split()[:3] for caption in said] == [
        ["a", each, "bar"] for each in COLOURS
    ]


def test_the_same_seed_makes_the_same_weights(shapes, trained, tmp_path):
    train_captioner(read_captions(shapes), ColourEncoder(), tmp_path, SMALL)
    first, second = (each / "model.safetensors" for each in (trained[0], tmp_path))
    assert first.read_bytes() == second.read_bytes()


def test_torch_and_numpy_agree():
    import torch

    torch.manual_seed(2)
    model = CaptionModel(SHAPE, len(WORDS)).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    features = torch.rand(SHAPE.inputs)
    words = torch.tensor([BEGIN, 3, 8, 5, 6])
    with torch.inference_mode():
        expected = model(features[None], words[None])[0, -1].numpy()
    decoder = CaptionDecoder(SHAPE, {k: v.numpy() for k, v in model.state_dict().items()})
    _, logits = decoder._read(features.numpy(), words.tolist())
    np.testing.assert_allclose(logits, expected, atol=1e-4)
    best = decoder.search(features.numpy(), beams=1)[0]
    with torch.inference_mode():
        sequence = torch.tensor([[BEGIN, *best.words][: SHAPE.max_words]])
        logs = model(features[None], sequence).log_softmax(-1)[0]
    known = [float(logs[place, word]) for place, word in enumerate(best.words[: len(logs)])]
    np.testing.assert_allclose(known, best.log_probs[: len(known)], atol=1e-4)


def test_training_stops_when_it_gets_no_better(shapes, tmp_path):
    seen = []
    numbers = CaptionNumbers(**{**_as_dict(SMALL), "patience": 2, "epochs": 200})
    train_captioner(
        read_captions(shapes),
        ColourEncoder(),
        tmp_path,
        numbers,
        progress=lambda stage, done, total: seen.append((stage, done, total)),
    )
    epochs = [done for stage, done, _ in seen if stage == "Learning to caption"]
    assert 2 < epochs[-1] < 200


def _as_dict(numbers):
    return {name: getattr(numbers, name) for name in CaptionNumbers.__dataclass_fields__}


def test_no_picture_is_on_both_sides():
    kept, held = split(50, SMALL)
    assert sorted([*kept, *held]) == list(range(50))
    assert len(held) == 5


REFUSED = {
    "few pictures": (SMALL, 5, "Of 5 pictures 5 can be read, and 20 are needed"),
    "rare words": ({"min_count": 1_000}, 90, "No word stands in 1000 captions or more"),
    "uneven heads": ({"width": 15}, 90, "2 heads cannot share"),
}


@pytest.mark.parametrize(("changes", "count", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_trained_is_refused(shapes, tmp_path, changes, count, told):
    numbers = changes if changes is SMALL else CaptionNumbers(**{**_as_dict(SMALL), **changes})
    with pytest.raises(TrainingError, match=told):
        train_captioner(read_captions(shapes)[:count], ColourEncoder(), tmp_path, numbers)


def test_unreadable_pictures_are_left_out_and_counted(shapes, tmp_path):
    (tmp_path / "bad.png").write_text("no picture", encoding="utf-8")
    pictures = [
        *read_captions(shapes),
        Captioned(tmp_path / "bad.png", ("a red square",)),
        Captioned(tmp_path / "nosuch.png", ("a red square",)),
    ]
    numbers = CaptionNumbers(**{**_as_dict(SMALL), "epochs": 1})
    outcome, counts = train_captioner(pictures, ColourEncoder(), tmp_path, numbers)
    assert (outcome.left_out, sum(counts)) == (2, 90)


# -- recipe ------------------------------------------------------------------------------------------


def recipe(file, *changes):
    small = [
        f"options.{name}={getattr(SMALL, name)}" for name in ("width", "layers", "heads", "hidden")
    ]
    return load_recipe("caption", [f"data.file={file}", "training.epochs=2", *small, *changes])


def test_the_recipe_trains_and_writes_its_card(shapes, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "open_image_encoder", lambda *_, **__: ColourEncoder())
    facts = training.train(recipe(shapes, "options.where={set: 1}"), tmp_path)
    assert facts["examples"] + facts["heldout_examples"] == 45
    card = (tmp_path / "README.md").read_text("utf-8")
    assert f"| word_f1 | {facts['metrics']['word_f1']} |" in card
    assert facts["data_hash"] in card
    written = yaml.safe_load((tmp_path / "recipe.yaml").read_text("utf-8"))
    assert written["options"]["where"] == {"set": 1}
    assert EmbeddedCaptioner(tmp_path, ColourEncoder()).caption([shape("red", "bar", 1)])


def test_the_recipe_has_the_numbers_of_the_code():
    loaded = load_recipe("caption")
    assert CaptionNumbers.of(loaded, dict(loaded.options)) == CaptionNumbers()


WRONG = {
    "option": ("options.widht=3", r"Unknown option 'widht'.*width"),
    "value": ("options.width=wide", r"'width' is 'wide'.*not negative"),
    "weight": ("options.catalog_weight=0", r"'catalog_weight' is 0.*from 1"),
    "no such rows": ("options.where={set: 9}", r"holds no row with \{'set': 9\}"),
}


@pytest.mark.parametrize(("change", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_recipe_is_told(shapes, tmp_path, change, told):
    with pytest.raises(TrainingError, match=told):
        training.train(recipe(shapes, change), tmp_path)


def test_products_count_as_often_as_wished(shapes, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "open_image_encoder", lambda *_, **__: ColourEncoder())
    rows = [
        {
            "id": str(n),
            "title": "A",
            "category": "Cups",
            "images": [str(shapes.parent / f"{n}.png")],
        }
        for n in range(40)
    ]
    catalog = tmp_path / "catalog.jsonl"
    catalog.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    steps = []
    for weight in (1, 4):
        changes = ["training.epochs=1", "training.batch=8", f"options.catalog_weight={weight}"]
        chosen = load_recipe("caption", [f"data.catalog={catalog}", *changes])
        facts = training.train(chosen, tmp_path / str(weight))
        assert facts["examples"] + facts["heldout_examples"] == 40
        steps.append(facts["steps"])
    assert steps == [5, 18]


def test_no_data_is_told(tmp_path):
    with pytest.raises(TrainingError, match=r"nothing to learn from.*data.file=PATH"):
        training.train(load_recipe("caption"), tmp_path)


# -- data --------------------------------------------------------------------------------------------


def test_rows_of_a_picture_are_joined_and_names_left_out(shapes):
    pictures = read_captions(shapes)
    assert len(pictures) == 90
    assert pictures[0].captions == ("a red square",)
    assert len(read_captions(shapes, plain=False)[0].captions) == 2


@pytest.mark.parametrize(
    "row", [{"image": "a.png"}, {"text": "a mug"}, {"image": "a.png", "text": " "}]
)
def test_a_broken_row_is_named(tmp_path, row):
    (tmp_path / "rows.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(TrainingError, match=r"rows\.jsonl, row 1: .*'image' and one of captions"):
        read_captions(tmp_path / "rows.jsonl")


def test_captions_may_be_a_list_or_one(tmp_path):
    rows = [{"image": "a", "captions": ["x", " y  z "]}, {"image": "a", "caption": "w"}]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_captions(tmp_path / "r.jsonl") == [Captioned(tmp_path / "a", ("x", "y z", "w"))]


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["Acme Cup", "a cup"], ("a cup",)),
        (["A cup"], ("A cup",)),
        (["a cup by Acme", "Acme Cup"], ("a cup by Acme", "Acme Cup")),
    ],
    ids=["plain one", "capital at the start", "only names"],
)
def test_plain_captions(texts, kept):
    assert plain_captions(texts) == kept


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("mugs", "mug"),
        ("running shoes", "running shoes"),
        ("dresses", "dress"),
        ("watches", "watch"),
        ("kitchen knives", "kitchen knife"),
        ("scarves", "scarf"),
        ("puppies", "puppy"),
        ("chess", "chess"),
        ("tea", "tea"),
        ("boxes", "box"),
    ],
)
def test_one_of_a_kind(many, one):
    assert singular(many) == one


CAPTIONS = {
    "all": (
        {"colour": "Navy", "material": "Wool", "gender": "Women"},
        "Clothing > Coats",
        "a navy wool coat for women",
    ),
    "pair": ({"colour": "Blue", "gender": "Men"}, "Shoes", "blue shoes for men"),
    "two colours": ({"colour": ("Navy", "White")}, "Cushions", "a navy and white cushion"),
    "anybody": ({"colour": "Olive", "gender": "Unisex"}, "Bags", "an olive bag"),
    "nothing known": ({}, "Mugs", "a mug"),
    "no category": ({"colour": "Red"}, None, ""),
}


@pytest.mark.parametrize(("attributes", "category", "text"), CAPTIONS.values(), ids=CAPTIONS)
def test_a_product_is_described_by_its_attributes(attributes, category, text):
    product = Product(
        id="a", title="Acme Q1", brand="Acme", category=category, attributes=attributes
    )
    assert product_caption(product) == text


def test_only_products_with_a_picture_are_learned_from(tmp_path):
    shape("red", "bar", 1).save(tmp_path / "a.png")
    rows = [
        {"id": "1", "title": "A", "category": "Mugs", "images": ["a.png"]},
        {"id": "2", "title": "B", "category": "Mugs", "images": ["nosuch.png"]},
        {"id": "3", "title": "C", "images": ["a.png"]},
    ]
    catalog = tmp_path / "catalog.jsonl"
    catalog.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_catalog_captions(catalog) == [Captioned(tmp_path / "a.png", ("a mug",))]
    catalog.write_text(json.dumps(rows[1]), encoding="utf-8")
    with pytest.raises(TrainingError, match="no product with a category and a picture"):
        read_catalog_captions(catalog)


def test_features_are_kept_and_a_changed_picture_is_seen_anew(tmp_path):
    class Counting(ColourEncoder):
        seen = 0

        def features(self, images):
            self.seen += len(images)
            return super().features(images)

    path, encoder = tmp_path / "a.png", Counting()
    shape("red", "bar", 1).save(path)
    pictures = [Captioned(path, ("a red bar",))]
    _, first = encode_pictures(pictures, encoder, tmp_path)
    _, again = encode_pictures(pictures, encoder, tmp_path)
    assert encoder.seen == 1
    np.testing.assert_array_equal(first, again)
    shape("blue", "square", 1).save(path)
    _, changed = encode_pictures(pictures, encoder, tmp_path)
    assert encoder.seen == 2
    assert not np.array_equal(first, changed)


def test_a_damaged_cache_is_made_again(tmp_path):
    shape("red", "bar", 1).save(tmp_path / "a.png")
    pictures = [Captioned(tmp_path / "a.png", ("a red bar",))]
    encode_pictures(pictures, ColourEncoder(), tmp_path)
    for file in tmp_path.glob("*.npz"):
        file.write_bytes(b"damaged")
    kept, features = encode_pictures(pictures, ColourEncoder(), tmp_path)
    assert (len(kept), features.shape) == (1, (1, 48))


@pytest.mark.parametrize(
    ("said", "wanted", "value"),
    [("a b", "a b", 1.0), ("a a", "a b", 0.5), ("a", "b", 0.0), ("b a c", "a b", 0.8)],
)
def test_word_f1(said, wanted, value):
    assert word_f1(said.split(), wanted.split()) == pytest.approx(value)
