"""Capitals of a title's words."""

import re
from collections.abc import Sequence

from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.tables import acronyms, small_words, units
from shopclerk.models.titles.words import edges, fold, is_common, is_english

MANY = 0.6
"""A title shouts when so many of its letters are capitals."""

LAST_LATIN = 0x24F
"""Titles in other scripts do not begin each word with a capital."""

_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER_UNIT = re.compile(r"(\d[\d.,/x×-]*)(-?)([^\W\d_]+\.?)")
_PART = re.compile(r"([-/&+.])")
_SHOUTED = re.compile(r"(?<![^\W_])[A-ZÀ-ÖØ-Þ]{4,}(?![^\W_])")
_ROMAN = re.compile(r"[IVX]{2,5}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,}[^\W\d_]?")


def recase(text: str, own: OwnWords) -> str:
    """Return a title in title case: names as their fields write them, no word of four letters in capitals.

    A word that mixes small letters and capitals is taken as meant.
    """
    # Units and model numbers are often capitals in a title that does not shout.
    spoken = [token for token in text.split() if not any(char.isdigit() for char in token)]
    letters = [char for char in "".join(spoken) or text if char.isalpha()]
    upper = sum(char.isupper() for char in letters)
    shouting = upper > MANY * len(letters) if letters else False
    noisy = shouting or _has_shouted_word(text, own)
    tokens = text.split()
    brand_at = brand_places(tokens, own)
    done = []
    for place, token in enumerate(tokens):
        before, core, after = edges(token)
        if not core:
            done.append(token)
        elif place in brand_at:
            done.append(before + brand_at[place] + after)
        else:
            number = place > 0 and tokens[place - 1][-1:].isdigit()
            done.append(before + _word(core, own, place, shouting, noisy, number) + after)
    return _first_capital(_SHOUTED.sub(lambda match: _calm(match, own), " ".join(done)))


def _has_shouted_word(text: str, own: OwnWords) -> bool:
    return any(
        len(word) > 3 and word.isupper() and fold(word) not in own.spoken_capitals
        for word in _LETTERS.findall(text)
    )


def _calm(match: re.Match[str], own: OwnWords) -> str:
    """Return a run of four capitals or more as a word, unless a name is written so or it is part of a model number."""
    word = match[0]
    if fold(word) in own.spoken_capitals or model_number(match.string, match.start(), match.end()):
        return word
    return word.capitalize()


def model_number(text: str, start: int, end: int) -> bool:
    """Tell whether a run of capitals is part of a model number: tied to digits and no word, as in `ABCD-123`."""
    token = text[text.rfind(" ", 0, start) + 1 : (text.find(" ", end) + 1 or len(text) + 1) - 1]
    if is_english(fold(text[start:end])):
        return False
    parts = re.split(r"[^\w-]", token)
    return any(text[start:end] in part and any(map(str.isdigit, part)) for part in parts)


def brand_places(tokens: Sequence[str], own: OwnWords) -> dict[int, str]:
    """Return the places of the brand's words where they stand in a row, with the brand's own forms."""
    brand = own.brand_words
    keys = [fold(edges(token)[1]) for token in tokens]
    wanted = [fold(edges(word)[1]) or fold(word) for word in brand]
    if not brand:
        return {}
    found: dict[int, str] = {}
    for start in range(len(keys) - len(wanted) + 1):
        if keys[start : start + len(wanted)] == wanted:
            forms = {start + i: _brand_form(edges(word)[1] or word) for i, word in enumerate(brand)}
            found.update(forms)
    return found


def _brand_form(word: str) -> str:
    """Return a brand's word as its field writes it; a field all in small letters says nothing of capitals."""
    return word if any(map(str.isupper, word)) or word in small_words() else _capital(word)


def _word(
    core: str, own: OwnWords, place: int, shouting: bool, noisy: bool, after_number: bool
) -> str:
    word = fold(core)
    if core.isupper() and word in own.spoken_capitals:
        return core
    if any(char.isdigit() for char in core):
        return _with_digits(core, own, shouting)
    if _INITIALS.fullmatch(core):
        return core.upper() if len(core) > 2 or core.isupper() else core
    if word in small_words() and place:
        # As it stands where it stands capitalised: `With` is a choice, `WITH` is not.
        return core if core[:1].isupper() and core[1:].islower() else core.lower()
    if word in units() and after_number and (len(core) < 3 or core.isupper() or core.islower()):
        return units()[word] if shouting or len(core) > 3 else core
    parts = _PART.split(core)
    if len(parts) == 1:
        return _plain(core, own, shouting, noisy)
    single = len(parts[0]) == 1 and parts[1] == "-"
    cased = [_plain(part, own, shouting, noisy) for part in parts]
    if single and len(parts) == 3:
        # T-shirt, not T-Shirt; one that is written so stays.
        cased[0] = parts[0].upper()
        cased[2] = parts[2].lower() if not _is_title(parts[2]) else parts[2]
    return "".join(cased)


def _is_title(word: str) -> bool:
    return word[:1].isupper() and word[1:].islower()


def _with_digits(core: str, own: OwnWords, shouting: bool) -> str:
    match = _NUMBER_UNIT.fullmatch(core)
    if match:
        unit = match[3]
        if fold(unit) in units():
            known = units()[fold(unit)]
            return match[1] + match[2] + (known if shouting else unit)
        if fold(unit) in acronyms():
            return match[1] + match[2] + acronyms()[fold(unit)]
        if len(unit) > 3 and unit.isupper():
            return match[1] + match[2] + _plain(unit, own, shouting, shouting)
        return core.lower() if shouting and len(unit) < 3 and not match[2] else core
    if core.islower() and re.fullmatch(r"[a-z]{1,5}-?\d{2,}[a-z0-9-]*", core):
        return core.upper()
    if core.isupper() or core.islower():
        return core
    return core


def _plain(word: str, own: OwnWords, shouting: bool, noisy: bool) -> str:
    """Return one run of letters in its case."""
    folded = fold(word)
    if not _LETTERS.search(word):
        return word
    if word.islower() and ord(word[0]) > LAST_LATIN:
        return word
    if word.islower():
        own_form = own.strong.get(folded, "")
        if folded in acronyms() and not is_english(folded):
            return acronyms()[folded]
        return own_form if own_form[:1].isupper() and not own_form.isupper() else _capital(word)
    if not word.isupper():
        return word
    if len(word) > 3:
        form = own.strong.get(folded, "")
        if form and not form.isupper() and not form.islower():
            return form
        return word if _ROMAN.fullmatch(word) and len(word) < 4 else _capital(word.lower())
    return _short(word, folded, own, shouting, noisy)


def _short(word: str, folded: str, own: OwnWords, shouting: bool, noisy: bool) -> str:
    """Return a word of up to three capitals: an acronym stays, a word that is shouted does not."""
    if folded in acronyms() or len(word) == 1:
        return acronyms().get(folded, word)
    form = own.strong.get(folded, "")
    if form:
        return form if not form.islower() else _capital(form)
    if shouting or (noisy and is_common(folded) and len(word) > 2):
        return _capital(word.lower())
    return word


def _capital(word: str) -> str:
    """Return a word with its first letter large, behind a quote too."""
    at = next((place for place, char in enumerate(word) if char.isalnum()), 0)
    return word[:at] + word[at : at + 1].upper() + word[at + 1 :]


def _first_capital(text: str) -> str:
    """Begin with a capital or a digit, where there is a letter to begin with."""
    for place, char in enumerate(text):
        if char.isalnum():
            return text[:place] + char.upper() + text[place + 1 :] if char.islower() else text
    return text
