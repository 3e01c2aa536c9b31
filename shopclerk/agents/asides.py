"""Clauses said in passing: 'my floor is already black', 'I gave my dad a decanter last year'.

They are told by whose the thing is and by when it was; where another clause names something, what they name is no wish.
"""

import re

_CLAUSE = re.compile(r"[,.;:!?()](?:\s|$)|[()]|\s(?:but|so|and now|now|this time)\s")
_PAST = re.compile(
    r"\b(?:last (?:year|month|week|time|summer|winter|autumn|spring|christmas)|ago|yesterday|used to|already|usually|once|back then"
    r"|(?:i|we|he|she|they|you|who)(?:'ve|'d| have| has)? (?:gave|bought|had|got|owned?|lost|broke|sold|ordered|received|saw|wore|drove|crashed|dropped|ruined|moved))\b"
)
_OTHERS = re.compile(
    r"\b(?:my|our|his|her|their|the neighbours?'?s?|the walls|everybody'?s?) ?(?:\w+(?:'s?)? ){1,3}?(?:is|are|was|were|has|have|had|broke|died|fell|owns?|uses?|told|says?|said|thinks?|gave|got|bought|works?|swears?|talks?)\b"
    r"|\b(?:he|she|they) (?:has|have|owns?|takes?|uses?|swears? by)\b|\bunlike\b|\bto go with\b|\bgoes with\b|\btalks? of\b"
)
_TELLING = re.compile(
    r"^\W*(?:(?:and|because|since|as|cause|well|see|you see|you know|oh) )*(?:i|we|it|there)(?:'ve|'m|'s|'re| am| is| are| was| were)? ?(?:just |only |also |really |always )*"
    r"(?:get|got|have|had|own|live|work|moved|starts?|was|were|been|did|read|heard|saw|met|told|an?|from|so|all|about|raining|cold|hot|dark|late|used|use)\b"
)
_WISH = re.compile(
    r"\b(?:needs?|wants?(?! me)|looking|find|after|show|search\w*|like(?:s|d)? to|i'd|we'd|would|sell|carry|got any|do you have|have you|prefers?|rather|must|should"
    r"|has to|have to|please|instead|make it|make that|gets? (?:a|an|some)(?! rash)|wear|take|size|thinking|hoping|spend|budget|if)\b"
)
_AGAINST = re.compile(
    r"n'?t\b|\b(?:not|no|nor|neither|none|never|nothing|without|but|except|excluding|besides|minus|other than|apart from|instead|rather than|avoid|skip|hide"
    r"|leave|drop|remove|get rid|hates?|hated|dislikes?|loathe|can'?t stand|cannot stand|ugly|awful|enough|keen|fed up|sick of|tired of|bored|allergic|rash|out"
    r"|another|unlike)\b|\?\s*$"
)
_NO_TELLING = re.compile(
    r"\b(?:not|no|without|hates?|dislikes?|avoid|allergic|can'?t stand|don'?t (?:like|want|need))\b"
)


def clause_spans(text: str) -> list[tuple[int, int]]:
    """Return the clauses of a text as (start, end), cut at pauses and at 'but', 'so' and the like."""
    spans, start = [], 0
    for match in _CLAUSE.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    return [(a, b) for a, b in [*spans, (start, len(text))] if text[a:b].strip()]


def aside_spans(text: str) -> list[tuple[int, int]]:
    """Return the clauses of a text that tell something rather than ask for something; none where all do."""
    clauses = clause_spans(text)
    asides = [span for span in clauses if is_aside(text[slice(*span)])]
    return asides if len(asides) < len(clauses) else []


def is_aside(clause: str) -> bool:
    """Tell whether a clause speaks of what is or was, and not of what is wanted."""
    if _WISH.search(clause) or _NO_TELLING.search(clause):
        return False
    return any(pattern.search(clause) for pattern in (_PAST, _OTHERS, _TELLING))


def within(start: int, spans: list[tuple[int, int]]) -> bool:
    """Tell whether a place lies in one of the spans."""
    return any(first <= start < end for first, end in spans)


def speaks_against(text: str, span: tuple[int, int] | None) -> bool:
    """Tell whether the clause around a place holds any word that may rule something out."""
    if span is None:
        return True
    around = next((c for c in clause_spans(text) if c[0] <= span[0] < c[1]), (0, len(text)))
    # 'but' and the like part clauses and belong to the one that follows; 'oak? no thanks' answers itself.
    end = around[1] + 12 if text[around[1] : around[1] + 1] == "?" else around[1]
    return bool(_AGAINST.search(text[max(0, around[0] - 6) : end]))


def rules_out(text: str, place: int) -> bool:
    """Tell whether the clause that leads to a place turns something down: 'I'm not going near that brand'."""
    start = next((a for a, b in clause_spans(text) if a <= place < b), 0)
    return bool(_NO_TELLING.search(text[start:place]))


_TAKES_BACK = re.compile(
    r"\b(?:forget|never ?mind|drop|lift|ignore|remove|scrap|lose|skip|let go|open|widen|any|anything|whatever|whichever|either way|other|another|all|also|too|no longer"
    r"|not only|picky|fussy|preference|object|matters?|important|care|mind|needn'?t|need not|have to|need to|needed|optional|wait|more|after all|instead|rather)\b"
)


def may_take_back(text: str) -> bool:
    """Tell whether a message holds any word by which an earlier condition may be taken back."""
    return bool(_TAKES_BACK.search(text))
