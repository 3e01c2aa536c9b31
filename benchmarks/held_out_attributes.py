"""How well the attribute extractor finds names that it has never learned from.

    python benchmarks/held_out_attributes.py --data FOLDER [--data FOLDER ...] [--share 0.2] [--seed 1]
        [--made-up 1500] [--set training.epochs=2] [--json FILE]

A fifth of the names of all folders is drawn; an extractor is trained from the bare encoder on the train.jsonl of all
folders, and on made-up listings, without these names; then each folder's test.jsonl is read. Records are asked for all
their names, as in use, and once more for the unseen ones alone; only the unseen ones count. The share is by name, so that
a frequent name weighs as its values do. Prints one JSON object.
"""

import argparse
import json
import logging
import random
import tempfile
from pathlib import Path

from shopclerk.finetune.attribute_data import read_rows
from shopclerk.finetune.attribute_score import Tally, listing_of
from shopclerk.finetune.attributes import train
from shopclerk.finetune.recipe import load_recipe
from shopclerk.models.attribute_extractor import AttributeExtractor, open_extractor
from shopclerk.models.attribute_rows import AttributeRow
from shopclerk.settings import quiet_libraries


def drawn_names(folders: list[Path], share: float, seed: int) -> list[str]:
    """Return the names that are left out, a share of those in all folders."""
    rows = [row for folder in folders for row in read_rows(folder / "train.jsonl")]
    names = sorted({name.casefold() for row in rows for name in row.values})
    return sorted(random.Random(seed).sample(names, max(1, round(share * len(names)))))


def measure(
    extractor: AttributeExtractor, rows: list[AttributeRow], names: set[str], *, alone: bool
) -> dict[str, float | None]:
    """Return metrics over the unseen names, asked for alone or with all others of their record."""
    tally, seen = Tally(), [row for row in rows if names & set(map(str.casefold, row.values))]
    asked = [
        listing_of(row, [n for n in row.values if not alone or n.casefold() in names])
        for row in seen
    ]
    for row, found in zip(seen, extractor.extract(asked), strict=True):
        for name, wanted in row.values.items():
            if name.casefold() in names:
                tally.add(found[name].texts, wanted)
    return {"records": len(seen), "values": tally.wanted, **tally.metrics()}


def main() -> None:
    """Train without some names and measure on them."""
    quiet_libraries()
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--made-up", type=int, default=1500)
    parser.add_argument("--set", action="append", default=[], dest="changes")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    names = drawn_names(given.data, given.share, given.seed)
    first, *others = (str(folder / "train.jsonl") for folder in given.data)
    changes = [
        "options.start=none",
        f"options.leave_out={json.dumps(names)}",
        f"options.files={json.dumps(others)}",
        f"options.made_up={given.made_up}",
        f"data.file={first}",
        "training.eval_share=0.02",
        *given.changes,
    ]
    with tempfile.TemporaryDirectory() as folder:
        facts = train(load_recipe("attributes-minilm-lora", changes), Path(folder))
        extractor = open_extractor(folder, Path(folder))
        result = {
            "left_out": names,
            "seconds": facts["seconds"],
            "folders": {
                data.name: {
                    how: measure(
                        extractor, read_rows(data / "test.jsonl"), set(names), alone=how == "alone"
                    )
                    for how in ("among others", "alone")
                }
                for data in given.data
            },
        }
    text = json.dumps(result, indent=2)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
