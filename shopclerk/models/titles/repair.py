"""Mends words of a title from the words that the listing's other fields hold.

Typing errors, short forms, glued and split words: each is mended only into a word that the product's own brand,
attributes, category or description holds, or that a table of short forms states, so that nothing is invented. Brands
and model numbers are never 'corrected' into something else.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.tables import (
    abbreviations,
    audience_words,
    colour_words,
    plain_abbreviations,
    small_words,
    units,
)
from shopclerk.models.titles.words import (
    edges,
    english,
    fold,
    inflected,
    is_common,
    is_english,
    product_words,
    skeletons,
    squash,
)

LONG_WORD_CHARS = 7
"""Words from here on may differ by two edits, shorter ones by one."""
MAX_WORD_CHARS = 40
RARER_BY = 8
"""An English word is taken for a misspelt one only where it is so many times rarer."""
MUCH_RARER_BY = 50
"""The same, where only the description holds the other word."""
MAX_PARTS = 3
RARE_COUNT = 100_000
"""Taken for words that only product titles hold."""

_LEET = str.maketrans("013457@$", "oieastas")
_HAS_DIGIT = re.compile(r"\d")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_CAMEL = re.compile(r"[a-z]{2,}[A-Z][a-z]|[A-Z]{2,}[A-Z][a-z]{2,}")

Speller = Callable[[str], str | None]
"""Gives the word of a shop's vocabulary that a folded word was meant to be."""


