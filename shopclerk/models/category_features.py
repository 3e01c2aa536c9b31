"""What speaks for a candidate category: one row of numbers each, for the scorer.

`FEATURES` names the columns. All are shares, cosines or small counts; none knows a taxonomy's words.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.category_candidates import Compared
from shopclerk.models.category_index import MAX_LEVELS, CategoryIndex, Floats, Ints

FEATURES = (
    *(f"whole_{kind}" for kind in ("cover", "covered", "match", "letters", "meaning", "head")),
    *(f"last_{kind}" for kind in ("cover", "covered", "match", "letters", "meaning", "head")),
    *("part_match", "part_meaning", "part_height"),
    *("path_cover", "path_covered", "near", "far"),
    *("last_anywhere", "last_height", "above_own", "above_above", "root"),
    *("path_explained", "above_explained", "parts_explained", "upper_parts_explained"),
    *("path_meant", "parts_meant", "straight_share", "straight_path", "last_meant"),
    *("depth", "leaf", "children", "same_name", "deeper_than_namesake"),
    *("child_match", "child_meaning", "child_whole"),
    *("is_path", "parts", "stands_in", "known", "has_context"),
    *("context_near", "context_cover", "context_name", "context_meaning", "context_head"),
    *(f"{kind}_lead" for kind in ("match", "meaning", "near", "far", "covered", "context")),
)

STATISTICS = (
    *("known", "generic", "is_path", "parts", "words", "characters", "stands_in", "has_context"),
    *(f"{kind}_{rank}" for kind in ("match", "letters", "meaning", "near", "far", "covered", "context")
      for rank in ("best", "fifth")),
)  # fmt: skip
"""What speaks for or against mapping a text at all."""

STRAIGHT_FROM = 0.75


def features(index: CategoryIndex, compared: Compared, question: Ints, node: Ints) -> Floats:
    """Return `(candidates, FEATURES)` for pairs of a question and a node."""
    name = index.name[node]
    columns: list[Floats] = []
    for rows in (compared.whole, compared.last):
        columns += [kind[rows[question], name] for kind in compared.evidence]
    columns += _parts(compared, question, name)
    columns += [
        table[question, node]
        for table in (compared.path_cover, compared.path_covered, compared.near, compared.far)
    ]
    columns += _alignment(index, compared, question, node)
    columns += [
        _single(index.depth[node] / MAX_LEVELS),
        _single(index.child_count[node] == 0),
        _single(np.log1p(index.child_count[node]) / 4),
        _single(np.log1p(index.same_name[node]) / 4),
        _single((index.depth[node] - index.shallowest[node]) / MAX_LEVELS),
    ]
    columns += _children(index, compared, question, node)
    columns += _circumstances(compared, question)
    columns += _context(compared, question, node, name)
    leads = ("last_match", "last_meaning", "near", "far", "path_covered", "context_near")
    table = np.stack([np.asarray(column, np.float32) for column in columns], axis=1)
    place = {feature: column for column, feature in enumerate(FEATURES)}
    lead = [_lead(table[:, place[feature]], question) for feature in leads]
    return np.concatenate([table, np.stack(lead, axis=1)], axis=1)


def _single(values: NDArray[Any]) -> Floats:
    return values.astype(np.float32)


def _parts(compared: Compared, question: Ints, name: Ints) -> list[Floats]:
    """Compare the candidate's own name with each part of the text: best match, best meaning, how far up."""
    rows = compared.segments[question]
    there = rows >= 0
    match = np.where(there, compared.evidence.match[rows, name[:, None]], -1.0)
    meaning = np.where(there, compared.evidence.meaning[rows, name[:, None]], -1.0)
    height = (match + 0.1 * meaning).argmax(axis=1) / np.maximum(there.sum(axis=1), 1)
    return [match.max(axis=1), meaning.max(axis=1), height]


def _alignment(
    index: CategoryIndex, compared: Compared, question: Ints, node: Ints
) -> list[Floats]:
    """Lay the levels of the text beside the levels of the candidate's path, both lowest first."""
    rows, levels = compared.segments[question], index.levels[node]
    there = (rows >= 0)[:, :, None] & (levels >= 0)[:, None, :]
    pick = (rows[:, :, None], levels[:, None, :])
    alike = np.maximum(compared.evidence.match[pick], compared.evidence.letters[pick])
    alike = np.where(there, alike, 0.0)
    meant = np.where(there, compared.evidence.meaning[pick], 0.0)
    parts, depth = (rows >= 0).sum(axis=1), (levels >= 0).sum(axis=1)
    explained, said = alike.max(axis=1), alike.max(axis=2)
    lowest = alike[:, 0, :]
    second = np.minimum(1, alike.shape[1] - 1)
    straight = _straight(alike, parts, depth)
    meant_levels, meant_parts = meant.max(axis=1), meant.max(axis=2)
    everyone = np.arange(len(rows))
    return [
        lowest.max(axis=1),
        lowest.argmax(axis=1) / MAX_LEVELS,
        alike[:, second, 0] * (parts > 1),
        alike[:, second, 1] * (parts > 1),
        alike[everyone, parts - 1, depth - 1],
        explained.sum(axis=1) / depth,
        explained[:, 1:].sum(axis=1) / np.maximum(depth - 1, 1),
        said.sum(axis=1) / parts,
        said[:, 1:].sum(axis=1) / np.maximum(parts - 1, 1),
        meant_levels.sum(axis=1) / depth,
        meant_parts.sum(axis=1) / parts,
        straight / parts,
        straight / depth,
        meant[:, 0, :].max(axis=1),
    ]


