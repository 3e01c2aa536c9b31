"""Invented shoppers: what they ask next, given what the shop has answered so far.

A shopper picks an intention that makes sense at this moment, a product of the shop to have in mind, and a wording.
What is meant goes along with the words: the action, the conditions to drop, the products pointed at.
"""

import random

from shopclerk.finetune.data.draft import Draft
from shopclerk.finetune.data.shops import InventedShop
from shopclerk.finetune.data.turns import INTENTIONS, IntendedTurn, Moment
from shopclerk.finetune.data.wordings import Split, word_turn

TRIES = 12


class Shopper:
    """Makes the messages of one conversation.

    Args:
        shop: The shop.
        split: Which wordings to use.
        seed: Decides everything the shopper does.
    """

    def __init__(self, shop: InventedShop, split: Split, seed: int) -> None:
        self._shop = shop
        self._split: Split = split
        self._rng = random.Random(f"{shop.seed}/{split}/{seed}")

    def next(self, moment: Moment) -> IntendedTurn | None:
        """Return the next message, None where nothing sensible came to mind."""
        for _ in range(TRIES):
            intention = self._intention(moment)
            draft = Draft(self._shop, moment, self._rng)
            if not draft.aim(intention):
                continue
            pieces = word_turn(intention, self._split, draft.fill, self._rng)
            if pieces is not None and (turn := draft.turn(intention, pieces)):
                return turn
        return None

    def _intention(self, moment: Moment) -> str:
        stage = 1 if moment.search is None else 2 if moment.shown else 3
        weights = [float(row[stage]) for row in INTENTIONS.values()]
        return self._rng.choices(list(INTENTIONS), weights)[0]
