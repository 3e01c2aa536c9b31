"""The embedded text encoder, exported once, and tiny random models in the shape of real ones."""

import socket
from pathlib import Path

import pytest

from shopclerk.models.text_encoder import OnnxTextEncoder, embedded_folder

WORDS = ("red", "blue", "shoe", "boots", "hiking", "kettle", "mug", "for", "women", "a")


@pytest.fixture
def sought(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts whose address was asked for; none is found."""
    hosts: list[str] = []

    def fail(host: str, *_: object, **__: object) -> None:
        hosts.append(host)
        raise OSError(f"{host} is not to be sought")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    return hosts


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> OnnxTextEncoder:
    """MiniLM from its package, exported as `shopclerk models --prepare` does."""
    return OnnxTextEncoder(embedded_folder(), tmp_path_factory.mktemp("models"), threads=2)


def _tiny(labels: int) -> dict[str, int]:
    return {
        "vocab_size": 5 + len(WORDS),
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 32,
        "num_labels": labels,
    }


def _tokenizer(folder: Path) -> None:
    from transformers import BertTokenizerFast

    words = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS)
    vocabulary = {word: number for number, word in enumerate(words)}
    BertTokenizerFast(vocab=vocabulary, model_max_length=32).save_pretrained(folder)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random sentence encoder of 16 dimensions."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    bert = tmp_path_factory.mktemp("bert")
    BertModel(BertConfig(**_tiny(1))).save_pretrained(bert)
    _tokenizer(bert)
    folder = tmp_path_factory.mktemp("tiny-encoder")
    modules = [Transformer(str(bert)), Pooling(16)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="session")
def tiny_reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random cross-encoder."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("tiny-reranker")
    BertForSequenceClassification(BertConfig(**_tiny(1))).save_pretrained(folder)
    _tokenizer(folder)
    return folder
