"""Turns of speech: what a message does, apart from the things it names.

Patterns over folded English text. Other languages' product words still work through the lexicon; their turns
of speech do not.
"""

import re

from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.wording import Token, tokens
from shopclerk.catalog.search import Sort

_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]*\b(?:instruction|rule|prompt|told|previous|above|before|guideline|filter)s?\b"
    r"|\b(?:system|developer|admin|debug|root)\s*(?:prompt|note|message|mode|override|command|access)\b"
    r"|\b(?:reveal|print|repeat|show|output|leak|tell)\b[^.!?]*\b(?:prompt|hidden|instructions|system message|your rules|api key|password|secret)"
    r"|\byou are (?:now|no longer)\b|\bact as\b|\bpretend (?:to be|you|that)\b|\bjailbreak\b|\bset (?:every|all|the) prices?\b|\b(?:admin|developer|god) mode\b|\bdan mode\b"
    r"|\bwrite (?:me )?(?:a|an|some) (?:poem|story|song|essay|code|script|program|joke|haiku|email)\b"
    r"|\b(?:filter|limit|rule|restriction)s? (?:is|are) (?:now )?(?:switched |turned )?(?:disabled|off|lifted|suspended)\b"
    r"|\bassistant (?:must|should|has to|will now)\b|\bnote (?:from|to) (?:the )?\w+\s*:|\b(?:system|important|admin|override)\s*:|<\s*/?\s*(?:user|assistant)\b"
    r"|\bfilters? (?:is|are) (?:now )?(?:disabled|off)\b|<\s*/?\s*(?:system|script|instructions?)\b|\[\s*system\s*\]"
    r"|\bnew (?:instructions?|rules?)\s*:"
    r"|\b(?:always|only|must|never) (?:\w+ ){0,2}(?:recommend|rank|suggest|mention|say)\b"
)
_SENTENCE = re.compile(r"[^.!?;\n]+(?:[.!?;\n]+|$)|[.!?;\n]+")

