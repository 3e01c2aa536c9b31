"""Trains the title tagger: LoRA on MiniLM's upper layers and small heads, on what the rules leave wrong.

Clean listings are made noisy, the rules write their titles, and the tagger learns to make the clean title out of the
rules' one. Where the rules are right, keeping every word is what it learns. How sure it must be before it changes a
word is chosen on the held-out part; `sure` above 1 means that it never got better than the rules.
"""

import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from shopclerk.finetune.card import card_facts
from shopclerk.finetune.data.title_pairs import Pair
from shopclerk.finetune.examples import data_hash
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Outcome, Progress, silent
from shopclerk.finetune.title_card import write_title_card
from shopclerk.finetune.title_t5 import schedule, title_data
from shopclerk.models.text_encoder import embedded_folder
from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.rule_writer import RuleTitleWriter
from shopclerk.models.titles.tagger import (
    ADAPTER,
    FACTS_FILE,
    WEIGHTS_FILE,
    encode_words,
    tagger_tokenizer,
)
from shopclerk.models.titles.tagging import CASES, FEATURES, OPS, TaggerInput, tagger_input
from shopclerk.models.titles.words import edges, fold

HIDDEN, KEY = 128, 64
NONE = -100


@dataclass(frozen=True, slots=True)
class Example:
    """A title of the rules and what makes it clean; labels by word, -100 where there is nothing to learn."""

    given: TaggerInput
    ops: list[int]
    cases: list[int]
    moves: list[int]
    behind: list[int]


class TaggerHeads(torch.nn.Module):
    """The network over word vectors; `models/titles/tagger.verdicts_of` is the same in numpy."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.trunk = torch.nn.Linear(width + FEATURES, HIDDEN)
        self.mix = torch.nn.Linear(3 * HIDDEN, HIDDEN)
        self.ops = torch.nn.Linear(HIDDEN, len(OPS))
        self.cases = torch.nn.Linear(HIDDEN, len(CASES))
        self.moves = torch.nn.Linear(HIDDEN, 1)
        self.query = torch.nn.Linear(HIDDEN, KEY)
        self.key = torch.nn.Linear(HIDDEN, KEY)
        self.start = torch.nn.Parameter(torch.randn(1, KEY) * 0.1)

    def forward(self, pooled: torch.Tensor, features: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return logits of ops, cases, moves and predecessors for one title, `(words, width)` and its features."""
        x = torch.relu(self.trunk(torch.cat([pooled, features], dim=1)))
        zero = torch.zeros_like(x[:1])
        around = torch.cat([torch.cat([zero, x[:-1]]), x, torch.cat([x[1:], zero])], dim=1)
        x = torch.relu(self.mix(around))
        keys = torch.cat([self.key(x), self.start])
        return (
            self.ops(x),
            self.cases(x),
            self.moves(x)[:, 0],
            self.query(x) @ keys.T / math.sqrt(KEY),
        )


