"""Which categories a text may mean: the few dozen that words, letters or meaning bring up, with their ancestors."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.category_index import (
    FAR_DECAY,
    NEAR_DECAY,
    CategoryIndex,
    Floats,
    Ints,
    unit,
)
from shopclerk.models.category_rows import Evidence, compare, path_covers, read_rows
from shopclerk.models.category_words import Source

SHORTLIST = 300
TOP_EACH, TOP_ALL, WITH_ANCESTORS = 8, 40, 12
MOST_CANDIDATES = 96

Embed = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be mapped.

    Attributes:
        source: The seller's category text; where there is none, the title stands in for it.
        context: Title, description and what a picture shows; may be empty.
        stands_in: Whether the source is a title.
    """

    source: Source
    context: str = ""
    stands_in: bool = False


@dataclass(frozen=True)
class Compared:
    """Questions compared with a whole taxonomy.

    Attributes:
        questions: They.
        evidence: Rows of texts by names; several questions may share a row.
        whole: The row of each question's whole text.
        last: The row of what names the thing itself.
        segments: Rows of the parts, lowest first, `(questions, parts)`, -1 where there is none.
        context: The row of the context, -1 where there is none.
        path_cover: The share of a node's path that the whole text says, `(questions, nodes)`.
        path_covered: The share of the whole text that a node's path says.
        near: Cosine of the composed meanings, for what it is, `(questions, nodes)`.
        far: The same for where it lies.
        context_near: Cosine of the context with what a node is; zeros without context.
        context_cover: The share of a node's path that the context says.
        known: The share of the whole text's words that are known.
        generic: The share of them that name no category by themselves.
    """

    questions: Sequence[Question]
    evidence: Evidence
    whole: Ints
    last: Ints
    segments: Ints
    context: Ints
    path_cover: Floats
    path_covered: Floats
    near: Floats
    far: Floats
    context_near: Floats
    context_cover: Floats
    known: Floats
    generic: Floats


def compare_questions(
    index: CategoryIndex, questions: Sequence[Question], embed: Embed
) -> Compared:
    """Compare questions with all names and paths of a taxonomy."""
    place: dict[str, int] = {}

    def row(text: str) -> int:
        return place.setdefault(text, len(place))

    whole = np.array([row(each.source.whole) for each in questions])
    last = np.array([row(each.source.last) for each in questions])
    longest = max(len(each.source.segments) for each in questions)
    segments = np.full((len(questions), longest), -1)
    for number, each in enumerate(questions):
        segments[number, : len(each.source.segments)] = [row(t) for t in each.source.segments[::-1]]
    context = np.array([row(each.context) if each.context else -1 for each in questions])
    texts = list(place)
    is_path = np.array([each.source.is_path for each in questions])
    meanings = _meanings(texts, _not_embedded(questions), embed)
    near, far = (
        _composed(meanings, whole, segments, is_path, decay) for decay in (NEAR_DECAY, FAR_DECAY)
    )
    meanings[whole[is_path]] = far[is_path]
    for number in np.flatnonzero(~is_path).tolist():
        for row_of_part in segments[number][segments[number] >= 0]:
            if not meanings[row_of_part].any():
                meanings[row_of_part] = meanings[whole[number]]
    rows = read_rows(index, texts, meanings)
    evidence = compare(index, rows)
    asked, place_of = np.unique(np.concatenate([whole, context]), return_inverse=True)
    cover, covered = path_covers(index, rows, np.maximum(asked, 0))
    of_whole, of_context = place_of[: len(whole)], place_of[len(whole) :]
    there = (context >= 0)[:, None]
    return Compared(
        questions,
        evidence,
        whole,
        last,
        segments,
        context,
        cover[of_whole],
        covered[of_whole],
        near @ index.near_meanings.T,
        far @ index.far_meanings.T,
        _near_context(index, meanings, context),
        np.where(there, cover[of_context], 0.0).astype(np.float32),
        rows.known[whole],
        rows.generic[whole],
    )


def _near_context(index: CategoryIndex, meanings: Floats, context: Ints) -> Floats:
    there = context >= 0
    found = np.zeros((len(context), len(index.name)), np.float32)
    if there.any():
        found[there] = meanings[context[there]] @ index.near_meanings.T
    return found


def _not_embedded(questions: Sequence[Question]) -> set[str]:
    """Return whole paths, composed of their levels, and loose parts, which lean on the whole text: time is dear."""
    paths = {each.source.whole for each in questions if each.source.is_path}
    parts = {part for each in questions if not each.source.is_path for part in each.source.segments}
    needed = {each.source.whole for each in questions if not each.source.is_path}
    needed |= {part for each in questions if each.source.is_path for part in each.source.segments}
    needed |= {each.context for each in questions}
    return (paths | parts) - needed


