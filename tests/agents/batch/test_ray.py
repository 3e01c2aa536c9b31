"""Ray Data, really started: the same answers, workers that die, nodes without the models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="ray is not installed")

from shopclerk.agents.batch.engines import WORKER_DIED
from shopclerk.agents.batch.ray_engine import RayEngine
from shopclerk.errors import MissingModelError, ModelError, SettingError
from tests.agents.batch.conftest import Runner, make_rows, read_rows, write_rows
from tests.agents.batch.made_steps import open_both, open_none

# Ray leaves files to the garbage collector and uses what it has itself deprecated.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::DeprecationWarning:ray",
)


@pytest.fixture(scope="module")
def engine() -> Iterator[RayEngine]:
    """Ray on this machine, started once for all tests here."""
    made = RayEngine(open_both, 2, None)
    assert made.connect()
    yield made
    made.disconnect()


def test_ray_answers_as_one_process_does(tmp_path: Path, run: Runner, engine: RayEngine) -> None:
    rows = [*make_rows(7), {"id": "w", "title": "weird fail", "brand": ""}]
    path = write_rows(tmp_path / "in.parquet", rows)
    steps = open_both()
    run(path, tmp_path / "inline.jsonl", steps=steps, chunk_rows=2)
    run(path, tmp_path / "ray.jsonl", steps=steps, chunk_rows=2, engine=engine)
    assert read_rows(tmp_path / "ray.jsonl") == read_rows(tmp_path / "inline.jsonl")


def test_a_chunk_that_kills_its_worker_twice_carries_an_error(
    tmp_path: Path, run: Runner, engine: RayEngine
) -> None:
    rows = make_rows(6)
    rows[2]["title"] = "deadly mug"
    path = write_rows(tmp_path / "in.csv", rows)
    report = run(path, tmp_path / "out.csv", steps=open_both(), chunk_rows=2, engine=engine)
    got = read_rows(tmp_path / "out.csv")
    assert report.failed == {"brand_error": 0, "title_error": 0, "error": 2}
    assert [row["error"] for row in got] == ["", "", WORKER_DIED, WORKER_DIED, "", ""]
    assert [row["id"] for row in got] == [row["id"] for row in rows]


def test_steps_that_cannot_be_opened_end_the_run(
    tmp_path: Path, run: Runner, engine: RayEngine
) -> None:
    path = write_rows(tmp_path / "in.csv", make_rows(2))
    assert engine.connect() is False
    with pytest.raises(ModelError, match=r"workers cannot open the steps.*The model 'x'"):
        run(path, tmp_path / "out.csv", engine=RayEngine(open_none, 2, None))


def test_an_address_where_nothing_listens_is_told_at_once() -> None:
    with pytest.raises(SettingError, match=r"'127\.0\.0\.1:1'.*Check the address"):
        RayEngine(open_both, 2, "127.0.0.1:1").connect()


def test_the_client_of_ray_is_refused() -> None:
    with pytest.raises(SettingError, match="--address auto"):
        RayEngine(open_both, 2, "ray://head:10001")


def test_no_worker_is_told() -> None:
    with pytest.raises(SettingError, match="Allowed: 1 or more"):
        RayEngine(open_both, 0, None)


def test_without_ray_it_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from shopclerk.agents.batch import ray_engine

    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(ray_engine, "import_module", absent)
    with pytest.raises(MissingModelError, match=r"pip install 'shopclerk\[ray\]'"):
        RayEngine(open_both, 2, None)
