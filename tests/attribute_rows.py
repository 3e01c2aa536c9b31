"""Made-up labelled listings, and a quick extractor trained on them by counts alone."""

import json
from pathlib import Path

from shopclerk.finetune.attribute_goods import made_up_rows
from shopclerk.finetune.attributes import train
from shopclerk.finetune.recipe import load_recipe

BRANDS = ("Aldo", "Norwick", "Peltaro", "Zelco")
COLOURS = ("Red", "Navy Blue", "Green", "Black", "Rose Gold")
SIZES = ("10 cm", "25 cm", "3.5 cm", "120 cm")


def lines(count: int = 60) -> list[dict]:
    """Return records of the attributes task: mugs and shawls with brand, colour, length; some state no colour."""
    made = []
    for number in range(count):
        brand, colour = BRANDS[number % 4], COLOURS[number % 5]
        size, mug = SIZES[number % 3], number % 2
        silent = number % 6 == 0
        title = f"{brand} {'' if silent else colour + ' '}{'Mug' if mug else 'Shawl'}, {size}"
        values = {"Brand": [brand], "Color": None if silent else [colour], "Length": [size]}
        made.append(
            {
                "id": str(number),
                "title": title,
                "description": None,
                "category": "Mugs" if mug else "Shawls",
                "attributes": values,
            }
        )
    return made


def write(path: Path, records: list[dict]) -> Path:
    """Write records as JSON Lines."""
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")
    return path


def counted_extractor(folder: Path, records: list[dict] | None = None, **changes: object) -> Path:
    """Train an extractor that reads counts alone and return its folder."""
    data = write(folder / "rows.jsonl", records or lines())
    given = {
        "data.file": data,
        "options.encoder": "none",
        "training.epochs": 12,
        "training.batch": 8,
        **changes,
    }
    recipe = load_recipe("attributes-minilm-lora", [f"{k}={v}" for k, v in given.items()])
    train(recipe, folder / "extractor")
    return folder / "extractor"


__all__ = ["counted_extractor", "lines", "made_up_rows", "write"]
