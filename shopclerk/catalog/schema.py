"""The SQLite schema of a catalogue and its migrations.

`PRAGMA user_version` holds the schema version. A migration is one SQL script; the n-th brings version
n to n + 1. Opening an older store runs what is missing inside one transaction; a newer one is refused.
"""

import sqlite3

from shopclerk.errors import StorageError

MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE product (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        brand TEXT,
        category TEXT,
        price REAL,
        rating REAL,
        stock INTEGER,
        data TEXT NOT NULL,
        content_hash BLOB NOT NULL,
        text_hash BLOB NOT NULL,
        vector_due INTEGER NOT NULL DEFAULT 1
    );
    CREATE INDEX product_price ON product (price);
    CREATE INDEX product_due ON product (row) WHERE vector_due = 1;
    CREATE TABLE vector_gone (row INTEGER PRIMARY KEY);
    CREATE VIRTUAL TABLE product_text USING fts5 (
        title, brand, category, attributes, description,
        tokenize = 'porter unicode61 remove_diacritics 2'
    );
    CREATE TABLE facet_value (
        id INTEGER PRIMARY KEY, field TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (field, value)
    );
    CREATE TABLE product_facet (
        value_id INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (value_id, row)
    ) WITHOUT ROWID;
    CREATE INDEX product_facet_row ON product_facet (row);
    CREATE TABLE vocabulary (word TEXT PRIMARY KEY, products INTEGER NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE picture (
        row INTEGER PRIMARY KEY,
        state TEXT NOT NULL DEFAULT 'due',
        encoder TEXT,
        vector BLOB,
        meaning BLOB,
        fingerprints TEXT,
        placed INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX picture_state ON picture (state);
    CREATE INDEX picture_unplaced ON picture (row) WHERE placed = 0;
    CREATE TABLE picture_gone (row INTEGER PRIMARY KEY);
    INSERT INTO picture (row)
        SELECT row FROM product WHERE json_array_length(data, '$.images') > 0;
    """,
)


def migrate(db: sqlite3.Connection) -> None:
    """Bring a store to the present schema.

    Raises:
        StorageError: The store was written by a newer shopclerk.
    """
    if _version(db) == len(MIGRATIONS):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for number in range(_version(db), len(MIGRATIONS)):
            for statement in filter(str.strip, MIGRATIONS[number].split(";")):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number + 1}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _version(db: sqlite3.Connection) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StorageError(
            f"This catalogue has schema version {version}; this shopclerk knows up to "
            f"{len(MIGRATIONS)}. Upgrade shopclerk, or index the file again into another folder."
        )
    return version
