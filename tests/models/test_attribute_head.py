"""The span scorer in numpy and in torch, and what the encoder reads."""

import random

import numpy as np
import pytest
import torch

from shopclerk.finetune.attribute_fit import FitNumbers, _asked_anew, fit, make_items
from shopclerk.finetune.attribute_net import Item, SpanModel, loss_of
from shopclerk.models.attribute_features import (
    NAME_FEATURES,
    SPAN_FEATURES,
    WITHHELD,
    Evidence,
    span_features,
)
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled
from shopclerk.models.attribute_head import SpanHead
from shopclerk.models.attribute_prompt import MAX_ROW, PromptWriter
from shopclerk.models.attribute_spans import windows
from shopclerk.models.text_encoder import embedded_folder


class Embedding(torch.nn.Module):
    """Stands for an encoder: a state for each token, whatever its neighbours."""

    def __init__(self) -> None:
        super().__init__()
        self.states = torch.nn.Embedding(31_000, 384)

    def forward(self, input_ids, attention_mask):
        class Output:
            last_hidden_state = self.states(input_ids)

        return Output


@pytest.fixture
def writer():
    return PromptWriter(embedded_folder())


def rows(count=12):
    made = []
    for number in range(count):
        colour = ("Red", "Blue", "Green")[number % 3]
        pieces = windows(f"Aldo {colour} Mug {number} cm", 1)[0]
        made.append(Labelled(pieces, "Mugs", {"Color": (colour,), "Length": (f"{number} cm",)}))
    return made


def items(writer, count=12):
    return make_items(rows(count), Gazetteer.of(rows(count)), writer, counted=True)


def test_numpy_computes_what_torch_trained(writer):
    torch.manual_seed(1)
    model = SpanModel(Embedding()).eval()
    some = items(writer, 3)
    with torch.no_grad():
        wanted = model(some)
    head = SpanHead({name: t.numpy() for name, t in model.head.state_dict().items()})
    for item, scores in zip(some, wanted, strict=True):
        ids = torch.tensor(item.prompt.ids)
        states = model.encoder.states(ids).detach().numpy()
        found = head.scores(
            item.features.numpy(), item.about.numpy(), states, item.prompt, item.spans.numpy()
        )
        assert np.allclose(found, scores.numpy(), atol=1e-4)
        assert np.allclose(np.exp(found).sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("encoder", [None, "states"], ids=["counts", "encoder"])
def test_training_lowers_the_loss(writer, encoder):
    torch.manual_seed(1)
    model = SpanModel(Embedding() if encoder else None)
    some = items(writer if encoder else None)
    with torch.no_grad():
        before = loss_of(model(some), some)
    steps = fit(model, some, FitNumbers(epochs=12, batch=4))
    with torch.no_grad():
        after = loss_of(model(some), some)
    assert steps == 36
    assert after < before / 2


def test_the_same_seed_gives_the_same_weights(writer):
    made = []
    for _ in range(2):
        torch.manual_seed(3)
        model = SpanModel(None)
        fit(model, items(None), FitNumbers(epochs=1, batch=4, seed=3))
        made.append(model.head["span"]["in"].weight.detach().clone())
    assert torch.equal(*made)


def test_a_value_that_stands_nowhere_is_not_asked_for():
    pieces = windows("Aldo Mug", 1)[0]
    row = Labelled(pieces, "Mugs", {"Color": ("Red",), "Size": None})
    made = make_items([row], Gazetteer.of([row]), None, counted=True)
    assert [(item.names, item.right) for item in made] == [(("Size",), ((0,),))]


def test_a_head_of_other_features_is_refused():
    tensors = {
        "span.in.weight": np.zeros((2, SPAN_FEATURES + 1), np.float32),
        "none.in.weight": np.zeros((2, NAME_FEATURES), np.float32),
    }
    with pytest.raises(ValueError, match=f"{SPAN_FEATURES + 1} features"):
        SpanHead(tensors)


def test_a_prompt_holds_category_names_and_text(writer):
    pieces = windows("Aldo Red Mug", 1)[0]
    prompt = writer.write("Mugs", ["Color", "pack_size"], pieces)
    decode = writer._tokenizer.decode
    named = [decode(list(prompt.ids[a:b])) for a, b in prompt.names.tolist()]
    assert named == ["color", "pack size"]
    read = [decode(list(prompt.ids[a : b + 1])).replace(" ", "") for a, b in prompt.pieces.tolist()]
    assert read == ["aldo", "red", "mug"]
    assert decode(list(prompt.ids)).startswith("mugs")


def test_a_prompt_is_never_longer_than_the_encoder_takes(writer):
    word = "supercalifragilisticexpialidocious"
    pieces = windows(f"{word} " * 200, 1)[0]
    prompt = writer.write("c " * 500, ["long name " * 50] * 16, pieces)
    assert len(prompt.ids) < MAX_ROW + 8
    assert prompt.pieces.max() < len(prompt.ids)


def test_a_name_withheld_looks_like_one_never_seen():
    """What is left of a name's features is what they are where the counts never held it."""
    made = rows()
    bare = [
        Labelled(row.pieces, row.category, {"Length": row.values["Length"]})
        for row in made
        if row.values
    ]
    asked = ("Color", "Length")
    known, _ = span_features(Evidence(made[0].pieces, "Mugs", Gazetteer.of(made)), asked)
    never, about = span_features(Evidence(made[0].pieces, "Mugs", Gazetteer.of(bare)), asked)
    assert not np.array_equal(known[0], never[0])
    assert np.allclose(known[0] * WITHHELD, never[0])
    assert not about[0].any()


def test_names_are_asked_in_another_order(writer):
    item = items(writer, 1)[0]
    asked = [_asked_anew(item, writer, random.Random(seed)) for seed in range(30)]
    assert {one.names for one in asked} == {
        ("Color", "Length"),
        ("Length", "Color"),
        ("Color",),
        ("Length",),
    }
    for one in asked:
        place = item.names.index(one.names[0])
        assert one.right[0] == item.right[place]
        assert torch.equal(one.features[0], item.features[place])
        assert len(one.prompt.names) == len(one.names)


def test_items_know_their_columns(writer):
    item: Item = items(writer, 1)[0]
    spans = item.spans[[column - 1 for column in item.right[0]]].tolist()
    assert spans == [[1, 1]]
