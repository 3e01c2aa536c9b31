"""The pool of processes: the same answers, workers that die, steps that cannot be opened."""

import multiprocessing
from functools import partial
from pathlib import Path

import pytest

from shopclerk.agents.batch.engines import WORKER_DIED, open_engine
from shopclerk.agents.batch.pool import PoolEngine
from shopclerk.agents.batch.source import Selection, open_source
from shopclerk.errors import MissingModelError, ModelError, SettingError
from tests.agents.batch.conftest import Runner, make_rows, read_rows, write_rows
from tests.agents.batch.made_steps import UpperStep, open_both, open_dead, open_none, open_upper


def test_a_pool_answers_as_one_process_does(tmp_path: Path, run: Runner) -> None:
    rows = [*make_rows(9), {"id": "w", "title": "weird fail", "brand": ""}]
    path = write_rows(tmp_path / "in.csv", rows)
    run(path, tmp_path / "inline.csv", steps=open_both(), chunk_rows=2)
    run(
        path,
        tmp_path / "pool.csv",
        steps=open_both(),
        chunk_rows=2,
        engine=PoolEngine(open_both, 2),
    )
    assert read_rows(tmp_path / "pool.csv") == read_rows(tmp_path / "inline.csv")


def test_a_chunk_that_kills_its_worker_twice_carries_an_error(tmp_path: Path, run: Runner) -> None:
    rows = make_rows(9)
    rows[4]["title"] = "deadly mug"
    path = write_rows(tmp_path / "in.csv", rows)
    report = run(path, tmp_path / "out.csv", engine=PoolEngine(open_upper, 2))
    got = read_rows(tmp_path / "out.csv")
    assert report.failed == {"error": 3}
    assert [row["id"] for row in got] == [row["id"] for row in rows]
    assert [row["error"] for row in got[3:6]] == [WORKER_DIED] * 3
    assert all(row["new_title"] for row in got[:3] + got[6:])


def test_a_worker_killed_once_costs_nothing(tmp_path: Path, run: Runner) -> None:
    rows = make_rows(4)
    rows[1]["title"] = "deadly mug"
    opener = partial(open_upper, 0.0, tmp_path / "died")
    path = write_rows(tmp_path / "in.csv", rows)
    report = run(path, tmp_path / "out.csv", engine=PoolEngine(opener, 1), chunk_rows=2)
    assert (tmp_path / "died").exists()
    assert report.failed == {"error": 0}
    assert read_rows(tmp_path / "out.csv")[1]["new_title"] == "DEADLY MUG"


@pytest.mark.parametrize(
    ("opener", "error", "reason"),
    [
        (open_none, MissingModelError, "The model 'x' is not there"),
        (open_dead, ModelError, "die while they open the models"),
    ],
    ids=["missing", "dead"],
)
def test_steps_that_cannot_be_opened_end_the_run(
    tmp_path: Path, run: Runner, opener: object, error: type[Exception], reason: str
) -> None:
    path = write_rows(tmp_path / "in.csv", make_rows(2))
    with pytest.raises(error, match=reason):
        run(path, tmp_path / "out.csv", engine=PoolEngine(opener, 1))  # type: ignore[arg-type]  # parametrised
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


def test_closing_the_run_ends_the_workers(tmp_path: Path) -> None:
    source = open_source(Selection(write_rows(tmp_path / "in.csv", make_rows(8))))
    survey = source.survey(lambda *_: None)
    answered = PoolEngine(open_upper, 2).run(source.chunks(survey.schema, 1))
    next(answered)
    answered.close()  # type: ignore[attr-defined]  # a generator
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("workers", [0, 257])
def test_a_number_of_workers_has_limits(workers: int) -> None:
    with pytest.raises(SettingError, match="Allowed: 1 to 256"):
        PoolEngine(open_upper, workers)


def test_engines_are_known_by_name() -> None:
    steps = [UpperStep()]
    with pytest.raises(SettingError, match="Known here: inline, pool, ray"):
        open_engine("spark", open_upper, steps)  # type: ignore[arg-type]  # what a person may type
    with pytest.raises(SettingError, match="--engine ray as well"):
        open_engine("pool", open_upper, steps, address="auto")
