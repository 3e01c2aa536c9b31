"""Titles a second through `shopclerk rewrite` against a language model that writes one at a time; memory by rows.

The file is a varied copy of the sample shop whose titles are made messy. The rival is the embedded LLaMA under
transformers.generate on the same cores, greedy, until it ends a title or has written 40 tokens.
"""

import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.processes import fresh_home, start
from benchmarks.results import Cell, Options, ResultTable
from benchmarks.varied_catalog import vary
from shopclerk.catalog.product import Product
from shopclerk.finetune.base_model import base_folder
from shopclerk.settings import Settings
from shopclerk.shop import sample_file

SPEED_ROWS, MEMORY_ROWS = 5_000, (20_000, 200_000)
GENERATED, MAX_TOKENS = 20, 40
ASKED = "Rewrite this product title so that it is short and clean. Title: {title}"
NOISE = (
    "{0} !!! FREE SHIPPING",
    "HOT SALE {0}",
    "{0} {0}",
    "{0} | best price | new arrival",
    "{0}",
)


def run(options: Options) -> Iterator[ResultTable]:
    """Measure speed and memory."""
    with fresh_home(options.settings) as settings:
        yield _speed(settings, options.seed)
        yield _memory(settings, options.seed)


def _speed(settings: Settings, seed: int) -> ResultTable:
    source = _messy_file(settings.home, SPEED_ROWS, seed)
    cores = os.cpu_count() or 1
    by_command = {workers: _rewrite(settings, source, workers) for workers in sorted({1, cores})}
    titles = [json.loads(line)["title"] for line in source.read_text("utf-8").splitlines()]
    rival, rival_ms = _generated(titles[:GENERATED], settings.models_folder)
    rows: list[tuple[Cell, ...]] = [
        ("transformers.generate, one at a time", round(rival, 2), 1.0, None, round(rival_ms))
    ]
    for workers, (report, _, cpu_s) in by_command.items():
        work, whole = report["rows_per_s"], SPEED_ROWS / report["seconds"]
        name = f"shopclerk rewrite, {workers} process{'es' * (workers > 1)}"
        cpu_ms = round(1000 * cpu_s / SPEED_ROWS, 2)
        rows.append((name, round(work), round(work / rival), round(whole), cpu_ms))
    title = f"Titles a second on {cores} cores (n={SPEED_ROWS:,}; generate: n={GENERATED})"
    columns = (
        *("writer", "titles/s", "times generate", "titles/s, file to file"),
        "CPU ms a title, all told",
    )
    return ResultTable("rewrite_speed", title, columns, tuple(rows))


def _memory(settings: Settings, seed: int) -> ResultTable:
    rows: list[tuple[Cell, ...]] = []
    for count in MEMORY_ROWS:
        source = _messy_file(settings.home, count, seed)
        report, peak, _ = _rewrite(settings, source, 1)
        size = round(source.stat().st_size / 1e6, 1)
        rows.append((f"{count:,}", size, round(peak), round(report["seconds"])))
        source.unlink()
    columns = ("rows", "file MB", "peak MB", "seconds")
    return ResultTable("rewrite_speed", "Peak memory of one process", columns, tuple(rows))


def _messy_file(folder: Path, count: int, seed: int) -> Path:
    lines = sample_file().read_text("utf-8").splitlines()
    products = [Product.model_validate_json(line) for line in lines]
    draw, path = random.Random(seed), folder / f"messy-{count}.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for product in vary(products, count, seed=seed):
            title = draw.choice(NOISE).format(product.title)
            title = title.upper() if draw.random() < 0.3 else title
            out.write(json.dumps({**product.record(), "title": title}) + "\n")
    return path


def _rewrite(settings: Settings, source: Path, workers: int) -> tuple[dict[str, Any], float, float]:
    """Run the command; return its report, its greatest resident size in 10^6 bytes, and CPU seconds with all workers.

    The size is that of the parent alone.
    """
    spent = _children_cpu_s()
    target = source.with_name("out.parquet")
    flags = ("-o", str(target), "--overwrite", "--json", "--workers", str(workers))
    with start(settings, "rewrite", str(source), *flags) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _peak_mb(process.pid))
            time.sleep(0.05)
        said = process.stdout.read() if process.stdout else b""
    if process.returncode:
        raise RuntimeError(f"shopclerk rewrite ended with {process.returncode}.")
    return json.loads(said), peak, _children_cpu_s() - spent


def _children_cpu_s() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _peak_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    peaks = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peaks[0].split()[1]) * 1024 / 1e6 if peaks else 0.0


def _generated(titles: Sequence[str], models: Path) -> tuple[float, float]:
    """Return titles a second and CPU milliseconds a title of the embedded LLaMA under plain transformers."""
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = base_folder("embedded", models)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForCausalLM.from_pretrained(folder)

    def write(title: str) -> None:
        messages = [{"role": "user", "content": ASKED.format(title=title)}]
        given: Any = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        with torch.inference_mode():
            model.generate(**given, max_new_tokens=MAX_TOKENS, do_sample=False)

    write(titles[0])
    started, spent = time.perf_counter(), time.process_time()
    for title in titles:
        write(title)
    cpu_ms = 1000 * (time.process_time() - spent) / len(titles)
    return len(titles) / (time.perf_counter() - started), cpu_ms
