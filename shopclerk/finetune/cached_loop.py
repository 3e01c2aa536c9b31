"""The cached loop: trains adapters in a decoder's upper layers on what the layers below made once.

For causal models on the CPU. Everything that decides the run (order, learning rate) follows from the seed, so a run that
was killed carries on from its last checkpoint as if nothing had been.
"""

import math
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoTokenizer, set_seed

from shopclerk.errors import TrainingError
from shopclerk.finetune.base_model import base_folder, load_kwargs
from shopclerk.finetune.cached_layers import (
    HiddenStates,
    MasterAdamW,
    Tokens,
    answer_loss,
    bucketed_batches,
    fill_hidden_states,
    pad_hidden,
    split_layers,
)
from shopclerk.finetune.examples import Example, data_hash
from shopclerk.finetune.heads import causal_ids, load_model, make_head
from shopclerk.finetune.plain_loop import memory_errors
from shopclerk.finetune.run import ADAPTER, Job, Outcome

STATE_FILE = "state.pt"
LOWEST_SHARE = 0.05


@dataclass(slots=True)
class _Run:
    """A cached run in progress."""

    job: Job
    model: Any
    upper: nn.Module
    train: list[Tokens]
    heldout: list[Tokens]
    states: HiddenStates
    heldout_states: HiddenStates
    optimizer: MasterAdamW
    batches: list[list[int]]
    mark: str
    step: int = 0
    tokens: int = 0
    best: float = math.inf
    worse: int = 0
    losses: list[float] = field(default_factory=list)


def train_cached(job: Job) -> Outcome:
    """Train an adapter on cached lower layers.

    Raises:
        TrainingError: The recipe does not fit this method, a checkpoint is of another run, or memory is short.
    """
    recipe = job.recipe
    if recipe.kind != "causal" or not recipe.lora.first_layer or recipe.lora.dropout:
        raise TrainingError(
            "training.method=cached is for kind=causal with lora.first_layer above 0 and no dropout. "
            "Set training.method=plain for anything else."
        )
    set_seed(recipe.seed)
    if recipe.training.threads:
        torch.set_num_threads(recipe.training.threads)
    address = base_folder(recipe.base, job.models, recipe.kind)
    tokenizer = AutoTokenizer.from_pretrained(address, **load_kwargs(address))
    train, left_out = _tokenised(job, job.train, tokenizer)
    heldout, _ = _tokenised(job, job.heldout, tokenizer)
    with memory_errors(job):
        run = _start(job, load_model(recipe, make_head(recipe, tokenizer), address), train, heldout)
        started = time.perf_counter()
        _train(run)
        seconds = time.perf_counter() - started
        metrics = _evaluate(run)
    adapter = job.folder / ADAPTER
    run.model.save_pretrained(adapter)
    tokenizer.save_pretrained(adapter)
    return Outcome(adapter, metrics, run.step, seconds, run.tokens, left_out)


def _tokenised(job: Job, examples: Any, tokenizer: Any) -> tuple[list[Tokens], int]:
    pairs = [causal_ids(example, tokenizer) for example in examples]
    kept = [
        Tokens(tuple(ids), start)
        for ids, start in pairs
        if len(ids) <= job.recipe.training.max_length
    ]
    if not kept:
        raise TrainingError("All examples are longer than training.max_length tokens. Raise it.")
    return kept, len(pairs) - len(kept)


def _start(job: Job, model: Any, train: list[Tokens], heldout: list[Tokens]) -> _Run:
    recipe = job.recipe
    job.checkpoints.mkdir(parents=True, exist_ok=True)
    if recipe.training.bf16:
        model.to(torch.bfloat16)
    lower, upper = split_layers(model.get_base_model(), recipe.lora.first_layer)
    mark = run_mark(job.train, job)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    run = _Run(
        job,
        model,
        upper,
        train,
        heldout,
        _cached(job, lower, train, model, f"train-{mark}", "Lower layers"),
        _cached(job, lower, heldout, model, f"heldout-{mark}", "Lower layers, held out"),
        MasterAdamW(trained, lr=recipe.training.lr, weight_decay=recipe.training.weight_decay),
        _all_batches(job, train),
        mark,
    )
    if job.resume:
        _resume(run)
    return run


def run_mark(examples: Any, job: Job) -> str:
    """Return what a checkpoint must share with a run to be carried on: data, base, adapters, numbers."""
    recipe = job.recipe
    parts: list[Example] = [{"recipe": recipe.model_dump(mode="json", exclude={"about"})}]
    return data_hash([*parts, *examples])


