"""The colours that the listings name, and those of common materials."""

from __future__ import annotations

Colour = tuple[int, int, int]

NAMED: dict[str, Colour] = {
    "Beige": (205, 184, 152),
    "Black": (44, 44, 48),
    "Blue": (44, 98, 186),
    "Brown": (112, 72, 44),
    "Burgundy": (118, 26, 50),
    "Clear": (214, 226, 232),
    "Cream": (238, 228, 204),
    "Gold": (206, 162, 84),
    "Green": (48, 124, 72),
    "Grey": (132, 136, 142),
    "Natural": (206, 168, 116),
    "Navy": (34, 48, 92),
    "Olive": (104, 106, 60),
    "Orange": (232, 118, 38),
    "Pink": (232, 132, 162),
    "Purple": (118, 72, 150),
    "Red": (198, 40, 44),
    "Silver": (192, 196, 202),
    "Tan": (188, 136, 86),
    "Turquoise": (52, 178, 178),
    "White": (242, 242, 240),
    "Yellow": (242, 198, 48),
}

WALNUT: Colour = (112, 74, 48)
OAK: Colour = (204, 166, 116)
BEECH: Colour = (222, 188, 140)
BRASS: Colour = (200, 158, 82)
STEEL_GREY: Colour = (188, 192, 198)
DARK: Colour = (52, 53, 58)
INK: Colour = (30, 32, 38)
SKIN: Colour = (226, 178, 146)
LEAF: Colour = (74, 140, 66)
TERRACOTTA: Colour = (192, 96, 62)
ROSE_GOLD: Colour = (214, 162, 138)


def mix(first: Colour, second: Colour, share: float = 0.5) -> Colour:
    """A colour between two; `share` is how much of the second there is."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.3) -> Colour:
    """The colour with some black."""
    return mix(colour, (0, 0, 0), share)


def lighter(colour: Colour, share: float = 0.3) -> Colour:
    """The colour with some white."""
    return mix(colour, (255, 255, 255), share)
