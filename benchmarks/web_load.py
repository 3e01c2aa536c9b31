"""The web app under load: shoppers at once, many turns, memory.

Each shopper is a client of the endpoint `ask`, so that the queue and the server are part of what is measured.
"""

import os
import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import psutil

from benchmarks.processes import fresh_home, start
from benchmarks.results import Options, ResultTable
from shopclerk.settings import Settings

SHOPPERS = 8
TURNS_EACH = 5
MANY_TURNS = 200
WORDS = (
    "running shoes under ${}",
    "which is the cheapest?",
    "something like a red mug for {} dollars",
    "waterproof jacket below {}",
    "show me more",
)


@contextmanager
def served(settings: Settings) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Serve the sample shop and give its address once it answers."""
    process = start(settings, "ui", "--catalog", "sample", "--port", "0")
    try:
        assert process.stdout
        found = re.search(r"http://\S+?/", process.stdout.readline().decode())
        if found is None:
            raise RuntimeError("The web app did not start.")
        yield found[0], process
    finally:
        process.terminate()
        process.wait(30)


def first_page_s(url: str) -> float:
    """Return the seconds until the page and what it needs at once are there."""
    started = time.perf_counter()
    httpx.get(url, timeout=30).raise_for_status()
    httpx.get(f"{url}config", timeout=30).raise_for_status()
    return time.perf_counter() - started


def talk(url: str, turns: int, number: int = 0) -> list[float]:
    """Hold one conversation and return the seconds of each turn."""
    from gradio_client import Client

    client = Client(url, verbose=False)
    thread, spent = None, []
    for turn in range(turns):
        words = WORDS[turn % len(WORDS)].format(40 + turn + number)
        started = time.perf_counter()
        thread = client.predict(words, thread, None, api_name="/ask")["thread"]
        spent.append(time.perf_counter() - started)
    return spent


def run(options: Options) -> Iterator[ResultTable]:
    """Measure shoppers at once, and one long conversation."""
    os.environ["SHOPCLERK_UI_REQUESTS_PER_MINUTE"] = "100000"
    with fresh_home(options.settings) as settings, served(settings) as (url, process):
        rows: list[tuple[str, float]] = [("page and its configuration, s", first_page_s(url))]
        talk(url, 2)
        alone = talk(url, 2 * TURNS_EACH)
        with ThreadPoolExecutor(SHOPPERS) as pool:
            talks = pool.map(lambda number: talk(url, TURNS_EACH, number), range(SHOPPERS))
            together = [spent for each in talks for spent in each]
        memory = psutil.Process(process.pid).memory_info
        before = memory().rss
        long = talk(url, MANY_TURNS)
        rows += [
            ("a turn of one shopper, median s", statistics.median(alone)),
            (f"a turn of {SHOPPERS} at once, median s", statistics.median(together)),
            (f"a turn of {SHOPPERS} at once, slowest s", max(together)),
            (f"first 20 of {MANY_TURNS} turns, median s", statistics.median(long[:20])),
            (f"last 20 of {MANY_TURNS} turns, median s", statistics.median(long[-20:])),
            (f"memory before {MANY_TURNS} turns, MB", before / 1e6),
            (f"memory after {MANY_TURNS} turns, MB", memory().rss / 1e6),
        ]
    cells = tuple((name, round(value, 3)) for name, value in rows)
    yield ResultTable("web_load", "The web app over the sample shop", ("what", "figure"), cells)
