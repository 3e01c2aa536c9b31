"""Models made once from what a package brings, and kept: the only part of serving that needs torch."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shopclerk.errors import MissingModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Writer = Callable[[Path, Path], None]


def export_once(what: str, source: Path, target: Path, find_writer: Callable[[], Writer]) -> None:
    """Write `target` from `source` unless it is there; it appears whole or not at all.

    Args:
        what: The model's name for people.
        source: The weights.
        target: The file to write.
        find_writer: Imports and returns what writes it.

    Raises:
        MissingModelError: torch, which does it, is not installed.
    """
    if target.exists():
        return
    try:
        write = find_writer()
    except ImportError as error:
        raise MissingModelError(
            f"The embedded {what} must be exported once, and torch does it: "
            "pip install 'shopclerk[train]' and run 'shopclerk models --prepare'. "
            f"Or copy {target.name} from a machine that has it to {target.parent}."
        ) from error
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.part")
    try:
        write(source, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def open_session(model: Path, threads: int) -> "InferenceSession":
    """Open an ONNX file for the CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
