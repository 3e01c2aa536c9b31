"""The tool `extract_attributes`, and what a catalogue knows of its attributes."""

import pytest

from shopclerk.catalog.indexing import index_file
from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store
from shopclerk.errors import TryAgainError
from shopclerk.models.attribute_extractor import open_extractor
from shopclerk.tools.attribute_shelf import AttributeShelf, learn_attributes
from shopclerk.tools.extract_attributes import NAME, extract_attributes_tool
from shopclerk.tools.result import artifact_of
from tests.attribute_rows import counted_extractor, lines
from tests.listings import write_catalog


def products():
    made = []
    for each in lines(40):
        values = {name: tuple(found) for name, found in each["attributes"].items() if found}
        made.append(
            Product(
                id=each["id"],
                title=each["title"],
                category=f"Home > {each['category']}",
                brand=values.pop("Brand")[0],
                attributes=values,
            )
        )
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return counted_extractor(tmp_path_factory.mktemp("tool"))


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "store")
    index_file(write_catalog(tmp_path / "catalog.jsonl", products()), made, None, None)
    yield made
    made.close()


@pytest.fixture
def shelf(store, folder):
    opened = []

    def open_it(counts):
        opened.append(counts)
        return open_extractor(str(folder), folder, gazetteer=counts)

    made = AttributeShelf(store, open_it)
    made.opened = opened
    return made


@pytest.fixture
def extract(shelf):
    tool = extract_attributes_tool(shelf)

    def call(**arguments):
        return tool.invoke({"name": NAME, "args": arguments, "id": "1", "type": "tool_call"})

    return call


def test_names_come_from_the_catalogues_category(extract):
    message = extract(title="Zelco Navy Blue Mug, 25 cm", category="Home > Mugs")
    found = artifact_of(message).attributes
    assert found["names_from"] == "category"
    told = {
        name: [v["text"] for v in facts["values"]] for name, facts in found["attributes"].items()
    }
    assert told == {"brand": ["Zelco"], "Color": ["Navy Blue"], "Length": ["25 cm"]}
    assert "brand: Zelco" in message.content


def test_a_value_comes_with_its_place_and_one_spelling(extract):
    title = "Zelco Navy Blue Mug, 25 cm"
    found = artifact_of(extract(title=title, category="Home > Mugs")).attributes["attributes"]
    value = found["Color"]["values"][0]
    assert value["normalised"] == ["Navy"]
    assert title[value["start"] : value["end"]] == "Navy Blue"


def test_what_is_not_stated_is_said(extract):
    message = extract(title="Aldo Mug, 10 cm", category="Home > Mugs")
    assert "Not stated: Color." in message.content
    assert artifact_of(message).attributes["attributes"]["Color"]["values"] == []


def test_names_may_be_given(extract):
    message = extract(title="Aldo Red Mug", attributes=["Color", " Color ", ""])
    assert list(artifact_of(message).attributes["attributes"]) == ["Color"]


def test_an_unknown_category_is_told(extract):
    message = extract(title="Aldo Red Mug", category="Spaceships")
    assert message.content.endswith("these are its commonest attributes.")


def test_no_name_at_all_asks_again(extract):
    with pytest.raises(TryAgainError, match="No attribute is named"):
        extract(title="Aldo Red Mug", attributes=[" "])


def test_a_catalogue_without_attributes_asks_for_names(tmp_path, folder):
    store = Store(tmp_path / "bare")
    shelf = AttributeShelf(
        store, lambda counts: open_extractor(str(folder), folder, gazetteer=counts)
    )
    tool = extract_attributes_tool(shelf)
    with pytest.raises(TryAgainError, match="has no attributes to look for"):
        tool.invoke({"name": NAME, "args": {"title": "Mug"}, "id": "1", "type": "tool_call"})
    store.close()


def test_the_catalogue_is_read_once_and_again_when_it_changes(shelf, store):
    shelf.get()
    shelf.get()
    assert len(shelf.opened) == 1
    store.upsert([Product(id="new", title="Aldo Teal Mug", attributes={"Color": "Teal"})])
    knowledge, _ = shelf.get()
    assert len(shelf.opened) == 2
    assert "teal" in knowledge.gazetteer.tables["value"]


def test_only_what_a_products_text_states_is_counted():
    known = learn_attributes(
        [Product(id="1", title="Aldo Mug", brand="Aldo", attributes={"Color": "Red"})]
    )
    assert set(known.gazetteer.tables["value"]) == {"aldo"}
    assert [spec.name for spec in known.schema.attributes("")[0]] == ["Color", "brand"]
    assert known.normaliser.normalise("ALDO", "brand").values == ("Aldo",)
