"""How long a shopper waits: turns by planner, the plan alone by other means, and cold starts."""

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from benchmarks.processes import command_ms, first_answer_ms, fresh_home
from benchmarks.results import Cell, Options, ResultTable, percentiles, time_each
from shopclerk.agents.turn import Turn
from shopclerk.models.chat_model import open_chat_model
from shopclerk.models.chat_server import embedded_gguf
from shopclerk.prompts.loader import load_prompt
from shopclerk.settings import Settings
from shopclerk.shop import Shop, sample_file

PLANNERS = ("both", "model", "rules")
PLAN_TOKENS = 40
FIRST_MESSAGE = "waterproof hiking boots under $120"


def run(options: Options) -> Iterator[ResultTable]:
    """Measure turns, plans and cold starts on the sample shop."""
    with fresh_home(options.settings) as settings:
        settings = settings.model_copy(update={"catalog": "sample"})
        with Shop(settings) as shop:
            shop.refresh()
        yield _turns(settings)
        yield _plans(settings)
        yield _cold(settings, options)


# -- turns -------------------------------------------------------------------------------------------


def _turns(settings: Settings) -> ResultTable:
    lines = (sample_file().parent / "dialogues.jsonl").read_text("utf-8").splitlines()
    dialogues = [json.loads(line) for line in lines]
    count = sum(len(dialogue["turns"]) for dialogue in dialogues)
    rows = tuple(
        (planner, *_played(settings.model_copy(update={"planner": planner}), dialogues))
        for planner in PLANNERS
    )
    columns = ("first token p50 ms", "p95 ms", "whole turn p50 ms", "p95 ms", "by the model %")
    title = f"Turns of the sample dialogues, after a warm-up turn (n={count} a row)"
    return ResultTable("agent_speed", title, ("planner", *columns), rows)


def _played(settings: Settings, dialogues: list[dict[str, Any]]) -> tuple[Cell, ...]:
    with Shop(settings) as shop:
        assistant = shop.assistant()
        assistant.ask(FIRST_MESSAGE, thread="warm-up")
        turns: list[Turn] = [
            assistant.ask(turn["user"], thread=dialogue["id"])
            for dialogue in dialogues
            for turn in dialogue["turns"]
        ]
    by_model = sum(turn.planned_by == "model" for turn in turns)
    first = percentiles([turn.timings_ms.first_token for turn in turns])
    total = percentiles([turn.timings_ms.total for turn in turns])
    return (*first, *total, round(100 * by_model / len(turns), 1))


# -- plans -------------------------------------------------------------------------------------------


def _plans(settings: Settings) -> ResultTable:
    """Time one prompt of the planner, the same number of tokens each, without a grammar."""
    turn = load_prompt("plan_turn").render(search="none", table="", request=FIRST_MESSAGE)
    system = load_prompt("plan_system").render(
        departments="Footwear, Clothing, Kitchen", fields="price, rating, brand, colour"
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        ("embedded llama.cpp server", *_plan_times(partial(_open_server, settings), system, turn)),
        ("transformers.generate", *_plan_times(_open_transformers, system, turn)),
    )
    columns = ("load s", "first plan s", "next plan s", "next plan, tokens/s")
    title = f"One plan of {PLAN_TOKENS} tokens by the same weights (n=1)"
    return ResultTable("agent_speed", title, ("runtime", *columns), rows)


Answer = Callable[[str, str], int]
"""Answers a system and a user message; returns how many tokens it wrote."""


def _plan_times(open_model: Callable[[], Answer], system: str, turn: str) -> tuple[float, ...]:
    started = time.perf_counter()
    answer = open_model()
    loaded = time.perf_counter()
    answer(system, turn)
    first = time.perf_counter()
    tokens = answer(system, turn.replace("boots", "shoes"))
    second = time.perf_counter()
    rate = tokens / (second - first)
    return (*(round(s, 2) for s in (loaded - started, first - loaded, second - first)), round(rate))


def _open_server(settings: Settings) -> Answer:
    model = open_chat_model(settings.model_copy(update={"llm_url": None, "llm_model": "embedded"}))

    def answer(system: str, turn: str) -> int:
        said = model.invoke([("system", system), ("user", turn)], max_tokens=PLAN_TOKENS)
        return int(said.usage_metadata["output_tokens"]) if said.usage_metadata else 0

    return answer


def _open_transformers() -> Answer:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    gguf = embedded_gguf()
    tokenizer = AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
    model: Any = AutoModelForCausalLM.from_pretrained(str(gguf.parent), gguf_file=gguf.name)

    def answer(system: str, turn: str) -> int:
        messages = [{"role": "system", "content": system}, {"role": "user", "content": turn}]
        given: Any = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        with torch.inference_mode():
            said: Any = model.generate(**given, max_new_tokens=PLAN_TOKENS, do_sample=False)
        return int(said.shape[1] - given["input_ids"].shape[1])

    return answer


# -- cold --------------------------------------------------------------------------------------------


def _cold(settings: Settings, options: Options) -> ResultTable:
    message = json.dumps({"user": FIRST_MESSAGE}).encode()
    search = ("search", "waterproof boots", "--catalog", "sample")
    works: dict[str, Callable[[], float]] = {
        "shopclerk --help": lambda: command_ms(settings, "--help"),
        "shopclerk search": lambda: command_ms(settings, *search),
        "shopclerk chat to its first answer": lambda: first_answer_ms(settings, "sample", message),
    }
    rows = []
    for name, work in works.items():
        times = time_each(lambda _, work=work: work(), range(options.repeats))  # type: ignore[misc]  # bound now
        rows.append((name, round(percentiles(times)[0] / 1000, 2), round(max(times) / 1000, 2)))
    title = f"Process start to answer, sample shop indexed (n={options.repeats} a row)"
    return ResultTable("agent_speed", title, ("process", "median s", "slowest s"), tuple(rows))
