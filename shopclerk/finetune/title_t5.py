"""Trains a small T5 from scratch to write titles, and writes it for CTranslate2.

The data are clean listings (`options.files`, and `options.invented` listings of invented shops), each made noisy
`options.times` times. Title and vocabulary are learned from them alone; there is no base. The architecture is T5 v1.1
(Raffel et al. 2020; Shazeer 2020 for the gated feed-forward layer).
"""

import json
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import T5Config, T5ForConditionalGeneration

from shopclerk.errors import TrainingError
from shopclerk.finetune.card import card_facts
from shopclerk.finetune.data.title_pairs import (
    Pair,
    clean_listings,
    invented_listings,
    noisy_pairs,
)
from shopclerk.finetune.examples import data_hash
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Outcome, Progress, silent
from shopclerk.finetune.title_card import write_title_card
from shopclerk.models.text_normaliser import TextNormaliser
from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.t5 import (
    FACTS_FILE,
    MAX_TARGET_TOKENS,
    MODEL_FOLDER,
    VOCABULARY_FILE,
    source_text,
)

PAD, END, UNKNOWN = 0, 1, 2
HELD_OUT_SEED = 99

Texts = list[tuple[str, str]]
Encoded = list[tuple[list[int], list[int]]]


def train(recipe: Recipe, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Train by a recipe and write model, vocabulary, CTranslate2 form and card into a folder; return the facts of the card.

    Raises:
        TrainingError: The data cannot be used.
    """
    if recipe.training.threads:
        torch.set_num_threads(recipe.training.threads)
    torch.manual_seed(recipe.seed)
    train_pairs, held_pairs = title_data(recipe)
    texts, held = source_pairs(train_pairs), source_pairs(held_pairs)
    pieces = _vocabulary(texts, folder, int(recipe.options.get("vocabulary", 4000)))
    items, held_items = _encode(texts, pieces, recipe), _encode(held, pieces, recipe)
    model = small_t5(recipe, pieces.get_piece_size())
    started = time.perf_counter()
    steps = _fit(model, items, recipe, progress)
    seconds = time.perf_counter() - started
    loss = evaluate(model, held_items, recipe.training.batch)
    _save(model, pieces, folder, recipe)
    outcome = Outcome(folder, {"eval_loss": loss}, steps, seconds, left_out=len(texts) - len(items))
    facts = card_facts(recipe, outcome, data_hash(_rows(texts)), (len(texts), len(held)))
    parameters = sum(p.numel() for p in model.parameters())
    write_title_card(folder, recipe, facts, f"a T5 of {parameters / 1e6:.1f} million parameters")
    return facts


def title_data(recipe: Recipe) -> tuple[list[Pair], list[Pair]]:
    """Return (train, held out) pairs of a recipe: no clean title is in both.

    Raises:
        TrainingError: There is no clean title to learn from.
    """
    paths = [Path(name) for name in recipe.options.get("files", ())]
    if recipe.data.file:
        paths.append(Path(recipe.data.file))
    listings = clean_listings(paths) + invented_listings(
        recipe.seed, int(recipe.options.get("invented", 1000))
    )
    random.Random(recipe.seed).shuffle(listings)
    held = max(1, round(len(listings) * recipe.training.eval_share))
    if len(listings) < 2:
        raise TrainingError(
            "There is no clean title to learn from: name files of listings in options.files, "
            "or set options.invented above 1."
        )
    train_pairs = noisy_pairs(listings[held:], recipe.seed, int(recipe.options.get("times", 1)))
    random.Random(recipe.seed).shuffle(train_pairs)
    limit = recipe.data.limit or len(train_pairs)
    return train_pairs[:limit], noisy_pairs(listings[:held], HELD_OUT_SEED)


def source_pairs(pairs: Sequence[Pair]) -> Texts:
    """Return (what the model reads, what it shall write)."""
    normaliser = TextNormaliser()
    texts = []
    for listing, clean in pairs:
        own = OwnWords(listing)
        texts.append((source_text(normaliser.legible(listing, own).text, own), clean))
    return texts


def _rows(texts: Texts) -> list[dict[str, Any]]:
    return [{"source": source, "target": target} for source, target in texts]


def _vocabulary(texts: Texts, folder: Path, size: int) -> Any:
    """Learn a vocabulary of pieces (SentencePiece unigram, Kudo 2018, with bytes for what is rare)."""
    import sentencepiece

    folder.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([text for pair in texts for text in pair]),
        model_prefix=str(folder / VOCABULARY_FILE.removesuffix(".model")),
        vocab_size=size,
        model_type="unigram",
        byte_fallback=True,
        hard_vocab_limit=False,
        pad_id=PAD,
        eos_id=END,
        unk_id=UNKNOWN,
        bos_id=-1,
        num_threads=1,
        minloglevel=2,
    )
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / VOCABULARY_FILE))


def _encode(texts: Texts, pieces: Any, recipe: Recipe) -> Encoded:
    """Return ids of sources and targets, without those that are too long."""
    items = [
        ([*pieces.encode(source), END], [*pieces.encode(target), END]) for source, target in texts
    ]
    longest = recipe.training.max_length
    return [i for i in items if len(i[0]) <= longest and len(i[1]) <= MAX_TARGET_TOKENS]


def small_t5(recipe: Recipe, vocabulary: int) -> Any:
    """Return a new model of a recipe's size."""
    options = recipe.options
    width, layers = int(options.get("width", 256)), int(options.get("layers", 4))
    heads = int(options.get("heads", 4))
    config = T5Config(
        vocab_size=vocabulary,
        d_model=width,
        d_kv=width // heads,
        d_ff=int(options.get("hidden", 512)),
        num_layers=layers,
        num_decoder_layers=int(options.get("decoder_layers", layers)),
        num_heads=heads,
        feed_forward_proj="gated-gelu",
        dropout_rate=float(options.get("dropout", 0.0)),
        pad_token_id=PAD,
        eos_token_id=END,
    )
    config.decoder_start_token_id = PAD
    config.tie_word_embeddings = True
    return T5ForConditionalGeneration(config)


def _batch(items: Encoded) -> dict[str, torch.Tensor]:
    """Return padded `(batch, tokens)` ids, mask and labels; -100 marks what counts for nothing."""
    longest, wanted = max(len(s) for s, _ in items), max(len(t) for _, t in items)
    ids = torch.tensor([s + [PAD] * (longest - len(s)) for s, _ in items])
    labels = torch.tensor([t + [-100] * (wanted - len(t)) for _, t in items])
    return {"input_ids": ids, "attention_mask": (ids != PAD).long(), "labels": labels}


def _batches(items: Encoded, size: int, rng: random.Random) -> list[Encoded]:
    """Return batches of similar lengths in random order."""
    order = sorted(items, key=lambda item: len(item[0]) + rng.random() * 8)
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(batches)
    return batches


def _fit(model: Any, items: Encoded, recipe: Recipe, progress: Progress) -> int:
    """Run the loop: AdamW, warm-up and cosine; return the steps taken."""
    training = recipe.training
    rng = random.Random(recipe.seed)
    steps = training.max_steps or math.ceil(training.epochs * len(items) / training.batch)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=training.lr, weight_decay=training.weight_decay
    )
    model.train()
    queue: list[Encoded] = []
    for step in range(steps):
        queue = queue or _batches(items, training.batch, rng)
        for group in optimizer.param_groups:
            group["lr"] = training.lr * schedule(step, steps, training.warmup)
        loss = model(**_batch(queue.pop())).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress(f"Training, loss {loss.item():.2f}", step + 1, steps)
    return steps


