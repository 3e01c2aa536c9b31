"""The model card: what an adapter was made from, how, and how good it is."""

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Outcome

CARD_FILE = "README.md"
LIBRARIES = ("torch", "transformers", "peft", "accelerate")


def card_facts(
    recipe: Recipe, outcome: Outcome, data: str, counts: tuple[int, int]
) -> dict[str, Any]:
    """Return what a card says, as plain data.

    Args:
        recipe: The recipe, all changes made.
        outcome: What the run came to.
        data: The hash of the data.
        counts: Examples trained and measured on.
    """
    return {
        "name": recipe.name,
        "kind": recipe.kind,
        "base": recipe.base,
        "licence": recipe.licence,
        "seed": recipe.seed,
        "data_source": recipe.data.source,
        "data_hash": data,
        "examples": counts[0],
        "heldout_examples": counts[1],
        "left_out": outcome.left_out,
        "metrics": {name: round(value, 4) for name, value in outcome.metrics.items()},
        "steps": outcome.steps,
        "seconds": round(outcome.seconds, 1),
        "tokens_per_s": round(outcome.tokens / outcome.seconds) if outcome.seconds else 0,
        "threads": recipe.training.threads or os.cpu_count(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "made": datetime.now(UTC).date().isoformat(),
        "commit": git_commit(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        **outcome.facts,
    }


def git_commit() -> str:
    """Return the commit of the code that trains, `unknown` outside a repository."""
    try:
        run = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=5,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return run.stdout.strip()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def write_card(folder: Path, recipe: Recipe, facts: Mapping[str, Any]) -> Path:
    """Write the card of an adapter; return its path."""
    scores = "\n".join(f"| {name} | {value} |" for name, value in facts["metrics"].items())
    libraries = ", ".join(f"{name} {number}" for name, number in facts["libraries"].items())
    text = f"""---
license: {str(facts["licence"]).lower() if facts["licence"] == "Apache-2.0" else "other"}
base_model: {recipe.base}
library_name: peft
tags: [shopclerk, {recipe.kind}]
---
# {recipe.name}

{recipe.about}

| measured on the held-out part | |
|---|---|
{scores}

- Command: `shopclerk finetune {recipe.name}` (all numbers in recipe.yaml), seed {facts["seed"]}, commit {facts["commit"]}
- Data: {facts["data_source"]}, {facts["examples"]} examples to learn from and {facts["heldout_examples"]} held out, hash {facts["data_hash"]}
- Base: {recipe.base}, weights {facts["base_hash"]}; the adapter fits these weights and no others
- Started from: {facts.get("started_from", "nothing")}
- Time: {facts["steps"]} steps in {facts["seconds"]} s on {facts["threads"]} threads ({facts["machine"]}), {facts["tokens_per_s"]} tokens/s, at most {facts["memory_mb"]} MB
- Licence: {facts["licence"]}
- Made {facts["made"]} with {libraries}
"""
    path = folder / CARD_FILE
    partial = folder / f"{CARD_FILE}.{os.getpid()}.part"
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
    return path


def write_picture_card(
    folder: Path, recipe: Recipe, facts: Mapping[str, Any], what: str, *, of: str = "pictures"
) -> None:
    """Write the card of a model over pictures, or what else `of` names: what it is, its data and licence, and how to make it again."""
    scores = "\n".join(f"| {name} | {value} |" for name, value in facts["metrics"].items())
    libraries = ", ".join(f"{name} {number}" for name, number in facts["libraries"].items())
    data = " and ".join(filter(None, (recipe.data.file, recipe.data.catalog)))
    text = f"""---
license: {"apache-2.0" if recipe.licence == "Apache-2.0" else "other"}
tags: [shopclerk, {recipe.kind}]
---
# {recipe.name}

{recipe.about}

| measured on held-out {of} | |
|---|---|
{scores}

- What it is: {what}
- Command: `shopclerk finetune recipe.yaml`, the file beside this one, run where its data lies; seed {facts["seed"]}, commit {facts["commit"]}
- Data: {data}; {facts["examples"]} {of} to learn from, {facts["heldout_examples"]} held out, {facts["left_out"]} left out as unusable, hash {facts["data_hash"]}
- Licence: {recipe.licence}
- Time: {facts["seconds"]} s on {facts["threads"]} threads ({facts["machine"]})
- Made {facts["made"]} with {libraries}
"""
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
