"""The page of rows before and after."""

from pathlib import Path

import pytest

from shopclerk.agents.batch.preview import PREVIEW_ROWS, Part, PreviewRow, preview, write_page
from shopclerk.agents.batch.source import Selection
from shopclerk.errors import StorageError
from tests.agents.batch.conftest import make_rows, write_rows
from tests.agents.batch.made_steps import BrandStep, UpperStep


def page_of(tmp_path: Path, title: str) -> str:
    path = write_rows(tmp_path / "in.csv", [{"id": "<i>", "title": title}])
    write_page(preview(Selection(path), [BrandStep(), UpperStep()]), path, tmp_path / "page.html")
    return (tmp_path / "page.html").read_text("utf-8")


def test_what_a_title_holds_is_shown_as_text(tmp_path: Path) -> None:
    page = page_of(tmp_path, "<script>alert('x')</script> {{ 7 * 7 }} \"mug\"")
    assert "<script" not in page.casefold()
    assert "&lt;script&gt;alert(" in page
    assert "{{ 7 * 7 }}" in page
    assert "&lt;i&gt;" in page


def test_new_cells_stand_beneath(tmp_path: Path) -> None:
    page = page_of(tmp_path, "weird mug")
    assert "The title is weird." in page
    assert "<dt>brand_error</dt>" in page


@pytest.mark.parametrize(("limit", "count"), [(None, PREVIEW_ROWS), (3, 3), (30, 30), (500, 50)])
def test_so_many_rows_are_shown(tmp_path: Path, limit: int | None, count: int) -> None:
    path = write_rows(tmp_path / "in.csv", make_rows(50))
    step = UpperStep()
    assert len(preview(Selection(path, limit=limit), [step])) == count
    assert sum(step.batches) <= count + PREVIEW_ROWS


def test_differences_are_told_word_by_word() -> None:
    row = PreviewRow("1", "RED  mug !!!", "Red mug", [])
    assert row.parts() == [
        Part("gone", "RED"),
        Part("new", "Red"),
        Part("same", "mug"),
        Part("gone", "!!!"),
    ]


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        write_page([], tmp_path / "in.csv", tmp_path / "none" / "page.html")
