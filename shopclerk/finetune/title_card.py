"""The card of a title model."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from shopclerk.finetune.card import CARD_FILE
from shopclerk.finetune.recipe import Recipe

RECIPE_FILE, FACTS_FILE = "recipe.yaml", "facts.json"


def write_title_card(folder: Path, recipe: Recipe, facts: Mapping[str, Any], what: str) -> None:
    """Write recipe, facts and card: what the model is, its data and licence, and how to make it again."""
    resolved = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False)
    (folder / RECIPE_FILE).write_text(resolved, encoding="utf-8")
    (folder / FACTS_FILE).write_text(json.dumps(dict(facts), indent=2) + "\n", encoding="utf-8")
    scores = "\n".join(f"| {name} | {value} |" for name, value in facts["metrics"].items())
    libraries = ", ".join(f"{name} {number}" for name, number in facts["libraries"].items())
    files = ", ".join(recipe.options.get("files", ())) or "none"
    text = f"""---
license: {"apache-2.0" if recipe.licence == "Apache-2.0" else "other"}
tags: [shopclerk, {recipe.kind}]
---
# {recipe.name}

{recipe.about}

| measured on held-out titles with made noise | |
|---|---|
{scores}

- What it is: {what}
- Command: `shopclerk finetune recipe.yaml`, the file beside this one, run where its data lies; seed {facts["seed"]}, commit {facts["commit"]}
- Data: {files}, and listings of invented shops, made noisy by finetune/data/title_noise.py; {facts["examples"]} to learn from, {facts["heldout_examples"]} held out, hash {facts["data_hash"]}
- Licence: {recipe.licence}
- Time: {facts["steps"]} steps in {facts["seconds"]} s on {facts["threads"]} threads ({facts["machine"]})
- Made {facts["made"]} with {libraries}
"""
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
