"""Words as the planner compares them: tokens with places, stems, and synonyms."""

import operator
import re
from dataclasses import dataclass
from functools import lru_cache, reduce
from importlib.resources import files
from typing import Any

import yaml

from shopclerk.catalog.text import STOP_WORDS, fold

_TOKEN = re.compile(r"[^\W_]+(?:['’](?:s|t|d|m|ll|re|ve)\b)?")

_ASIDES = frozenset(
    "ouch wow oops btw pff lol sigh oh ah um erm eh hmm well nowt ok different totally completely another "
    "other subject topic matter important management note up down out off move leave drop raise change "
    "narrow spent enough already about instead rather switch swap after kinda sorta honestly"
    .split()
)
FILLER = STOP_WORDS | _ASIDES | frozenset(
    [
        "actually",
        "again",
        "ah",
        "all",
        "alright",
        "also",
        "am",
        "another",
        "any",
        "anybody",
        "anyone",
        "anything",
        "around",
        "available",
        "away",
        "back",
        "because",
        "been",
        "bit",
        "both",
        "bring",
        "buy",
        "buying",
        "came",
        "cant",
        "carry",
        "chance",
        "check",
        "come",
        "coming",
        "could",
        "course",
        "cool",
        "dear",
        "decent",
        "definitely",
        "display",
        "does",
        "doing",
        "dont",
        "dunno",
        "each",
        "either",
        "else",
        "erm",
        "especially",
        "even",
        "ever",
        "every",
        "everything",
        "exactly",
        "except",
        "excluding",
        "fancy",
        "fetch",
        "fine",
        "find",
        "first",
        "for",
        "found",
        "genuinely",
        "get",
        "getting",
        "gift",
        "give",
        "glad",
        "go",
        "going",
        "gonna",
        "good",
        "got",
        "gotta",
        "great",
        "guess",
        "had",
        "hand",
        "hang",
        "happen",
        "have",
        "having",
        "hello",
        "help",
        "here",
        "hey",
        "hi",
        "hiya",
        "hm",
        "hmm",
        "hope",
        "hunt",
        "hunting",
        "id",
        "idea",
        "ideally",
        "if",
        "ill",
        "im",
        "immediately",
        "ive",
        "just",
        "keep",
        "kind",
        "kindly",
        "kinds",
        "know",
        "later",
        "least",
        "let",
        "lets",
        "like",
        "list",
        "little",
        "ll",
        "long",
        "look",
        "looked",
        "looking",
        "lot",
        "love",
        "lovely",
        "made",
        "make",
        "many",
        "may",
        "maybe",
        "mean",
        "might",
        "mind",
        "mine",
        "moment",
        "more",
        "most",
        "much",
        "must",
        "myself",
        "nah",
        "near",
        "need",
        "needed",
        "needs",
        "never",
        "new",
        "next",
        "nice",
        "no",
        "nope",
        "not",
        "nothing",
        "now",
        "obviously",
        "of",
        "off",
        "ok",
        "okay",
        "old",
        "on",
        "one",
        "ones",
        "only",
        "onto",
        "option",
        "options",
        "other",
        "others",
        "ought",
        "out",
        "over",
        "own",
        "pair",
        "pairs",
        "particular",
        "people",
        "perhaps",
        "piece",
        "pieces",
        "please",
        "pls",
        "plz",
        "point",
        "possible",
        "possibly",
        "prefer",
        "preferably",
        "present",
        "pretty",
        "probably",
        "product",
        "products",
        "purchase",
        "put",
        "quick",
        "quickly",
        "quite",
        "range",
        "rather",
        "re",
        "really",
        "recommend",
        "right",
        "round",
        "said",
        "same",
        "say",
        "search",
        "searching",
        "see",
        "seeing",
        "seem",
        "selection",
        "sell",
        "send",
        "several",
        "shall",
        "shop",
        "shopping",
        "should",
        "show",
        "showing",
        "simple",
        "simply",
        "since",
        "sir",
        "so",
        "some",
        "somebody",
        "someone",
        "something",
        "soon",
        "sorry",
        "sort",
        "sorts",
        "stay",
        "still",
        "stock",
        "store",
        "stuff",
        "such",
        "suggest",
        "suggestion",
        "suggestions",
        "suitable",
        "sure",
        "take",
        "tell",
        "than",
        "thank",
        "thanks",
        "that",
        "thats",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "things",
        "think",
        "this",
        "those",
        "though",
        "three",
        "thx",
        "time",
        "today",
        "together",
        "too",
        "total",
        "totally",
        "towards",
        "tried",
        "try",
        "trying",
        "two",
        "type",
        "types",
        "um",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "use",
        "used",
        "using",
        "usually",
        "ve",
        "very",
        "view",
        "wait",
        "want",
        "wanted",
        "wanting",
        "wants",
        "was",
        "way",
        "we",
        "well",
        "went",
        "were",
        "what",
        "whatever",
        "whats",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whole",
        "whom",
        "whose",
        "why",
        "will",
        "wish",
        "with",
        "within",
        "without",
        "wont",
        "wonder",
        "wondering",
        "would",
        "wouldnt",
        "y",
        "ya",
        "yeah",
        "yep",
        "yes",
        "yet",
        "you",
        "your",
        "yours",
        "items",
        "item",
        "anyway",
        "besides",
        "currently",
        "hold",
        "hide",
        "assortment",
        "variety",
        "stocked",
        "afternoon",
        "morning",
        "evening",
        "day",
        "days",
        "week",
        "weekend",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "month",
        "he",
        "she",
        "him",
        "his",
        "hers",
        "himself",
        "herself",
        "isnt",
        "arent",
        "doesnt",
        "didnt",
        "wasnt",
        "youre",
        "youve",
        "theyre",
        "weve",
        "whos",
        "nr",
        "pieces",
        "sort",
        "sorted",
        "order",
        "ordered",
        "arrange",
        "rank",
        "by",
        "bottom",
        "limit",
        "least",
        "lowest",
        "change",
        "switch",
        "swap",
        "birthday",
        "christmas",
        "starts",
        "job",
        "wear",
        "decent",
        "friend",
        "myself",
    ]
)
"""Words of a message that never name what is wanted."""



