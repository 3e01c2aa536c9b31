"""Who plans best: rules, the base model, the model with its adapter, or adapter and rules together.

    python -m benchmarks.agent_table [DIALOGUES …] [--unseen] [--planners rules,base,adapter,both] [--adapter FOLDER] [--json]

Each DIALOGUES is a folder with catalog.jsonl and dialogues.jsonl; the default is the five invented shops beside this
file, which the planners were developed on, and with --unseen the two that they were not. Prints, for each planner, turn success, dialogue success, tool errors and a turn's median time.
"""

import argparse
import json
import tempfile
from pathlib import Path

from shopclerk.evals.agent import run
from shopclerk.settings import Settings, load_settings, quiet_libraries

HERE = Path(__file__).parent / "data" / "dialogues"
UNSEEN = ("angler", "werkstatt")
"""Written before anything was measured on them; nothing was changed for what they showed."""
PLANNERS = {
    "rules": {"planner": "rules"},
    "base": {"planner": "model", "agent_adapter": "none"},
    "adapter": {"planner": "model"},
    "both": {"planner": "both"},
}


def settings_for(planner: str, adapter: str, home: Path) -> Settings:
    """Return the settings that let one of the planners plan."""
    given = {"agent_adapter": adapter, "home": home, "plan_timeout_s": 30.0, **PLANNERS[planner]}
    return load_settings(**given)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--planners", default=",".join(PLANNERS))
    parser.add_argument("--adapter", default="embedded")
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    quiet_libraries()
    own = sorted(path for path in HERE.iterdir() if path.is_dir())
    folders = given.folders or [path for path in own if (path.name in UNSEEN) is given.unseen]
    rows = []
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "models").mkdir()
        onnx = load_settings().models_folder
        if onnx.exists():
            (Path(home) / "models").rmdir()
            (Path(home) / "models").symlink_to(onnx)
        for planner in given.planners.split(","):
            reports = [run(f, settings_for(planner, given.adapter, Path(home))) for f in folders]
            turns = sum(report.n for report in reports)

            def mean(name: str, reports: list = reports, turns: int = turns) -> float:
                return sum((r.metrics[name] or 0.0) * r.n for r in reports) / turns

            row = {
                "planner": planner,
                "turns": turns,
                "turn_success": round(mean("turn_success"), 4),
                "tool_error_rate": round(mean("tool_error_rate"), 4),
                "planned_by_model": round(mean("planned_by_model"), 4),
                "p50_ms": sorted(r.latency_ms["p50"] for r in reports)[len(reports) // 2],
                "each": {
                    f.name: r.metrics["turn_success"] for f, r in zip(folders, reports, strict=True)
                },
            }
            rows.append(row)
            print(json.dumps(row) if given.json else _line(row), flush=True)
            if given.failures:
                for report in reports:
                    for failure in report.failures:
                        print(
                            "   ",
                            json.dumps(
                                {
                                    k: failure[k]
                                    for k in (
                                        "turn",
                                        "user",
                                        "unmet",
                                        "invented",
                                        "tool_calls",
                                        "answer",
                                        "planned_by",
                                    )
                                },
                                ensure_ascii=False,
                            )[:420],
                        )


def _line(row: dict) -> str:
    each = ", ".join(f"{name} {value:.3f}" for name, value in row["each"].items())
    return (
        f"{row['planner']:8} turns {row['turns']:4}  turn success {row['turn_success']:.3f}  tool errors "
        f"{row['tool_error_rate']:.3f}  p50 {row['p50_ms']:.0f} ms  ({each})"
    )


if __name__ == "__main__":
    main()
