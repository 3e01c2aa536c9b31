"""What settles a pair whatever else is weighed: every field the same, or two model numbers of one scheme.

Of 3,970 labelled pairs of five sets that name different model numbers of one scheme (`BN-1280`, `EN-1062`) 21 are the
same product, half a percent; the trees forget it where the titles are long and else alike.
"""

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.matching.code_features import shared_codes, within
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.signs import Signs

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

IDENTICAL, OTHER_MODEL = 0.99, 0.01
"""The least, and the greatest, probability of such pairs."""
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")


def proven(known: ListingSet, left: Ints, right: Ints, probabilities: Floats) -> Floats:
    """Return probabilities of pairs of rows, those of proven pairs set right."""
    found = probabilities.copy()
    for at, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        if found[at] < IDENTICAL and identical(known.listings[a], known.listings[b]):
            found[at] = IDENTICAL
        elif found[at] > OTHER_MODEL and other_models(known.signs[a], known.signs[b]):
            found[at] = OTHER_MODEL
    return found


def identical(a: Listing, b: Listing) -> bool:
    """Tell whether two listings differ by nothing but their ids."""
    return a.title == b.title and replace(a, id=b.id) == b


def other_models(a: Signs, b: Signs) -> bool:
    """Tell whether two listings name no model number in common, but different ones of one scheme."""
    if not _schemes(a) & _schemes(b):
        return False
    return not (shared_codes(a, b) or within(a, b) or within(b, a))


def _schemes(signs: Signs) -> set[str]:
    """Return the model numbers' patterns of letters and digits; bare numbers have none."""
    return {_LETTER.sub("A", _DIGIT.sub("9", code)) for code in signs.codes if _LETTER.search(code)}