@dataclass(frozen=True, slots=True)
class Token:
    """A word of a message: its folded text, stem, and place in the message."""

    text: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a folded word without its plural ending.

    Lighter than Porter on purpose: 'fit' is not 'fitness' when a word decides what is shown.
    """
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ie"):
        return word[:-1]
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "i"
    return word


def tokens(folded: str) -> list[Token]:
    """Cut folded text into tokens; a possessive ending belongs to its word."""
    found = []
    for match in _TOKEN.finditer(folded):
        text = re.sub(r"['’]", "", re.sub(r"['’]s$", "", match.group()))
        found.append(Token(text, stem(text), match.start(), match.end()))
    return found


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's words."""
    return tuple(token.stem for token in tokens(fold(text)))


@lru_cache(maxsize=1)
def _synonym_file() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(
        files(__package__).joinpath("synonyms.yaml").read_text("utf-8")
    )
    return data


@lru_cache(maxsize=1)
def synonyms() -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Return phrase to the phrases it may stand for, as stems, the closest first."""
    data = _synonym_file()
    table: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for group in data["same"]:
        phrases = [stems(str(phrase)) for phrase in group]
        for phrase in phrases:
            table.setdefault(phrase, []).extend(other for other in phrases if other != phrase)
    for word, targets in (data["kinds"] | data["recipients"]).items():
        table.setdefault(stems(word), []).extend(stems(str(target)) for target in targets)
    return table


@lru_cache(maxsize=1)
def synonym_words() -> frozenset[str]:
    """Return the unstemmed words of the synonym table, for spelling help."""
    data = _synonym_file()
    phrases = [
        *reduce(operator.iadd, data["same"], []),
        *data["kinds"],
        *reduce(operator.iadd, data["kinds"].values(), []),
    ]
    return frozenset(token.text for phrase in phrases for token in tokens(fold(str(phrase))))


@lru_cache(maxsize=1)
def recipients() -> frozenset[str]:
    """Return the stems of words for people, who say something of the product only after 'for'."""
    return frozenset(stem(word) for word in _synonym_file()["recipients"])
