"""English: each written word to what is said for it, in the light of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.speakable import dates, identifiers, latex, numbers, units
from lessons.speakable.abbreviations import REFERENCES, TITLES
from lessons.speakable.pieces import DASHES, Piece, split
from lessons.speakable.single import say_word
from lessons.speakable.symbols import OPERATORS
from lessons.speakable.words import ATOM, Atom, Word
from lessons.wordset import word_set

_NUMBER = re.compile(rf"[-−–+±~≈]?(?:{numbers.PLAIN.pattern})")
_AMOUNT = re.compile(
    rf"[-−–+±~≈<>≤≥]?(?:{numbers.PLAIN.pattern})(?:(?:[-–/]|±)(?:{numbers.PLAIN.pattern}))?"
    rf"|[-−]?(?:{numbers.PLAIN.pattern})(?:[x×·⋅]10[⁻⁰¹²³⁴-⁹]+|[eE][-+]?\d+)|[¼-¾]"
)
_YEAR_AFTER = word_set(
    "in since by of from until till before after during around circa year years between summer "
    "winter spring autumn fall early late mid ca. c. to and copyright ©"
) | {name.lower() for name in dates.MONTH_NAMES}
_COUNTED = re.compile(r"[a-z]{3,}s$")
_ROMAN_AFTER_PART = word_set(
    "chapter part section volume book act scene type phase figure table war appendix article "
    "level stage class division unit lesson grade group title mark step"
)
_ROMAN_NAMES = word_set(
    "henry louis charles elizabeth george edward richard james william john paul pius benedict "
    "francis philip alexander catherine peter nicholas frederick ferdinand napoleon ramesses "
    "ramses ptolemy leo gregory innocent urban clement boniface ivan gustav christian haakon "
    "umberto victor alfonso mehmed selim murad darius xerxes artaxerxes otto mary margaret robert "
    "david harold carlos juan felipe pedro wilhelm friedrich"
)


def read(words: Sequence[Word]) -> list[str]:
    """What is said for each word, without punctuation."""
    pieces = [split(word) for word in words]
    position = 0
    while position < len(pieces):
        if pieces[position].said is None:
            _in_context(pieces, position)
        position += 1
    return [piece.said or "" for piece in pieces]


def _in_context(pieces: list[Piece], position: int) -> None:
    piece = pieces[position]
    before = pieces[position - 1] if position else None
    after = pieces[position + 1] if position + 1 < len(pieces) and not piece.trail else None
    linked = None if before is not None and before.trail else before
    for rule in _RULES:
        if rule(piece, linked, after):
            return
    piece.said = _whole(piece)


def _whole(piece: Piece) -> str:
    """A word by itself, its atoms in their places."""
    if ATOM not in piece.core:
        return say_word(piece.core)
    said: list[str] = []
    atoms = iter(piece.atoms[piece.lead.count(ATOM) :])
    for part in re.split(f"({ATOM})", piece.core):
        if part == ATOM:
            atom = next(atoms, None)
            said.append(say_atom(atom) if atom else "")
        elif part in ("s", "'s", "’s") and said and said[-1]:
            said[-1] += "'s"
        elif part in ("th", "-th") and said and said[-1]:
            said[-1] += "th"
        elif part:
            said.append(say_word(part.strip("-–")) if part.strip("-–") else "")
    return " ".join(filter(None, said))


def say_atom(atom: Atom) -> str:
    match atom.kind:
        case "code":
            return identifiers.code(atom.text)
        case "formula":
            return latex.say(atom.text)
        case "said":
            return atom.say.strip()
        case _:
            return " ".join(read([Word(word) for word in atom.text.split()]))


def _is_number(piece: Piece | None) -> bool:
    return piece is not None and bool(_NUMBER.fullmatch(piece.core))


def _operand(piece: Piece | None) -> bool:
    """Whether a sign beside this word stands in a calculation."""
    if piece is None:
        return False
    core = piece.core
    return bool(
        _NUMBER.match(core)
        or core == ATOM
        or (len(core) == 1 and core.isalpha())
        or core in OPERATORS
        or re.fullmatch(r"[^\W\d_]+[₀-₉⁰¹²³⁴-⁹ⁿ′()]+.*", core)
    )


def _dash(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    if piece.core not in DASHES:
        return False
    if piece.core in ("-", "–", "−") and _operand(before) and _operand(after):
        ranged = piece.core == "–" and _is_number(before) and _is_number(after)
        piece.said = "to" if ranged else "minus"
    else:
        piece.said = ""
    return True


_BOUNDS = {
    "<": "less than",
    ">": "more than",
    "≤": "at most",
    "≥": "at least",
    "≈": "about",
    "~": "about",
    "∼": "about",
}
"""Signs before an amount, where nothing is compared."""


def _operator(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """A sign between two things, and a sign that stands alone."""
    core = piece.core
    if core in ("*", "x", "/", "^", "·") and _is_or_atom(before) and _is_or_atom(after):
        piece.said = {"*": "times", "x": "by", "·": "times", "/": "divided by"}.get(core, "to the")
        return True
    if core in _BOUNDS and not _operand(before) and after is not None:
        piece.said = _BOUNDS[core]
        return True
    if core in OPERATORS and before is not None and after is not None:
        word = OPERATORS[core]
        if core in "→←" and not (_operand(before) and _operand(after)):
            word = {"→": "to", "←": "from"}[core]
        piece.said = word
        return True
    return False


def _is_or_atom(piece: Piece | None) -> bool:
    return _is_number(piece) or (
        piece is not None
        and (piece.core == ATOM or (len(piece.core) == 1 and piece.core.isalpha()))
    )


def _quantity(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """A number or an amount with the word for its unit or magnitude after it."""
    if after is None or after.lead:
        return False
    if after.core.lower() in units.MAGNITUDES and (amount := units.money(piece.core, after.core)):
        head, _, currency = amount.partition(f" {after.core} ")
        piece.said, after.said = head, f"{after.core} {currency}"
        return True
    if not _AMOUNT.fullmatch(piece.core):
        return False
    number = piece.core.lstrip("-−–+±~≈")
    if code := units.money_code(after.core):
        piece.said = say_word(piece.core)
        after.said = code[0] if units.is_one(number) else code[1]
        return True
    if after.core in (
        "in",
        "a",
        "am",
        "A",
        "T",
        "at",
        "M",
        "K",
        "C",
        "F",
        "B",
        "b",
        "H",
        "pt",
        "l",
    ):
        if after.core not in ("A", "K", "M", "C", "F", "T", "B", "l") or before is None:
            return False
        if after.core in ("A", "B", "C", "F", "T", "M", "l") and not _measured(before):
            return False
    name = units.unit(after.core, one=units.is_one(number))
    if name is None:
        return False
    piece.said, after.said = say_word(piece.core), name
    return True


_MEASURES = word_set(
    "of is at about approximately = ≈ by to than only nearly around over under carries draws "
    "exactly roughly"
)


def _measured(before: Piece) -> bool:
    return before.lower in _MEASURES


def _money_code_before(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    code = units.money_code(piece.core)
    if code is None or not _is_number(after) or after is None:
        return False
    piece.said = say_word(after.core)
    after.said = code[0] if units.is_one(after.core) else code[1]
    return True


def _dated(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """`May 5`, `5 May`, `Sept. 1987`, and `the 5th of May`."""
    name = dates.month(piece.core)
    if name and (_is_day(after) or (after and dates.could_be_year(after.core))) and after:
        piece.said = name
        after.said = (
            numbers.ordinal(int(re.sub(r"\D", "", after.core)))
            if _is_day(after)
            else numbers.year(int(after.core))
        )
        return True
    if _is_day(piece) and after and (name := dates.month(after.core)):
        day = int(re.sub(r"\D", "", piece.core))
        the = before is not None and before.lower == "the"
        piece.said = numbers.ordinal(day) if the else f"the {numbers.ordinal(day)} of"
        after.said = name
        return True
    if name and piece.core.endswith(".") and name != piece.core:
        piece.said = name
        return True
    return False


def _is_day(piece: Piece | None) -> bool:
    if piece is None:
        return False
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", piece.core)
    return match is not None and 1 <= int(match[1]) <= 31


def _clock(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """`3 pm`, `10:30 a.m.`"""
    if after is None or not re.fullmatch(r"[ap]\.?m\.?", after.lower):
        return False
    if re.fullmatch(r"\d{1,2}", piece.core) and 0 < int(piece.core) <= 12:
        piece.said = numbers.cardinal(int(piece.core))
    elif (said := dates.time(f"{piece.core} {after.core}")) is not None:
        piece.said = said.removesuffix(" A M").removesuffix(" P M")
    else:
        return False
    after.said = f"{after.core[0].upper()} M"
    return True


def _year(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """Four digits that the word before makes a year; a counted noun after them makes a number."""
    if not dates.could_be_year(piece.core):
        return False
    owned = before is not None and (before.lower in _OWNERS or before.core.endswith(("'s", "’s")))
    if owned and (after is None or not after.core[:1].islower()):
        owned = False
    placed = owned or before is None or before.lower in _YEAR_AFTER or before.said == "of"
    if before is not None and (before.lower == "to" or before.lower == "and"):
        placed = True
    counted = after is not None and (
        _COUNTED.match(after.core) is not None or after.lower in ("people", "children", "men")
    )
    if (placed or piece.lead.startswith("(")) and not counted:
        piece.said = numbers.year(int(piece.core))
        return True
    return False


_OWNERS = frozenset({"the", "this", "his", "her", "their", "its", "our", "my"})
_VERSIONED = frozenset(
    {"python", "ios", "version", "java", "android", "ubuntu", "release", "django", "php", "ruby"}
)


def _model(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """Numbers of models and releases: `RTX 4090`, `Python 3.11`."""
    if before is None:
        return False
    if re.fullmatch(r"\d{4}", piece.core) and re.fullmatch(r"[A-Z]{2,}", before.core):
        if dates.could_be_year(piece.core):
            return False
        piece.said = numbers.in_name(piece.core)
        return True
    if before.lower in _VERSIONED and re.fullmatch(r"\d+\.\d+", piece.core):
        piece.said = " point ".join(numbers.read(part) for part in piece.core.split("."))
        return True
    return False


def _coefficient(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """`2x` in a calculation is two x, elsewhere two times."""
    match = re.fullmatch(r"(\d+)([a-z])", piece.core)
    beside = [side.core for side in (before, after) if side is not None]
    if match is None or not any(core in OPERATORS or core == "-" for core in beside):
        return False
    piece.said = f"{numbers.read(match[1])} {'A' if match[2] == 'a' else match[2]}"
    return True


def _roman(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    core = piece.core.removesuffix("'s").removesuffix("’s")
    value = numbers.roman(core)
    if value is None or before is None:
        return False
    ending = "'s" if core != piece.core else ""
    if before.lower in _ROMAN_AFTER_PART:
        piece.said = numbers.cardinal(value) + ending
    elif before.lower in _ROMAN_NAMES or (
        value > 1 and len(core) > 1 and before.core.istitle() and before.core.isalpha()
    ):
        word = numbers.ordinal if before.lower in _ROMAN_NAMES else numbers.cardinal
        the = "the " if word is numbers.ordinal else ""
        piece.said = f"{the}{word(value)}{ending}"
    else:
        return False
    return True


def _title(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    name = TITLES.get(piece.lower)
    if name is None or after is None or not after.core[:1].isupper():
        return False
    if piece.lower == "dr" and not piece.core[0].isupper():
        return False
    piece.said = name
    return True


def _reference(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    name = REFERENCES.get(piece.lower)
    if name is None:
        return False
    numbered = after is not None and (
        bool(re.match(r"[\d(#]|[IVXLC]+$|[A-Z]?\d", after.lead + after.core)) or after.core == ATOM
    )
    if numbered or piece.lower in ("fig.", "figs.", "eq.", "eqs.", "eqn.", "thm.", "vols."):
        piece.said = name
        return True
    return False


def _article(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """The article is said small; a capital A that is left stands for the letter."""
    if piece.core == "A" and before is None and after is not None and after.core[:1].islower():
        piece.said = "a"
        return True
    return False


_RULES = (
    _dash,
    _operator,
    _clock,
    _coefficient,
    _model,
    _dated,
    _quantity,
    _money_code_before,
    _reference,
    _title,
    _roman,
    _year,
    _article,
)
