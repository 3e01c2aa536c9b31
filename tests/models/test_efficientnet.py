"""EfficientNet-lite0 in torch: its shapes, its weights, and its export."""

import pickle

import numpy as np
import pytest
import torch

from shopclerk.models.efficientnet import Block, EfficientNetLite0, SameConv, load_efficientnet
from shopclerk.models.image_encoder import embedded_weights
from tests.eyes import embedded_encoder

PADS = {
    # size, kernel, stride: added left, added right
    "odd kernel, stride 1": (9, 3, 1, 1, 1),
    "wide kernel, stride 1": (9, 5, 1, 2, 2),
    "even size, stride 2": (8, 3, 2, 0, 1),
    "odd size, stride 2": (9, 3, 2, 1, 1),
    "even size, wide kernel, stride 2": (8, 5, 2, 1, 2),
    "one by one": (7, 1, 1, 0, 0),
    "smaller than the kernel": (1, 5, 2, 2, 2),
}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return EfficientNetLite0().eval()


@pytest.fixture(scope="module")
def pixels():
    return torch.rand(3, 3, 224, 224, generator=torch.Generator().manual_seed(1)) * 255


@pytest.mark.parametrize(("size", "kernel", "stride", "left", "right"), PADS.values(), ids=PADS)
def test_convolutions_are_padded_as_tensorflow_does(size, kernel, stride, left, right):
    torch.manual_seed(0)
    convolution, x = SameConv(2, 3, kernel, stride, bias=False), torch.randn(1, 2, size, size)
    padded = torch.nn.functional.pad(x, (left, right, left, right))
    expected = torch.nn.functional.conv2d(padded, convolution.weight, stride=stride)
    torch.testing.assert_close(convolution(x), expected)
    assert expected.shape[-1] == -(-size // stride)


def test_axes_are_padded_each_by_its_own_size():
    assert SameConv(1, 1, 3, 2)(torch.zeros(1, 1, 8, 5)).shape == (1, 1, 4, 3)


@pytest.mark.parametrize(
    ("out", "stride", "adds"), [(4, 1, True), (4, 2, False), (6, 1, False)], ids=str
)
def test_a_block_adds_its_input_where_shapes_agree(out, stride, adds):
    block, x = Block(4, 24, out, 3, stride).eval(), torch.ones(1, 4, 6, 6)
    torch.nn.init.zeros_(block._project_conv.weight)
    expected = x if adds else torch.zeros(1, out, 6 // stride, 6 // stride)
    torch.testing.assert_close(block(x), expected)


@torch.inference_mode()
def test_outputs_belong_together(network, pixels):
    places, features, logits = network(pixels)
    assert (places.shape, logits.shape) == ((3, 1280, 7, 7), (3, 1000))
    torch.testing.assert_close(features, places.mean((2, 3)))
    torch.testing.assert_close(logits, network._fc(features))
    assert 0 <= places.min() < places.max() <= 6


@torch.inference_mode()
def test_a_permuted_batch_gives_permuted_outputs(network, pixels):
    order = [2, 0, 1]
    straight, permuted = network(pixels), network(pixels[order])
    for one, other in zip(straight, permuted, strict=True):
        torch.testing.assert_close(other, one[order], atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_weights_come_back_from_their_file(network, pixels, tmp_path):
    torch.save(network.state_dict(), tmp_path / "weights.pth")
    again = load_efficientnet(tmp_path / "weights.pth")
    torch.testing.assert_close(again(pixels[:1])[2], network(pixels[:1])[2])


class Payload:
    """Would write a file if it were unpickled."""

    def __reduce__(self):
        return (open, ("ran", "w"))


def test_a_file_with_code_in_it_is_refused(tmp_path):
    torch.save({"_fc.weight": Payload()}, tmp_path / "weights.pth")
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        load_efficientnet(tmp_path / "weights.pth")
    assert not (tmp_path / "ran").exists()


@pytest.mark.models
@torch.inference_mode()
def test_the_export_agrees_with_torch(pixels, tmp_path_factory):
    exported = embedded_encoder(tmp_path_factory)._single.run(
        ["places", "features", "logits"], {"pixels": pixels.numpy()}
    )
    for found, expected in zip(
        exported, load_efficientnet(embedded_weights())(pixels), strict=True
    ):
        np.testing.assert_allclose(found, expected.numpy(), atol=1e-3)
