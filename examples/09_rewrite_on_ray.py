"""Work on a file with Ray Data: here on this machine, with an address on a cluster.

Run it:

    python examples/09_rewrite_on_ray.py [auto | HOST:6379]

It starts Ray unless an address is given, rewrites the sample's messy titles with it, and prints the new ones. Ray's
nodes need shopclerk installed. Without Ray it says how to install it.
"""

import json
import sys
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from shopclerk.enrichment.files import work_on_file
from shopclerk.errors import MissingModelError

SOURCE = Path(str(files("shopclerk").joinpath("sample", "messy_titles.csv")))


def main() -> None:
    """Rewrite on Ray and show the titles."""
    address = sys.argv[1] if len(sys.argv) > 1 else None
    with TemporaryDirectory() as folder:
        target = Path(folder) / "titles.jsonl"
        try:
            report = work_on_file(SOURCE, target, engine="ray", workers=2, address=address)
        except MissingModelError as error:
            print(error)
            return
        print(f"{report.rows} rows in {report.seconds:.0f} s, Ray's start included")
        for line in target.read_text("utf-8").splitlines():
            print(json.loads(line)["new_title"])


if __name__ == "__main__":
    main()
