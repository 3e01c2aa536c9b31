import json

import pytest

from shopclerk.ui.rejects import MOST_SHOWN, rejects_table


def written(path, count):
    lines = [json.dumps({"line": n, "reason": f"<b>no title {n}</b>"}) for n in range(count)]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("count", "caption"), [(1, "1 row was"), (2, "2 rows were"), (250, "250 rows were")]
)
def test_rows_are_told_with_how_many_there_are(tmp_path, count, caption):
    html = rejects_table(written(tmp_path / "rejects.jsonl", count))
    assert caption in html
    assert html.count("<tr>") == 1 + min(count, MOST_SHOWN)
    assert "<b>" not in html


def test_without_rejects_there_is_nothing(tmp_path):
    assert rejects_table(None) == ""
    assert rejects_table(tmp_path / "none.jsonl") == ""
    assert rejects_table(written(tmp_path / "empty.jsonl", 0)) == ""
