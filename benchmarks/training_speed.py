"""Training tokens a second: the cached loop against the plain Trainer with adapters in all layers, like for like.

    python benchmarks/training_speed.py [--examples 192] [--epochs 3] [--batch 16] [--threads 1] [--data FILE]

Both train the agent's adapter on the same batches in the same order, with the same rank, learning rate, seed, number of steps
and data type (bfloat16), and are measured on the same held-out turns. The cached loop's time counts its lower layers' one
pass. Seconds are those of the processor, so that a busy machine does not blur them. Prints one JSON object.
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from transformers import AutoTokenizer

from shopclerk.cli_finetune import conversations
from shopclerk.finetune.base_model import base_folder
from shopclerk.finetune.cached_layers import bucketed_batches
from shopclerk.finetune.examples import read_examples
from shopclerk.finetune.heads import causal_ids
from shopclerk.finetune.loop import run_job
from shopclerk.finetune.recipe import Recipe, load_recipe
from shopclerk.finetune.run import Job, silent
from shopclerk.settings import load_settings, quiet_libraries

HELD_OUT = 96
PLAIN = [
    "training.method=plain",
    "lora.first_layer=0",
    "training.shuffle=false",
    "training.epochs=1",
]


class Clock:
    """Processor time of the steps alone, and of the lower layers' pass, taken from the loop's own progress."""

    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[int, float]]] = {}

    def __call__(self, stage: str, done: int, _total: int | None) -> None:
        """Note what has been done so far."""
        self.seen.setdefault(stage, []).append((done, time.process_time()))

    def seconds(self, stage: str) -> float:
        """Return the seconds of a stage, its first part reckoned like the others."""
        marks = self.seen.get(stage, [])
        if len(marks) < 2:
            return 0.0
        (first, began), (last, ended) = marks[0], marks[-1]
        return (ended - began) * last / (last - first)


def measure(recipe: Recipe, train: list, heldout: list, models: Path) -> dict:
    """Train once and return speed and loss; loading and measuring the held-out part do not count."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        job = Job(recipe, Path(folder), train, heldout, models, resume=False, progress=clock)
        outcome = run_job(job)
    steps, lower = clock.seconds("Training"), clock.seconds("Lower layers")
    return {
        "steps": outcome.steps,
        "tokens": outcome.tokens,
        "steps_s": round(steps, 1),
        "lower_layers_s": round(lower, 1),
        "tokens_per_s": round(outcome.tokens / (steps + lower), 1),
        "eval_loss": round(outcome.metrics["eval_loss"], 4),
    }


def of_all_epochs(examples: list, lengths: list[int], recipe: Recipe) -> list:
    """Return the examples as the cached loop takes them, batch after batch, epoch after epoch."""
    rng, size = random.Random(recipe.seed), recipe.training.batch
    batches = [
        batch
        for _ in range(int(recipe.training.epochs))
        for batch in bucketed_batches(lengths, size, rng)
    ]
    return [examples[place] for batch in batches for place in batch]


def whole_batches(examples: list, recipe: Recipe, models: Path) -> tuple[list, list[int]]:
    """Return the examples that are short enough, as many as fill whole batches, and their lengths."""
    address = base_folder(recipe.base, models, recipe.kind)
    tokenizer = AutoTokenizer.from_pretrained(address, local_files_only=True)
    pairs = [(example, len(causal_ids(example, tokenizer)[0])) for example in examples]
    short = [pair for pair in pairs if pair[1] <= recipe.training.max_length]
    count = len(short) // recipe.training.batch * recipe.training.batch
    return [pair[0] for pair in short[:count]], [pair[1] for pair in short[:count]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=192)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--lr", type=float, default=8e-4)
    parser.add_argument("--first-layer", type=int)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    quiet_libraries()
    changes = [
        f"training.epochs={given.epochs}",
        f"training.threads={given.threads}",
        f"training.lr={given.lr}",
        f"training.batch={given.batch}",
        "training.evals=1",
        "lora.start=null",
    ]
    upper = [f"lora.first_layer={given.first_layer}"] if given.first_layer else []
    cached = load_recipe("agent-smollm2-lora", [*changes, *upper])
    plain = load_recipe("agent-smollm2-lora", [*changes, *PLAIN])
    if given.data:
        examples = list(read_examples(given.data, "causal"))
    else:
        few = load_recipe("agent-smollm2-lora", ["data.shops=3"])
        examples = list(conversations(few, silent)[0])
    models = load_settings().models_folder
    heldout = examples[-HELD_OUT:]
    train, lengths = whole_batches(examples[: given.examples], cached, models)
    result = {
        "examples": len(train),
        "epochs": given.epochs,
        "batch": given.batch,
        "first_layer": cached.lora.first_layer,
        "lr": given.lr,
        "threads": given.threads,
    }
    result["cached"] = measure(cached, train, heldout, models)
    print(json.dumps(result), flush=True)
    result["plain"] = measure(plain, of_all_epochs(train, lengths, cached), heldout, models)
    speeds = [result[name]["tokens_per_s"] for name in ("cached", "plain")]
    result["speedup"] = round(speeds[0] / speeds[1], 2)
    result["loss_ratio"] = round(result["cached"]["eval_loss"] / result["plain"]["eval_loss"], 3)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
