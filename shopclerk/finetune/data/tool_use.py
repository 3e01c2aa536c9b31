"""Tool-use conversations: invented shoppers in invented shops, every turn played against the real tools.

Whoever serves the prompts plays the turns here too (`Player`), so that training sees exactly what serving shows, and
a label is kept only if its tool call ran and held what the shopper meant.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from shopclerk.finetune.data.conversations import Shopper
from shopclerk.finetune.data.shops import InventedShop, invent_shop
from shopclerk.finetune.data.turns import IntendedTurn, Moment
from shopclerk.finetune.data.wordings import Split

MAX_TURNS = 7
HELD_OUT_SEED = 900_000


@dataclass(frozen=True, slots=True)
class Example:
    """One training example.

    Attributes:
        messages: (role, text) pairs, the prompt exactly as it is served.
        answer: What the model is to say.
        intention: What kind of turn it is.
        shop: The shop's seed.
        tool: The tool call that the answer came to, None for a reply.
        arguments: The call's arguments.
    """

    messages: tuple[tuple[str, str], ...]
    answer: str
    intention: str
    shop: int
    tool: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Return the example as a line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


class Player(Protocol):
    """Plays the turns of one conversation."""

    def moment(self) -> Moment:
        """Return what the shopper sees."""
        ...

    def play(self, turn: IntendedTurn) -> Example | None:
        """Play a turn; None where the label does not hold, and the conversation is at an end."""
        ...


OpenShop = Callable[[InventedShop], AbstractContextManager[Callable[[], Player]]]
"""Opens a shop and gives a maker of players, one a conversation."""


def play_conversations(
    shops: Sequence[int],
    open_shop: OpenShop,
    *,
    split: Split = "train",
    conversations: int = 40,
    dropped: Counter[str] | None = None,
) -> Iterator[Example]:
    """Yield the examples of conversations in shops.

    Args:
        shops: Seeds of the shops.
        open_shop: Opens one for real.
        split: Which wordings to use.
        conversations: How many a shop.
        dropped: Counts, by intention, the turns whose label did not hold.
    """
    for seed in shops:
        shop = invent_shop(seed)
        with open_shop(shop) as new_player:
            for number in range(conversations):
                yield from _conversation(Shopper(shop, split, number), new_player(), dropped, seed)


def _conversation(
    shopper: Shopper, player: Player, dropped: Counter[str] | None, shop_seed: int
) -> Iterator[Example]:
    for _ in range(MAX_TURNS):
        turn = shopper.next(player.moment())
        if turn is None:
            return
        example = player.play(turn)
        if example is None:
            if dropped is not None:
                dropped[turn.intention] += 1
            continue
        yield replace(example, shop=shop_seed)


def played_examples(
    shops: Sequence[int],
    open_shop: OpenShop,
    *,
    split: Split = "train",
    conversations: int = 40,
    progress: Callable[[str, int, int | None], None] | None = None,
    dropped: Counter[str] | None = None,
) -> list[dict[str, Any]]:
    """Return the examples of conversations as plain data, telling how far it is shop by shop."""
    made: list[dict[str, Any]] = []
    for done, seed in enumerate(shops):
        if progress is not None:
            progress(f"Conversations, {split}", done, len(shops))
        played = play_conversations(
            [seed], open_shop, split=split, conversations=conversations, dropped=dropped
        )
        made += [asdict(example) for example in played]
    return made
