"""What a kind of model is made of: how it is loaded, how examples become tokens, what the loss is.

One loop trains all kinds; a `Head` is all that differs between them.
"""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from shopclerk.errors import MissingModelError, TrainingError
from shopclerk.finetune.base_model import load_kwargs, shape_options
from shopclerk.finetune.examples import Example
from shopclerk.finetune.pair_heads import (
    ApartCollator,
    Encoded,
    TogetherCollator,
    apart_loss,
    pair_encoder,
    text_encoder,
    together_loss,
)
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.warm_start import warm_start

IGNORED = -100


class Collator(Protocol):
    """Puts encoded examples into one batch."""

    def __call__(self, features: list[Encoded]) -> dict[str, Any]:
        """Return the batch."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """A kind of model.

    Attributes:
        auto: Name of the transformers class that loads it.
        task: peft's name of the task.
        encode: Example to token ids, None where it is too long.
        collator: Makes the batches.
        loss: Model and batch to loss, None for the model's own.
    """

    auto: str
    task: str
    encode: Callable[[Example], Encoded | None]
    collator: Collator
    loss: Callable[[nn.Module, Mapping[str, Any]], Tensor] | None = None


def make_head(recipe: Recipe, tokenizer: Any) -> Head:
    """Return the head of a recipe's kind."""
    makers: dict[str, Callable[[Recipe, Any], Head]] = {
        "causal": _causal,
        "seq2seq": _seq2seq,
        "token": _token,
        "cross-encoder": _cross_encoder,
        "dual-encoder": _dual_encoder,
    }
    return makers[recipe.kind](recipe, tokenizer)


def load_model(recipe: Recipe, head: Head, address: str) -> Any:
    """Load a recipe's base with its adapters.

    Raises:
        MissingModelError: It cannot be loaded.
        TrainingError: Quantised training was asked for and bitsandbytes is not there.
    """
    import transformers
    from peft import get_peft_model, prepare_model_for_kbit_training

    options: dict[str, Any] = {**load_kwargs(address), **_quantization(recipe)}
    options |= shape_options(recipe)
    if recipe.training.bf16:
        options["dtype"] = torch.bfloat16
    try:
        model = getattr(transformers, head.auto).from_pretrained(address, **options)
    except (OSError, ValueError) as error:
        raise MissingModelError(
            f"The base '{recipe.base}' could not be loaded ({error}). Set base to 'embedded', an "
            "existing folder, or a hub id that this machine can reach."
        ) from error
    # With a cache of keys the library takes packed examples for one and lets them see each other.
    model.config.use_cache = False
    if recipe.quantize != "none":
        model = prepare_model_for_kbit_training(model)  # type: ignore[no-untyped-call]
    adapted = get_peft_model(model, lora_config(recipe, model, head))
    warm_start(adapted, recipe)
    return adapted


def _quantization(recipe: Recipe) -> dict[str, Any]:
    if recipe.quantize == "none":
        return {}
    if importlib.util.find_spec("bitsandbytes") is None:
        raise TrainingError(
            f"quantize: {recipe.quantize} needs bitsandbytes: pip install 'shopclerk[gpu]'. Or set quantize=none, and "
            "lower training.batch if memory is short."
        )
    from transformers import BitsAndBytesConfig

    four = recipe.quantize == "4bit"
    config = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=four,
        load_in_8bit=not four,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    return {"quantization_config": config}


def lora_config(recipe: Recipe, model: Any, head: Head) -> Any:
    """Return peft's configuration of a recipe's adapters."""
    from peft import LoraConfig

    lora, layers = recipe.lora, getattr(model.config, "num_hidden_layers", None)
    chosen: dict[str, Any] = {}
    if lora.first_layer:
        if not layers or lora.first_layer >= layers:
            raise TrainingError(
                f"lora.first_layer is {lora.first_layer}; the base has the layers 0 to {(layers or 1) - 1}."
            )
        chosen = {"layers_to_transform": list(range(lora.first_layer, layers))}
    if lora.dora and lora.rslora is False and recipe.quantize == "8bit":
        raise TrainingError(
            "lora.dora does not go with quantize: 8bit. Set quantize to none or 4bit."
        )
    return LoraConfig(
        r=lora.r,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=lora.targets,
        use_rslora=lora.rslora,
        use_dora=lora.dora,
        task_type=head.task or None,
        **chosen,
    )