CUES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "greeting": r"^\W*(?:hi+|hello|hey+|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|greetings|moin|hola|bonjour|guten tag|hallo|ciao)\b",
        "thanks": r"\b(?:thanks?|thank you|thx|cheers|ta|that helps|that's all|that is all|thats all|much appreciated|merci|danke|gracias)\b"
        r"|^\W*(?:(?:ok|okay|oh|that's|that is|that was|how|simply|really|very|just) )*(?:perfect|wonderful|super|awesome|brilliant|lovely|great|excellent|fantastic|amazing|splendid|sweet|nice|good)(?: one| job)?\W*$",
        "off_topic": r"\b(?:capital of|who (?:is|was|won|wrote|invented|discovered|painted)|how far away|translate (?:this|that|it)|tell (?:me|us) a (?:joke|story)|sing (?:me|us|a)|weather"
        r"|what time is it|what day is it|president|prime minister|world cup|do my homework|how do (?:i|you) (?:cook|bake|boil|fry)|what do you think about|meaning of life|life on mars|in love with"
        r"|are you (?:human|alive|married|happy)|tallest mountain|square root|\d+ (?:times|plus|minus|divided by) \d+|fix my (?:computer|car|phone)|horoscope|stock market|football (?:score|results?)"
        r"|which team|politics|religion|headache)\b",
        "farewell": r"\b(?:bye|goodbye|good bye|see you|see ya|farewell|cya|have a (?:nice|good|great) (?:day|one|evening|weekend))\b",
        "help": r"\b(?:what (?:can|do) you (?:do|sell|have|offer)|how do(?:es)? (?:this|it) work|who are you|what are you|help me)\b",
        "policy": r"\b(?:refunds?|returns? policy|return (?:it|them|an? )|shipping|delivery (?:time|cost|fee)s?|opening hours|track my order|my order|warranty claim|customer service|human agent|speak to (?:a|someone))\b",
        "compare": r"\b(?:compare|comparison|difference|differences|differ|versus|vs|side by side)\b",
        "similar": r"\b(?:similar|alike|resembl\w+|comparable|(?<!'d )(?<!would )(?<!'d also )like (?:that|this|it|the|number|#)|along the lines|in the same style|more like|same style|reminds?|alternatives? to)\b",
        "more": r"\b(?:show (?:me )?(?:some )?(?:more|others?)|more (?:of (?:them|these|those|that)|results?|options?|please|choices?)|any(?:thing)? (?:others?|else)|next(?: page)?|what else|see more|others|other ones|another (?:few|one|page|batch)|and more|the rest|keep going|got more|have more|some others|other options|further (?:ones|results|options))\b|^\W*(?:more|next|else|others?)\W*$",
        "cheaper": r"\b(?:cheaper|less expensive|lower[- ]priced|more affordable|less pricey|for less|too (?:expensive|pricey|dear|much)|lower price|less dear)\b",
        "dearer": r"\b(?:more expensive|pricier|dearer|fancier|more upscale)\b",
        "those": r"\b(?:these|those|them|they|of (?:that|this|the) (?:lot|list|bunch|selection)|out of (?:these|those|them)|the (?:two|three|four|five|2|3|4|5)(?: of)?|which one|which of|among|both|either|from (?:these|those|the list))\b",
        "that": r"\b(?:it|its|it's|that|this|that one|this one|the one|number|no\.|he|she)\b",
        "the": r"\b(?:the|that|this|it|its|it's|they|them|those|these)\b",
        "switch": r"\b(?:switch(?: over)?(?: to)?|change (?:it |that )?to|instead|rather|make (?:it|that)|swap)\b",
        "also": r"\b(?:too|also(?! (?:sell|have|carry|stock|got|do|need|want|looking)\b)|as well|same|in that (?:range|price|colou?r|size|brand)|and in|what about|how about)\b|^\W*(?:and|or|also|plus)\b",
        "which": r"\bwhich\b|\bwhat(?:'s| is| are)? the\b|^what\b",
    }.items()
}
"""Turns of speech, by name."""

_SORTS: tuple[tuple[Sort, re.Pattern[str]], ...] = (
    (
        "price_asc",
        re.compile(
            r"\b(?:cheapest|lowest[- ]pric\w*|lowest price|lowest cost|least expensive|lowest|least pricey|least dear|least costly|most affordable|"
            r"(?:costs?|sets? (?:me|you|one) back|priced?|pay) (?:the )?(?:least|lowest)|inexpensive first|low\w*\s*(?:to|-+>?|→)\s*high\w*|"
            r"ascending|price up|from the bottom up|bottom up|cheap(?:est|er)?(?: ones?)? (?:first|at the top|on top)|for the least|cheapest at the top|smallest price|bargain)\b"
        ),
    ),
    (
        "price_desc",
        re.compile(
            r"\b(?:priciest|top[- ]pric\w*|most expensive|highest[- ]pric\w*|highest price|dearest|most costly|costliest|(?:costs?|priced?) (?:the )?(?:most|highest)|"
            r"high\w*\s*(?:to|-+>?|→)\s*low\w*|descending|expensive(?: ones?)? first|top of the range|top end|premium|from the top down|most luxurious|price down)\b"
        ),
    ),
    (
        "rating_desc",
        re.compile(
            r"\b(?:best|top|highest|better|most highly|well)[- ]?(?:rated|reviewed|ratings?|scor\w+|reviews?|stars?)\b|\b(?:best|top|highest) (?:customer |user )?(?:rating|review|score)\w*\b"
            r"|\bsort\w* by (?:rating|reviews?|stars)\b|\b(?:by|order\w* by) (?:rating|stars|reviews)\b|\bpeople (?:like|love) (?:the )?(?:most|best)\b|\bmost (?:loved|liked|popular)\b|\bearned the best\b|\bbest ones? first\b"
        ),
    ),
    ("newest", re.compile(r"\b(?:newest|latest|most recent|new arrivals|just in)\b")),
)
_BY_RATING = re.compile(
    r"\b(?:rating|ratings|stars|reviews)\b.{0,8}\bhigh\w*\s*(?:to|-+>?|→)\s*low"
)
_SORT_BY_PRICE = re.compile(r"\b(?:sort|order|rank|arrange)\w*\b[^.]*\bprice\b|\bby price\b")

