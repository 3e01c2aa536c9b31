"""Chunks on Ray Data, on this machine or a cluster.

Chunks travel as Arrow record batches, a window of them at a time, so that neither this process nor the
object store holds the whole file and nodes need no shared disk. Ray's worker processes stay alive between
windows and keep their models. Nodes need the same version of shopclerk installed.
"""

import json
import logging
import os
import socket
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from shopclerk import __version__
from shopclerk.agents.batch.engines import WORKER_DIED, Answered
from shopclerk.agents.batch.source import Chunk
from shopclerk.agents.batch.steps import Opener, Request, Step, answer, failed
from shopclerk.errors import MissingModelError, ModelError, SettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW_CHUNKS_A_WORKER = 16
MAX_OBJECT_STORE_BYTES = 256 * 2**20
RETRIES = 1
KNOCK_S = 5.0


class RayEngine:
    """Works on Ray Data.

    Args:
        opener: Opens the steps in Ray's workers; must be picklable.
        workers: CPUs of a Ray started here.
        address: A running cluster that this machine belongs to (`auto`, `host:6379`); None starts one here.

    Raises:
        MissingModelError: Ray is not installed.
        SettingError: Fewer than one worker, or an address of Ray Client.
    """

    def __init__(self, opener: Opener, workers: int, address: str | None) -> None:
        if workers < 1:
            raise SettingError(f"--workers {workers} is not allowed. Allowed: 1 or more.")
        if (address or "").startswith("ray://"):
            raise SettingError(
                f"Ray Data cannot be used through Ray Client, '{address}'. Run the command on a machine of the "
                "cluster with --address auto, or HOST:6379."
            )
        # No usage reports, and no version check of accelerators that are not there.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        try:
            ray = import_module("ray")
            self._data: Any = import_module("ray.data")
        except ImportError as error:
            raise MissingModelError(
                "Ray is not installed. Install it with: pip install 'shopclerk[ray]'."
            ) from error
        self._ray: Any = ray
        self._opener, self._workers, self._address = opener, workers, address

    def run(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Return every chunk with its answers, window by window."""
        started = self.connect()
        try:
            self._probe()
            todo = iter(chunks)
            size = WINDOW_CHUNKS_A_WORKER * max(1, int(self._ray.cluster_resources().get("CPU", 1)))
            while window := list(islice(todo, size)):
                yield from self._window({chunk.number: chunk for chunk in window})
        finally:
            if started:
                self.disconnect()

    def connect(self) -> bool:
        """Join the cluster or start one; return whether it is ours to end.

        Raises:
            SettingError: Nothing answers at the address, or Ray cannot start here.
        """
        _refuse_silence(self._address)
        if self._ray.is_initialized():
            return False
        own: dict[str, Any] = {
            "num_cpus": self._workers,
            "include_dashboard": False,
            "_node_ip_address": "127.0.0.1",
            "object_store_memory": MAX_OBJECT_STORE_BYTES,
        }
        given = {"address": self._address} if self._address else {"address": "local", **own}
        try:
            self._ray.init(**given, log_to_driver=False, logging_level=logging.FATAL)
        except Exception as error:
            where = f"at '{self._address}'" if self._address else "on this machine"
            raise SettingError(
                f"Ray cannot be used {where}: {str(error)[:300]}. Check the address, set "
                "RAY_AUTH_MODE=token where the cluster asks for its token, or use --engine pool."
            ) from error
        return True

    def disconnect(self) -> None:
        """Leave the cluster, or end the Ray that was started here."""
        self._ray.shutdown()

    def _probe(self) -> None:
        """Open the steps on the cluster once: what fails there fails for every chunk, so it is told at once.

        Raises:
            ModelError: The steps cannot be opened in a worker.
        """
        try:
            self._ray.get(self._ray.remote(_count_steps).remote(self._opener))
        except Exception as error:
            reason = str(error).strip().rpartition("\n")[2][:300]
            raise ModelError(
                f"Ray's workers cannot open the steps: {reason}. Each node needs shopclerk "
                f"{__version__} and its models."
            ) from error

    def _window(self, window: dict[int, Chunk]) -> Iterator[Answered]:
        _quiet(self._data)
        sent = self._data.from_arrow([_sent(chunk) for chunk in window.values()])
        with warnings.catch_warnings():
            # Ray Data retries for ever by default and knows no other way yet to say how often.
            warnings.filterwarnings("ignore", message=".*ray_remote_args.*")
            batches = sent.map_batches(
                _answer_batch,
                fn_args=(self._opener,),
                batch_format="pyarrow",
                batch_size=None,
                max_retries=RETRIES,
            )
        for batch in batches.iter_batches(batch_size=None, batch_format="pyarrow"):
            # Ray may join small blocks: a batch can hold several chunks.
            numbers = batch["chunk"].to_pylist()
            for number in dict.fromkeys(numbers):
                answers = [
                    json.loads(text)
                    for place, text in zip(numbers, batch["answer"].to_pylist(), strict=True)
                    if place == number
                ]
                yield Answered(window.pop(number), answers)
        for chunk in list(window.values()):
            yield Answered(chunk, failed(chunk.requests, WORKER_DIED))


def _refuse_silence(address: str | None) -> None:
    """See that something listens at an address: Ray itself tries for minutes before it gives up.

    Raises:
        SettingError: Nothing does.
    """
    host, _, port = (address or "").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), KNOCK_S).close()
    except OSError as error:
        raise SettingError(
            f"Ray cannot be used at '{address}': {error.strerror or error}. Check the address and that the "
            "cluster runs, or use --engine pool."
        ) from error


def _quiet(data: Any) -> None:
    """Let a chunk whose worker dies go missing instead of ending the run, and keep the terminal clean."""
    context = data.DataContext.get_current()
    context.max_errored_blocks = -1
    context.enable_progress_bars = False
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _count_steps(opener: Opener) -> int:
    return len(_steps(opener))


def _sent(chunk: Chunk) -> pa.Table:
    requests = chunk.requests
    return pa.table(
        {
            "chunk": pa.array([chunk.number] * len(requests), pa.int64()),
            "row_id": pa.array([request.row_id for request in requests], pa.string()),
            "fields": pa.array(
                [json.dumps(request.fields, default=str) for request in requests], pa.string()
            ),
        }
    )


def _answer_batch(batch: pa.Table, opener: Opener) -> pa.Table:
    """Answer a record batch in a worker."""
    requests = [
        Request(row_id, json.loads(fields))
        for row_id, fields in zip(
            batch["row_id"].to_pylist(), batch["fields"].to_pylist(), strict=True
        )
    ]
    answers = [json.dumps(row) for row in answer(requests, _steps(opener))]
    return pa.table({"chunk": batch["chunk"], "answer": pa.array(answers, pa.string())})


@lru_cache(maxsize=4)
def _opened(key: bytes) -> "Sequence[Step]":
    import pickle

    opener: Opener = pickle.loads(key)
    return opener()


def _steps(opener: Opener) -> "Sequence[Step]":
    """Open the steps once a worker process, not once a batch."""
    import pickle

    return _opened(pickle.dumps(opener))
