"""Files that hold a taxonomy.

- Shopify's list: `gid://shopify/TaxonomyCategory/ap-1 : Animals > Live Animals`
- Google's list: `3237 - Animals > Live Animals`
- CSV or TSV of paths, with a column `path` or `category` and, if wished, `id` and `aliases` (several apart by `;`)
- CSV or TSV of a tree, with the columns `id`, `name`, `parent` (the parent's id, empty for a root)
- a plain list of paths, one a line

Lines that begin with `#` are comments; the first one names the version.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from shopclerk.catalog.taxonomy import (
    MAX_DEPTH,
    MAX_NAME_CHARS,
    SEPARATOR,
    Category,
    Taxonomy,
    split_path,
)
from shopclerk.catalog.text import fold
from shopclerk.errors import TaxonomyError

EMBEDDED = "embedded"
OWN_FILE = "taxonomy_own.csv"
PATH_COLUMNS = ("path", "category", "full_name", "full name", "category path")

_LINE = re.compile(r"(?P<id>\S+)\s*(?:\s:|\s-|\t)\s+(?P<path>\S.*)")

Line = tuple[int, str]


def open_taxonomy(address: str | Path) -> Taxonomy:
    """Read the taxonomy at an address: `embedded`, the small one that comes along, or a file.

    Raises:
        TaxonomyError: There is no such file, or it is no taxonomy.
    """
    if str(address) == EMBEDDED:
        own = files("shopclerk.catalog").joinpath(OWN_FILE)
        return read_text(own.read_text("utf-8"), "shopclerk", table=",")
    path = Path(address).expanduser()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TaxonomyError(
            f"{path} is not UTF-8 (byte {error.start} is {error.object[error.start]:#04x}). Save it as UTF-8."
        ) from error
    except OSError as error:
        raise TaxonomyError(
            f"Cannot read the taxonomy '{path}': {error.strerror or error}. Name a category file, or 'embedded'."
        ) from error
    table = {".csv": ",", ".tsv": "\t"}.get(path.suffix.lower(), "")
    return read_text(text, str(path), table=table)


def read_text(text: str, name: str, *, table: str = "") -> Taxonomy:
    """Read a taxonomy from the text of its file.

    Args:
        text: The whole file.
        name: What errors call it.
        table: The separator of a table with a header; empty for a list of lines.

    Raises:
        TaxonomyError: It is no taxonomy; the message names the line.
    """
    lines = list(enumerate(text.splitlines(), 1))
    comments = [line.lstrip("# ").strip() for _, line in lines if line.startswith("#")]
    content = [(number, line) for number, line in lines if line.strip() and line[0] != "#"]
    notes: list[str] = []
    read = _table(content, name, table, notes) if table else _list(content, name, notes)
    return Taxonomy(
        _merged(read, notes),
        name=name,
        version=comments[0] if comments else "",
        notes=notes,
    )


def _list(lines: Iterable[Line], name: str, notes: list[str]) -> list[Category]:
    rows = [(number, _LINE.fullmatch(line.strip()), line.strip()) for number, line in lines]
    if any(match for _, match, _ in rows):
        return [
            Category(match["id"], _path(match["path"], name, number))
            if match
            else _no_category(name, number, line)
            for number, match, line in rows
        ]
    return _with_parents(((_path(line, name, number), "", ()) for number, _, line in rows), notes)


def _no_category(name: str, number: int, line: str) -> Category:
    raise TaxonomyError(
        f"{name}, line {number}: '{line[:60]}' is no category. A line looks like '12 : Shoes > Boots' or "
        "'12 - Shoes > Boots'."
    )


def _path(text: str, name: str, number: int) -> tuple[str, ...]:
    """Cut a path, refusing what no reader could use."""
    path = split_path(text)
    if not path or len(path) > MAX_DEPTH:
        raise TaxonomyError(
            f"{name}, line {number}: a path has 1 to {MAX_DEPTH} names, this one has {len(path)}."
        )
    if longest := next((part for part in path if len(part) > MAX_NAME_CHARS), None):
        raise TaxonomyError(
            f"{name}, line {number}: the name '{longest[:40]}…' has {len(longest):,} characters; "
            f"at most {MAX_NAME_CHARS} are allowed."
        )
    return path


def _table(lines: Iterable[Line], name: str, separator: str, notes: list[str]) -> list[Category]:
    text = "\n".join(line for _, line in lines)
    rows = csv.DictReader(io.StringIO(text), delimiter=separator)
    columns = {fold(column): column for column in rows.fieldnames or () if column}
    numbered = list(enumerate(rows, 2))
    path = next((columns[each] for each in PATH_COLUMNS if each in columns), None)
    if path is None and {"id", "name", "parent"} <= columns.keys():
        return _tree(numbered, columns, name)
    if path is None:
        raise TaxonomyError(
            f"{name} has the columns {', '.join(columns) or 'none'}. Needed: one of {', '.join(PATH_COLUMNS[:2])} "
            "(and, if wished, id, aliases), or the three id, name, parent."
        )
    get = _getter(columns)
    return _with_parents(
        (
            (
                _path(row[path] or "", name, number),
                get(row, "id"),
                tuple(part.strip() for part in get(row, "aliases").split(";") if part.strip()),
            )
            for number, row in numbered
        ),
        notes,
    )


def _getter(columns: Mapping[str, str]) -> Callable[[Mapping[str, str | None], str], str]:
    def get(row: Mapping[str, str | None], column: str) -> str:
        return (row.get(columns.get(column, "")) or "").strip()

    return get


def _tree(
    rows: Iterable[tuple[int, Mapping[str, str | None]]], columns: Mapping[str, str], name: str
) -> list[Category]:
    """Return the categories of rows that name their parent."""
    get = _getter(columns)
    nodes: dict[str, tuple[str, str, int]] = {}
    for number, row in rows:
        node = get(row, "id")
        if not node or node in nodes:
            what = f"the id '{node}' stands twice" if node else "the id is empty"
            raise TaxonomyError(f"{name}, line {number}: {what}. Each category needs its own.")
        nodes[node] = (get(row, "name"), get(row, "parent"), number)
    return [
        Category(node, _path(SEPARATOR.join(_climb(node, nodes, name)), name, number))
        for node, (_, _, number) in nodes.items()
    ]


def _climb(node: str, nodes: Mapping[str, tuple[str, str, int]], name: str) -> list[str]:
    """Return the names from the root down to a node."""
    names: list[str] = []
    seen: list[str] = []
    while node:
        if node in seen:
            raise TaxonomyError(
                f"{name}: a cycle, each the parent of the one before: {' → '.join([*seen, node][:8])}. "
                "One of them must have another parent or none."
            )
        if node not in nodes:
            line = nodes[seen[-1]][2]
            raise TaxonomyError(
                f"{name}, line {line}: the parent '{node}' has no row of its own. Add it."
            )
        seen.append(node)
        own, node, _ = nodes[node]
        names.append(own)
    return names[::-1]


def _with_parents(
    rows: Iterable[tuple[tuple[str, ...], str, tuple[str, ...]]], notes: list[str]
) -> list[Category]:
    """Return categories of paths, adding the parents that a list of leaves leaves out."""
    given = [Category(ids or SEPARATOR.join(path), path, aliases) for path, ids, aliases in rows]
    known = {tuple(map(fold, each.path)) for each in given}
    added: dict[tuple[str, ...], Category] = {}
    for each in given:
        for depth in range(1, len(each.path)):
            path = each.path[:depth]
            key = tuple(map(fold, path))
            if key not in known:
                added.setdefault(key, Category(SEPARATOR.join(path), path))
    if added:
        notes.append(f"{len(added)} parents had no line of their own and were added.")
    return [*added.values(), *given]


def _merged(categories: Iterable[Category], notes: list[str]) -> Iterator[Category]:
    """Drop lines that give a path again: the first one stays."""
    seen: dict[tuple[str, ...], Category] = {}
    for each in categories:
        key = tuple(map(fold, each.path))
        if key in seen:
            notes.append(
                f"'{each.full_name}' stands twice ({seen[key].id}, {each.id}); the first one counts."
            )
        else:
            seen[key] = each
            yield each
