"""Where a model comes from: `embedded`, a local folder, or a hub id.

Nothing is downloaded unless an address names a hub id, that is: it is neither `embedded` nor a path that
exists, and has the form `owner/name`.
"""

import re
from pathlib import Path

EMBEDDED = "embedded"

_HUB_ID = re.compile(r"[A-Za-z0-9_][\w.-]*/[A-Za-z0-9_][\w.-]*")


def hub_allowed(address: str) -> bool:
    """Tell whether an address may be fetched from a hub."""
    return address != EMBEDDED and not Path(address).exists() and bool(_HUB_ID.fullmatch(address))


def check_address(address: str) -> None:
    """Refuse an address that is nowhere, before a library looks for it on a hub.

    Raises:
        FileNotFoundError: It is neither a path that exists nor a hub id.
    """
    if not Path(address).exists() and not hub_allowed(address):
        raise FileNotFoundError(f"no such file or folder, and not a hub id: {address}")
