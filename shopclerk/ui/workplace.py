"""A folder of one running app for what it keeps for a while: uploads, photos of listings, files being made."""

import shutil
import tempfile
import time
from pathlib import Path

from shopclerk.catalog.store import storage_errors

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
