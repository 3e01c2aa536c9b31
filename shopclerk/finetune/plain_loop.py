"""The plain loop: the transformers Trainer, for every kind of model, on a laptop or on many GPUs.

Several GPUs and FSDP need no word in a recipe: start the command by `accelerate launch` with a configuration of
accelerate's own.
"""

import importlib.util
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils.data import Dataset
from transformers import (
    AutoTokenizer,
    EarlyStoppingCallback,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)
from transformers.trainer_utils import get_last_checkpoint

from shopclerk.errors import TrainingError
from shopclerk.finetune.base_model import base_folder, load_kwargs
from shopclerk.finetune.heads import Head, encode_all, load_model, make_head
from shopclerk.finetune.pair_heads import Encoded
from shopclerk.finetune.run import ADAPTER, Job, Outcome, Progress

KEPT_CHECKPOINTS = 2
LOGS_A_RUN = 50


class EncodedExamples(Dataset[Encoded]):
    """Encoded examples as the Trainer wants them."""

    def __init__(self, items: Sequence[Encoded]) -> None:
        self._items = items

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._items)

    def __getitem__(self, index: int) -> Encoded:
        """Return one of them."""
        return self._items[index]


class HeadTrainer(Trainer):
    """A Trainer whose loss is the head's own, where it has one."""

    head: Head

    def compute_loss(
        self,
        model: Any,
        inputs: Any,
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        """Return the loss of a batch."""
        if self.head.loss is None:
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        loss = self.head.loss(model, inputs)
        return (loss, {"loss": loss}) if return_outputs else loss

    def prediction_step(
        self, model: Any, inputs: Any, prediction_loss_only: bool, ignore_keys: Any = None
    ) -> Any:
        """Return the loss alone: that is what all kinds are compared by."""
        with torch.no_grad():
            loss = self.compute_loss(model, self._prepare_inputs(inputs))
        return loss.detach(), None, None


class _ProgressCallback(TrainerCallback):
    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._progress("Training", state.global_step, state.max_steps)


def train_plain(job: Job) -> Outcome:
    """Train an adapter with the Trainer.

    Raises:
        TrainingError: The checkpoint is of another recipe, or memory is short.
    """
    recipe = job.recipe
    set_seed(recipe.seed)
    if recipe.training.threads:
        torch.set_num_threads(recipe.training.threads)
    address = base_folder(recipe.base, job.models, recipe.kind)
    tokenizer = AutoTokenizer.from_pretrained(address, **load_kwargs(address))
    head = make_head(recipe, tokenizer)
    train, left_out = encode_all(head, job.train)
    heldout, _ = encode_all(head, job.heldout)
    model = load_model(recipe, head, address)
    trainer = _trainer(job, model, head, train, heldout)
    started = time.perf_counter()
    with memory_errors(job):
        trainer.train(resume_from_checkpoint=_last_checkpoint(job))
        seconds = time.perf_counter() - started
        scores = trainer.evaluate()
    adapter = job.folder / ADAPTER
    trainer.save_model(str(adapter))
    tokenizer.save_pretrained(adapter)
    tokens = int(sum(_tokens(item) for item in train) * trainer.state.epoch)
    metrics = {"eval_loss": float(scores["eval_loss"])}
    return Outcome(adapter, metrics, trainer.state.global_step, seconds, tokens, left_out)


def _trainer(
    job: Job, model: Any, head: Head, train: Sequence[Encoded], heldout: Sequence[Encoded]
) -> HeadTrainer:
    callbacks: list[Any] = [_ProgressCallback(job.progress)]
    if job.recipe.training.patience:
        callbacks.append(EarlyStoppingCallback(job.recipe.training.patience))
    trainer = HeadTrainer(
        model=model,
        args=training_arguments(job, len(train)),
        data_collator=head.collator,
        train_dataset=EncodedExamples(train),
        eval_dataset=EncodedExamples(heldout),
        callbacks=callbacks,
    )
    trainer.head = head
    trainer.remove_callback(PrinterCallback)  # the command tells how far it is in its own way
    return trainer


def training_arguments(job: Job, count: int) -> TrainingArguments:
    """Return the Trainer's arguments for a recipe and so many examples."""
    training = job.recipe.training
    steps = training.max_steps or math.ceil(
        training.epochs * math.ceil(count / (training.batch * training.accumulate))
    )
    every = max(1, steps // training.evals)
    grouped = job.recipe.kind in ("causal", "seq2seq") and not training.packing
    order = "group_by_length" if grouped else "random"
    return TrainingArguments(
        output_dir=str(job.checkpoints),
        max_steps=steps,
        per_device_train_batch_size=training.batch,
        per_device_eval_batch_size=training.batch,
        gradient_accumulation_steps=training.accumulate,
        gradient_checkpointing=training.checkpointing,
        learning_rate=training.lr,
        lr_scheduler_type="cosine",
        warmup_steps=max(1, round(training.warmup * steps)),
        weight_decay=training.weight_decay,
        bf16=training.bf16,
        use_cpu=not torch.cuda.is_available(),
        eval_strategy="steps",
        eval_steps=every,
        save_steps=every,
        save_total_limit=KEPT_CHECKPOINTS,
        load_best_model_at_end=bool(training.patience),
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        logging_steps=max(1, steps // LOGS_A_RUN),
        report_to=["tensorboard"] if importlib.util.find_spec("tensorboard") else [],
        train_sampling_strategy=order if training.shuffle else "sequential",
        dataloader_pin_memory=torch.cuda.is_available(),
        remove_unused_columns=False,
        label_names=["labels"],
        seed=job.recipe.seed,
        disable_tqdm=True,
    )


def _last_checkpoint(job: Job) -> str | None:
    if not job.resume or not job.checkpoints.is_dir():
        return None
    found: str | None = get_last_checkpoint(str(job.checkpoints))  # type: ignore[no-untyped-call]
    return found


def _tokens(item: Encoded) -> int:
    if "input_ids" in item:
        return len(item["input_ids"])
    if "pairs" in item:
        return sum(len(pair["input_ids"]) for pair in item["pairs"])
    return len(item["query"]) + len(item["positive"]) + sum(map(len, item["negatives"]))


@contextmanager
def memory_errors(job: Job) -> Iterator[None]:
    """Say what to lower where memory is short.

    Raises:
        TrainingError: There was not enough.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        out = isinstance(error, MemoryError | torch.OutOfMemoryError)
        if not out and "not enough memory" not in str(error):
            raise
        training = job.recipe.training
        raise TrainingError(
            f"Memory is not enough for training.batch={training.batch} with training.max_length="
            f"{training.max_length}. Lower training.batch and raise training.accumulate as much, lower "
            "training.max_length, set training.checkpointing=true, or quantize=4bit on a GPU. The last "
            f"checkpoint is kept in {job.checkpoints}; the run carries on from it."
        ) from error
