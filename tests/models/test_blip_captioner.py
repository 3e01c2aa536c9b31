"""BLIP, tried on a tiny random one."""

import sys

import numpy as np
import pytest

from shopclerk.errors import MissingModelError
from shopclerk.models.blip_captioner import BlipCaptioner
from shopclerk.models.captioner import open_captioner
from tests.models.conftest import WORDS
from tests.pictures.drawn import scene

SIDE = 32
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]")


@pytest.fixture(scope="session")
def tiny_blip(tmp_path_factory):
    """A folder with a random BLIP of two layers, its tokenizer and its picture processor."""
    import torch
    from transformers import BertTokenizerFast, BlipConfig, BlipForConditionalGeneration
    from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("tiny-blip")
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
    text = {
        **sizes,
        "encoder_hidden_size": 16,
        "num_attention_heads": 2,
        "vocab_size": len(SPECIAL) + len(WORDS),
        "max_position_embeddings": 64,
        "bos_token_id": 5,
        "pad_token_id": 0,
        "eos_token_id": 3,
        "sep_token_id": 3,
    }
    vision = {**sizes, "num_attention_heads": 2, "image_size": SIDE, "patch_size": 16}
    model = BlipForConditionalGeneration(
        BlipConfig(text_config=text, vision_config=vision, projection_dim=16)
    )
    for parameter in model.parameters():  # as initialised it says one thing of every picture
        torch.nn.init.normal_(parameter, std=0.6)
    model.save_pretrained(folder)
    words = {word: number for number, word in enumerate((*SPECIAL, *WORDS))}
    BertTokenizerFast(vocab=words, additional_special_tokens=["[DEC]"]).save_pretrained(folder)
    BlipImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def captioner(tiny_blip):
    return BlipCaptioner(str(tiny_blip), device="cpu", max_new_tokens=6, batch_size=2)


@pytest.fixture(scope="module")
def pictures():
    return [scene(seed, 60, 40) for seed in range(5)]


def test_every_picture_gets_a_caption_of_known_words(captioner, pictures, tiny_blip):
    captions = captioner.caption(pictures)
    assert len(captions) == 5
    assert {word for caption in captions for word in caption.text.split()} <= {*WORDS, "[UNK]"}
    assert all(0 < caption.score <= 1 for caption in captions)
    assert {caption.made_by for caption in captions} == {captioner.id} == {str(tiny_blip)}


def test_captions_do_not_depend_on_the_batch(captioner, pictures):
    backwards = captioner.caption(pictures[::-1])[::-1]
    assert [caption.text for caption in captioner.caption(pictures)] == [
        caption.text for caption in backwards
    ]
    alone = [captioner.caption([picture])[0].score for picture in pictures]
    assert alone == pytest.approx([caption.score for caption in backwards], abs=1e-4)


def test_pictures_matter(captioner, pictures):
    assert len({caption.score for caption in captioner.caption(pictures)}) > 1


def test_a_prompt_begins_the_caption(captioner, pictures):
    captions = captioner.caption(pictures[:3], prompt=" a  red shoe ")
    assert all(caption.text.startswith("a red shoe") for caption in captions)
    assert captions != captioner.caption(pictures[:3])


def test_beams_find_what_is_no_less_probable(tiny_blip, pictures):
    few, many = (
        BlipCaptioner(str(tiny_blip), device="cpu", beams=beams, max_new_tokens=1).caption(pictures)
        for beams in (2, 12)
    )
    for narrow, wide in zip(few, many, strict=True):
        assert wide.score >= narrow.score - 1e-6


def test_no_pictures_no_captions(captioner):
    assert captioner.caption([]) == []


def test_any_mode_of_picture_is_taken(captioner, pictures):
    grey = pictures[0].convert("L")
    assert captioner.caption([grey]) == captioner.caption([grey.convert("RGB")])
    assert np.isfinite(captioner.caption([grey])[0].score)


def test_a_folder_is_loaded_without_the_network(tiny_blip, pictures, sought):
    opened = open_captioner(str(tiny_blip), image_encoder=None, device="cpu")
    assert isinstance(opened, BlipCaptioner)
    assert opened.caption(pictures[:1])
    assert sought == []


@pytest.mark.parametrize("address", ["nosuch", "./nosuch", "/no/such/model", "empty"])
def test_missing_model_is_not_sought_on_the_network(address, tmp_path, pictures, sought):
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        MissingModelError, match=rf"'{address}' could not be loaded[\s\S]*'embedded'"
    ):
        BlipCaptioner(address).caption(pictures[:1])
    assert sought == []


def test_pickled_weights_are_refused(tiny_blip, tmp_path, pictures):
    import shutil

    import torch
    from safetensors.torch import load_file

    folder = tmp_path / "pickled"
    shutil.copytree(tiny_blip, folder)
    weights = folder / "model.safetensors"
    torch.save(load_file(weights), folder / "pytorch_model.bin")
    weights.unlink()
    with pytest.raises(MissingModelError, match=r"could not be loaded"):
        BlipCaptioner(str(folder)).caption(pictures[:1])


def test_missing_library_says_what_to_install(monkeypatch, pictures):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingModelError, match=r"shopclerk\[train\].*captioner to 'embedded'"):
        BlipCaptioner("models/mine").caption(pictures[:1])
