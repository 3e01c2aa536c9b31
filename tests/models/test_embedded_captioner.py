"""The captioner over an image encoder's features, and how captioners are opened."""

import subprocess
import sys

import pytest
from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.caption_decoder import FACTS_FILE, VOCABULARY_FILE, WEIGHTS_FILE
from shopclerk.models.captioner import open_captioner
from shopclerk.models.embedded_captioner import (
    EmbeddedCaptioner,
    features_name,
    picture_features,
    shipped_folder,
)
from tests.captions import WORDS, ColourEncoder, write_captioner
from tests.pictures.drawn import scene


@pytest.fixture
def folder(tmp_path):
    return write_captioner(tmp_path / "tiny")


@pytest.fixture
def captioner(folder):
    return EmbeddedCaptioner(folder, ColourEncoder())


@pytest.fixture
def pictures():
    return [scene(seed) for seed in range(6)]


def test_every_picture_gets_a_caption(captioner, pictures):
    captions = captioner.caption(pictures)
    assert len(captions) == 6
    assert all(0 < caption.score <= 1 for caption in captions)
    assert {caption.made_by for caption in captions} == {captioner.id}
    assert captioner.id.startswith("tiny-")


def test_captions_do_not_depend_on_the_batch(captioner, pictures):
    assert captioner.caption(pictures) == [captioner.caption([each])[0] for each in pictures]


def test_no_pictures_no_captions(captioner):
    assert captioner.caption([]) == []


@pytest.mark.parametrize(
    ("prompt", "begins"),
    [
        ("a red", "a red"),
        ("  a \n red ", "a red"),
        ("a mauve", "a mauve"),
        ("", ""),
        ("red " * 50, "red red"),
    ],
    ids=["known", "blanks", "a word not known", "empty", "longer than a caption"],
)
def test_a_prompt_begins_the_caption(captioner, pictures, prompt, begins):
    assert captioner.caption(pictures[:1], prompt=prompt)[0].text.startswith(begins)


def test_a_prompt_steers_what_follows(captioner, pictures):
    free = captioner.caption(pictures)
    steered = captioner.caption(pictures, prompt="a red square for")
    assert [c.score for c in free] != [c.score for c in steered]


def test_an_encoder_without_features_gives_its_vectors():
    class Vectors:
        id, dimension = "clip-tiny", 48

        def encode(self, images, *, batch_size=32):
            return ColourEncoder().encode(images)

    assert features_name(Vectors()) == "clip-tiny"
    assert picture_features(Vectors(), [scene(1)]).shape == (1, 48)


def test_features_do_not_depend_on_the_projection():
    one, two = ColourEncoder(), ColourEncoder()
    two.id = "colours-2"
    assert features_name(one) == features_name(two) == "colours/features"


def test_another_encoder_is_refused(folder):
    other = ColourEncoder()
    other.id = "shapes-1"
    told = r"reads the features 'colours/features'.*makes 'shapes/features'.*Set captioner"
    with pytest.raises(MissingModelError, match=told):
        EmbeddedCaptioner(folder, other)


# -- opening -----------------------------------------------------------------------------------------


def test_a_folder_is_opened_as_what_it_holds(folder):
    assert isinstance(open_captioner(str(folder), ColourEncoder()), EmbeddedCaptioner)


@pytest.mark.parametrize("name", [WEIGHTS_FILE, VOCABULARY_FILE])
def test_a_missing_file_says_what_is_needed(folder, name):
    (folder / name).unlink()
    with pytest.raises(MissingModelError, match=r"no captioner in .*shopclerk finetune caption"):
        open_captioner(str(folder), ColourEncoder())


DAMAGE = {
    "weights": (WEIGHTS_FILE, b"not tensors"),
    "facts": (FACTS_FILE, b"{"),
    "unknown size": (FACTS_FILE, b'{"depth": 3}'),
    "words": (VOCABULARY_FILE, "\n".join(WORDS[:-2]).encode()),
    "no text": (VOCABULARY_FILE, b"\xff\xfe"),
}


@pytest.mark.parametrize(("name", "content"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_told(folder, name, content):
    (folder / name).write_bytes(content)
    with pytest.raises(MissingModelError, match=r"no captioner in .*model\.safetensors"):
        open_captioner(str(folder), ColourEncoder())


def test_any_other_address_is_that_of_a_model_for_transformers(sought):
    with pytest.raises(MissingModelError, match="'nosuch' could not be loaded"):
        open_captioner("nosuch", ColourEncoder()).caption([Image.new("RGB", (8, 8))])
    assert sought == []


def test_serving_imports_no_torch(folder):
    code = (
        "import sys; from pathlib import Path; from tests.captions import ColourEncoder; "
        "from shopclerk.models.captioner import open_captioner; from tests.pictures.drawn import scene; "
        f"print(open_captioner({str(folder)!r}, ColourEncoder()).caption([scene(1)])[0].score > 0, "
        "'torch' in sys.modules)"
    )
    root = str(next(p for p in map(_root, sys.modules.values()) if p))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False"]


def _root(module):
    if getattr(module, "__name__", "") != "tests.captions":
        return None
    return module.__file__.removesuffix("tests/captions.py")


# -- what ships --------------------------------------------------------------------------------------


def test_the_shipped_captioner_is_small_and_has_its_card():
    folder = shipped_folder()
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert size < 8 * 2**20
    card = (folder / "README.md").read_text("utf-8")
    assert all(word in card for word in ("Licence", "Data", "Command", "seed", "held-out"))


@pytest.mark.models
def test_a_sample_picture_is_described(tmp_path_factory):
    from importlib.resources import files

    from shopclerk.models.image_encoder import OnnxImageEncoder, embedded_weights
    from shopclerk.pictures import open_picture

    encoder = OnnxImageEncoder(embedded_weights(), tmp_path_factory.mktemp("encoder"), threads=1)
    sample = files("shopclerk").joinpath("sample", "pictures", "run-001.jpg")
    caption = open_captioner("embedded", encoder).caption([open_picture(str(sample)).image])[0]
    assert "blue" in caption.text
    assert "shoe" in caption.text
    assert 0 < caption.score <= 1
