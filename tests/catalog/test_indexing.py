"""Indexing: what changed and no more, and what a kill, a full disk or a lost index leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopclerk.catalog import indexing
from shopclerk.catalog.indexing import (
    IndexReport,
    index_file,
    indexing_lock,
    rebuild_vectors,
    repair_queue,
    update_vectors,
)
from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import StorageError, UnreadableFileError
from tests.conftest import ShopMaker
from tests.fakes import HashEncoder
from tests.listings import write_catalog

ROOT = Path(__file__).parents[2]
CHILD = """
import sys
from pathlib import Path
from shopclerk.catalog import indexing
from shopclerk.catalog.store import Store
from shopclerk.catalog.vectors import VectorIndex
from tests.fakes import HashEncoder

file, folder = map(Path, sys.argv[1:])
indexing.ROWS_A_BATCH = indexing.VECTORS_A_BATCH = 25
store = Store(folder)
vectors = VectorIndex(folder, HashEncoder.id)
print("ready", flush=True)
indexing.index_file(
    file, store, vectors, HashEncoder(), progress=lambda *step: print(*step, flush=True)
)
"""


class Catalog:
    """A store with its vectors and an encoder that counts, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder)
        self.vectors = VectorIndex(folder, HashEncoder.id)
        self.encoder = HashEncoder()

    def index(self, file: Path, **options: bool) -> IndexReport:
        return index_file(file, self.store, self.vectors, self.encoder, **options)

    def close(self) -> None:
        self.store.close()
        self.vectors.close()

    def is_whole(self) -> bool:
        rows = self.store.embedded_rows()
        return set(self.vectors.rows()) == rows and len(rows) == len(self.store)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    made = Catalog(tmp_path / "catalog")
    yield made
    made.close()


def listings(count: int) -> list[Product]:
    return [Product(id=f"p{number}", title=f"Thing number {number}") for number in range(count)]


def counts(report: IndexReport) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "deleted", "missing", "rejected", "embedded")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


# -- what changed and no more ------------------------------------------------------------------------


def test_the_first_run_makes_everything(catalog: Catalog, catalog_file: Path) -> None:
    report = catalog.index(catalog_file)
    assert counts(report) == {"added": 12, "embedded": 12}
    assert report.reject_file is None
    assert 0 < report.encode_s < report.total_s
    assert catalog.is_whole()


def test_a_second_run_makes_nothing(catalog: Catalog, catalog_file: Path) -> None:
    catalog.index(catalog_file)
    assert counts(catalog.index(catalog_file)) == {"unchanged": 12}
    assert catalog.encoder.encoded == 12


def test_only_what_changed_is_made_again(
    catalog: Catalog, catalog_file: Path, products: list[Product]
) -> None:
    catalog.index(catalog_file)
    products[0] = products[0].model_copy(update={"price": 1.0})
    products[1] = products[1].model_copy(update={"title": "Other"})
    write_catalog(catalog_file, [*products, Product(id="new", title="New")])
    expected = {"added": 1, "changed": 2, "unchanged": 10, "embedded": 2}
    assert counts(catalog.index(catalog_file)) == expected
    assert catalog.is_whole()


@pytest.mark.parametrize(("prune", "told"), [(True, "deleted"), (False, "missing")])
def test_products_that_left_the_file(
    catalog: Catalog, catalog_file: Path, products: list[Product], prune: bool, told: str
) -> None:
    catalog.index(catalog_file)
    write_catalog(catalog_file, products[:9])
    assert counts(catalog.index(catalog_file, prune=prune)) == {"unchanged": 9, told: 3}
    assert len(catalog.vectors) == len(catalog.store) == (9 if prune else 12)


def test_a_file_without_a_good_row_deletes_nothing(catalog: Catalog, catalog_file: Path) -> None:
    catalog.index(catalog_file)
    catalog_file.write_text('{"id": "1"}\n{"title": "x"}\n', encoding="utf-8")
    expected = {"missing": 12, "rejected": 2}
    assert counts(catalog.index(catalog_file, prune=True)) == expected
    write_catalog(catalog_file, [])
    assert counts(catalog.index(catalog_file.with_suffix(".csv"), prune=True)) == {"missing": 12}
    catalog_file.write_text("", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="It is empty"):
        catalog.index(catalog_file, prune=True)
    assert len(catalog.store) == 12


