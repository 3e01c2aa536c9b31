"""Training of the attribute extractor: rows, options, the recipe as a command."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.cli import main
from shopclerk.errors import TrainingError
from shopclerk.finetune.attribute_data import catalogue_rows, read_rows, with_negatives
from shopclerk.finetune.attribute_goods import made_up_rows
from shopclerk.finetune.attributes import read_all, read_options, train
from shopclerk.finetune.recipe import load_recipe
from shopclerk.models.attribute_extractor import Listing, open_extractor
from shopclerk.models.attribute_rows import AttributeRow, labelled, stated
from shopclerk.models.attribute_schema import AttributeSpec
from shopclerk.models.attribute_spans import find_value, windows
from tests.attribute_rows import counted_extractor, lines, write
from tests.listings import make_products, write_catalog

RECIPE = "attributes-minilm-lora"
BROKEN = {
    "no json": ("{", "line 1 is not JSON"),
    "no object": ("[]", "line 1 is list"),
    "no title": ('{"attributes": {}}', "'title' must be given"),
    "no attributes": ('{"title": "a"}', "'attributes' must be given"),
    "values": ('{"title": "a", "attributes": {"Size": 3}}', "values of 'Size'"),
    "category": ('{"title": "a", "category": 3, "attributes": {}}', "must be text or null"),
    "nothing": ("\n", "holds no row"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told(tmp_path, text, message):
    path = tmp_path / "rows.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match=message):
        read_rows(path)


def test_rows_are_read(tmp_path):
    row = read_rows(write(tmp_path / "rows.jsonl", lines(2)))[1]
    assert (row.title, row.category) == ("Norwick Navy Blue Mug, 25 cm", "Mugs")
    assert row.values == {"Brand": ("Norwick",), "Color": ("Navy Blue",), "Length": ("25 cm",)}


def test_a_catalogue_teaches_what_its_texts_state(tmp_path):
    rows = catalogue_rows(str(write_catalog(tmp_path / "catalog.jsonl", make_products())))
    first = next(row for row in rows if row.title.endswith("Men, Blue"))
    assert first.values == {"colour": ("Blue",), "gender": ("Men",), "brand": ("Fellwind",)}


def test_a_catalogue_that_states_nothing_is_refused(tmp_path):
    bare = [
        product.model_copy(update={"title": "x", "description": "", "brand": ""})
        for product in make_products()
    ]
    with pytest.raises(TrainingError, match="nothing to learn"):
        catalogue_rows(str(write_catalog(tmp_path / "catalog.jsonl", bare)))


def test_a_value_in_the_description_is_learned_there():
    row = stated("Aldo Mug", "A mug in teal.", "Mugs", {"Color": ("Teal",), "Brand": ("Aldo",)})
    found = list(labelled(row))
    assert [window.values for window in found] == [{"Brand": ("Aldo",)}, {"Color": ("Teal",)}]


def test_negatives_are_names_of_the_category_that_a_row_lacks():
    rows = [
        AttributeRow("a", "", "Mugs", {"Color": ("a",)}),
        AttributeRow("b", "", "Mugs", {"Size": ("b",)}),
        AttributeRow("c", "", "Cars", {"Power": ("c",)}),
    ]
    found = with_negatives(rows, 2, seed=1)
    assert found[0].values == {"Color": ("a",), "Size": None}
    assert found[2].values == {"Power": ("c",)}


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_what_is_made_up_states_its_values(seed):
    (row,) = made_up_rows(1, seed)
    pieces = windows(row.title, 1)[0]
    for values in row.values.values():
        assert values is None or all(find_value(pieces, value)[1] for value in values)
    assert made_up_rows(1, seed) == [row]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("options.epochs=1", "Unknown option of kind 'attributes' 'epochs'"),
        ("options.encoder=bert", "Unknown options.encoder 'bert'"),
        ("options.start=here", "Unknown options.start 'here'"),
    ],
)
def test_options_that_do_not_work_say_what_would(change, message):
    with pytest.raises(TrainingError, match=message):
        read_options(load_recipe(RECIPE, [change]))


def test_names_can_be_left_out(tmp_path):
    path = write(tmp_path / "rows.jsonl", lines(4))
    recipe = load_recipe(RECIPE, [f"data.file={path}", "options.leave_out=[color, Brand]"])
    rows = read_all(recipe, read_options(recipe))
    assert {name for row in rows for name in row.values} == {"Length"}


def test_too_few_rows_are_refused(tmp_path):
    path = write(tmp_path / "rows.jsonl", lines(5))
    with pytest.raises(TrainingError, match="There are 5 rows"):
        train(load_recipe(RECIPE, [f"data.file={path}"]), tmp_path / "out")


def test_the_result_has_a_card_and_its_recipe(tmp_path):
    folder = counted_extractor(tmp_path)
    facts = json.loads((folder / "adapter.json").read_text("utf-8"))
    assert facts["metrics"]["micro_f1"] > 0.8
    assert (facts["examples"], facts["heldout_examples"]) == (54, 6)
    assert "shopclerk finetune attributes-minilm-lora" in (folder / "README.md").read_text("utf-8")
    assert load_recipe(str(folder / "recipe.yaml")).kind == "attributes"


def test_counts_can_be_kept_out(tmp_path):
    folder = counted_extractor(tmp_path, **{"options.keep_counts": "false"})
    assert "aldo" not in (folder / "gazetteer.json").read_text("utf-8")
    assert json.loads((folder / "extractor.json").read_text("utf-8"))["schema"] == {}


def test_the_command_says_where_the_result_lies(tmp_path, capsys):
    path = write(tmp_path / "rows.jsonl", lines(30))
    flags = [f"--set={change}" for change in (f"data.file={path}", "options.encoder=none")]
    assert main(["finetune", RECIPE, *flags, "--out", str(tmp_path / "out")]) == 0
    assert f"SHOPCLERK_EXTRACTOR={tmp_path / 'out'}" in capsys.readouterr().out.replace("\n", "")


@pytest.mark.models
def test_one_step_with_the_encoder_is_served_from_its_folder(tmp_path):
    path = write(tmp_path / "rows.jsonl", lines(24))
    changes = ["training.epochs=0.1", "lora.r=2", "lora.first_layer=5", f"data.file={path}"]
    facts = train(load_recipe(RECIPE, changes), tmp_path / "out")
    assert facts["steps"] == 1
    adapter = json.loads((tmp_path / "out" / "adapter" / "adapter_config.json").read_text("utf-8"))
    assert adapter["base_model_name_or_path"] == "embedded"
    extractor = open_extractor(str(tmp_path / "out"), tmp_path)
    asked = Listing("Aldo Red Mug", (AttributeSpec("Color"), AttributeSpec("Never seen")))
    found = extractor.extract([asked, asked])
    assert found[0] == found[1]
    assert set(found[0]) == {"Color", "Never seen"}
    assert not extractor.id.endswith("(counts alone)")