def mend_words(
    text: str, own: OwnWords, speller: Speller | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the text after each kind of mending with its name: split word, short form, glued words, spelling.

    Args:
        text: A title without marks that separate nothing.
        own: The words of the listing's other fields.
        speller: Corrects what the listing itself cannot tell.
    """
    tokens = _joined(text.split(), own)
    yield " ".join(tokens), "split word"
    for mend, rule in ((_expand, "short form"), (_split, "glued words")):
        tokens = [part for token in tokens for part in mend(token, own, tokens)]
        yield " ".join(tokens), rule
    tokens = [_spelt(token, own, tokens, speller) for token in tokens]
    yield " ".join(tokens), "spelling"


def _known(word: str, own: OwnWords) -> bool:
    """Tell whether a folded word is the product's own, in any common ending; a brand's words have none."""
    if word in own.words:
        return True
    brand = {fold(part) for part in own.brand_words}
    return any(
        inflected(word, other) and (other not in brand or other + "'s" == word)
        for other in _near_starts(word, own)
    )


def _near_starts(word: str, own: OwnWords) -> list[str]:
    """Return the own words that begin like a word: only they can be inflections of it."""
    head = word.replace("-", "")[:2]
    return [
        other
        for other in own.words
        if abs(len(other) - len(word)) < 4 and other.replace("-", "")[:2] == head
    ]


# -- short forms ---------------------------------------------------------------------------------------


def _expand(token: str, own: OwnWords, tokens: Sequence[str]) -> list[str]:
    before, core, after = edges(token)
    short = fold(core)
    if not core or len(core) > MAX_WORD_CHARS or short in own.words:
        return [token]
    long = _long_form(short, core, own, tokens)
    return [before + long + after.removeprefix(".")] if long else [token]


def _long_form(short: str, core: str, own: OwnWords, tokens: Sequence[str]) -> str | None:
    """Return what a short form stands for: as the table and the fields, the fields, or the table say."""
    options = [long.rstrip("!") for long in abbreviations().get(short, ())]
    for long in options:
        if all(fold(part) in own.words for part in long.split()) and not _stands(long, tokens):
            return _in_case(" ".join(own.words[fold(p)] for p in long.split()), core)
    if _HAS_DIGIT.search(short):
        return None
    if len(short) > 1 and not is_common(short) and short not in units():
        for word, form in own.words.items():
            sure = word in own.strong or (len(short) > 2 and not is_english(short))
            if sure and _shortens(short, word, own) and not _stands(word, tokens):
                return _in_case(form, core)
    if short in plain_abbreviations():
        return _in_case(plain_abbreviations()[short], core)
    stated = _with_apostrophe(short, own) if "'" not in short else None
    return _in_case(stated, core) if stated else None


def _with_apostrophe(short: str, own: OwnWords) -> str | None:
    if not short.endswith("s") or is_common(short):
        return None
    return own.words.get(f"{short[:-1]}'s") or own.words.get(f"{short}'")


def _shortens(short: str, word: str, own: OwnWords) -> bool:
    """Tell whether a folded word is the other without its vowels, or, for a sure word, its beginning."""
    if len(word) < 4 or len(short) > len(word) - 1 or short[0] != word[0]:
        return False
    if short in skeletons(word):
        return True
    begins = len(short) > 2 and word.startswith(short) and not is_english(short)
    return begins and word in own.strong and not inflected(short, word)


def _stands(long: str, tokens: Sequence[str]) -> bool:
    """Tell whether a word stands in the title already."""
    words = {fold(edges(token)[1]) for token in tokens}
    return all(fold(part) in words for part in long.split())


def _in_case(form: str, like: str) -> str:
    """Return a word in the case of what it replaces, where the case says anything."""
    if like.isupper() and len(like) > 1:
        return form.upper()
    return form if form != form.lower() or like.islower() else form.capitalize()


# -- glued words ---------------------------------------------------------------------------------------


def _split(token: str, own: OwnWords, _tokens: Sequence[str]) -> list[str]:
    before, core, after = edges(token)
    word = fold(core)
    if len(word) < 5 or len(word) > MAX_WORD_CHARS or not own.words or _known(word, own):
        return [token]
    if is_common(word) and not _CAMEL.search(core):
        return [token]
    if "-" in core or "/" in core:
        return [token]
    cuts = _cuts(word, own, MAX_PARTS) or (_camel_cuts(core, own) if _CAMEL.search(core) else None)
    if not cuts:
        return [token]
    parts = [core[i:j] for i, j in zip([0, *cuts], [*cuts, len(core)], strict=True)]
    return [before + parts[0], *parts[1:-1], parts[-1] + after]


def _cuts(word: str, own: OwnWords, parts: int) -> list[int] | None:
    """Return where a folded word falls into words of the fields, the longest first word first."""
    for at in range(len(word) - 2, 1, -1):
        head, tail = word[:at], word[at:]
        if not _may_be_part(head, own):
            continue
        if _may_be_part(tail, own):
            return [at] if _either_sure(head, tail, own) else None
        if parts > 2 and (rest := _cuts(tail, own, parts - 1)):
            return [at, *(at + cut for cut in rest)]
    return None


def _may_be_part(word: str, own: OwnWords) -> bool:
    if len(word) < 2 or word in ("er", "ing", "ed", "es"):
        return False
    if word in own.words:
        return True
    other = word in audience_words() or (len(word) > 2 and word in colour_words())
    return other or (len(word) > 3 and _known(word, own))


def _either_sure(head: str, tail: str, own: OwnWords) -> bool:
    """Colours and audiences that no field names are parts only beside a word of the fields."""
    return any(len(word) > 2 and _known(word, own) for word in (head, tail))


def _camel_cuts(core: str, own: OwnWords) -> list[int] | None:
    """Return where the case says that two words meet, when one of them is the product's own."""
    for match in re.finditer(r"(?<=[^\W\d_A-Z])(?=[A-Z])", core):
        at = match.start()
        head, tail = fold(core[:at]), fold(core[at:])
        if len(tail) > 2 and len(head) > 2 and (head in own.strong or tail in own.strong):
            return [at]
    return None


# -- split words ---------------------------------------------------------------------------------------


def _joined(tokens: list[str], own: OwnWords) -> list[str]:
    """Close up two neighbours that are one word of the fields, as in `sun glasses`."""
    by_letters = {squash(word): form for word, form in own.words.items() if len(word) > 4}
    done: list[str] = []
    for token in tokens:
        last = done[-1] if done else ""
        before, left, middle = edges(last)
        inner, right, after = edges(token)
        form = by_letters.get(squash(left) + squash(right)) if left and right else None
        alone = fold(left) in own.words and fold(right) in own.words
        if form and not middle and not inner and not alone and len(left) > 1 < len(right):
            done[-1] = before + _in_case(form, left + right) + after
        else:
            done.append(token)
    return done


# -- spelling ------------------------------------------------------------------------------------------


def _spelt(token: str, own: OwnWords, tokens: Sequence[str], speller: Speller | None) -> str:
    before, core, after = edges(token)
    word = fold(core)
    if not 3 <= len(word) <= MAX_WORD_CHARS or word in own.words:
        return token
    if _HAS_DIGIT.search(word) or "@" in word or "$" in word:
        plain = word.translate(_LEET)
        letters = sum(char.isalpha() for char in word)
        if not _HAS_DIGIT.search(plain) and (letters * 2 >= len(word) or plain in own.words):
            form = own.words.get(plain) or _nearest(plain, own, tokens, reach=0)
            return before + _in_case(form, core) + after if form else token
        return token
    if not _HAS_LETTER.search(word) or _known(word, own):
        return token
    form = _nearest(word, own, tokens)
    if form is None and speller and word.isalpha() and not is_english(word):
        form = speller(word)
    return before + _in_case(form, core) + after if form else token


def _nearest(
    word: str, own: OwnWords, tokens: Sequence[str], *, reach: int | None = None
) -> str | None:
    """Return the own word that a folded word was meant to be."""
    reach = reach if reach is not None else (1 if len(word) < LONG_WORD_CHARS else 2)
    brand = {fold(part) for part in own.brand_words}
    best: tuple[int, bool, bool, bool, str] | None = None
    for other, form in own.words.items():
        if abs(len(other) - len(word)) > reach or len(other) < 3:
            continue
        distance = OSA.distance(word, other, score_cutoff=reach)
        if distance > reach or not _may_mean(word, other, other in brand, own, tokens):
            continue
        doubled = distance == 1 and len(word) == len(other) + 1 and _undoubled(word, other)
        key = (distance, not doubled, other not in own.strong, _stands(other, tokens), form)
        best = min(best, key) if best else key
    return best[-1] if best else None


def _undoubled(word: str, other: str) -> bool:
    """Tell whether a word is the other with one letter written twice."""
    return any(
        word[i] == word[i - 1] and word[:i] + word[i + 1 :] == other for i in range(1, len(word))
    )


def _may_mean(word: str, other: str, brand: bool, own: OwnWords, tokens: Sequence[str]) -> bool:
    """Tell whether a folded word may be a misspelt other one, which is near to it."""
    if _HAS_DIGIT.search(other) or word in small_words() or word in units():
        return False
    if not is_english(word):
        return len(word) > 3 or (len(other) > 3 and other not in small_words())
    if len(word) < 4 or _stands(other, tokens) or other in small_words():
        return False
    if inflected(word, other) or word in product_words():
        return False
    if word in colour_words() or word in audience_words():
        return False
    times = english().get(other, 0) / english().get(word, RARE_COUNT)
    if times > (RARER_BY if other in own.strong else MUCH_RARER_BY):
        return True
    return brand and (not is_common(word) or _beside_brand(word, own, tokens))


def _beside_brand(word: str, own: OwnWords, tokens: Sequence[str]) -> bool:
    """Tell whether a word stands first, or next to another word of the brand."""
    keys = [fold(edges(token)[1]) for token in tokens]
    place = keys.index(word) if word in keys else 0
    brand = {fold(part) for part in own.brand_words}
    return place == 0 or bool(brand & set(keys[place - 1 : place + 2]))


# -- a shop's own vocabulary -------------------------------------------------------------------------


def shop_speller(vocabulary: Mapping[str, int], *, min_count: int = 5) -> Speller:
    """Return a speller over the words of a shop's own titles, by symspellpy (symmetric delete).

    Args:
        vocabulary: Folded word to the number of listings that hold it.
        min_count: A rarer word corrects nothing.

    A word that one listing alone holds counts as unknown: its misspelt titles are in the catalogue too. What it was meant to
    be must begin with the same letter.
    """
    from symspellpy import SymSpell, Verbosity

    engine = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
    for word, count in vocabulary.items():
        if count >= min_count and word.isalpha() and len(word) > 3:
            engine.create_dictionary_entry(word, count)

    @lru_cache(maxsize=16_384)
    def correct(word: str) -> str | None:
        if vocabulary.get(word, 0) > 1 or len(word) < 5:
            return None
        reach = 1 if len(word) < LONG_WORD_CHARS else 2
        found = engine.lookup(word, Verbosity.CLOSEST, max_edit_distance=reach)
        return next((one.term for one in found if one.term[0] == word[0]), None)

    return correct