_IN_STOCK = re.compile(
    r"\b(?:in stock|on stock|available (?:now|right now|immediately|today)|in hand|on hand|ready to ship|can (?:you )?(?:ship|deliver) (?:now|today)|"
    r"(?:hide|skip|without|not|no|exclude|leave out) (?:\w+ ){0,4}(?:sold out|out of stock)|not sold out|deliver now|currently available|still available|you (?:actually|still) have)\b"
    r"|^\W*(?:is it |are they |which are )?available\W*$"
)

_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4,
    "5th": 4, "sixth": 5, "last": -1, "final": -1, "top": 0,
}  # fmt: skip
_SMALL = {"one": 0, "two": 1, "three": 2, "four": 3, "five": 4}
_FIRST_N = re.compile(r"\b(?:first|top) (two|three|four|five|2|3|4|5)\b")
_NUMBERED = re.compile(
    r"\b(?:number|no\.?|nr\.?|option|item|#)\s*(one|two|three|four|five|[1-9])\b|#\s*([1-9])\b"
)
_POSITION = re.compile(
    r"\b(first|second|third|fourth|fifth|sixth|last|final|1st|2nd|3rd|4th|5th)\b(?! (?:of all|time|thing|price))"
)
_AT_TOP = re.compile(
    r"\b(?:first|at the top|on top|at the beginning)\s*$|\bones? first\b|\bcheap\w* first\b|\bexpensive first\b|\bprice first\b|\bbest first\b"
)

_ASKED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "price",
        re.compile(
            r"\bhow much\b(?!.*\b(?:weigh|hold|left|stock))|\bwhat (?:does|do|would|will|is|'s) (?:\w+ ){0,4}cost\b|\b(?:the |its |their )?(?:exact )?(?:price|cost|costs)\b|\bhow expensive\b|\bset me back\b(?! least)|\bprice tag\b|\bcosts? exactly\b"
        ),
    ),
    (
        "stock",
        re.compile(
            r"\bhow many\b|\bin stock\b|\bon stock\b|\bstock (?:level|left)\b|\bleft\b|\bavailab\w+\b|\bsold out\b|\bhow much stock\b"
        ),
    ),
    ("rating", re.compile(r"\b(?:rating|ratings|rated|reviews?|stars?|score|how (?:good|well))\b")),
    (
        "brand",
        re.compile(
            r"\b(?:brand|brands|(?:what|which) make|maker|manufacturer|who makes|made by|label|company)\b"
        ),
    ),
    ("category", re.compile(r"\b(?:category|department|what kind of (?:product|thing))\b")),
    (
        "description",
        re.compile(
            r"\b(?:tell me (?:more|about|everything)|more (?:about|details|info|information)|details?|describe|description|more on|specs?|specifications?|info(?:rmation)?|learn more)\b"
        ),
    ),
    ("title", re.compile(r"\b(?:what is (?:it|that|the \w+(?: \w+)?) called|name|called|title)\b")),
)
_ASKED_ATTRIBUTES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("colour", "color"), re.compile(r"\bcolou?rs?\b")),
    (("material",), re.compile(r"\b(?:made (?:of|from|out of)|material|fabric)\b")),
    (("weight",), re.compile(r"\b(?:weigh|weighs|weight|heavy|light(?:er|est)?)\b")),
    (("size", "sizes", "dimensions"), re.compile(r"\b(?:sizes?|how (?:big|large|long|wide|tall)|dimensions?|measure\w*)\b")),
    (("capacity", "volume"), re.compile(r"\b(?:capacity|hold|holds|volume|how many lit(?:re|er)s)\b")),
    (("memory", "ram"), re.compile(r"\b(?:ram|memory)\b")),
    (("storage",), re.compile(r"\b(?:storage|disk|ssd|how many (?:gb|gigabytes))\b")),
    (("battery_life", "battery"), re.compile(r"\b(?:battery|how long does (?:it|the battery) last)\b")),
    (("power", "wattage"), re.compile(r"\b(?:power(?:ful)?|watts?|wattage)\b")),
    (("season",), re.compile(r"\bseasons?\b")),
    (("gender",), re.compile(r"\b(?:gender|for (?:men or women|women or men)|who is it for)\b")),
    (("flavour", "flavor"), re.compile(r"\b(?:flavou?rs?|taste)\b")),
)  # fmt: skip

