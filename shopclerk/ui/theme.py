"""How the app looks: quiet paper, dark ink, one green; light and dark. Fonts are those of the visitor's machine."""

from importlib.resources import files

import gradio as gr

_SANS = ("ui-sans-serif", "system-ui", "Segoe UI", "Helvetica", "Arial", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Return the theme."""
    return gr.themes.Base(
        primary_hue="emerald",
        secondary_hue="emerald",
        neutral_hue="stone",
        radius_size="lg",
        font=_SANS,
        font_mono=_MONO,
    ).set(
        body_background_fill="#faf9f7",
        body_background_fill_dark="#171615",
        block_background_fill="#ffffff",
        block_background_fill_dark="#211f1d",
        block_border_width="1px",
        block_border_color="*neutral_200",
        block_border_color_dark="#3a3632",
        block_label_text_color="*neutral_600",
        button_primary_background_fill="#0f766e",
        button_primary_background_fill_hover="#115e59",
        button_primary_background_fill_dark="#0f766e",
        button_primary_background_fill_hover_dark="#14857c",
        button_primary_text_color="#ffffff",
    )


def css() -> str:
    """Return the style sheet."""
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")
