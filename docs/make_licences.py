"""Write licences.md: every package that an installation brings along, with its licence, read from what is installed.

python docs/make_licences.py
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

HERE = Path(__file__).parent
SERVING = ("embedded", "ui", "mcp", "ray")
"""Extras that a running shop uses; what trains and tests is listed apart."""
COPYLEFT = re.compile(
    r"(?<![A-Z])(?:A?GPL|LGPL|MPL|EUPL|CDDL|EPL)|General Public|Mozilla", re.IGNORECASE
)
HEAD = """# Licences of what is installed

Made by `python docs/make_licences.py` from the packages of one installation ({count} packages, Python {python}); shopclerk
itself is Apache-2.0. A licence is what the package says of itself; copyleft is marked with *.
"""


def name_of(requirement: str) -> str:
    """Return a requirement's package name, as registries normalise it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found else ""


def requirements(extras: tuple[str, ...] | None = None) -> list[str]:
    """Return the direct requirements of the package, or of some of its extras."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    if extras is None:
        return list(project["dependencies"])
    return [each for extra in extras for each in project["optional-dependencies"][extra]]


def closure(direct: list[str]) -> dict[str, Distribution]:
    """Return the installed packages that some requirements bring along."""
    found: dict[str, Distribution] = {}
    waiting = [name_of(each) for each in direct]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        waiting += [name_of(each) for each in found[name].requires or () if "extra ==" not in each]
    return found


def licence(package: Distribution) -> str:
    """Return what a package says of its licence, in a few words."""
    about = package.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    classes = [
        each.rpartition("::")[2].strip()
        for each in about.get_all("Classifier", [])
        if each.startswith("License ::") and not each.endswith("OSI Approved")
    ]
    if classes:
        return "; ".join(classes)
    lines = str(about.get("License", "")).strip().splitlines() or [""]
    return lines[0][:60] or "not said"


def table(packages: dict[str, Distribution]) -> Iterator[str]:
    """Yield a table of packages."""
    yield "| package | version | licence |\n|---|---|---|"
    for name, package in sorted(packages.items()):
        said = licence(package)
        mark = " *" if COPYLEFT.search(said) else ""
        yield f"| {name} | {package.version} | {said.replace('|', '/')}{mark} |"


def main() -> None:
    """Write the file."""
    import platform

    serving = closure([*requirements(), *requirements(SERVING)])
    training = closure(requirements(("train", "gpu")))
    desk = closure(requirements(("dev",)))
    parts = [
        HEAD.format(count=len(serving | training | desk), python=platform.python_version()),
        "## What serves a shop\n",
        *table(serving),
        "\n## What else training brings\n",
        *table({name: each for name, each in training.items() if name not in serving}),
        "\n## What else tests bring\n",
        *table({n: each for n, each in desk.items() if n not in serving | training}),
    ]
    (HERE / "licences.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
