"""Fixtures for all tests: a small catalogue, shops over it, and a home that is thrown away."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from shopclerk.catalog.product import Product
from shopclerk.shop import Shop
from tests.fakes import HashEncoder
from tests.listings import make_products, write_catalog
from tests.quick_extractor import without_encoder

ShopMaker = Callable[..., Shop]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that stands for the user's own, empty at the start."""
    for name in [name for name in os.environ if name.startswith("SHOPCLERK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SHOPCLERK_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def products() -> list[Product]:
    """Twelve listings."""
    return make_products()


@pytest.fixture
def catalog_file(tmp_path: Path, products: list[Product]) -> Path:
    """The twelve listings as a file."""
    return write_catalog(tmp_path / "catalog.jsonl", products)


@pytest.fixture(scope="session")
def quick_extractor(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of an extractor of attributes that reads counts alone."""
    return str(without_encoder(tmp_path_factory.mktemp("extractor")))


@pytest.fixture
def shop(tmp_path: Path, quick_extractor: str) -> Iterator[ShopMaker]:
    """Open shops: `shop()` over the twelve listings, `shop([...])` over others; closed at the end.

    They look at pictures only where an `eye` is given.
    """
    opened: list[Shop] = []

    def make(products: Sequence[Product] | None = None, **settings: Any) -> Shop:
        listings = make_products() if products is None else products
        path = write_catalog(tmp_path / "catalog.jsonl", listings)
        usual = {"encoder": HashEncoder(), "home": tmp_path, "extractor": quick_extractor}
        given = {**usual, **settings}
        if settings.get("eye") is None:
            given = {"image_encoder": "none", **given}
        opened.append(Shop.open(path, **given))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
