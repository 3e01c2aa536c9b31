"""The extractor of attributes that ships, without its encoder: nothing need be exported for it."""

from pathlib import Path

from safetensors.numpy import load_file, save_file

from shopclerk.models.attribute_head import WEIGHTS_FILE
from shopclerk.models.attribute_model import shipped_folder


def without_encoder(folder: Path) -> Path:
    """Write its network over counts alone into a folder."""
    weights = load_file(shipped_folder() / WEIGHTS_FILE)
    alone = {name.removeprefix("alone."): each for name, each in weights.items() if "alone" in name}
    save_file(alone or weights, folder / WEIGHTS_FILE)
    for path in shipped_folder().glob("*.json"):
        (folder / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
    return folder
