"""Index a file of your own, a bad row in it included, and change it.

Run it:

    python examples/03_index_your_file.py

It writes a small CSV with columns that are not named as ours, indexes it, prints which row was rejected and
why, then raises a price and prints that only this product is written again and no vector is made.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from shopclerk import Shop
from shopclerk.settings import load_settings

ROWS = """\
SKU,Name,Maker,Cost,Colour
t-1,Enamel teapot,Kettlewick,24.50,Blue
t-2,Glass teapot with sieve,Kettlewick,31.00,Clear
t-3,Travel mug,Brindle,cheap,Green
t-4,Wool tea cosy,Brindle,12.00,Grey
"""
COLUMNS = {"id": "SKU", "title": "Name", "brand": "Maker", "price": "Cost"}


def main() -> None:
    """Index, report, change, index again."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "teapots.csv"
        file.write_text(ROWS, encoding="utf-8")
        with Shop(load_settings(catalog=str(file))) as shop:
            report = shop.index(columns=COLUMNS)
            print(f"{report.added} products, {report.rejected} rejected, {report.embedded} vectors")
            if report.reject_file:
                print(report.reject_file.read_text("utf-8").strip())

            file.write_text(ROWS.replace("24.50", "26.00"), encoding="utf-8")
            report = shop.index(columns=COLUMNS, prune=True)
            print(f"{report.changed} changed, {report.unchanged} not, {report.embedded} vectors")
            print("Found:", [hit.product.title for hit in shop.search("teapot").hits])


if __name__ == "__main__":
    main()
