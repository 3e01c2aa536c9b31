"""How often a planner makes the very tool call that was meant: the name and every argument.

    python -m benchmarks.agent_arguments [--shops 6] [--conversations 8] [--adapter FOLDER] [--first 950000] [--json]

Conversations in invented shops, with shops and wordings that no training ever saw, are played through the serving
code. At each turn the rules, the served adapter under its grammar, both together, and the same server without the
adapter (its scale at 0, the same prompt and grammar) plan; what the shopper meant is carried out. The seconds of the last
two say what the adapter costs.
"""

import argparse
import json
import statistics
import time
from collections import Counter, defaultdict
from functools import partial
from typing import Any

from shopclerk.agents.plan import Plan
from shopclerk.agents.replay import Played, ReplayMaker, open_invented_shop
from shopclerk.agents.trained_planner import TrainedPlanner
from shopclerk.agents.turn_maker import chosen_plan
from shopclerk.errors import EndpointError
from shopclerk.finetune.data.tool_use import played_examples
from shopclerk.models.chat_model import open_chat_model
from shopclerk.models.chat_server import WITH_ADAPTER, WITHOUT_ADAPTER
from shopclerk.settings import load_settings, quiet_libraries

FIRST_SHOP = 950_000
TIMEOUT_S = 60.0


class Count:
    """Plans each turn by every planner and counts who meant what was meant."""

    def __init__(self, model: Any, *, timed: bool) -> None:
        self._model = model
        self._timed = timed
        self.right: Counter[str] = Counter()
        self.tool: Counter[str] = Counter()
        self.by_intention: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.ms: dict[str, list[float]] = {"adapter": [], "scale 0": []}
        self.failed = self.turns = 0
        self.misses: list[dict[str, Any]] = []

    def watch(self, maker: ReplayMaker, played: Played) -> None:
        """Compare the planners' plans with what was meant."""
        if played.turn.image is not None:
            return
        self.turns += 1
        ruled = maker.rules.plan(played.reading, played.context)
        plans = {"rules": ruled, "adapter": self._plan(maker, played, WITH_ADAPTER, "adapter")}
        plans["both"] = ruled
        if maker.rules.unsure(ruled, played.reading):
            plans["both"] = chosen_plan(maker.rules, plans["adapter"], ruled, played.reading)[0]
        if self._timed:
            self._plan(maker, played, WITHOUT_ADAPTER, "scale 0")
        for name, plan in plans.items():
            self.right[name] += _same(plan, played.plan)
            self.tool[name] += plan is not None and plan.tool == played.plan.tool
        seen = self.by_intention[played.turn.intention]
        seen[0] += _same(plans["adapter"], played.plan)
        seen[1] += 1
        if not all(_same(plan, played.plan) for plan in plans.values()):
            self.misses.append(
                {
                    "intention": played.turn.intention,
                    "user": played.turn.text,
                    "meant": _shown(played.plan),
                    **{name: _shown(plan) for name, plan in plans.items()},
                }
            )

    def _plan(self, maker: ReplayMaker, played: Played, extra: Any, name: str) -> Plan | None:
        planner = TrainedPlanner(self._model, maker.executor, timeout_s=TIMEOUT_S, adapter=extra)
        started = time.perf_counter()
        try:
            return planner.plan(played.turn.text, played.reading, played.context)
        except EndpointError:
            self.failed += name == "adapter"
            return None
        finally:
            self.ms[name].append((time.perf_counter() - started) * 1000)

    def record(self) -> dict[str, Any]:
        """Return the figures."""
        share = {name: round(count / self.turns, 4) for name, count in self.right.items()}
        return {
            "turns": self.turns,
            "exact": share,
            "right_tool": {name: round(n / self.turns, 4) for name, n in self.tool.items()},
            "adapter_by_intention": {k: f"{a}/{b}" for k, (a, b) in self.by_intention.items()},
            "no_decision": self.failed,
            "p50_ms": {name: round(statistics.median(ms), 1) for name, ms in self.ms.items() if ms},
        }


def _same(plan: Plan | None, meant: Plan) -> bool:
    if plan is None or plan.tool != meant.tool:
        return False
    return plan.reply == meant.reply if meant.tool is None else plan.arguments == meant.arguments


def _shown(plan: Plan | None) -> Any:
    return plan and (plan.reply if plan.tool is None else {plan.tool: plan.arguments})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=6)
    parser.add_argument("--conversations", type=int, default=8)
    parser.add_argument("--first", type=int, default=FIRST_SHOP)
    parser.add_argument("--adapter", default="embedded")
    parser.add_argument(
        "--timed", action="store_true", help="Time the server without the adapter too."
    )
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    quiet_libraries()
    settings = load_settings(agent_adapter=given.adapter, planner="model")
    count = Count(open_chat_model(settings), timed=given.timed)
    played_examples(
        range(given.first, given.first + given.shops),
        partial(open_invented_shop, watch=count.watch),
        split="heldout",
        conversations=given.conversations,
    )
    record = count.record()
    if given.json:
        print(json.dumps(record))
    else:
        for name, value in record.items():
            print(f"{name:22} {value}")
    for miss in count.misses if given.misses else ():
        print(json.dumps(miss, ensure_ascii=False))


if __name__ == "__main__":
    main()
