"""Results as pages for the documents: a table, how it was had, and a plot where there are figures to compare."""

import platform
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.results import Cell, ResultTable

MOST_BARS = 20


def write_pages(tables: Sequence[ResultTable], folder: Path) -> list[Path]:
    """Write one page a benchmark, with its plots beside it, and return the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for name in dict.fromkeys(table.name for table in tables):
        own = [table for table in tables if table.name == name]
        page = folder / f"{name}.md"
        parts = [f"# {name.replace('_', ' ').capitalize()}", _source(name)]
        for number, table in enumerate(own):
            parts += [f"## {table.title}", _markdown(table)]
            if plot := _plot(table, folder / f"{name}-{number}.svg"):
                parts.append(f"![{table.title}]({plot.name})")
        page.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        pages.append(page)
    return pages


def _source(name: str) -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    commit = done.stdout.strip() or "unknown"
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"`python -m benchmarks {name}`, {date.today()}, commit {commit}, {machine}."


def _markdown(table: ResultTable) -> str:
    rows = [
        table.columns,
        tuple("---" for _ in table.columns),
        *(tuple(_cell(cell) for cell in row) for row in table.rows),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell).replace("|", "\\|")


def _plot(table: ResultTable, path: Path) -> Path | None:
    """Draw the first column of figures; nothing where the rows hold different things."""
    place = next(
        (
            number
            for number in range(1, len(table.columns))
            if any(isinstance(row[number], float) for row in table.rows)
        ),
        None,
    )
    if place is None or table.columns[place] == "figure" or len(table.rows) < 2:
        return None
    from matplotlib.figure import Figure

    bars = [(str(row[0]), row[place]) for row in table.rows[:MOST_BARS]]
    known = [(name, float(value)) for name, value in bars if isinstance(value, int | float)]
    figure = Figure(figsize=(7, 0.7 + 0.35 * len(known)), layout="constrained")
    axes = figure.add_subplot()
    drawn = axes.barh([name for name, _ in known], [value for _, value in known], color="#0f766e")
    axes.bar_label(drawn, fmt="{:g}", padding=3)
    axes.invert_yaxis()
    axes.set_xlabel(table.columns[place])
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    return path
