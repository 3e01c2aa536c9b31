"""The image network learns too: its last blocks are trained on a shop's labelled pictures, then exported anew.

What the frozen blocks below make of a picture is computed once for each view; only the blocks above are trained, with a
linear layer that is thrown away afterwards. Statistics of batch normalisation stay as they are. The classifier's heads are
then fitted on the tuned network as they would be on the frozen one.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from shopclerk.errors import PictureError, TrainingError
from shopclerk.finetune.listing_rows import LabelledListing, view_count
from shopclerk.models.efficientnet import EfficientNetLite0, load_efficientnet
from shopclerk.models.head_files import EYE_FILE
from shopclerk.models.image_encoder import embedded_weights, letterbox
from shopclerk.models.listing_features import seed_of
from shopclerk.models.onnx_export import write_levels_of
from shopclerk.models.picture_levels import LevelFeatures
from shopclerk.models.picture_views import training_views
from shopclerk.pictures import decode_many

Progress = Callable[[str, int, int | None], None]

EPOCHS, BATCH = 4, 32
PEAK_RATE, HEAD_RATE = 3e-4, 3e-3
WEIGHT_DECAY = 1e-2
SMOOTHING = 0.1
VIEW_LIMIT = 4
"""Views of a picture at most; each keeps the whole output of the frozen blocks."""


def tune_eye(
    listings: Sequence[LabelledListing],
    folder: Path,
    blocks: int,
    *,
    seed: int,
    progress: Progress,
    network: EfficientNetLite0 | None = None,
    epochs: int = EPOCHS,
) -> LevelFeatures:
    """Train the last blocks on pictures with labels and write the tuned network into a folder.

    Args:
        listings: Labelled listings with pictures.
        folder: Where the tuned network goes, as ONNX.
        blocks: How many of the sixteen blocks learn, from the last.
        seed: Decides order and initial weights.
        progress: Called as the work goes on.
        network: What to begin with; None for the embedded network.
        epochs: Passes over all views.

    Returns:
        The features of the tuned network.

    Raises:
        TrainingError: No labelled listing has a picture that can be read.
    """
    network = network or load_efficientnet(embedded_weights())
    names = sorted({each.labels[0] for each in listings if each.labels and each.image})
    inputs, labels = _frozen_outputs(network, listings, names, blocks, progress)
    if not len(labels):
        raise TrainingError("No labelled listing has a picture that can be read; unfreeze nothing.")
    _train(network, inputs, labels, len(names), blocks, seed, epochs, progress)
    folder.mkdir(parents=True, exist_ok=True)
    write_levels_of(network.eval(), folder / EYE_FILE)
    return LevelFeatures(folder / EYE_FILE, own=True)


def _frozen_outputs(
    network: EfficientNetLite0,
    listings: Sequence[LabelledListing],
    names: Sequence[str],
    blocks: int,
    progress: Progress,
) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
    """Return what the frozen blocks make of every view, `(views, channels, h, w)`, and the labels."""
    chosen = [each for each in listings if each.labels and each.image]
    count = min(view_count(len(chosen)), VIEW_LIMIT)
    rows, labels = [], []
    decoded = decode_many([str(each.image) for each in chosen])
    for done, (each, picture) in enumerate(zip(chosen, decoded, strict=True), 1):
        progress("Looking at pictures", done, len(chosen))
        if isinstance(picture, PictureError):
            continue
        views = training_views(picture.image, count, seed_of(str(each.image)))
        pixels = np.stack([np.asarray(letterbox(view), np.float32) for view in views])
        with torch.no_grad():
            out = network.below(torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy()), blocks)
        rows.append(out.numpy().astype(np.float16))
        labels += [names.index(each.labels[0])] * count
    empty = np.zeros((0, 1, 1, 1), np.float16)
    return np.concatenate(rows) if rows else empty, np.array(labels, np.int64)


def _train(
    network: EfficientNetLite0,
    inputs: NDArray[np.float16],
    labels: NDArray[np.int64],
    classes: int,
    blocks: int,
    seed: int,
    epochs: int,
    progress: Progress,
) -> None:
    torch.manual_seed(seed)
    head = nn.Linear(network.width, classes)
    learning = network.parts_above(blocks)
    tuned = [weight for part in learning for weight in part.parameters()]
    groups: list[dict[str, Any]] = [
        {"params": tuned, "lr": PEAK_RATE},
        {"params": list(head.parameters())},
    ]
    optimiser = torch.optim.AdamW(groups, lr=HEAD_RATE, weight_decay=WEIGHT_DECAY)
    steps = epochs * -(-len(labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [PEAK_RATE, HEAD_RATE], total_steps=max(steps, 2)
    )
    order = np.random.default_rng(seed)
    places = np.concatenate([order.permutation(len(labels)) for _ in range(epochs + 1)])
    for step in range(steps):
        chosen = places[step * BATCH :][:BATCH]
        loss = _loss(network, head, inputs[chosen], labels[chosen], blocks)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        optimiser.step()
        schedule.step()
        progress("Tuning the image network", step + 1, steps)


def _loss(
    network: EfficientNetLite0,
    head: nn.Linear,
    inputs: NDArray[np.float16],
    labels: NDArray[np.int64],
    blocks: int,
) -> Tensor:
    features = network.above(torch.from_numpy(inputs.astype(np.float32)), blocks)
    logits = head(functional.dropout(features, 0.2))
    return functional.cross_entropy(logits, torch.from_numpy(labels), label_smoothing=SMOOTHING)
