"""The store: batches, the queue of vectors, its caches' clock, threads and broken files."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from shopclerk.catalog.facets import all_facet_values
from shopclerk.catalog.product import Product
from shopclerk.catalog.schema import MIGRATIONS
from shopclerk.catalog.spelling import store_vocabulary
from shopclerk.catalog.store import STORE_FILE, BatchCount, Store, storage_errors
from shopclerk.errors import StorageError, UnknownProductError
from tests.listings import any_catalog, temporary_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "store")
    yield made
    made.close()


def changed(product: Product, **fields: Any) -> Product:
    return product.model_copy(update=fields)


def embed_all(store: Store) -> None:
    store.vectors_done(store.due_vectors(1_000))


def everything(store: Store) -> list[list[tuple[Any, ...]]]:
    tables = ("product", "product_text", "product_facet", "facet_value", "vocabulary", "meta")
    return [store.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


def test_what_is_written_reads_back(store: Store, products: list[Product]) -> None:
    assert store.upsert(products) == BatchCount(added=12)
    assert len(store) == 12
    assert list(store.products()) == products
    assert set(store.ids()) == {product.id for product in products}
    assert store.get("run-1") == products[0]
    assert store.by_rows([store.row_of("run-1"), 999]) == {1: products[0]}


def test_unchanged_products_cost_nothing(store: Store, products: list[Product]) -> None:
    store.upsert(products)
    before = everything(store)
    assert store.upsert(products) == BatchCount(unchanged=12)
    assert everything(store) == before


@settings(max_examples=40)
@given(any_catalog)
def test_writing_twice_is_writing_once(catalog: list[Product]) -> None:
    with temporary_store(catalog) as store:
        before = everything(store)
        assert store.upsert(catalog) == BatchCount(unchanged=len(catalog))
        assert everything(store) == before


@settings(max_examples=40)
@given(any_catalog, any_catalog)
def test_a_changed_catalogue_is_as_if_written_anew(old: list[Product], new: list[Product]) -> None:
    with temporary_store(old) as store, temporary_store(new) as fresh:
        store.upsert(new)
        store.delete({product.id for product in old} - {product.id for product in new})
        assert store_vocabulary(store) == store_vocabulary(fresh)
        assert all_facet_values(store) == all_facet_values(fresh)
        assert {p.id: p.record() for p in store.products()} == {p.id: p.record() for p in new}


@settings(max_examples=40)
@given(any_catalog)
def test_deleting_everything_leaves_nothing(catalog: list[Product]) -> None:
    with temporary_store(catalog) as store:
        assert store.delete([product.id for product in catalog]) == len(catalog)
        assert len(store) == 0
        *rows, _meta = everything(store)
        assert rows == [[], [], [], [], []]


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"price": 1.0}, False),
        ({"stock": 0, "rating": 1.0}, False),
        ({"images": ("other.jpg",)}, False),
        ({"title": "Other"}, True),
        ({"description": "Other"}, True),
        ({"tags": ("other",)}, True),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else None,
)
def test_only_a_change_of_text_makes_the_vector_due(
    store: Store, products: list[Product], fields: dict[str, Any], due: bool
) -> None:
    store.upsert(products)
    embed_all(store)
    assert store.upsert([changed(products[0], **fields)]) == BatchCount(changed=1)
    assert store.due_count() == due
    assert store.get("run-1") == changed(products[0], **fields)


def test_a_vector_that_is_due_stays_due_when_the_price_changes(
    store: Store, products: list[Product]
) -> None:
    store.upsert(products)
    store.upsert([changed(products[0], price=1.0)])
    assert store.due_count() == 12


def test_a_text_changed_meanwhile_stays_on_the_queue(store: Store, products: list[Product]) -> None:
    store.upsert(products)
    due = store.due_vectors(100)
    store.upsert([changed(products[0], title="Other")])
    store.vectors_done(due)
    assert [item.row for item in store.due_vectors(100)] == [store.row_of("run-1")]


def test_the_last_of_a_batch_wins(store: Store, products: list[Product]) -> None:
    first = products[0]
    count = store.upsert([first, changed(first, price=1.0)])
    assert (len(store), store.get("run-1").price, count.added) == (1, 1.0, 1)


def test_a_batch_is_written_whole_or_not_at_all(
    store: Store, products: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.upsert(products[:1])
    before = everything(store)

    def killed(product: Product) -> bytes:
        if product.id == "pack-2":
            raise RuntimeError("killed")
        return b""

    monkeypatch.setattr(Product, "text_hash", killed)
    with pytest.raises(RuntimeError, match="killed"):
        store.upsert(products)
    assert everything(store) == before


def test_a_batch_is_one_transaction(store: Store, products: list[Product]) -> None:
    statements: list[str] = []
    store._writer.set_trace_callback(statements.append)
    store.upsert(products)
    store._writer.set_trace_callback(None)
    borders = [line for line in statements if line.split()[0] in ("BEGIN", "COMMIT", "ROLLBACK")]
    assert borders == ["BEGIN IMMEDIATE", "COMMIT"]


def test_the_generation_grows_with_every_write(store: Store, products: list[Product]) -> None:
    seen = [store.generation]
    for write in (
        lambda: store.upsert(products),
        lambda: store.upsert(products),
        lambda: store.upsert([changed(products[0], price=1.0)]),
        lambda: store.delete(["run-1"]),
        lambda: store.delete(["run-1"]),
    ):
        write()
        seen.append(store.generation)
    assert seen == [0, 1, 1, 2, 3, 3]


def test_a_deleted_row_is_not_used_again_while_its_vector_lies_about(
    store: Store, products: list[Product]
) -> None:
    store.upsert(products)
    last = store.row_of("mystery")
    store.delete(["mystery"])
    assert store.gone_vectors() == [last]
    store.upsert([products[-1]])
    assert store.row_of("mystery") > last
    store.forget_gone([last])
    assert store.gone_vectors() == []


@pytest.mark.parametrize("look_up", ["get", "row_of"])
def test_an_unknown_id_says_what_to_do(store: Store, look_up: str) -> None:
    with pytest.raises(UnknownProductError, match=r"'nothing'.*Search first"):
        getattr(store, look_up)("nothing")


def test_notes_last(store: Store) -> None:
    assert store.meta("source") is None
    store.set_meta("source", "a")
    store.set_meta("source", "b")
    assert store.meta("source") == "b"


def test_threads_write_and_read_at_once(store: Store, products: list[Product]) -> None:
    def write(number: int) -> None:
        store.upsert([changed(item, id=f"{item.id}-{number}") for item in products])

    def read(_number: int) -> bool:
        rows = store.db.execute("SELECT (SELECT count(*) FROM product), count(*) FROM product_text")
        products_seen, texts_seen = rows.fetchone()
        return products_seen == texts_seen and products_seen % 12 == 0

    with ThreadPoolExecutor(8) as pool:
        writing = [pool.submit(write, number) for number in range(20)]
        assert all(pool.map(read, range(200)))
        for job in writing:
            job.result()
    assert len(store) == 240


def test_another_store_on_the_folder_sees_what_was_written(
    store: Store, products: list[Product]
) -> None:
    other = Store(store.folder)
    store.upsert(products)
    assert len(other) == 12
    other.close()


def test_a_writer_that_holds_the_store_is_waited_for_then_named(
    store: Store, products: list[Product]
) -> None:
    other = Store(store.folder, busy_timeout_s=0.05)
    with store.transaction(), pytest.raises(StorageError, match="Another process is writing"):
        other.upsert(products)
    assert other.upsert(products) == BatchCount(added=12)
    other.close()


def test_many_may_open_an_empty_folder_at_once(tmp_path: Path) -> None:
    barrier = threading.Barrier(6)

    def open_store(_number: int) -> int:
        barrier.wait()
        store = Store(tmp_path / "new")
        size = len(store)
        store.close()
        return size

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(open_store, range(6))) == [0] * 6


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / STORE_FILE)
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(StorageError, match="Upgrade shopclerk"):
        Store(tmp_path)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).touch()
    store = Store(tmp_path)
    assert len(store) == 0
    store.close()


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes(b"not a database at all " * 500)
    with pytest.raises(StorageError, match=r"damaged.*index the file again"):
        Store(tmp_path)


def test_a_folder_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="Cannot write to"):
        Store(tmp_path / "file")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (sqlite3.OperationalError("database or disk is full"), "is full. Free some space"),
        (sqlite3.OperationalError("database is locked"), "Another process"),
        (sqlite3.OperationalError("attempt to write"), "Is the folder writable"),
        (OSError(28, "No space left on device"), "No space left"),
    ],
    ids=["full", "locked", "read-only", "os"],
)
def test_errors_say_what_to_do(tmp_path: Path, error: Exception, told: str) -> None:
    with pytest.raises(StorageError, match=told), storage_errors(tmp_path):
        raise error