def schedule(step: int, steps: int, warmup: float) -> float:
    """Return the share of the learning rate at a step: it rises over the warm-up and falls along a cosine."""
    rising = max(1, round(steps * warmup))
    if step < rising:
        return (step + 1) / rising
    return 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))


def evaluate(model: Any, items: Encoded, size: int) -> float:
    """Return the mean loss of the batches."""
    model.eval()
    losses = []
    with torch.no_grad():
        for start in range(0, len(items), size):
            losses.append(float(model(**_batch(items[start : start + size])).loss))
    return sum(losses) / len(losses) if losses else 0.0


def _save(model: Any, pieces: Any, folder: Path, recipe: Recipe) -> None:
    """Write the weights as safetensors, and int8 for CTranslate2."""
    from ctranslate2.converters import TransformersConverter
    from transformers import T5TokenizerFast  # type: ignore[attr-defined]  # made when it is asked for

    vocabulary = [(pieces.id_to_piece(i), pieces.get_score(i)) for i in range(len(pieces))]
    tokenizer = T5TokenizerFast(
        vocab=vocabulary, extra_ids=0, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    TransformersConverter(str(folder)).convert(
        str(folder / MODEL_FOLDER), quantization="int8", force=True
    )
    (folder / FACTS_FILE).write_text(
        json.dumps({"id": f"{recipe.name}-{recipe.seed}"}) + "\n", encoding="utf-8"
    )
