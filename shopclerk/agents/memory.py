"""Conversations kept by thread, in a SQLite file or in memory."""

import sqlite3
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver

from shopclerk.catalog.store import storage_errors


def open_memory(path: Path | None) -> BaseCheckpointSaver[Any]:
    """Return the checkpointer that keeps conversations.

    Args:
        path: The SQLite file; None forgets everything with the process.

    Raises:
        StorageError: The file cannot be written.
    """
    if path is None:
        return InMemorySaver()
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        saver = SqliteSaver(connection)
        saver.setup()
    return saver