# -- causal ---------------------------------------------------------------------------------------------


def causal_ids(example: Example, tokenizer: Any) -> tuple[list[int], int]:
    """Return a conversation's token ids and where its answer begins, as the chat template writes it."""
    messages = [{"role": role, "content": text} for role, text in example["messages"]]
    prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    before = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    answer = f"{example['answer']}{tokenizer.eos_token}"
    return before + tokenizer(answer, add_special_tokens=False)["input_ids"], len(before)


def _causal(recipe: Recipe, tokenizer: Any) -> Head:
    from transformers import DataCollatorForSeq2Seq, DataCollatorWithFlattening

    def encode(example: Example) -> Encoded | None:
        ids, start = causal_ids(example, tokenizer)
        if len(ids) > recipe.training.max_length:
            return None
        return {"input_ids": ids, "labels": [IGNORED] * start + ids[start:]}

    packed = recipe.training.packing
    collator = (
        DataCollatorWithFlattening()  # type: ignore[no-untyped-call]
        if packed
        else DataCollatorForSeq2Seq(tokenizer, label_pad_token_id=IGNORED)
    )
    return Head("AutoModelForCausalLM", "CAUSAL_LM", encode, collator)


# -- seq2seq --------------------------------------------------------------------------------------------


def _seq2seq(recipe: Recipe, tokenizer: Any) -> Head:
    from transformers import DataCollatorForSeq2Seq

    def encode(example: Example) -> Encoded | None:
        data = tokenizer(example["source"], text_target=example["target"])
        longest = max(len(data["input_ids"]), len(data["labels"]))
        return dict(data) if longest <= recipe.training.max_length else None

    collator = DataCollatorForSeq2Seq(tokenizer, label_pad_token_id=IGNORED)
    return Head("AutoModelForSeq2SeqLM", "SEQ_2_SEQ_LM", encode, collator)


# -- token classification -------------------------------------------------------------------------------


def _token(recipe: Recipe, tokenizer: Any) -> Head:
    from transformers import DataCollatorForTokenClassification

    classes = {name: number for number, name in enumerate(recipe.data.labels)}
    if not classes:
        raise TrainingError("A recipe of kind 'token' needs data.labels, the names of its classes.")

    def encode(example: Example) -> Encoded | None:
        data = tokenizer(example["tokens"], is_split_into_words=True)
        if len(data["input_ids"]) > recipe.training.max_length:
            return None
        labels, before = [], None
        for word in data.word_ids():
            first = word is not None and word != before
            labels.append(_class(example, word, classes) if first else IGNORED)
            before = word
        return {**data, "labels": labels}

    collator = DataCollatorForTokenClassification(tokenizer, label_pad_token_id=IGNORED)
    return Head("AutoModelForTokenClassification", "TOKEN_CLS", encode, collator)


def _class(example: Example, word: int, classes: Mapping[str, int]) -> int:
    name = example["labels"][word]
    if name not in classes:
        raise TrainingError(f"The label '{name}' is none of data.labels: {', '.join(classes)}.")
    return classes[name]


# -- pairs ----------------------------------------------------------------------------------------------


def _cross_encoder(recipe: Recipe, tokenizer: Any) -> Head:
    encode, collator = pair_encoder(recipe, tokenizer), TogetherCollator(tokenizer)
    return Head("AutoModelForSequenceClassification", "SEQ_CLS", encode, collator, together_loss)


def _dual_encoder(recipe: Recipe, tokenizer: Any) -> Head:
    encode, collator = text_encoder(recipe, tokenizer), ApartCollator(tokenizer)
    return Head("AutoModel", "FEATURE_EXTRACTION", encode, collator, apart_loss(recipe))


def encode_all(head: Head, examples: Sequence[Example]) -> tuple[list[Encoded], int]:
    """Return the encoded examples, and how many were left out as too long."""
    encoded = [head.encode(example) for example in examples]
    kept = [item for item in encoded if item is not None]
    if not kept:
        raise TrainingError(
            f"All {len(examples)} examples are longer than training.max_length tokens. Raise it."
        )
    return kept, len(encoded) - len(kept)
