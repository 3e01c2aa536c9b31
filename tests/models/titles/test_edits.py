"""Changes that can be taken back, all of them and one by one."""

from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.titles.edits import EditedText, undo_all, undo_one

texts = st.lists(
    st.sampled_from(["red", "Red", "shoe", "RED", "!!", "10", "ml", ",", "été"]), max_size=8
).map(" ".join)


def edited(*versions):
    text = EditedText(versions[0])
    for number, version in enumerate(versions[1:]):
        text.become(version, f"rule {number}")
    return text


@given(versions=st.lists(texts, min_size=1, max_size=5))
def test_all_undone_is_the_input(versions):
    text = edited(*versions)
    assert undo_all(text.text, text.changes) == versions[0]


@given(versions=st.lists(texts, min_size=2, max_size=5), data=st.data())
def test_one_by_one_in_any_order_ends_at_the_input(versions, data):
    text = edited(*versions)
    now, left = text.text, list(text.changes)
    while left:
        index = data.draw(st.integers(0, len(left) - 1))
        before = len(left)
        now, left = undo_one(now, left, index)
        assert len(left) < before
        assert undo_all(now, left) == versions[0]
    assert now == versions[0]


def test_one_change_goes_and_the_others_stay():
    text = edited("SALE blk shoe", "blk shoe", "Black shoe", "Black Shoe")
    now, left = undo_one(text.text, text.changes, 2)
    assert now == "Black shoe"
    assert [change.rule for change in left] == ["rule 0", "rule 1"]


def test_what_was_built_on_a_change_goes_with_it():
    text = edited("blk shoe", "black shoe", "Black shoe")
    now, left = undo_one(text.text, text.changes, 0)
    assert (now, left) == ("blk shoe", [])


def test_a_change_says_where_and_what():
    text = edited("a blk shoe", "a black shoe")
    (change,) = text.changes
    assert (change.span, change.before, change.after) == ((2, 5), "blk", "black")


def test_no_difference_is_no_change():
    text = EditedText("a")
    assert text.become("a", "rule") is False
    assert text.changes == []


def test_a_long_stretch_is_one_change():
    text = edited("x " * 1000, "y " * 999)
    assert len(text.changes) == 1
    assert undo_all(text.text, text.changes) == "x " * 1000
