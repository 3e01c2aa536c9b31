"""The image network learns too."""

import pytest
import torch

from shopclerk.errors import TrainingError
from shopclerk.finetune import unfrozen_eye
from shopclerk.finetune.run import silent
from shopclerk.models.efficientnet import EfficientNetLite0
from tests.labelled import listings


@pytest.fixture
def network():
    torch.manual_seed(0)
    return EfficientNetLite0().eval()


@pytest.fixture
def written(monkeypatch):
    """The networks that would have been exported."""
    networks = []
    monkeypatch.setattr(unfrozen_eye, "write_levels_of", lambda net, _path: networks.append(net))
    monkeypatch.setattr(unfrozen_eye, "VIEW_LIMIT", 1)
    return networks


def test_only_the_last_blocks_change(tmp_path, network, written):
    given = listings(tmp_path)[4:12]
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    features = unfrozen_eye.tune_eye(
        given, tmp_path / "out", 1, seed=1, progress=silent, network=network, epochs=1
    )
    changed = {
        name.split(".")[1] if name.startswith("_blocks") else name.split(".")[0]
        for name, weight in written[0].state_dict().items()
        if not torch.equal(weight, before[name])
    }
    assert changed == {"15", "_conv_head", "_bn1"}
    assert (tmp_path / "out").is_dir()
    assert features.dimension == 2_919


def test_pictures_are_needed(tmp_path, network, written):
    with pytest.raises(TrainingError, match="unfreeze nothing"):
        unfrozen_eye.tune_eye(
            listings(tmp_path, pictures=False)[:4],
            tmp_path,
            1,
            seed=1,
            progress=silent,
            network=network,
        )
