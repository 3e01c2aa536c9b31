"""Who may use the web app.

Without a password it listens on loopback alone. Names and secrets are compared in constant time.
"""

import hmac
from collections.abc import Mapping
from pathlib import Path

from shopclerk.errors import SettingError
from shopclerk.hosts import is_loopback
from shopclerk.settings import Settings

MIN_SECRET_CHARS = 8


class Access:
    """Knows who may sign in.

    Args:
        secrets: Name to password or token; empty lets everybody in.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)

    @classmethod
    def of(cls, settings: Settings) -> "Access":
        """Return the access that the settings want.

        Raises:
            SettingError: Nobody could sign in and the app would listen beyond this machine, or the token file or
                the password is of no use.
        """
        secrets = _read_tokens(settings.ui_token_file) if settings.ui_token_file else {}
        if settings.ui_password is not None:
            secrets[settings.ui_user] = settings.ui_password.get_secret_value()
        for name, secret in secrets.items():
            if len(secret) < MIN_SECRET_CHARS:
                raise SettingError(
                    f"The password or token of '{name}' is too short: give it {MIN_SECRET_CHARS} characters or more."
                )
        if not secrets and not is_loopback(settings.ui_host):
            raise SettingError(
                f"The web app does not listen on '{settings.ui_host}' for everybody. Set ui_password or ui_token_file, "
                "or leave ui_host at 127.0.0.1."
            )
        return cls(secrets)

    @property
    def wanted(self) -> bool:
        """Whether one must sign in."""
        return bool(self._secrets)

    def allows(self, name: str, secret: str) -> bool:
        """Return whether this name may come in with this password or token."""
        known = self._secrets.get(name, "")
        same = hmac.compare_digest(known.encode(), secret.encode("utf-8", "replace"))
        return bool(known) and same


def _read_tokens(path: Path) -> dict[str, str]:
    try:
        lines = path.expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise SettingError(f"The token file '{path}' cannot be read: {error}.") from error
    tokens = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, found, token = line.partition(":")
        if not found or not name.strip() or not token.strip():
            raise SettingError(f"Line {number} of the token file '{path}' is not `name:token`.")
        tokens[name.strip()] = token.strip()
    if not tokens:
        raise SettingError(f"The token file '{path}' names nobody; write `name:token` lines.")
    return tokens
