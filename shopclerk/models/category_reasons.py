"""Why a category was suggested, in plain words: which of its levels matched which part of the text."""

from shopclerk.models.category_candidates import Compared
from shopclerk.models.category_index import CategoryIndex

ALIKE_FROM, MEANT_FROM, MOST_LEVELS = 0.6, 0.45, 3


def reason(index: CategoryIndex, compared: Compared, question: int, node: int) -> str:
    """Return the reason for one candidate of one question."""
    source = compared.questions[question].source
    texts = [(source.last, int(compared.last[question]))]
    if len(source.segments) > 1:
        rows = compared.segments[question]
        texts += list(zip(source.segments[::-1], (int(row) for row in rows), strict=False))
    path = index.nodes.paths[node]
    said: list[str] = []
    for above, name in enumerate(index.levels[node][: len(path)]):
        if name < 0 or len(said) == MOST_LEVELS:
            break
        if words := _best(compared, texts, int(name)):
            said.append(f"{words} '{path[-1 - above]}'")
    row = int(compared.context[question])
    if row >= 0 and compared.evidence.match[row, index.name[node]] >= MEANT_FROM:
        said.append(f"the title names '{path[-1]}'")
    return "; ".join(said) or "nearest in meaning as a whole"


def _best(compared: Compared, texts: list[tuple[str, int]], name: int) -> str:
    """Return which text matched a name and how, empty where none did."""
    by_words = [
        (max(compared.evidence.match[row, name], compared.evidence.letters[row, name]), text)
        for text, row in texts
    ]
    score, text = max(by_words)
    if score >= ALIKE_FROM:
        how = "is" if score > 0.99 else "reads like"
        return f"'{text[:60]}' {how}"
    score, text = max((compared.evidence.meaning[row, name], text) for text, row in texts)
    return f"'{text[:60]}' means nearly" if score >= MEANT_FROM else ""
