"""What a drawing is."""

from __future__ import annotations

from collections.abc import Callable

from shopclerk.sample.drawing.canvas import Canvas

Drawing = Callable[[Canvas], object]
"""Paints one product on a canvas; a function of this package with its colours filled in."""