_INDIFFERENT = re.compile(
    r"\b(?:never ?mind|forget|ignore|drop|remove|scrap|lift|regardless|whatever|doesn'?t matter|does not matter|don'?t care|do not care|not important|irrelevant|unimportant|lose|skip)\b"
)
_LOOSE_FIELD = r"(?:price|budget|rating|brand|colou?r|size|material|gender|stock|season)s?"
_ANY_FIELD = re.compile(
    rf"\b(?:any|other|all|different|whichever|whatever|no|without)\b(?: (?:the|a|other|old))? ({_LOOSE_FIELD})\b"
    rf"(?: limit| cap| restriction)?"
    rf"|\b({_LOOSE_FIELD}) (?:\w+ ){{0,3}}(?:do(?:es)?n'?t|does not|do not|is(?:n'?t| not)|not) (?:matter|important|care)"
)
_ANY_PRICE = re.compile(
    r"\b(?:money|price|cost)s? (?:is|are) no (?:object|issue|problem|concern)\b|\bwhatever (?:it|they|that) costs?\b|\bhowever much it costs\b"
    r"|\b(?:forget|never ?mind|drop|ignore|lift|scrap)(?: about)? (?:the|that|my) (?:[$€£] ?)?\d+\b(?! ?(?:cm|mm|m|l|kg|g|inch|gb|w|v)\b)|\b(?:can|will|could) (?:pay|spend) more\b"
)
_FIELD_WORDS = {
    "price": "price", "prices": "price", "ratings": "rating", "star": "rating", "review": "rating", "budget": "price", "cost": "price", "limit": "price", "rating": "rating",
    "stars": "rating", "reviews": "rating", "brand": "brand", "colour": "colour", "color": "colour",
    "colours": "colour", "colors": "colour", "brands": "brand", "size": "size", "sizes": "size", "material": "material",
    "gender": "gender", "stock": "stock", "season": "season", "everything": "*",
}  # fmt: skip

_NEGATOR = re.compile(
    r"\b(?:instead of|rather than|not(?! (?:only|just|necessarily)\b)|no(?!,? (?:wait|actually|sorry|make|rather|i|wrong|problem|matter|need|preference|idea|better)\b)|without|except(?: for)?|excluding|anything but|everything but|other than|apart from|besides|but not|"
    r"don'?t (?:want|like|need)|do not (?:want|like|need)|isn'?t|aren'?t|(?:should|must|may|can)(?:n'?t| not) be|can'?t stand|dislike|get rid of|nothing(?! (?:else|wrong|fancy|special|crazy|more))(?: in| from| by)?|is not|are not|never|hate|avoid|leave out|exclude|skip|drop|minus|nor|neither)\b"
)
_NEGATION_REACH = 3


def without_injection(text: str) -> str:
    """Return the text without the sentences that try to change the assistant's rules."""
    return "".join(part for part in _SENTENCE.findall(text) if not _INJECTION.search(part))


def find_cues(text: str) -> set[str]:
    """Return the names of the turns of speech in a text."""
    return {name for name, pattern in CUES.items() if pattern.search(text)}