def train(recipe: Recipe, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Train by a recipe and write adapter, heads and card into a folder; return the facts of the card.

    Raises:
        TrainingError: The data cannot be used.
    """
    if recipe.training.threads:
        torch.set_num_threads(recipe.training.threads)
    torch.manual_seed(recipe.seed)
    pairs, held = title_data(recipe)
    examples = labelled(pairs)
    encoder, heads = _adapted_encoder(recipe), TaggerHeads(384)
    started = time.perf_counter()
    steps = _fit(encoder, heads, examples, recipe, progress)
    seconds = time.perf_counter() - started
    _save(encoder, heads, folder, recipe, sure=0.8)
    metrics = _choose(folder, held, recipe)
    outcome = Outcome(folder, metrics, steps, seconds)
    rows = [{"source": p.title, "target": clean} for p, clean in pairs]
    facts = card_facts(recipe, outcome, data_hash(rows), (len(pairs), len(held)))
    rank = f"LoRA of rank {recipe.lora.r} on MiniLM's layers from {recipe.lora.first_layer}"
    write_title_card(folder, recipe, facts, f"{rank}, and heads that say what becomes of each word")
    return facts


def labelled(pairs: Sequence[Pair]) -> list[Example]:
    """Return what the rules make of noisy listings, with what is still to be done."""
    rules = RuleTitleWriter()
    examples = []
    for listing, clean in pairs:
        title = rules.write([listing])[0].title
        given = tagger_input(title, OwnWords(listing))
        if given.words:
            examples.append(label(given, clean))
    return examples


def label(given: TaggerInput, clean: str) -> Example:
    """Align a title with the clean one and return what each word needs."""
    wanted = clean.split()
    keys = [fold(edges(word)[1]) or word for word in given.words]
    aims = [fold(edges(word)[1]) or word for word in wanted]
    places = _matched(keys, [fold(c) for c in given.candidates], aims)
    back = {aim: place for place, aim in enumerate(places) if aim >= 0}
    in_order = _longest_rise(places)
    count = len(keys)
    example = Example(given, [NONE] * count, [NONE] * count, [NONE] * count, [NONE] * count)
    for place, aim in enumerate(places):
        if aim < 0:
            # What lies behind the words that are read may be wanted all the same.
            example.ops[place] = OPS.index("drop") if not given.rest else NONE
            continue
        example.ops[place] = OPS.index("keep" if keys[place] == aims[aim] else "replace")
        example.cases[place] = _case(given.words[place], wanted[aim])
        example.moves[place] = int(place not in in_order)
        if place not in in_order:
            example.behind[place] = count if aim == 0 else back.get(aim - 1, NONE)
    return example


def _matched(keys: Sequence[str], candidates: Sequence[str], aims: Sequence[str]) -> list[int]:
    """Return for each word the place of its word in the clean title, -1 where there is none."""
    places = [-1] * len(keys)
    taken: set[int] = set()
    for block in SequenceMatcher(None, keys, aims, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            places[block.a + offset] = block.b + offset
            taken.add(block.b + offset)
    for words in (keys, candidates):
        for place, word in enumerate(words):
            free = [aim for aim, other in enumerate(aims) if other == word and aim not in taken]
            if places[place] < 0 and word and free:
                places[place] = free[0]
                taken.add(free[0])
    return places


def _longest_rise(places: Sequence[int]) -> set[int]:
    """Return which words keep their order: the longest rising run of their places in the clean title."""
    best: list[list[int]] = []
    for index, aim in enumerate(places):
        if aim < 0:
            continue
        shorter = [run for run in best if places[run[-1]] < aim]
        before: list[int] = max(shorter, key=len) if shorter else []
        best.append([*before, index])
    longest: list[int] = max(best, key=len) if best else []
    return set(longest)


def _case(word: str, wanted: str) -> int:
    core, aim = edges(word)[1], edges(wanted)[1]
    if core == aim or fold(core) != fold(aim):
        return CASES.index("as is")
    forms = {
        core.lower(): "lower",
        core.upper(): "upper",
        core[:1].upper() + core[1:].lower(): "title",
    }
    return CASES.index(forms.get(aim, "as is"))


def _adapted_encoder(recipe: Recipe) -> Any:
    import transformers
    from peft import LoraConfig, get_peft_model

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # the library's own
    bert = transformers.AutoModel.from_pretrained(
        embedded_folder(), attn_implementation="sdpa", local_files_only=True
    )
    layers = list(range(recipe.lora.first_layer, bert.config.num_hidden_layers))
    config = LoraConfig(
        r=recipe.lora.r,
        lora_alpha=recipe.lora.alpha,
        lora_dropout=recipe.lora.dropout,
        target_modules=recipe.lora.targets,
        layers_to_transform=layers,
    )
    return get_peft_model(bert, config)


def _fit(
    encoder: Any,
    heads: TaggerHeads,
    examples: Sequence[Example],
    recipe: Recipe,
    progress: Progress,
) -> int:
    training = recipe.training
    rng = random.Random(recipe.seed)
    tokenizer = tagger_tokenizer(embedded_folder())
    steps = training.max_steps or math.ceil(training.epochs * len(examples) / training.batch)
    tuned = [p for p in encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [*tuned, *heads.parameters()], lr=training.lr, weight_decay=training.weight_decay
    )
    queue: list[list[Example]] = []
    for step in range(steps):
        queue = queue or _batches(examples, training.batch, rng)
        for group in optimizer.param_groups:
            group["lr"] = training.lr * schedule(step, steps, training.warmup)
        loss = _loss(encoder, heads, tokenizer, queue.pop())
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress(f"Training, loss {loss.item():.3f}", step + 1, steps)
    return steps


def _batches(examples: Sequence[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Return batches of titles of similar length in random order."""
    order = sorted(examples, key=lambda e: len(e.given.words) + 4 * rng.random())
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(batches)
    return batches


def _loss(
    encoder: Any, heads: TaggerHeads, tokenizer: Any, batch: Sequence[Example]
) -> torch.Tensor:
    """Return the mean loss of a batch: ops, cases, moves and predecessors of those that move."""
    ids, mask, words = encode_words(tokenizer, [example.given for example in batch])
    states = encoder(
        input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)
    ).last_hidden_state
    losses = [
        _title_loss(heads, _pooled(title, places, len(example.given.words)), example)
        for title, places, example in zip(states, words, batch, strict=True)
    ]
    return torch.stack(losses).mean()


