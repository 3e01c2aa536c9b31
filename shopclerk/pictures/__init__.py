"""Pictures read safely: from files, bytes and, where allowed, the web; regions, fingerprints, batches.

Whatever a seller or shopper hands in, what comes out is a small upright RGB picture or a `PictureError`
that says what is wrong with it.
"""

from shopclerk.pictures.batches import decode_many
from shopclerk.pictures.fingerprint import distance, fingerprint, same_picture
from shopclerk.pictures.limits import DEFAULT, PictureLimits
from shopclerk.pictures.reading import Picture, open_picture
from shopclerk.pictures.regions import Box, box_around, crop, draw_boxes

__all__ = [
    "DEFAULT",
    "Box",
    "Picture",
    "PictureLimits",
    "box_around",
    "crop",
    "decode_many",
    "distance",
    "draw_boxes",
    "fingerprint",
    "open_picture",
    "same_picture",
]
