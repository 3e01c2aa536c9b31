"""What importing the package costs, and that every module says what it is."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import shopclerk

PACKAGE = Path(shopclerk.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = ("torch", "transformers", "langchain", "langgraph", "chromadb", "onnxruntime", "polars")
PROBE = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))
"""


@pytest.mark.parametrize("name", ["shopclerk", "shopclerk.cli", "shopclerk.settings"])
def test_importing_loads_nothing_heavy(name: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", PROBE, name],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [heavy for heavy in HEAVY if f'"{heavy}"' in found.stdout] == []
    assert f'"{name.partition(".")[0]}"' in found.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_and_its_public_names_say_what_they_are(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    definitions = ast.FunctionDef | ast.ClassDef
    public = [node for node in tree.body if isinstance(node, definitions) and node.name[0] != "_"]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()