def _cached(
    job: Job, lower: nn.Module, examples: list[Tokens], model: Any, name: str, stage: str
) -> HiddenStates:
    path = job.checkpoints / f"{name}.hidden"
    whole = path.with_suffix(".whole")
    if not whole.exists():
        path.unlink(missing_ok=True)
    lengths = [len(example.ids) for example in examples]
    states = HiddenStates(path, lengths, model.config.hidden_size)
    if not whole.exists():
        for done in fill_hidden_states(lower, examples, states):
            job.progress(stage, done, len(examples))
        whole.touch()
    return states


def _all_batches(job: Job, train: list[Tokens]) -> list[list[int]]:
    training, rng = job.recipe.training, random.Random(job.recipe.seed)
    lengths = [len(example.ids) for example in train]
    wanted = training.max_steps or max(1, round(training.epochs * len(train) / training.batch))
    batches: list[list[int]] = []
    while len(batches) < wanted:
        batches += bucketed_batches(lengths, training.batch, rng)
    return batches[:wanted]


def _resume(run: _Run) -> None:
    path = run.job.checkpoints / STATE_FILE
    if not path.exists():
        return
    try:
        state = torch.load(path, weights_only=True)
    except Exception as error:
        # A file cut off or of another kind; torch has no error of its own for it.
        raise TrainingError(
            f"The checkpoint {path} cannot be read: {error}. Delete it, or start anew with --no-resume."
        ) from error
    if state["mark"] != run.mark:
        raise TrainingError(
            f"The checkpoint {path} belongs to another base, data or recipe. Name another output "
            "folder, or start anew with --no-resume."
        )
    run.optimizer.load_state_dict(state["optimizer"])
    run.step, run.best, run.worse = state["step"], state["best"], state["worse"]


def _save(run: _Run) -> None:
    """Write a checkpoint: whole, or the one before stays."""
    path = run.job.checkpoints / STATE_FILE
    partial = path.with_suffix(f".{os.getpid()}.part")
    facts = {"step": run.step, "best": run.best, "worse": run.worse, "mark": run.mark}
    torch.save({**facts, "optimizer": run.optimizer.state_dict()}, partial)
    partial.replace(path)


def _train(run: _Run) -> None:
    training, total = run.job.recipe.training, len(run.batches)
    every = max(1, total // training.evals)
    writer = _tensorboard(run.job.checkpoints)
    while run.step < total:
        for group in run.optimizer.inner.param_groups:
            group["lr"] = learning_rate(run.step, total, training.lr, training.warmup)
        loss = _step(run, run.batches[run.step])
        run.step += 1
        run.job.progress("Training", run.step, total)
        if writer is not None:
            writer.add_scalar("train/loss", loss, run.step)
        if run.step % every == 0 and run.step < total:
            scores = _evaluate(run)
            if writer is not None:
                writer.add_scalar("eval/loss", scores["eval_loss"], run.step)
            run.worse = 0 if scores["eval_loss"] < run.best else run.worse + 1
            run.best = min(run.best, scores["eval_loss"])
            _save(run)
            if training.patience and run.worse >= training.patience:
                return


def _step(run: _Run, batch: list[int]) -> float:
    examples = [run.train[index] for index in batch]
    hidden = pad_hidden(run.states, batch).to(run.model.dtype)
    loss = answer_loss(run.upper, run.model.get_base_model().lm_head, hidden, examples)
    loss.backward()  # type: ignore[no-untyped-call]
    run.optimizer.step()
    run.tokens += sum(len(example.ids) for example in examples)
    run.losses.append(float(loss.detach()))
    return run.losses[-1]


def learning_rate(step: int, total: int, peak: float, warmup: float) -> float:
    """Return the learning rate of a step: up in a line, down along a cosine to a twentieth."""
    rise = max(1, round(warmup * total))
    fall = 0.5 * (1 + math.cos(math.pi * min(1.0, step / total)))
    return peak * min(1.0, (step + 1) / rise) * (LOWEST_SHARE + (1 - LOWEST_SHARE) * fall)


@torch.no_grad()
def _evaluate(run: _Run) -> dict[str, float]:
    """Return the mean loss over the held-out answers' tokens."""
    size, total, count = run.job.recipe.training.batch, 0.0, 0
    for start in range(0, len(run.heldout), size):
        batch = list(range(start, min(start + size, len(run.heldout))))
        examples = [run.heldout[index] for index in batch]
        hidden = pad_hidden(run.heldout_states, batch).to(run.model.dtype)
        answers = sum(len(example.ids) - example.answer_from for example in examples)
        head = run.model.get_base_model().lm_head
        total += float(answer_loss(run.upper, head, hidden, examples)) * answers
        count += answers
    return {"eval_loss": total / count}


def _tensorboard(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder / "runs"))
