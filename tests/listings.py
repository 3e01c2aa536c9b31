"""The listings of the tests, and Hypothesis strategies for others."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store

SHOES = "Footwear > Athletic > Running Shoes"
BOOTS = "Footwear > Boots > Hiking Boots"


def make_products() -> list[Product]:
    """Return twelve listings that differ in every field."""
    return [
        Product(
            id="run-1",
            title="Fellwind Cadence Running Shoes, Men, Blue",
            description="Light daily trainer with a springy foam sole.",
            brand="Fellwind",
            category=SHOES,
            price=89.0,
            rating=4.5,
            stock=34,
            attributes={"colour": "Blue", "gender": "Men", "size": ("41", "42", "43")},
            tags=("running", "road"),
            images=("images/run-1.jpg",),
            url="https://shop.example/run-1",
        ),
        Product(
            id="run-2",
            title="Fellwind Cadence Running Shoes, Women, Coral Pink",
            brand="Fellwind",
            category=SHOES,
            price=89.0,
            rating=4.6,
            stock=21,
            attributes={"colour": "Pink", "gender": "Women", "size": ("36", "37")},
            tags=("running", "road"),
        ),
        Product(
            id="run-3",
            title="Torvane Pacer Running Shoes, Men, Black",
            description="A firm shoe for short weekday runs.",
            brand="Torvane",
            category=SHOES,
            price=64.5,
            rating=4.1,
            stock=0,
            attributes={"colour": "Black", "gender": "Men", "size": ("42",)},
            tags=("running",),
        ),
        Product(
            id="boot-1",
            title="Torvane Ridge Waterproof Hiking Boots, Brown",
            description="Full grain leather, a membrane lining and a deep lug sole.",
            brand="Torvane",
            category=BOOTS,
            price=119.0,
            rating=4.7,
            stock=8,
            attributes={"colour": "Brown", "gender": "Men", "material": "Leather"},
            tags=("hiking", "waterproof"),
        ),
        Product(
            id="boot-2",
            title="Corrie Pass Hiking Boots, Women, Grey",
            brand="Corrie",
            category=BOOTS,
            price=139.95,
            rating=3.9,
            stock=3,
            attributes={"colour": "Grey", "gender": "Women", "material": "Suede"},
            tags=("hiking",),
        ),
        Product(
            id="pack-1",
            title="Corrie Daypack Backpack 22 L, Red",
            description="A backpack with a padded back and a pocket for a bottle.",
            brand="Corrie",
            category="Bags > Backpacks",
            price=54.9,
            rating=4.2,
            stock=17,
            attributes={"colour": "Red", "capacity": "22 L"},
            tags=("hiking", "school"),
        ),
        Product(
            id="pack-2",
            title="Lumen Laptop Backpack 15 inch, Blue",
            brand="Lumen",
            category="Bags > Backpacks",
            price=72.0,
            rating=4.0,
            stock=5,
            attributes={"colour": "Blue", "capacity": "18 L"},
            tags=("office",),
        ),
        Product(
            id="phone-1",
            title="Orchard Tablet 64 GB MB565LL/A, Silver",
            description="A ten inch tablet with a bright screen.",
            brand="Orchard",
            category="Electronics > Tablets",
            price=329.0,
            rating=4.4,
            stock=12,
            attributes={"colour": "Silver", "model": "MB565LL/A"},
        ),
        Product(
            id="kettle-1",
            title="Brookhaven Electric Kettle 1.7 L, Steel",
            description="Boils a litre in three minutes.",
            brand="Brookhaven",
            category="Home > Kitchen > Kettles",
            price=39.99,
            rating=4.3,
            stock=40,
            attributes={"colour": "Silver", "capacity": "1.7 L"},
            tags=("kitchen",),
        ),
        Product(
            id="mug-1",
            title="Brookhaven Stoneware Coffee Mug, White",
            brand="Brookhaven",
            category="Home > Kitchen > Mugs",
            price=12.5,
            stock=100,
            attributes={"colour": "White"},
            tags=("kitchen", "gift"),
        ),
        Product(
            id="tea-1",
            title="Café Crème Grüner Tee, 250 g",
            description="Grüner Tee aus Japan.",
            brand="Café Crème",
            category="Food > Tea",
            price=9.9,
            currency="EUR",
            attributes={"origin": "Japan"},
        ),
        Product(id="mystery", title="Mystery box"),
    ]


def write_catalog(path: Path, products: Sequence[Product]) -> Path:
    """Write products as JSON Lines with a modification time that no earlier version had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.stat().st_mtime_ns if path.exists() else 0
    if not products:  # a JSON Lines file without a line is unreadable, a CSV header is not
        path = path.with_suffix(".csv")
        path.write_text("id,title\n", encoding="utf-8")
        return path
    lines = [json.dumps(product.record(), ensure_ascii=False) for product in products]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if path.stat().st_mtime_ns <= before:
        os.utime(path, ns=(before + 1_000_000, before + 1_000_000))
    return path


words = st.sampled_from(
    [
        "red",
        "Red",
        "RÉD",
        "blue",
        "shoes",
        "shoe",
        "24 L",
        "3,5",
        "-2",
        "Straße",
        "ﬁne",
        "℡",
        "東京都",
    ]
)
texts = st.lists(words, min_size=1, max_size=4).map(" ".join) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8
).filter(str.strip)
levels = st.sampled_from(["Shoes", "Boots", "Women", "women", "Ärmel", " Bags ", ""])
attribute_names = st.sampled_from(["colour", "Colour", "size", "ß", "capacity"])
any_product = st.builds(
    Product,
    id=st.text("abcÄß-1", min_size=1, max_size=4),
    title=texts,
    description=st.none() | texts,
    brand=st.none() | texts,
    category=st.none() | st.lists(levels, max_size=3).map(" > ".join),
    price=st.none() | st.sampled_from([0.0, 3.5, 20.0]) | st.floats(0, 100),
    rating=st.none() | st.sampled_from([0.0, 3.5, 5.0]),
    stock=st.none() | st.integers(0, 4),
    currency=st.sampled_from(["USD", "EUR"]),
    attributes=st.dictionaries(
        attribute_names, texts | st.lists(texts, max_size=2).map(tuple), max_size=3
    ),
    tags=st.lists(texts, max_size=2).map(tuple),
)
any_catalog = st.lists(any_product, max_size=6, unique_by=lambda product: product.id)


@contextmanager
def temporary_store(products: Sequence[Product] = ()) -> Iterator[Store]:
    """Open a store of its own for one example of a property."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.upsert(products)
        yield store
        store.close()