_QUESTION = re.compile(
    r"\?|^\W*(?:and |so |ok |but )?(?:what|which|how|is|are|does|do|who|whose|where|can|could|has|have)\b"
)
_SEEKING = re.compile(
    r"\b(?:look\w*|search\w*|hunt\w*|shop\w*|ask\w*|market|quest(?: is)?|going|up|in) $"
)
_GOES_ON = re.compile(
    r"^\W*(?:(?:ok|okay|and|but|hm+|well|so) )*(?:(?:that|which) (?:is|are|has|have|can)\b|with\b|in\b|only\b|just\b|must be\b|ones?\b|(?:it|they|these|those)(?: |')(?:is|are|re|s|should|must|need|has|have)\b)"
)
_ASKS_OF_ONE = re.compile(
    r"^\W*(?:(?:ok|okay|and|but|hm+|well|so) )*(?:is|was|does|would|will|can|has) (?:it|that|this)\b(?! possible)"
)
_TELL = re.compile(r"\b(?:tell|what|which|how|know)\b")
_TOP = re.compile(r"\b(?:at|on|to) (?:the )?top\b|\bones? first\b|\bfirst\b\W*$")
_FOR = re.compile(r"\bfor\b(?:\s+(?:my|the|a|an|our|his|her|their|some|use|this|that))*")


def is_question(text: str) -> bool:
    """Tell whether a text asks rather than orders."""
    return bool(_QUESTION.search(text))


def negating_tokens(message: list[Token], text: str) -> list[bool]:
    """Return for each token whether it belongs to a negation itself."""
    spans = [
        match.span() for pattern in (_NEGATOR, _INDIFFERENT) for match in pattern.finditer(text)
    ]
    return [any(start <= token.start < end for start, end in spans) for token in message]


def purpose_start(text: str) -> int:
    """Return where a text begins to say whom or what a thing is for; its end where it does not."""
    for match in _FOR.finditer(text):
        if match.start() > 0 and not _SEEKING.search(text[: match.start()]):
            return match.end()
    return len(text)


def refines(text: str) -> bool:
    """Tell whether a text goes on about what was shown, by how it begins: 'that are stackable', 'with a lid'."""
    return bool(_GOES_ON.search(text))


def asks_of_one(text: str) -> bool:
    """Tell whether a text asks whether one thing is so: 'is that one silver?'."""
    return bool(_ASKS_OF_ONE.search(text))


_CLAUSE_END = re.compile(r"[,.;!?:](?:\s|$)")
_WANT = re.compile(
    r"\b(?:needs?|wants?|looking|find|buy|after|show|search\w*|like to|sell|carry)\b"
)


def clause_of(token: Token, text: str) -> int:
    """Return which clause of a text a token stands in, counted from 0."""
    return len(_CLAUSE_END.findall(text[: token.start]))


def says_want(clause: int, text: str) -> bool:
    """Tell whether a clause of a text says that something is wanted."""
    parts = _CLAUSE_END.split(text)
    return clause < len(parts) and bool(_WANT.search(parts[clause]))


def limit_word(token: Token) -> bool:
    """Tell whether a word names a limit: price, budget, rating, colour and the like."""
    return token.text in _FIELD_WORDS


def is_for(text: str, token: Token) -> bool:
    """Tell whether a token follows 'for' closely."""
    return any(0 <= token.start - match.end() <= 12 for match in _FOR.finditer(text))


def wants_stock(text: str) -> bool:
    """Tell whether only what is on hand is wanted."""
    return bool(_IN_STOCK.search(text))


def find_sort(text: str) -> Sort | None:
    """Return the order a text asks for, None for none."""
    if _BY_RATING.search(text):
        return "rating_desc"
    for sort, pattern in _SORTS:
        if pattern.search(text):
            return sort
    return "price_asc" if _SORT_BY_PRICE.search(text) else None


def without_cues(text: str) -> str:
    """Return the text with the phrases that ask for an order, the stock and the like blanked out."""
    if find_sort(text):
        text = _blank_all(text, _TOP)
    for pattern in (*(pattern for _, pattern in _SORTS), _BY_RATING, _IN_STOCK, _ANY_FIELD):
        text = _blank_all(text, pattern)
    text = _blank_all(text, _ANY_PRICE)
    for name in ("thanks", "farewell", "compare", "similar", "more", "cheaper", "dearer"):
        text = _blank_all(text, CUES[name])
    return text