def _pooled(states: torch.Tensor, places: Sequence[int], count: int) -> torch.Tensor:
    """Return `(count, width)`, the mean of each word's tokens."""
    pool = torch.zeros(count, len(places))
    for token, word in enumerate(places):
        if 0 <= word < count:
            pool[word, token] = 1
    return (pool / pool.sum(1, keepdim=True).clamp(min=1)) @ states


def _title_loss(heads: TaggerHeads, pooled: torch.Tensor, example: Example) -> torch.Tensor:
    ops, cases, moves, behind = heads(pooled, torch.from_numpy(example.given.features))
    loss = torch.zeros(())
    for logits, labels in ((ops, example.ops), (cases, example.cases), (behind, example.behind)):
        target = torch.tensor(labels)
        if bool((target != NONE).any()):
            loss = loss + cross_entropy(logits, target, ignore_index=NONE)
    known = torch.tensor(example.moves) != NONE
    if bool(known.any()):
        wanted = torch.tensor(example.moves, dtype=torch.float32)[known]
        loss = loss + torch.nn.functional.binary_cross_entropy_with_logits(moves[known], wanted)
    return loss


def _save(encoder: Any, heads: TaggerHeads, folder: Path, recipe: Recipe, *, sure: float) -> None:
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    encoder.save_pretrained(folder / ADAPTER)
    tensors = {
        name: tensor.detach().numpy().astype(np.float16)
        for name, tensor in heads.state_dict().items()
    }
    save_file(tensors, folder / WEIGHTS_FILE)
    _write_facts(folder, recipe, sure)


def _write_facts(folder: Path, recipe: Recipe, sure: float) -> None:
    facts = {"id": f"{recipe.name}-{recipe.seed}", "sure": sure}
    (folder / FACTS_FILE).write_text(json.dumps(facts) + "\n", encoding="utf-8")


def _choose(folder: Path, held: Sequence[Pair], recipe: Recipe) -> dict[str, float]:
    """Choose how sure the tagger must be; return the likeness to the clean titles without and with it."""
    from shopclerk.finetune.title_score import best_threshold

    sure, before, after = best_threshold(folder, held)
    _write_facts(folder, recipe, sure)
    return {"likeness of the rules' titles": before, "with the tagger": after, "sure": sure}
