"""Redraw the pictures and the test photos: `python -m shopclerk.sample.drawing [ID ...]`.

Without ids all are drawn, in two to three minutes on one core. The same Pillow gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shopclerk.sample.drawing.canvas import jpeg
from shopclerk.sample.drawing.gallery import DRAWINGS, picture
from shopclerk.sample.drawing.photos import PHOTOS, write_photos

SAMPLE = Path(__file__).resolve().parents[1]


def main(wanted: list[str]) -> int:
    """Draw the products of these ids, or everything if there are none."""
    unknown = [name for name in wanted if name not in DRAWINGS and name not in PHOTOS]
    if unknown:
        sys.stderr.write(f"Unknown ids: {', '.join(unknown)}. An id looks like 'run-001'.\n")
        return 2
    folder = SAMPLE / "pictures"
    folder.mkdir(exist_ok=True)
    for product_id in wanted or DRAWINGS:
        if product_id in DRAWINGS:
            (folder / f"{product_id}.jpg").write_bytes(jpeg(picture(product_id)))
    if not wanted or set(wanted) & set(PHOTOS):
        write_photos(SAMPLE / "photos")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
