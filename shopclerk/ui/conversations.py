"""The conversations of the web app's shoppers as they were shown, each seen by its owner alone.

What the assistant remembers of them lies in its own memory; this is the transcript.
"""

import json
import secrets
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shopclerk.catalog.store import storage_errors

Role = Literal["user", "assistant"]

MAX_KEPT = 50
"""Conversations kept of one owner; the oldest goes first."""
TITLE_CHARS = 60

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    thread TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, changed REAL NOT NULL);
CREATE INDEX IF NOT EXISTS conversation_owner ON conversation (owner, changed);
CREATE TABLE IF NOT EXISTS message (
    thread TEXT NOT NULL REFERENCES conversation ON DELETE CASCADE, number INTEGER NOT NULL, role TEXT NOT NULL,
    text TEXT NOT NULL, steps TEXT NOT NULL, photo BLOB, shown TEXT NOT NULL, liked INTEGER,
    PRIMARY KEY (thread, number));
"""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was shown.

    Attributes:
        role: Who said it.
        text: The words.
        steps: What was done for it, title and detail of each.
        photo: The photo that came with it, a small JPEG.
        shown: Ids of the products beside it.
    """

    role: Role
    text: str
    steps: tuple[tuple[str, str], ...] = ()
    photo: bytes | None = None
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list."""

    thread: str
    title: str


class Conversations:
    """Keeps transcripts in a SQLite file.

    Args:
        path: The file; None keeps them in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        folder = path.parent if path else Path()
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path or ":memory:", check_same_thread=False, isolation_level=None
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.executescript(_SCHEMA)

    @staticmethod
    def new_thread() -> str:
        """Return a name for a conversation that nobody guesses."""
        return secrets.token_hex(16)

    def add(self, owner: str, thread: str, *messages: Message) -> list[str]:
        """Put messages at the end of a conversation, begun here if it is new.

        Returns:
            The threads that are no longer kept.
        """
        with self._lock:
            if self._owner(thread) not in (None, owner):
                return []
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._write(owner, thread, messages)
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            return self._drop_oldest(owner)

    def _write(self, owner: str, thread: str, messages: tuple[Message, ...]) -> None:
        title = next((m.text for m in messages if m.role == "user" and m.text), "A photo")
        self._db.execute(
            "INSERT INTO conversation VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET changed = excluded.changed",
            (thread, owner, " ".join(title.split())[:TITLE_CHARS], time.time()),
        )
        query = "SELECT count(*) FROM message WHERE thread = ?"
        first = self._db.execute(query, (thread,)).fetchone()[0]
        rows = [
            (thread, number, m.role, m.text, json.dumps(m.steps), m.photo, json.dumps(m.shown))
            for number, m in enumerate(messages, first)
        ]
        columns = "thread, number, role, text, steps, photo, shown"
        self._db.executemany(f"INSERT INTO message ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def _drop_oldest(self, owner: str) -> list[str]:
        query = "SELECT thread FROM conversation WHERE owner = ? ORDER BY changed DESC LIMIT -1 OFFSET ?"
        gone = [thread for (thread,) in self._db.execute(query, (owner, MAX_KEPT))]
        self._db.executemany(
            "DELETE FROM conversation WHERE thread = ?", [(thread,) for thread in gone]
        )
        return gone

    def _owner(self, thread: str) -> str | None:
        query = "SELECT owner FROM conversation WHERE thread = ?"
        found = self._db.execute(query, (thread,)).fetchone()
        return found[0] if found else None

    def of(self, owner: str) -> list[Conversation]:
        """Return an owner's conversations, the latest first."""
        query = "SELECT thread, title FROM conversation WHERE owner = ? ORDER BY changed DESC"
        with self._lock:
            return [Conversation(*row) for row in self._db.execute(query, (owner,))]

    def messages(self, owner: str, thread: str) -> list[Message]:
        """Return what was said in a conversation; nothing where it is another's."""
        query = (
            "SELECT role, text, steps, photo, shown FROM message WHERE thread = ? ORDER BY number"
        )
        with self._lock:
            if self._owner(thread) != owner:
                return []
            rows = self._db.execute(query, (thread,)).fetchall()
        return [
            Message(role, text, tuple(map(tuple, json.loads(steps))), photo, tuple(json.loads(ids)))
            for role, text, steps, photo, ids in rows
        ]

    def like(self, owner: str, thread: str, number: int, liked: bool | None) -> None:
        """Keep what a shopper thinks of a message; None takes it back."""
        with self._lock:
            if self._owner(thread) == owner:
                query = "UPDATE message SET liked = ? WHERE thread = ? AND number = ?"
                self._db.execute(query, (None if liked is None else int(liked), thread, number))

    def likes(self) -> tuple[int, int]:
        """Return how many messages were liked, and how many were not."""
        query = "SELECT ifnull(sum(liked = 1), 0), ifnull(sum(liked = 0), 0) FROM message"
        with self._lock:
            up, down = self._db.execute(query).fetchone()
        return up, down

    def forget(self, owner: str, thread: str) -> bool:
        """Remove a conversation; return whether it was this owner's."""
        with self._lock:
            if self._owner(thread) != owner:
                return False
            self._db.execute("DELETE FROM conversation WHERE thread = ?", (thread,))
            return True

    def close(self) -> None:
        """Close the file."""
        self._db.close()
