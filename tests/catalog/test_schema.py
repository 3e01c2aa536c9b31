"""The schema: made in an empty file, carried forward, refused when newer."""

import sqlite3
from collections.abc import Iterator

import pytest

from shopclerk.catalog import schema
from shopclerk.catalog.schema import MIGRATIONS, migrate
from shopclerk.errors import StorageError


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def tables(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_an_empty_file_gets_the_present_schema(db: sqlite3.Connection) -> None:
    migrate(db)
    assert version(db) == len(MIGRATIONS)
    assert {"product", "product_text", "facet_value", "vocabulary", "vector_gone"} <= tables(db)


def test_migrating_twice_is_migrating_once(db: sqlite3.Connection) -> None:
    migrate(db)
    db.execute("INSERT INTO meta VALUES ('key', 'kept')")
    migrate(db)
    assert db.execute("SELECT value FROM meta").fetchone() == ("kept",)


def test_a_newer_schema_is_refused(db: sqlite3.Connection) -> None:
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StorageError, match=r"schema version \d+.*Upgrade shopclerk"):
        migrate(db)


def test_an_older_store_runs_what_is_missing(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(db)
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE later (x);"))
    migrate(db)
    assert "later" in tables(db)
    assert version(db) == len(MIGRATIONS) + 1


def test_a_migration_that_fails_leaves_nothing_behind(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE later (x); NONSENSE"))
    with pytest.raises(sqlite3.OperationalError, match="NONSENSE"):
        migrate(db)
    assert (tables(db), version(db)) == (set(), 0)
