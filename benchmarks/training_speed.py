"""Training tokens a second: the cached loop against the plain Trainer with adapters in all layers, at equal loss.

    python benchmarks/training_speed.py [--examples 600] [--epochs 3] [--threads 1] [--data FILE]

Both train the agent's adapter on the same conversations, with the same order seed, rank and number of epochs. The time of
the cached loop counts the lower layers' one pass. Prints one JSON object.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from shopclerk.cli_finetune import conversations
from shopclerk.finetune.examples import read_examples
from shopclerk.finetune.loop import run_job
from shopclerk.finetune.recipe import Recipe, load_recipe
from shopclerk.finetune.run import Job, silent
from shopclerk.settings import load_settings, quiet_libraries

HELD_OUT = 200
PLAIN = ["training.method=plain", "lora.first_layer=0", "training.bf16=false"]


def measure(recipe: Recipe, train: list, heldout: list, models: Path) -> dict:
    """Train once and return speed and loss."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        outcome = run_job(Job(recipe, Path(folder), train, heldout, models, resume=False))
        whole = time.perf_counter() - started
    return {
        "tokens_per_s": round(outcome.tokens / outcome.seconds, 1),
        "loop_s": round(outcome.seconds, 1),
        "whole_s": round(whole, 1),
        "tokens_per_s_whole": round(outcome.tokens / whole, 1),
        "eval_loss": round(outcome.metrics["eval_loss"], 4),
        "steps": outcome.steps,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=600)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--lr", type=float, default=8e-4)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    quiet_libraries()
    changes = [
        f"training.epochs={given.epochs}",
        f"training.threads={given.threads}",
        f"training.lr={given.lr}",
        "training.batch=16",
        "training.evals=1",
    ]
    cached = load_recipe("agent-smollm2-lora", changes)
    plain = load_recipe("agent-smollm2-lora", [*changes, *PLAIN])
    if given.data:
        examples = list(read_examples(given.data, "causal"))
    else:
        few = load_recipe("agent-smollm2-lora", ["data.shops=8"])
        examples = list(conversations(few, silent)[0])
    train, heldout = examples[: given.examples], examples[-HELD_OUT:]
    models = load_settings().models_folder
    result = {"examples": len(train), "epochs": given.epochs, "threads": given.threads}
    result["cached"] = measure(cached, train, heldout, models)
    print(json.dumps(result), flush=True)
    result["plain"] = measure(plain, train, heldout, models)
    result["speedup"] = round(result["cached"]["tokens_per_s"] / result["plain"]["tokens_per_s"], 2)
    result["speedup_whole"] = round(
        result["cached"]["tokens_per_s_whole"] / result["plain"]["tokens_per_s_whole"], 2
    )
    result["loss_ratio"] = round(result["cached"]["eval_loss"] / result["plain"]["eval_loss"], 3)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
