"""Tiny random models with a tower for pictures and one for texts, saved into folders as real ones are."""

from pathlib import Path
from typing import Any

WORDS = ("a", "red", "blue", "shoe", "mug", "kettle")
SIDE = 32
SIZES = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}
VISION = {**SIZES, "image_size": SIDE, "patch_size": 8}


def _shaken(model: Any) -> Any:
    """Give a model weights that tell pictures and texts apart; as initialised all are nearly one."""
    import torch

    torch.manual_seed(5)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.3)
    return model


def clip(folder: Path) -> Path:
    """CLIP that reads letters, into 12 dimensions."""
    from transformers import CLIPConfig, CLIPModel, CLIPProcessor, CLIPTokenizer
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    letters = sorted({letter for word in WORDS for letter in word})
    special = ("<|startoftext|>", "<|endoftext|>")
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), *special]
    end = len(tokens) - 1
    ends = {"bos_token_id": end - 1, "eos_token_id": end, "pad_token_id": end}
    text = {**SIZES, **ends, "vocab_size": len(tokens), "max_position_embeddings": 24}
    config = CLIPConfig(text_config=text, vision_config=VISION, projection_dim=12)
    _shaken(CLIPModel(config)).save_pretrained(folder)
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=24)
    image = CLIPImageProcessorPil(
        size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}
    )
    CLIPProcessor(image_processor=image, tokenizer=tokenizer).save_pretrained(folder)
    return folder


def siglip(folder: Path) -> Path:
    """SigLIP that knows a few words, in 16 dimensions."""
    from transformers import BertTokenizerFast, SiglipConfig, SiglipModel, SiglipProcessor
    from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

    words = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS)
    text = {**SIZES, "vocab_size": len(words), "max_position_embeddings": 10}
    config = SiglipConfig(text_config=text, vision_config=VISION)
    _shaken(SiglipModel(config)).save_pretrained(folder)
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = BertTokenizerFast(vocab=vocabulary, model_max_length=10)
    image = SiglipImageProcessorPil(size={"height": SIDE, "width": SIDE})
    SiglipProcessor(image_processor=image, tokenizer=tokenizer).save_pretrained(folder)
    return folder


def text_alone(folder: Path) -> Path:
    """A text encoder: no pictures."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    words = {word: number for number, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]"))}
    BertModel(BertConfig(**SIZES, vocab_size=len(words))).save_pretrained(folder)
    BertTokenizerFast(vocab=words).save_pretrained(folder)
    return folder


def pictures_alone(folder: Path) -> Path:
    """A picture classifier: no texts."""
    from transformers import ViTConfig, ViTForImageClassification
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

    ViTForImageClassification(ViTConfig(**VISION)).save_pretrained(folder)
    ViTImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)
    return folder
