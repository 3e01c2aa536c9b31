"""LangChain embeddings as a text encoder."""

from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from shopclerk.errors import ModelError
from shopclerk.models.langchain_encoder import LangChainEncoder, as_encoder
from tests.conftest import ShopMaker
from tests.fakes import HashEncoder


class HashEmbeddings(Embeddings):
    """The hash encoder as LangChain sees it, its vectors of any length."""

    model = "hash"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return (HashEncoder().encode(texts) * 7).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class Broken(HashEmbeddings):
    """Returns or raises what it is told to."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if isinstance(self._made, Exception):
            raise self._made
        return self._made


def test_vectors_are_of_length_one_and_in_order() -> None:
    encoder = LangChainEncoder(HashEmbeddings())
    texts = [f"text {number}" for number in range(70)]
    vectors = encoder.encode(texts, batch_size=32)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, HashEncoder().encode(texts), atol=1e-6)
    assert encoder.dimension == 64
    assert encoder.encode([]).shape == (0, 64)


def test_an_encoder_is_named_by_its_weights() -> None:
    one, same = (LangChainEncoder(DeterministicFakeEmbedding(size=16)) for _ in range(2))
    assert one.id == same.id
    assert one.id != LangChainEncoder(DeterministicFakeEmbedding(size=24)).id
    assert LangChainEncoder(HashEmbeddings()).id.startswith("HashEmbeddings-hash-")
    assert LangChainEncoder(HashEmbeddings(), "mine").id == "mine"


@pytest.mark.parametrize(
    "made",
    [RuntimeError("down"), [], [[0.0, 0.0]], [[float("nan"), 1.0]], [[1.0], [1.0, 2.0]]],
    ids=["raises", "none", "no direction", "not finite", "ragged"],
)
def test_what_is_no_vector_is_an_error(made: Any) -> None:
    with pytest.raises(ModelError, match="The embeddings"):
        LangChainEncoder(Broken(made)).encode(["a"])


def test_an_encoder_stays_what_it_is() -> None:
    encoder = HashEncoder()
    assert as_encoder(encoder) is encoder
    assert as_encoder(None) is None
    assert isinstance(as_encoder(HashEmbeddings()), LangChainEncoder)


def test_a_shop_searches_by_them(shop: ShopMaker) -> None:
    by_hash = shop().search("hiking boots", limit=3)
    opened = shop(encoder=HashEmbeddings())
    assert len(opened.vectors) == 12
    found = opened.search("hiking boots", limit=3)
    assert [hit.product.id for hit in found.hits] == [hit.product.id for hit in by_hash.hits]
