"""What an invented shopper sees, says and means: the records, and how likely each intention is."""

from dataclasses import dataclass

from shopclerk.catalog.product import Product
from shopclerk.finetune.data.wordings import Piece, message_text
from shopclerk.tools.arguments import SearchArguments


@dataclass(frozen=True, slots=True)
class Moment:
    """What a shopper sees before the next message.

    Attributes:
        search: The search in effect, None before the first.
        shown: The products on the table.
        focus: The number, from 1, of the product the last answer was about; 0 for none.
        images: Names of the pictures sent so far.
    """

    search: SearchArguments | None = None
    shown: tuple[Product, ...] = ()
    focus: int = 0
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntendedTurn:
    """A message and what is meant by it.

    Attributes:
        intention: The name of the intention.
        pieces: The words, with what each stretch means.
        action: `new`, `refine`, `more`, `cheaper`, `dearer`, `product`, `compare`, `similar` or `reply`.
        drop: Conditions of the search in effect that no longer hold.
        numbers: Places in the list shown, from 1.
        reply: The kind of reply.
        image: A picture that comes with the message or is meant by it.
        category: The category in mind, where the message names one.
    """

    intention: str
    pieces: tuple[Piece, ...]
    action: str
    drop: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    reply: str | None = None
    image: str | None = None
    category: str | None = None

    @property
    def text(self) -> str:
        """The message."""
        return message_text(list(self.pieces))


# intention: (action, weight at the start, weight with products shown, weight after an empty result)
INTENTIONS: dict[str, tuple[str, float, float, float]] = {
    "new": ("new", 60, 0, 0),
    "new_topic": ("new", 0, 12, 25),
    "not_sold": ("new", 9, 5, 6),
    "value": ("refine", 0, 19, 8),
    "exclude": ("refine", 0, 15, 3),
    "limits": ("refine", 0, 11, 3),
    "sort": ("refine", 0, 5, 0),
    "drop": ("refine", 0, 10, 14),
    "drop_price": ("refine", 0, 3, 9),
    "drop_rating": ("refine", 0, 2, 5),
    "drop_stock": ("refine", 0, 2, 5),
    "drop_and": ("refine", 0, 7, 8),
    "allow": ("refine", 0, 6, 4),
    "same": ("new", 0, 4, 1),
    "switch": ("refine", 0, 5, 3),
    "within": ("refine", 0, 5, 0),
    "more": ("more", 0, 4, 0),
    "cheaper": ("cheaper", 0, 4, 0),
    "dearer": ("dearer", 0, 3, 0),
    "ask_position": ("product", 0, 9, 0),
    "ask_name": ("product", 0, 7, 0),
    "ask_it": ("product", 0, 9, 0),
    "compare_sort": ("compare", 0, 5, 0),
    "compare": ("compare", 0, 3, 0),
    "compare_two": ("compare", 0, 4, 0),
    "similar": ("similar", 0, 4, 0),
    "similar_name": ("similar", 0, 3, 0),
    "similar_it": ("similar", 0, 3, 0),
    "picture": ("new", 5, 2, 2),
    "picture_again": ("new", 0, 3, 2),
    "greet": ("reply", 5, 1, 1),
    "thanks": ("reply", 1, 5, 3),
    "clarify": ("reply", 7, 2, 1),
    "help": ("reply", 3, 1, 1),
    "policy": ("reply", 2, 2, 2),
    "refuse": ("reply", 3, 4, 3),
}
