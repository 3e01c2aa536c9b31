"""Steps by name, opened with settings and a shop."""

import pickle
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from shopclerk.catalog.product import Product
from shopclerk.enrichment import registry
from shopclerk.enrichment.files import work_on_file
from shopclerk.enrichment.registry import STEPS, AbsentStep, Known, StepKind, open_steps
from shopclerk.errors import MissingModelError, SettingError
from shopclerk.settings import load_settings
from shopclerk.shop import Shop
from tests.agents.batch.conftest import make_rows, read_rows, write_rows
from tests.conftest import ShopMaker
from tests.fakes import HashEncoder


def test_steps_come_in_an_order_in_which_one_helps_the_next() -> None:
    assert list(STEPS) == ["category", "title", "attributes", "tags", "checks"]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["magic"], "Unknown step 'magic'. Known here: category, title"),
        (["title", "title"], "each once"),
        ([], "at least one"),
    ],
    ids=["unknown", "twice", "none"],
)
def test_names_that_cannot_be_are_told(names: list[str], reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        open_steps(names, load_settings())


def test_a_step_without_its_model_stands_empty_unless_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(known: Known) -> None:
        raise MissingModelError("It is not here. Train it.")

    columns = STEPS["tags"].columns
    monkeypatch.setitem(registry.STEPS, "tags", StepKind(columns, fail))  # type: ignore[arg-type]  # never returns
    step = open_steps(["tags"], load_settings())[0]
    assert isinstance(step, AbsentStep)
    assert (step.name, step.columns, step.reason) == ("tags", columns, "It is not here. Train it.")
    assert step.run([Product(id="1", title="mug")])[0].cells == {}
    with pytest.raises(MissingModelError, match="Train it"):
        open_steps(["tags"], load_settings(), needed=True)


def test_the_opener_of_other_processes_is_picklable() -> None:
    opener = partial(open_steps, ("title",), load_settings(title_writer="rules"))
    assert pickle.loads(pickle.dumps(opener))()[0].name == "title"


@pytest.mark.parametrize("name", ["checks", "tags"])
def test_steps_that_know_a_shop_close_it(
    name: str, shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = shop()
    monkeypatch.setattr("shopclerk.shop.Shop", lambda settings: opened)
    with open_steps([name], opened.settings) as steps:
        assert "12 products" in steps[0].made_by
        assert steps[0].run([Product(id="1", title="hiking boots")])[0].cells
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened.store.meta("source")


def test_a_file_is_enriched_by_a_catalogue(
    tmp_path: Path, catalog_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shopclerk.shop.Shop", partial(Shop, encoder=HashEncoder()))
    source = write_rows(tmp_path / "in.csv", make_rows(3))
    settings = load_settings(catalog=str(catalog_file), title_writer="rules", image_encoder="none")
    report = work_on_file(
        source, tmp_path / "out.csv", ("tags", "title", "checks"), settings=settings
    )
    row = read_rows(tmp_path / "out.csv")[0]
    assert report.failed == {"tags_error": 0, "title_error": 0, "checks_error": 0, "error": 0}
    assert row["new_title"] == "Brindle Blue Mug 0"
    assert float(row["checks_score"]) < 100
    assert "price" in row["checks_problems"]


def test_the_shop_is_opened_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Shop:
        raise AssertionError("no step needs the shop")

    monkeypatch.setattr("shopclerk.shop.Shop", refuse)
    with open_steps(["title"], load_settings(title_writer="rules")) as steps:
        assert len(steps) == 1


@pytest.mark.parametrize(
    ("named", "title"), [(True, "Wireless Headphones"), (False, "Wireless Headphnes")]
)
def test_titles_are_spelt_by_a_catalogue_that_is_named_and_no_other(
    named: bool, title: str, shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = shop([Product(id=f"h{n}", title=f"Studio headphones {n}") for n in range(6)])
    monkeypatch.setattr("shopclerk.shop.Shop", lambda settings: opened)
    settings = load_settings(catalog="any.csv" if named else None, title_writer="rules")
    with open_steps(["title"], settings) as steps:
        cells = steps[0].run([Product(id="1", title="Wireless headphnes")])[0].cells
        assert cells["new_title"] == title
        assert ("6 products" in steps[0].made_by) == named