def test_rejected_rows_are_written_down(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("id,title,price\n1,Boots,9\n,Shoes,9\n3,Hat,cheap\n1,Again,1\n", "utf-8")
    report = catalog.index(file)
    assert counts(report) == {"added": 1, "rejected": 3, "embedded": 1}
    assert report.reject_file
    rejects = [json.loads(line) for line in report.reject_file.read_text("utf-8").splitlines()]
    assert [reject["line"] for reject in rejects] == [3, 4, 5]
    assert "id is missing" in rejects[0]["reason"]


def test_batches_of_any_size_give_the_same(
    catalog: Catalog, catalog_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "ROWS_A_BATCH", 5)
    monkeypatch.setattr(indexing, "VECTORS_A_BATCH", 7)
    assert counts(catalog.index(catalog_file)) == {"added": 12, "embedded": 12}
    assert catalog.is_whole()


def test_progress_is_told(catalog: Catalog, catalog_file: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    index_file(
        catalog_file,
        catalog.store,
        catalog.vectors,
        catalog.encoder,
        progress=lambda *step: told.append(step),
    )
    assert told == [("Reading", 12, None), ("Embedding", 12, 12)]


def test_without_vectors_they_stay_due(catalog: Catalog, catalog_file: Path) -> None:
    assert counts(index_file(catalog_file, catalog.store, None, None)) == {"added": 12}
    assert catalog.store.due_count() == 12
    assert update_vectors(catalog.store, catalog.vectors, catalog.encoder) == 12


@pytest.mark.parametrize("count", [0, 1])
def test_the_smallest_catalogues(catalog: Catalog, tmp_path: Path, count: int) -> None:
    file = write_catalog(tmp_path / "c.jsonl", listings(count))
    assert catalog.index(file).added == count
    assert catalog.is_whole()


def test_two_hundred_columns(catalog: Catalog, tmp_path: Path) -> None:
    names = [f"attr:column {number}" for number in range(198)]
    rows = [f"{row},Thing {row}," + ",".join(f"v{row}" for _ in names) for row in range(20)]
    file = tmp_path / "c.csv"
    file.write_text("\n".join([",".join(["id", "title", *names]), *rows]), encoding="utf-8")
    assert catalog.index(file).added == 20
    assert catalog.store.get("7").attributes["column 197"] == "v7"


# -- mending -----------------------------------------------------------------------------------------


def test_an_update_with_nothing_due_costs_nothing(catalog: Catalog, catalog_file: Path) -> None:
    catalog.index(catalog_file)
    assert update_vectors(catalog.store, catalog.vectors, catalog.encoder) == 0
    assert catalog.encoder.encoded == 12


def test_lost_vectors_are_found_by_counting(catalog: Catalog, catalog_file: Path) -> None:
    catalog.index(catalog_file)
    catalog.vectors.delete([1, 5])
    assert update_vectors(catalog.store, catalog.vectors, catalog.encoder) == 2
    assert catalog.is_whole()


def test_a_thorough_look_finds_what_counting_does_not(catalog: Catalog, catalog_file: Path) -> None:
    catalog.index(catalog_file)
    catalog.vectors.delete([1])
    catalog.vectors.upsert([999], catalog.encoder.encode(["stray"]))
    assert repair_queue(catalog.store, catalog.vectors) == 0
    assert repair_queue(catalog.store, catalog.vectors, thorough=True) == 2
    update_vectors(catalog.store, catalog.vectors, catalog.encoder)
    assert catalog.is_whole()


def test_vectors_of_deleted_products_are_removed(catalog: Catalog, catalog_file: Path) -> None:
    catalog.index(catalog_file)
    catalog.store.delete(["run-1", "mug-1"])
    update_vectors(catalog.store, catalog.vectors, catalog.encoder)
    assert catalog.is_whole()
    assert catalog.store.gone_vectors() == []


def test_rebuilding_makes_every_vector_anew(catalog: Catalog, catalog_file: Path) -> None:
    catalog.index(catalog_file)
    rebuild_vectors(catalog.store, catalog.vectors)
    assert (len(catalog.vectors), catalog.store.due_count()) == (0, 12)
    assert update_vectors(catalog.store, catalog.vectors, catalog.encoder) == 12
    assert catalog.is_whole()


def test_a_vector_folder_deleted_behind_our_back_is_made_again(shop: ShopMaker) -> None:
    first = shop()
    first.close()
    shutil.rmtree(first.vectors.folder)
    again = shop()
    assert len(again.vectors) == 12
    assert again.search("hiking boots").hits[0].semantic is not None


# -- killed, crowded, full ---------------------------------------------------------------------------


def child(file: Path, folder: Path) -> subprocess.Popen[str]:
    """Start indexing in a process of its own and wait until it is about to begin."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(file), str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize(
    ("steps", "delay_s"),
    [(0, 0.0), (4, 0.003), (13, 0.0), (15, 0.011), (21, 0.002), (23, 0.0)],
    ids=str,
)
def test_a_killed_run_is_carried_on(tmp_path: Path, steps: int, delay_s: float) -> None:
    file = write_catalog(tmp_path / "c.jsonl", listings(300))
    with child(file, tmp_path / "catalog") as process:
        assert process.stdout
        for _ in range(steps):
            process.stdout.readline()
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
    catalog = Catalog(tmp_path / "catalog")
    report = catalog.index(file)
    assert report.added + report.unchanged == 300
    assert sorted(catalog.store.ids()) == sorted(product.id for product in listings(300))
    assert catalog.is_whole()
    catalog.close()


def test_a_second_indexer_is_turned_away(catalog: Catalog, catalog_file: Path) -> None:
    with (
        indexing_lock(catalog.folder),
        pytest.raises(StorageError, match=r"Another process is indexing.*nothing was changed"),
    ):
        catalog.index(catalog_file)
    assert len(catalog.store) == 0
    assert catalog.index(catalog_file).added == 12


def test_a_second_process_is_turned_away(catalog: Catalog, tmp_path: Path) -> None:
    file = write_catalog(tmp_path / "c.jsonl", listings(2_000))
    with child(file, catalog.folder) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(StorageError, match="Another process is indexing"):
            catalog.index(file)
        process.kill()
    assert catalog.index(file).unchanged > 0
    assert len(catalog.store) == 2_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_says_so_and_loses_nothing(
    small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "ROWS_A_BATCH", 100)
    few = write_catalog(tmp_path / "few.jsonl", listings(100))
    many = write_catalog(tmp_path / "many.jsonl", listings(20_000))
    catalog = Catalog(small_disk / "catalog")
    catalog.index(few)
    with pytest.raises(StorageError, match="full"):
        catalog.index(many)
    assert {product.id for product in listings(100)} <= set(catalog.store.ids())
    assert len(catalog.store) % 100 == 0
    assert catalog.store.get("p7") == listings(8)[7]
    catalog.close()
