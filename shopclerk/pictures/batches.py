"""Many pictures read side by side, in order, with memory that does not grow."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from shopclerk.errors import PictureError
from shopclerk.pictures.limits import DEFAULT, PictureLimits
from shopclerk.pictures.reading import Picture, open_picture

LOOK_AHEAD = 4
"""Pictures a worker may be ahead of the one who takes them."""


def decode_many(
    sources: Iterable[str | Path | bytes],
    limits: PictureLimits = DEFAULT,
    *,
    folder: Path | None = None,
    workers: int = 2,
) -> Iterator[Picture | PictureError]:
    """Read pictures in threads and yield them in the order of their sources.

    A picture that cannot be read comes out as its error, so that one bad file does not stop the rest.
    Sources are drawn as results are taken: at most `workers * LOOK_AHEAD` pictures are held.

    Args:
        sources: Paths, URLs or bytes, as for `open_picture`.
        limits: What each picture may cost.
        folder: What relative paths are relative to.
        workers: Threads; Pillow decodes outside Python's lock, so they help up to the CPU's cores.
    """

    def read(source: str | Path | bytes) -> Picture | PictureError:
        try:
            return open_picture(source, limits, folder=folder)
        except PictureError as error:
            return error

    waiting: deque[Future[Picture | PictureError]] = deque()
    pool = ThreadPoolExecutor(max(1, workers), thread_name_prefix="pictures")
    try:
        for source in sources:
            waiting.append(pool.submit(read, source))
            if len(waiting) >= max(1, workers) * LOOK_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