def asking_tokens(message: list[Token], text: str, lexicon: Lexicon) -> list[bool]:
    """Return for each token whether it belongs to a phrase that asks about a field of this catalogue."""
    patterns = [pattern for _, pattern in _ASKED]
    if is_question(text) or _TELL.search(text):
        patterns += [
            pattern
            for names, pattern in _ASKED_ATTRIBUTES
            if any(name in lexicon.values for name in names)
        ]
    spans = [match.span() for pattern in patterns for match in pattern.finditer(text)]
    return [any(start <= token.start < end for start, end in spans) for token in message]


def _blank_all(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)


def find_positions(text: str, *, sorting: bool) -> tuple[list[int], str]:
    """Return the places in a list that a text points at, from 0, and the text without them.

    Args:
        text: Folded text.
        sorting: The text asks for an order, so that 'first' may mean 'at the top'.
    """
    if match := _FIRST_N.search(text):
        count = _SMALL.get(match[1], int(match[1]) - 1 if match[1].isdigit() else 0) + 1
        return list(range(count)), _blank(text, match)
    found: list[tuple[int, int]] = []
    for match in _NUMBERED.finditer(text):
        word = match[1] or match[2]
        found.append((match.start(), _SMALL.get(word, int(word) - 1 if word.isdigit() else 0)))
        text = _blank(text, match)
    if not (sorting and _AT_TOP.search(text)):
        for match in _POSITION.finditer(text):
            found.append((match.start(), _ORDINALS[match[1]]))
            text = _blank(text, match)
    return [position for _, position in sorted(found)], text


def asked_fields(text: str, lexicon: Lexicon) -> list[str]:
    """Return the fields of a product that a text asks about."""
    asked = [name for name, pattern in _ASKED if pattern.search(text)]
    for names, pattern in _ASKED_ATTRIBUTES:
        if pattern.search(text):
            asked += [name for name in names if name in lexicon.values]
    message = tokens(text)
    asked += [name for _, name in lexicon.fields_in(message) if name not in asked]
    longer = [token.text for token in message if len(token.text) > 3 and is_question(text)]
    asked += [
        name
        for name in lexicon.values
        if name not in asked and any(name.startswith(word) for word in longer)
    ]
    return list(dict.fromkeys(asked))


def relaxed_fields(text: str) -> set[str]:
    """Return the fields whose limit a text takes back; `*` means all."""
    relaxed = {_field(match[1] or match[2]) for match in _ANY_FIELD.finditer(text)}
    if _ANY_PRICE.search(text):
        relaxed.add("price")
    for match in _INDIFFERENT.finditer(text):
        after = tokens(re.split(r"[.;]", text[match.start() :])[0])
        near = [*after, *tokens(text[: match.start()])[-4:]]
        relaxed |= {_FIELD_WORDS[word.text] for word in near if word.text in _FIELD_WORDS}
    return relaxed


def _field(word: str) -> str:
    return _FIELD_WORDS[word] if word in _FIELD_WORDS else _FIELD_WORDS[word.removesuffix("s")]


def negated_tokens(message: list[Token], text: str) -> list[bool]:
    """Return for each token whether a negation reaches it."""
    negated = [False] * len(message)
    for match in _NEGATOR.finditer(text):
        after = [index for index, token in enumerate(message) if token.start >= match.end()]
        reach = _NEGATION_REACH
        for index in after:
            between = text[match.end() : message[index].start]
            if reach == 0 or re.search(r"[,.;:!?]|\bbut\b|\bjust\b|\bonly\b", between):
                break
            negated[index] = True
            joined = text[message[index].end : message[index].end + 5]
            reach = _NEGATION_REACH if re.match(r"\s*(?:or|nor|and)\b", joined) else reach - 1
    return negated


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
