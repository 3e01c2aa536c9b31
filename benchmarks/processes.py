"""Commands of shopclerk as processes of their own, timed from their start."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from shopclerk.models.text_encoder import open_text_encoder
from shopclerk.settings import Settings


@contextmanager
def fresh_home(settings: Settings) -> Iterator[Settings]:
    """Give an empty home that goes away again; only exported models are taken along."""
    open_text_encoder(settings.text_encoder, settings.models_folder)
    with TemporaryDirectory(prefix="shopclerk-benchmark-") as name:
        if settings.models_folder.exists():
            copytree(settings.models_folder, Path(name) / "models")
        yield settings.model_copy(update={"home": Path(name)})


def start(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `shopclerk` with some arguments and the given home."""
    return subprocess.Popen(
        [sys.executable, "-m", "shopclerk", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "SHOPCLERK_HOME": str(settings.home)},
    )


def command_ms(settings: Settings, *arguments: str) -> float:
    """Return the milliseconds from starting a command to its end."""
    started = time.perf_counter()
    with start(settings, *arguments) as process:
        process.communicate()
    _expect_success(process.returncode, arguments)
    return (time.perf_counter() - started) * 1000


def first_answer_ms(settings: Settings, catalog: str, message: bytes) -> float:
    """Return the milliseconds from starting a chat to its first whole answer."""
    arguments = ("chat", "--catalog", catalog, "--jsonl")
    started = time.perf_counter()
    with start(settings, *arguments) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(message + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        elapsed = (time.perf_counter() - started) * 1000
        process.stdin.close()
    _expect_success(process.returncode, arguments)
    return elapsed


def _expect_success(code: int, arguments: tuple[str, ...]) -> None:
    if code:
        raise RuntimeError(f"shopclerk {' '.join(arguments)} ended with {code}.")
