from shopclerk.catalog.product import Product
from shopclerk.ui.examples import examples_of


def test_examples_are_of_the_catalogue(shop):
    products = [
        Product(
            id=f"{name}{n}",
            title=f"{name} {n}",
            category=f"Kitchen > {name}",
            price=price,
            currency="EUR",
        )
        for name, price, count in (("Kettles", 30, 3), ("Mugs", 8, 2), ("Pans", None, 1))
        for n in range(count)
    ]
    assert examples_of(shop(products).store) == [
        "kettles under €30.00",
        "the best rated mugs",
        "what pans do you have?",
    ]


def test_without_categories_there_are_none(shop):
    assert examples_of(shop([Product(id="a", title="Mug")]).store) == []
