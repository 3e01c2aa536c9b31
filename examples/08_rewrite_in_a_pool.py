"""Rewrite a larger file with several processes.

Run it:

    python examples/08_rewrite_in_a_pool.py

It writes 2,000 messy titles to a Parquet file, rewrites them with two processes, each with a model of its own, and
prints how many a second and who wrote them.
"""

from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from shopclerk.enrichment.files import work_on_file

SOURCE = Path(str(files("shopclerk").joinpath("sample", "messy_titles.csv")))
COPIES = 167


def main() -> None:
    """Make a file, rewrite it, count."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "messy.parquet", Path(folder) / "clean.parquet"
        pl.concat([pl.read_csv(SOURCE)] * COPIES).write_parquet(source)
        report = work_on_file(source, target, engine="pool", workers=2)
        print(f"{report.rows} titles, {report.rows_per_s:.0f} a second")
        clean = pl.read_parquet(target)
        print(clean.group_by("writer").len().sort("len").to_dicts())
        print(clean["new_title"][0])


if (
    __name__ == "__main__"
):  # the processes begin by reading this file: without this line each would start again
    main()
