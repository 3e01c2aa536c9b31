import pytest

from shopclerk.agents.listing.draft import Made
from shopclerk.ui.listing_view import attribute_rows, attributes_of, note, quality

EVIL = "<script>alert(1)</script>"


def test_a_note_tells_confidence_model_and_reason():
    html = note(Made(value="a", confidence=0.93, by="rules", why="the words"))
    assert "93%" in html
    assert "rules · the words" in html
    assert note(None) == ""


def test_alternatives_can_be_clicked_the_value_itself_is_none():
    made = Made(value="A", alternatives=(("A", 0.9), ("B", 0.3), ("C", 0.001)))
    html = note(made, alternatives=True)
    assert 'data-value="B"' in html
    assert 'data-value="A"' not in html
    assert "30%" in html
    assert "0%</small>" not in html.replace("30%", "")


def test_an_error_is_told_as_it_is():
    assert "problem" in note(Made(error="no model"))


def finding(**more):
    return {
        "severity": "error",
        "message": "bad",
        "mend": {"advice": "mend it", "field": None, "value": None},
        **more,
    }


def test_only_what_a_program_can_mend_has_a_button():
    mend = {"advice": "use this", "field": "title", "value": "Mug"}
    verdict = {"score": 36, "parts": {"content": 50}, "findings": [finding(), finding(mend=mend)]}
    html = quality(verdict)
    assert html.count("<button") == 1
    assert 'data-number="1"' in html
    assert "--share:36" in html


def test_everything_is_escaped():
    verdict = {"score": 1, "parts": {EVIL: 1}, "findings": [finding(message=EVIL, severity=EVIL)]}
    html = quality(verdict) + note(
        Made(by=EVIL, why=EVIL, alternatives=((EVIL, 0.5),)), alternatives=True
    )
    assert "<script" not in html


@pytest.mark.parametrize(
    ("rows", "attributes"),
    [
        ([["colour", "red"], ["", ""], ["size", " 10 "]], {"colour": "red", "size": "10"}),
        ([["colour", None], [None, "x"]], {}),
        ([], {}),
    ],
)
def test_rows_become_attributes(rows, attributes):
    assert attributes_of(rows) == attributes


def test_attributes_become_rows():
    assert attribute_rows({"size": ["1", "2"], "colour": "red"}) == [
        ["size", "1, 2"],
        ["colour", "red"],
    ]
    assert attribute_rows(None) == []
