"""Rewrite a file of messy titles, stop in the middle, and carry on.

Run it:

    python examples/07_rewrite_titles.py

It rewrites the sample's messy titles into a CSV, is interrupted after the first rows, carries on without doing
them again, and prints each title before and after, the empty one with its error.
"""

import csv
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from shopclerk.enrichment.files import work_on_file

SOURCE = Path(str(files("shopclerk").joinpath("sample", "messy_titles.csv")))


def stop_early(stage: str, done: int, total: int | None) -> None:
    """Stand for a power cut after a third of the rows."""
    if stage == "Rows" and done >= 4:
        raise KeyboardInterrupt


def main() -> None:
    """Rewrite, stop, carry on, show."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "titles.csv"
        try:
            work_on_file(SOURCE, target, chunk_rows=4, progress=stop_early)
        except KeyboardInterrupt:
            print("Stopped. What is done is kept:", target.with_name("titles.csv.parts").exists())

        report = work_on_file(SOURCE, target, chunk_rows=4, mode="resume")
        print(f"{report.rows} rows, {report.resumed} of them from before the stop")
        with target.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                print(f"{row['title']}\n  -> {row['new_title'] or row['error']}")


if __name__ == "__main__":
    main()
