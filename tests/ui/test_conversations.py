import threading

import pytest

from shopclerk.ui.conversations import MAX_KEPT, Conversations, Message


@pytest.fixture
def kept(tmp_path):
    found = Conversations(tmp_path / "web" / "conversations.sqlite")
    yield found
    found.close()


HELLO = (
    Message("user", "a red mug", photo=b"jpeg"),
    Message("assistant", "Here.", (("Searched", "1"),), shown=("mug-1",)),
)


def test_messages_come_back_as_they_were(kept):
    kept.add("anna", "t1", *HELLO)
    assert kept.messages("anna", "t1") == list(HELLO)
    assert [each.title for each in kept.of("anna")] == ["a red mug"]


def test_nobody_reads_writes_rates_or_removes_another_ones(kept):
    kept.add("anna", "t1", *HELLO)
    kept.add("ben", "t1", Message("user", "let me in"))
    kept.like("ben", "t1", 1, True)
    assert not kept.forget("ben", "t1")
    assert kept.messages("ben", "t1") == []
    assert kept.of("ben") == []
    assert kept.messages("anna", "t1") == list(HELLO)
    assert kept.likes() == (0, 0)


def test_thumbs_are_kept_and_taken_back(kept):
    kept.add("anna", "t1", *HELLO)
    kept.like("anna", "t1", 1, True)
    assert kept.likes() == (1, 0)
    kept.like("anna", "t1", 1, False)
    assert kept.likes() == (0, 1)
    kept.like("anna", "t1", 1, None)
    assert kept.likes() == (0, 0)


def test_the_latest_come_first_and_the_oldest_go(kept):
    gone = [
        thread
        for n in range(MAX_KEPT + 2)
        for thread in kept.add("anna", f"t{n}", Message("user", f"mug {n}"))
    ]
    assert gone == ["t0", "t1"]
    found = kept.of("anna")
    assert len(found) == MAX_KEPT
    assert found[0].title == f"mug {MAX_KEPT + 1}"
    assert kept.messages("anna", "t0") == []


def test_a_photo_alone_has_a_title_and_a_long_one_is_cut(kept):
    kept.add("anna", "t1", Message("user", "", photo=b"x"))
    kept.add("anna", "t2", Message("user", "mug  \n" * 100))
    assert [each.title for each in kept.of("anna")][1] == "A photo"
    assert len(kept.of("anna")[0].title) <= 60


def test_it_outlives_the_process(tmp_path):
    path = tmp_path / "c.sqlite"
    first = Conversations(path)
    first.add("anna", "t1", *HELLO)
    first.close()
    second = Conversations(path)
    assert second.messages("anna", "t1") == list(HELLO)
    second.close()


def test_many_at_once(kept):
    def talk(name: str) -> None:
        for number in range(20):
            kept.add(name, f"{name}-thread", Message("user", f"{number}"))

    threads = [threading.Thread(target=talk, args=(f"user{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n in range(6):
        said = kept.messages(f"user{n}", f"user{n}-thread")
        assert [m.text for m in said] == [str(i) for i in range(20)]


def test_threads_are_not_guessed():
    assert len({Conversations.new_thread() for _ in range(100)}) == 100
    assert len(Conversations.new_thread()) == 32
