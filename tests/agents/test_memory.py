"""Conversations that are carried on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shopclerk.agents.memory import open_memory
from shopclerk.agents.turn_maker import MAX_TURNS_KEPT
from shopclerk.errors import StorageError
from shopclerk.shop import Shop


@contextmanager
def reopened(sample: Shop) -> Iterator[Shop]:
    """The sample shop once more, as another process would open it."""
    with Shop(sample.settings, encoder=sample.encoder) as shop:
        yield shop


def kept(path: Path, thread: str) -> int:
    """Return how many messages the file holds of a thread."""
    saver = open_memory(path)
    found = saver.get_tuple({"configurable": {"thread_id": thread}})
    saver.conn.close()
    return len(found.checkpoint["channel_values"]["messages"]) if found else 0


def test_a_conversation_goes_on_after_the_file_was_reopened(sample: Shop, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "talks.sqlite"
    with reopened(sample) as shop:
        shop.assistant(memory=path).ask("kettles", thread="ann")
    with reopened(sample) as shop:
        turn = shop.assistant(memory=path).ask("how much is the second one?", thread="ann")
    assert turn.tool_calls[0].args == {"id": "kett-002"}
    assert "$92.00" in turn.answer


def test_a_conversation_can_be_forgotten(sample: Shop, tmp_path: Path) -> None:
    clerk = sample.assistant(memory=tmp_path / "memory.sqlite")
    clerk.ask("kettles", thread="ann")
    clerk.ask("blue mugs", thread="bob")
    clerk.forget("ann")
    assert clerk.ask("the second one", thread="ann").tool_calls == ()
    assert clerk.ask("the first one", thread="bob").tool_calls[0].args == {"id": "mug-002"}


def test_threads_do_not_know_each_other(sample: Shop, tmp_path: Path) -> None:
    clerk = sample.assistant(memory=tmp_path / "talks.sqlite")
    clerk.ask("kettles", thread="ann")
    clerk.ask("blue mugs", thread="bob")
    assert clerk.ask("the second one", thread="ann").tool_calls[0].args == {"id": "kett-002"}
    assert clerk.ask("the first one", thread="bob").tool_calls[0].args == {"id": "mug-002"}
    assert clerk.ask("the first one", thread="eve").tool_calls == ()


def test_without_a_file_nothing_is_kept(sample: Shop) -> None:
    sample.assistant().ask("kettles", thread="ann")
    assert sample.assistant().ask("the second one", thread="ann").tool_calls == ()


def test_sixty_turns_keep_the_state_bounded(sample: Shop, tmp_path: Path) -> None:
    path = tmp_path / "talks.sqlite"
    clerk = sample.assistant(memory=path)
    sizes = []
    for number in range(60):
        clerk.ask(("mugs", "kettles", "the first one")[number % 3], thread="ann")
        sizes += [kept(path, "ann")] if number % 10 == 9 else []
    assert sizes[1:] == [4 * MAX_TURNS_KEPT] * 5


def test_what_is_recent_is_still_known_after_many_turns(sample: Shop) -> None:
    clerk = sample.assistant()
    for _ in range(MAX_TURNS_KEPT + 2):
        clerk.ask("kettles", thread="ann")
    assert clerk.ask("the second one", thread="ann").tool_calls[0].args == {"id": "kett-002"}


def test_a_file_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        open_memory(tmp_path / "file" / "talks.sqlite")
