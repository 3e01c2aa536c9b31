"""Tiny random models with a tokenizer of their own, made in a moment and offline."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("peft", reason="training needs the extra 'train'")
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TEXTS = [
    "Search none Message red shoes Found colour red action new want skip system user assistant"
]

BaseMaker = Callable[[str], Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the training libraries warn about one another; nothing of ours can mend that."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::FutureWarning:transformers"))
            item.add_marker(pytest.mark.filterwarnings("ignore::UserWarning:peft"))
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorboard"))


def tiny_tokenizer() -> Any:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<pad>", "<|im_start|>", "<|im_end|>", "<unk>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        TEXTS,
        trainers.BpeTrainer(
            vocab_size=300, special_tokens=special, initial_alphabet=alphabet, show_progress=False
        ),
    )
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<|im_end|>",
        unk_token="<unk>",
        model_max_length=512,
    )
    fast.chat_template = CHAT
    return fast


def tiny_llama(vocabulary: int) -> Any:
    config = transformers.LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        initializer_range=0.3,
        max_position_embeddings=512,
        pad_token_id=0,
        eos_token_id=2,
    )
    return transformers.LlamaForCausalLM(config)


def tiny_t5(vocabulary: int) -> Any:
    config = transformers.T5Config(
        vocab_size=vocabulary, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4,
        pad_token_id=0, eos_token_id=2, decoder_start_token_id=0,
    )  # fmt: skip
    return transformers.T5ForConditionalGeneration(config)


def tiny_bert(vocabulary: int) -> Any:
    config = transformers.BertConfig(
        vocab_size=vocabulary, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=48, max_position_embeddings=512, pad_token_id=0,
    )  # fmt: skip
    return transformers.BertModel(config)


MAKERS = {"llama": tiny_llama, "t5": tiny_t5, "bert": tiny_bert}


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> BaseMaker:
    """`base("llama")`, `base("t5")`, `base("bert")`: folders that transformers loads."""
    made: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name not in made:
            torch.manual_seed(0)
            folder = tmp_path_factory.mktemp(name)
            tokenizer = tiny_tokenizer()
            MAKERS[name](len(tokenizer)).save_pretrained(folder)
            tokenizer.save_pretrained(folder)
            made[name] = folder
        return made[name]

    return make


@pytest.fixture
def talks() -> list[dict[str, Any]]:
    """Examples of two kinds of answers that a tiny model can tell apart."""
    turns = []
    for number in range(24):
        colour = ["red", "blue", "green"][number % 3]
        turns.append(
            {
                "messages": [["system", "Decide."], ["user", f"Message: {colour} shoes {number}"]],
                "answer": '{"action":"new","colour ' + colour + '":"want"}',
            }
        )
    return turns
