"""A folder of one running app for what it keeps for a while: uploads, photos of listings, files being made."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from shopclerk.catalog.store import storage_errors
from shopclerk.errors import SettingError

UPLOADS = "uploads"
LEFT_BEHIND_S = 24 * 3600
"""A folder that nothing was added to for so long belonged to an app that was killed."""


def own_workplace(parent: Path) -> Path:
    """Make an empty folder that nobody else can read, and sweep what killed apps left behind.

    Raises:
        StorageError: It cannot be made.
    """
    with storage_errors(parent):
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.iterdir():
            if time.time() - left.stat().st_mtime > LEFT_BEHIND_S:
                shutil.rmtree(left, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix="app-", dir=parent))


class Uploads:
    """The files that visitors sent; a path from outside this folder is none, whoever names it.

    Args:
        folder: Where the server puts them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, given: Any) -> Path:
        """Return where an upload lies.

        Args:
            given: Its path, or a record with its `path`.

        Raises:
            SettingError: It was not uploaded here, or is gone.
        """
        named = given.get("path") if isinstance(given, dict) else getattr(given, "path", given)
        path = Path(str(named)).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise SettingError(
                "That file was not uploaded here, or it is gone. Please send it again."
            )
        return path

    def take(self, given: Any) -> bytes:
        """Return the bytes of an upload and remove it.

        Raises:
            SettingError: It was not uploaded here, or is gone.
        """
        path = self.path(given)
        try:
            return path.read_bytes()
        finally:
            path.unlink(missing_ok=True)
