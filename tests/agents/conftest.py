"""Fixtures for the assistant: the sample shop, indexed once, and conversations over it."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from shopclerk.agents.assistant import Assistant, assistant_speller
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.reading import Reading, read_message
from shopclerk.agents.turn import Turn
from shopclerk.shop import Shop, sample_file
from tests.fakes import HashEncoder

Talk = Callable[..., list[Turn]]
Read = Callable[[str], Reading]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The sample shop with vectors of hashed words."""
    home = tmp_path_factory.mktemp("sample")
    settings = {"home": home, "planner": "rules", "image_encoder": "none"}
    with Shop.open(sample_file(), encoder=HashEncoder(), **settings) as shop:
        yield shop


@pytest.fixture(scope="session")
def lexicon(sample: Shop) -> Lexicon:
    """The words of the sample shop."""
    return Lexicon.of(sample.store)


@pytest.fixture(scope="session")
def clerk(sample: Shop) -> Assistant:
    """An assistant over the sample shop that plans by rules."""
    return sample.assistant()


@pytest.fixture(scope="session")
def talk(clerk: Assistant) -> Talk:
    """Play messages in a conversation of their own and return the turns."""
    numbers = itertools.count()

    def play(*messages: str) -> list[Turn]:
        thread = f"talk-{next(numbers)}"
        return [clerk.ask(message, thread=thread) for message in messages]

    return play


@pytest.fixture(scope="session")
def read(sample: Shop, lexicon: Lexicon) -> Read:
    """Read a message in terms of the sample shop."""
    speller = assistant_speller(sample.searcher)
    return lambda message: read_message(message, lexicon, speller)