def _straight(alike: Floats, parts: Ints, depth: Ints) -> Floats:
    """Return how many levels agree one by one from the root down."""
    count = np.zeros(len(alike), np.float32)
    going = np.ones(len(alike), bool)
    everyone = np.arange(len(alike))
    for step in range(min(alike.shape[1], alike.shape[2])):
        going &= (parts > step) & (depth > step)
        part, level = np.maximum(parts - 1 - step, 0), np.maximum(depth - 1 - step, 0)
        going &= alike[everyone, part, level] >= STRAIGHT_FROM
        count += going
    return count


def _children(index: CategoryIndex, compared: Compared, question: Ints, node: Ints) -> list[Floats]:
    """Return how well the candidate's best child among the candidates would do; 0 where there is none."""
    name, above = index.name[node], index.parent[node]
    child = above >= 0
    key = question * len(index.name) + node
    order = np.argsort(key)
    wanted = question[child] * len(index.name) + above[child]
    place = np.minimum(np.searchsorted(key, wanted, sorter=order), len(key) - 1)
    parent = order[place]
    there = key[parent] == wanted
    found = []
    for table, rows in (
        (compared.evidence.match, compared.last),
        (compared.evidence.meaning, compared.last),
        (compared.evidence.match, compared.whole),
    ):
        best = np.zeros(len(node), np.float32)
        np.maximum.at(best, parent[there], table[rows[question], name][child][there])
        found.append(best)
    return found


def _circumstances(compared: Compared, question: Ints) -> list[Floats]:
    asked = compared.questions
    is_path = np.array([each.source.is_path for each in asked], np.float32)
    parts = np.array([len(each.source.segments) for each in asked], np.float32) / MAX_LEVELS
    stands_in = np.array([each.stands_in for each in asked], np.float32)
    has_context = (compared.context >= 0).astype(np.float32)
    columns = (is_path, parts, stands_in, compared.known, has_context)
    return [_single(column[question]) for column in columns]


def _context(compared: Compared, question: Ints, node: Ints, name: Ints) -> list[Floats]:
    rows = compared.context[question]
    there = rows >= 0
    evidence = compared.evidence
    return [
        compared.context_near[question, node],
        compared.context_cover[question, node],
        *(
            np.where(there, table[rows, name], 0.0)
            for table in (evidence.cover, evidence.meaning, evidence.head)
        ),
    ]


def _lead(values: Floats, question: Ints) -> Floats:
    """Return by how much each value falls short of its question's best."""
    best = np.full(question.max() + 1, -np.inf, np.float32)
    np.maximum.at(best, question, values)
    return values - best[question]


def statistics(index: CategoryIndex, compared: Compared, listed: Ints) -> Floats:
    """Return `(questions, STATISTICS)`; `listed` is the shortlist of each."""
    row, names = np.arange(len(listed))[:, None], index.name[listed]
    last, whole = compared.last[:, None], compared.whole[:, None]
    asked = compared.questions
    evidence = compared.evidence
    columns = [
        compared.known,
        compared.generic,
        np.array([each.source.is_path for each in asked]),
        np.array([len(each.source.segments) for each in asked]) / MAX_LEVELS,
        np.array([min(len(each.source.last.split()), 8) for each in asked]) / 8,
        np.array([min(len(each.source.last), 40) for each in asked]) / 40,
        np.array([each.stands_in for each in asked]),
        compared.context >= 0,
    ]
    for table in (
        np.maximum(evidence.match[last, names], evidence.match[whole, names]),
        evidence.letters[last, names],
        evidence.meaning[last, names],
        compared.near[row, listed],
        compared.far[row, listed],
        compared.path_covered[row, listed],
        compared.context_near[row, listed],
    ):
        ranked = -np.partition(-table, min(4, table.shape[1] - 1), axis=1)[:, :5]
        columns += [ranked.max(axis=1), ranked.min(axis=1)]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)
