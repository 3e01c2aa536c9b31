"""Tiny random detectors, saved into folders as real ones are."""

from pathlib import Path

WORDS = ("a", "photo", "of", "red", "mug", "object", "banana")
SIDE = 64
LABELS = {0: "coffee mug", 1: "banana", 2: "chair"}


def _shaken(model) -> None:
    """Give a model weights that tell pictures apart; as initialised all boxes are one."""
    import torch

    torch.manual_seed(5)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.3)


def detr(folder: Path) -> Path:
    """DETR with three labels."""
    from transformers import DetrConfig, DetrForObjectDetection, ResNetConfig
    from transformers.models.detr.image_processing_pil_detr import DetrImageProcessorPil

    backbone = ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], out_features=["stage2"]
    )
    config = DetrConfig(
        use_timm_backbone=False,
        use_pretrained_backbone=False,
        backbone=None,
        backbone_config=backbone,
        num_queries=6,
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        id2label=LABELS,
        label2id={name: number for number, name in LABELS.items()},
    )
    model = DetrForObjectDetection(config)
    _shaken(model)
    model.save_pretrained(folder)
    size = {"shortest_edge": SIDE, "longest_edge": 2 * SIDE}
    DetrImageProcessorPil(size=size).save_pretrained(folder)
    return folder


def _owl(folder: Path, config_class, model_class, image_class, processor_class) -> Path:
    from transformers import CLIPTokenizer

    sizes = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    special = ("<|startoftext|>", "<|endoftext|>")
    letters = sorted({letter for word in WORDS for letter in word})
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), *special]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    ends = {"bos_token_id": len(tokens) - 2, "eos_token_id": len(tokens) - 1}
    text = {**sizes, **ends, "vocab_size": len(tokens), "max_position_embeddings": 64}
    vision = {**sizes, "image_size": SIDE, "patch_size": 16}
    model = model_class(
        config_class(
            text_config={**text, "pad_token_id": len(tokens) - 1},
            vision_config=vision,
            projection_dim=16,
        )
    )
    _shaken(model)
    model.save_pretrained(folder)
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=64)
    image = image_class(size={"height": SIDE, "width": SIDE})
    processor_class(image_processor=image, tokenizer=tokenizer).save_pretrained(folder)
    return folder


def owlvit(folder: Path) -> Path:
    """OWL-ViT that reads letters."""
    from transformers import OwlViTConfig, OwlViTForObjectDetection, OwlViTProcessor
    from transformers.models.owlvit.image_processing_pil_owlvit import OwlViTImageProcessorPil

    return _owl(
        folder, OwlViTConfig, OwlViTForObjectDetection, OwlViTImageProcessorPil, OwlViTProcessor
    )


def owlv2(folder: Path) -> Path:
    """OWLv2 that reads letters."""
    from transformers import Owlv2Config, Owlv2ForObjectDetection, Owlv2Processor
    from transformers.models.owlv2.image_processing_pil_owlv2 import Owlv2ImageProcessorPil

    return _owl(
        folder, Owlv2Config, Owlv2ForObjectDetection, Owlv2ImageProcessorPil, Owlv2Processor
    )


def grounding_dino(folder: Path) -> Path:
    """Grounding DINO that knows a few words."""
    from transformers import (
        BertConfig,
        BertTokenizerFast,
        GroundingDinoConfig,
        GroundingDinoForObjectDetection,
        GroundingDinoProcessor,
        SwinConfig,
    )
    from transformers.models.grounding_dino.image_processing_pil_grounding_dino import (
        GroundingDinoImageProcessorPil,
    )

    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "?")
    words = {word: number for number, word in enumerate((*special, *WORDS))}
    text = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    backbone = SwinConfig(
        image_size=SIDE,
        embed_dim=8,
        depths=[1, 1, 1],
        num_heads=[1, 2, 2],
        window_size=4,
        out_features=["stage2", "stage3"],
    )
    config = GroundingDinoConfig(
        backbone_config=backbone,
        text_config=text,
        num_queries=8,
        d_model=32,
        encoder_layers=1,
        decoder_layers=2,  # one alone has no boxes to tie
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        num_feature_levels=3,
        max_text_len=16,
    )
    model = GroundingDinoForObjectDetection(config)
    _shaken(model)
    model.save_pretrained(folder)
    tokenizer = BertTokenizerFast(vocab=words, model_max_length=16)
    image = GroundingDinoImageProcessorPil(size={"shortest_edge": SIDE, "longest_edge": 2 * SIDE})
    GroundingDinoProcessor(image_processor=image, tokenizer=tokenizer).save_pretrained(folder)
    return folder