def _meanings(texts: Sequence[str], paths: Collection[str], embed: Embed) -> Floats:
    """Embed texts but those whose meaning is made of others; theirs stay zero."""
    due = [place for place, text in enumerate(texts) if text not in paths]
    embedded = embed([texts[place] for place in due])
    meanings = np.zeros((len(texts), embedded.shape[1]), np.float32)
    meanings[due] = embedded
    return meanings


def _composed(
    meanings: Floats, whole: Ints, segments: Ints, is_path: NDArray[np.bool_], decay: float
) -> Floats:
    """Return the meaning of each question: of its text, or composed of its levels where it is a path."""
    total = np.zeros((len(whole), meanings.shape[1]), np.float32)
    for level in range(segments.shape[1]):
        there = segments[:, level] >= 0
        total[there] += decay**level * meanings[segments[there, level]]
    return np.where(is_path[:, None], unit(total), meanings[whole]).astype(np.float32)


def quick_scores(index: CategoryIndex, compared: Compared) -> Floats:
    """Return a rough score of each node, `(questions, nodes)`."""
    names = index.name
    match = np.maximum(compared.evidence.match, compared.evidence.letters)
    own = np.maximum(match[compared.last], 0.95 * match[compared.whole])[:, names]
    return np.asarray(
        own
        + 0.5 * compared.evidence.meaning[compared.last][:, names]
        + 0.7 * compared.path_covered
        + 0.4 * compared.path_cover
        + 0.8 * compared.near
        + 0.5 * compared.far
        + 0.5 * compared.context_near
        + 0.3 * compared.context_cover,
        np.float32,
    )


def shortlist(
    index: CategoryIndex, compared: Compared, allowed: NDArray[np.bool_] | None = None
) -> Ints:
    """Return the nodes worth a closer look, `(questions, SHORTLIST)`, the likeliest first.

    Args:
        index: The taxonomy.
        compared: The questions.
        allowed: Which nodes may be chosen; None for all.
    """
    quick = quick_scores(index, compared)
    if allowed is not None:
        quick[:, ~allowed] = -np.inf
    count = len(index.name) if allowed is None else int(allowed.sum())
    return _top(quick, min(SHORTLIST, count))


def candidates(index: CategoryIndex, compared: Compared, listed: Ints) -> tuple[Ints, Ints]:
    """Return (question, node) of all candidates, question by question; `listed` is their shortlist."""
    row, names = np.arange(len(listed))[:, None], index.name[listed]
    quick = -np.arange(listed.shape[1], dtype=np.float32)[None, :] / listed.shape[1]
    match = compared.evidence.match
    parts = np.where(
        (compared.segments >= 0)[:, :, None],
        match[compared.segments[:, :, None], names[:, None]],
        0,
    ).max(axis=1)
    lists = [
        listed[:, :TOP_ALL],
        _pick(listed, quick + 2 * parts, TOP_EACH * 2),
        _pick(listed, quick + 3 * match[compared.last[:, None], names], TOP_EACH),
        _pick(listed, compared.near[row, listed], TOP_EACH),
        _pick(listed, compared.far[row, listed], TOP_EACH),
        _pick(listed, quick / 9 + compared.context_near[row, listed], TOP_EACH),
    ]
    every = np.concatenate(lists, axis=1)
    chosen = [
        list(dict.fromkeys(_with_ancestors(index, found).tolist()))[:MOST_CANDIDATES]
        for found in every
    ]
    question = np.repeat(np.arange(len(chosen)), [len(found) for found in chosen])
    return question, np.array([node for found in chosen for node in found], dtype=np.int64)


def _pick(listed: Ints, scores: Floats, count: int) -> Ints:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(listed, order, axis=1)


def _top(scores: Floats, count: int) -> Ints:
    count = min(count, scores.shape[1])
    part = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(scores, part, axis=1), axis=1, kind="stable")
    return np.take_along_axis(part, order, axis=1)


def _with_ancestors(index: CategoryIndex, nodes: Ints) -> Ints:
    """Put the ancestors of the first nodes behind them, before the rest."""
    above: list[int] = []
    for node in nodes[:WITH_ANCESTORS]:
        up = int(index.parent[node])
        while up >= 0:
            above.append(up)
            up = int(index.parent[up])
    return np.concatenate(
        [nodes[:WITH_ANCESTORS], np.array(above, np.int64), nodes[WITH_ANCESTORS:]]
    )
