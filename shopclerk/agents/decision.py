"""A decision: what a trained model says of a message, in the fewest words.

The prompt holds the search in effect, what is shown, the message, and the candidates found in it. The answer is one
JSON object: an action, and for a search a verdict on each candidate (`want`, `not`, `skip`) and the
earlier conditions to drop. Values and numbers are never written by the model; a grammar made for the turn
holds it to the candidates, so it cannot misspell one or make one up.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from shopclerk.agents.asides import aside_spans, may_take_back, speaks_against, within
from shopclerk.agents.candidates import Candidate
from shopclerk.agents.context import Context
from shopclerk.agents.lexicon import Lexicon, Strength
from shopclerk.agents.numbers import Numbers
from shopclerk.agents.plan import ReplyKind
from shopclerk.agents.reading import Reading
from shopclerk.agents.wording import tokens
from shopclerk.catalog.product import Product
from shopclerk.errors import EndpointError
from shopclerk.prompts.loader import load_prompt
from shopclerk.tools.arguments import SearchArguments

MAX_REQUEST_CHARS = 600
SHOWN = 5
MAX_ASKED = 3

Action = Literal[
    "new", "refine", "more", "cheaper", "dearer", "product", "compare", "similar", "reply"
]
Verdict = Literal["want", "not", "skip"]
Schemas = dict[str, dict[str, Any]]
"""A candidate's key to the schema of its verdict."""
ACTIONS: tuple[Action, ...] = get_args(Action)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
DECIDED_REPLIES: tuple[ReplyKind, ...] = ("greet", "thanks", "clarify", "help", "policy", "refuse")
_KEEPS = re.compile(r"\b(?:same|limits?|conditions?|budget|range|criteria|otherwise|the rest)\b")


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a message.

    Attributes:
        action: What it asks for.
        verdicts: Candidate key to verdict, for actions that search or sort.
        drop: Conditions of the search in effect that no longer hold.
        numbers: Places in the list shown, from 1; none given means all.
        reply: The kind of reply.
    """

    action: Action
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    reply: ReplyKind | None = None

    def text(self) -> str:
        """Return the JSON that a model is trained to write."""
        said: dict[str, Any] = {"action": self.action, **self.verdicts}
        if self.drop:
            said["drop"] = list(self.drop)
        if self.action in ("product", "similar"):
            said["number"] = self.numbers[0]
        if self.action == "compare":
            said["numbers"] = list(self.numbers)
        if self.action == "reply":
            said["kind"] = self.reply
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def decision_prompt(
    reading: Reading,
    candidates: Sequence[Candidate],
    context: Context,
    *,
    image: str | None = None,
) -> list[tuple[str, str]]:
    """Return the messages that ask for a decision; training and serving both use them.

    Args:
        reading: The message.
        candidates: What was found in it.
        context: The conversation.
        image: The picture that the message means, where the reading does not say.
    """
    shown = context.shown[:SHOWN]
    about = [n for n, product in enumerate(shown, 1) if product.id in context.focus[:1]]
    found = [f"{_sign(c, reading)}{_described(c, shown)}" for c in candidates]
    conditions = search_conditions(context.search)
    body = load_prompt("plan_decide").render(
        search="; ".join(f"{name} {value}" for name, value in conditions.items()) or "none",
        shown=len(shown),
        about=about[0] if about else "",
        picture=image or getattr(reading, "image", None) or "",
        request=reading.text[:MAX_REQUEST_CHARS].strip() or "-",
        cues="; ".join(_cues(reading)),
        found="; ".join(found) or "nothing",
    )
    return [("system", load_prompt("plan_decide_system").render()), ("user", body)]


def _described(candidate: Candidate, shown: Sequence[Product]) -> str:
    """Return a candidate's key, with the places of the shown products that it fits best.

    Places stand in for the titles: 'the leather one' needs no more, and the prompt stays short.
    """
    scores = [candidate.fit(product) for product in shown]
    best = max(scores, default=0)
    places = [str(n) for n, score in enumerate(scores, 1) if score == best and best]
    if not places or len(places) == len(shown) > 1:
        return candidate.key
    return f"{candidate.key} [{','.join(places)}]"


def _sign(candidate: Candidate, reading: Reading) -> str:
    """Return how the rules read a candidate: + wanted, - ruled out, ~ passed over, nothing for a limit."""
    if candidate.kind not in ("value", "words"):
        return ""
    field = candidate.field if candidate.kind == "value" else "any"
    if set(candidate.values) & set(reading.unwanted.get(field, ())):
        return "-"
    wanted = reading.rest if candidate.kind == "words" else reading.wanted.get(field, ())
    return "+" if set(candidate.values) & set(wanted) else "~"


def _cues(reading: Reading) -> list[str]:
    """Return the turns of speech in a message, places it points at, fields it asks about or sets free."""
    cues = sorted(reading.cues - {"the"})
    cues += ["question"] if reading.question else []
    places = [str(position + 1) if position >= 0 else "last" for position in reading.positions]
    cues += [f"places {','.join(places)}"] if places else []
    cues += [f"free {name}" for name in sorted(reading.relaxed)]
    cues += [f"asks {name}" for name in reading.asked[:MAX_ASKED]]
    return [*cues, "orders cut"] if reading.injected else cues


def search_conditions(search: SearchArguments | None) -> dict[str, str]:
    """Return the conditions of a search by name, as the prompt shows them and `drop` names them."""
    if search is None:
        return {}
    given: dict[str, str] = {}
    if search.category:
        given["category"] = search.category[0]
    if search.query:
        given["words"] = search.query
    given |= {name: ", ".join(values[:2]) for name, values in search.filters.items()}
    for name, values in search.exclude.items():
        given[name] = f"{given[name]}, not {values[0]}" if name in given else f"not {values[0]}"
    limits = {"from": search.price_min, "to": search.price_max}
    if prices := [f"{name} {price:g}" for name, price in limits.items() if price is not None]:
        given["price"] = " ".join(prices)
    if search.rating_min is not None:
        given["rating"] = f"from {search.rating_min:g}"
    if search.in_stock:
        given["stock"] = "yes"
    if search.sort != "relevance":
        given["sort"] = search.sort
    return given


def decision_schema(
    candidates: Sequence[Candidate],
    context: Context,
    reading: Reading | None = None,
    lexicon: Lexicon | None = None,
) -> dict[str, Any]:
    """Return the JSON schema of the decisions that this turn allows.

    Args:
        candidates: What was found in the message.
        context: The conversation.
        reading: The message. What it rules out in so many words cannot be wanted, what it plainly wants
            cannot be passed over, and where it names something to search by, it is not mere talk.
        lexicon: The catalogue's words; tells goods within the present category from others.
    """
    signs = {c.key: _sign(c, reading) if reading else "" for c in candidates}
    verdicts = {c.key: {"enum": _allowed(c, candidates, signs, reading)} for c in candidates}
    held = set(search_conditions(context.search))
    if reading and (freed := reading.relaxed & held):
        # A condition is taken back: that changes the search, whatever else is said.
        verdicts |= {
            c.key: {"enum": ["skip"]}
            for c in candidates
            if signs[c.key] == "~" and (c.field in freed or _released(c, reading))
        }
        return {"anyOf": [_refine(verdicts, sorted(freed), len(freed))]}
    elsewhere = reading is not None and _names_another_thing(
        candidates, signs, reading, context, lexicon
    )
    actions = (
        [] if _goes_on(candidates, context, reading) else [_action("new", verdicts, list(verdicts))]
    )
    if context.search is not None and not elsewhere:
        conditions = search_conditions(context.search)
        drops = reading is None or may_take_back(reading.text)
        actions += [
            _refine(verdicts, list(conditions) if drops else [], 3),
            _action("more", {}, []),
        ]
    if context.shown:
        actions += _on_shown(candidates, context, reading, verdicts)
    replies = list(DECIDED_REPLIES)
    if reading and reading.has_limits:
        replies = ["policy"] if "policy" in reading.cues else []
    if replies:
        actions.append(_action("reply", {"kind": {"enum": replies}}, ["kind"]))
    return {"anyOf": actions}


def _refine(verdicts: Schemas, conditions: Sequence[str], most: int) -> dict[str, Any]:
    """Return the action that changes the search; it may drop some of the conditions given."""
    if not conditions:
        return _action("refine", verdicts, list(verdicts))
    drop = {"type": "array", "items": {"enum": conditions}, "minItems": 1, "maxItems": most}
    return _action("refine", {**verdicts, "drop": drop}, list(verdicts))


def _goes_on(candidates: Sequence[Candidate], context: Context, reading: Reading | None) -> bool:
    """Tell whether a message has no thing in it: 'in red, under 50' goes on about the one before."""
    thing = any(c.kind == "words" or c.field == "category" for c in candidates)
    return context.search is not None and not thing and bool(reading and reading.has_limits)


def _on_shown(
    candidates: Sequence[Candidate], context: Context, reading: Reading | None, verdicts: Schemas
) -> list[dict[str, Any]]:
    """Return the actions on products that were shown."""
    order = {c.key: {"enum": list(VERDICTS)} for c in candidates if c.kind == "sort"}
    every = list(range(1, len(context.shown[:SHOWN]) + 1))
    number = {"enum": _pointed_at(reading, context) or every}
    several = {"type": "array", "items": {"enum": every}, "maxItems": len(every)}
    actions = [
        _action("product", {"number": number}, ["number"]),
        _action("compare", {**order, "numbers": several}, [*order, "numbers"]),
        _action("similar", {**verdicts, "number": number}, [*verdicts, "number"]),
    ]
    if context.search is not None:
        actions += [_action("cheaper", {}, []), _action("dearer", {}, [])]
    return actions


def _allowed(
    candidate: Candidate,
    candidates: Sequence[Candidate],
    signs: Mapping[str, str],
    reading: Reading | None,
) -> list[Verdict]:
    """Return the verdicts that a candidate may get.

    What the rules read as wanted is passed over only where the message names another value of the field
    as well: one of the two may be an aside. It is ruled out only where its clause says anything of the kind.
    """
    if signs[candidate.key] == "-":
        return ["not", "skip"]
    if candidate.absent:
        return ["want"]
    passing = aside_spans(reading.text) if reading and signs[candidate.key] == "~" else []
    if candidate.span and within(candidate.span[0], passing):
        # Said in passing beyond doubt: the model is not asked.
        return ["skip"]
    against = reading is None or speaks_against(reading.text, candidate.span)
    if candidate.kind == "value" and signs[candidate.key] != "+" and not against:
        return ["want", "skip"]
    if candidate.kind == "words" and _describes_the_thing(candidate, candidates, signs):
        return ["want", "not"] if against else ["want"]
    if candidate.kind != "value" or signs[candidate.key] != "+":
        return list(VERDICTS)
    rivals = [c for c in candidates if c.field == candidate.field and signs[c.key] == "+"]
    able: tuple[tuple[Verdict, bool], ...] = (
        ("want", True),
        ("not", against),
        ("skip", len(rivals) > 1),
    )
    return [verdict for verdict, fits in able if fits]


def _describes_the_thing(
    words: Candidate, candidates: Sequence[Candidate], signs: Mapping[str, str]
) -> bool:
    """Whether wanted words stand right beside a wanted thing or value: 'quilted jackets'."""
    if signs[words.key] != "+" or words.span is None:
        return False
    start, end = words.span
    return any(
        signs[c.key] == "+" and c.span and 1 in (c.span[0] - end, start - c.span[1])
        for c in candidates
        if c.kind == "value"
    )


def _names_another_thing(
    candidates: Sequence[Candidate],
    signs: Mapping[str, str],
    reading: Reading,
    context: Context,
    lexicon: Lexicon | None,
) -> bool:
    """Whether a message names goods unlike those shown, and nothing says that the rest is to stay."""
    named = [c for c in candidates if c.field == "category" and signs[c.key] == "+"]
    if not named or not context.shown or reading.cues & {"also", "switch", "similar"}:
        return False
    above = context.search.category if context.search else []
    if _KEEPS.search(reading.text) or (
        lexicon and any(lexicon.lies_under(map(str, c.values), above) for c in named)
    ):
        return False
    levels = {level for product in context.shown for level in product.category_levels()}
    return not any(set(c.values) & levels for c in named)


def _pointed_at(reading: Reading | None, context: Context) -> list[int]:
    """Return the numbers, from 1, of the shown products whose place a message names."""
    places = reading.positions if reading else []
    count = len(context.shown[:SHOWN])
    numbers = [place + 1 if place >= 0 else len(context.shown) for place in places]
    return sorted({number for number in numbers if 1 <= number <= count})


def _released(candidate: Candidate, reading: Reading) -> bool:
    """Whether a candidate only names what is taken back: 'leather is ok too'."""
    return any(set(candidate.values) <= set(values) for values in reading.let_go.values())


def _action(name: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"action": {"const": name}, **properties},
        "required": ["action", *required],
        "additionalProperties": False,
    }


def parse_decision(text: str, candidates: Sequence[Candidate], context: Context) -> Decision:
    """Read a model's answer.

    Raises:
        EndpointError: It is no decision that this turn allows.
    """
    try:
        said = json.loads(text)
        action = said.pop("action")
        if action not in ACTIONS:
            raise ValueError(action)
        numbers = [said["number"]] if "number" in said else said.get("numbers", [])
        if any(not 1 <= int(number) <= len(context.shown) for number in numbers):
            raise ValueError(numbers)
        if action in ("product", "similar") and not numbers:
            raise ValueError("no number")
        keys = {candidate.key for candidate in candidates}
        verdicts = {key: said[key] for key in said if key in keys}
        if not set(verdicts.values()) <= set(VERDICTS):
            raise ValueError(verdicts)
        kind = said["kind"] if action == "reply" else None
        if kind is not None and kind not in DECIDED_REPLIES:
            raise ValueError(kind)
        drop = tuple(name for name in said.get("drop", ()) if isinstance(name, str))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EndpointError(f"The chat model's decision makes no sense: {text[:200]!r}") from error
    return Decision(action, verdicts, drop, tuple(dict.fromkeys(map(int, numbers))), kind)


def decided_reading(
    reading: Reading, candidates: Sequence[Candidate], decision: Decision, lexicon: Lexicon
) -> Reading:
    """Return the reading with the model's verdicts in place of the rules' own."""
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}
    rest: list[str] = []
    numbers: dict[str, float] = {}
    phrases: list[tuple[str, ...]] = []
    guessed = False
    for candidate in candidates:
        verdict = decision.verdicts.get(candidate.key, "skip")
        if verdict == "skip":
            continue
        if candidate.kind == "number" and verdict == "want":
            numbers[candidate.field] = candidate.values[0]
        elif candidate.kind == "words":
            target = rest if verdict == "want" else unwanted.setdefault("any", [])
            target.extend(candidate.values)
        elif candidate.kind == "value":
            if verdict == "want" and candidate.field in reading.allowed:
                wanted[candidate.field] = list(reading.allowed[candidate.field])
                continue
            _take(candidate, verdict, wanted, unwanted, lexicon)
            if candidate.field == "category" and verdict == "want":
                said = candidate.key.removeprefix("category ")
                phrases.append(tuple(token.stem for token in tokens(said)))
                guessed |= candidate.strength is Strength.SYNONYM
    if "category" in wanted:
        wanted["category"] = lexicon.most_specific(wanted["category"])
    return replace(
        reading,
        wanted=wanted,
        unwanted=unwanted,
        rest=rest,
        nouns=[word for word in rest if word in reading.nouns],
        purpose=[],
        category_phrases=phrases,
        numbers=Numbers(**numbers),
        sort=_kept(reading.sort, "sort", candidates, decision),
        in_stock=bool(_kept(reading.in_stock, "stock", candidates, decision)),
        relaxed={*decision.drop, *reading.relaxed},
        guessed=guessed,
    )


def _take(
    candidate: Candidate,
    verdict: Verdict,
    wanted: dict[str, list[str]],
    unwanted: dict[str, list[str]],
    lexicon: Lexicon,
) -> None:
    values = [str(value) for value in candidate.values]
    target = wanted
    if verdict == "not" and not candidate.absent:
        absent = lexicon.absent_value(candidate.field)
        if absent and {value.casefold() for value in values} <= {"yes", "true"}:
            values = [absent]
        else:
            target = unwanted
            near = [o for value in values for o in lexicon.containing(candidate.field, value)]
            values = near or values
    known = target.setdefault(candidate.field, [])
    known.extend(value for value in values if value not in known)


def _kept(value: Any, kind: str, candidates: Sequence[Candidate], decision: Decision) -> Any:
    """Return what the reading found, unless the model passes over it."""
    keys = [candidate.key for candidate in candidates if candidate.kind == kind]
    wanted = all(decision.verdicts.get(key, "want") == "want" for key in keys)
    return value if wanted else None
