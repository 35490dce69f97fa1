"""Names and expressions in code, as a teacher reads them to a class."""

from __future__ import annotations

import re

from lessons.speakable import numbers
from lessons.speakable.addresses import (
    INITIALISMS,
    has_no_vowel,
    join_spoken,
    say_address,
    say_code_name,
    say_file_name,
)
from lessons.speakable.symbols import GREEK, NAMES, OPERATORS

LONGEST = 300
"""How many characters of inline code are read."""

_LEXER = re.compile(
    r"(?<!\S)--?[A-Za-z]{2,}(?:-\w+)*|0[xX][0-9a-fA-F]+|0b[01]+|0o[0-7]+|\d+(?:\.\d+){2,}"
    r"|\d[\d_]*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+(?:_\d+)*|[^\W\d_]+|_+|\.\.\.|[=!]=="
    r"|<=>|[=!<>]=|<<|>>|->|=>|:=|\*\*|//|&&|\|\||\?\?|\?\.|\+\+|--|[+\-*/%&|^]=|::|\s+|.",
    re.DOTALL,
)
_OPTION = re.compile(r"--?[A-Za-z]{2,}(?:-\w+)*")
_INCLUDE = re.compile(r"#include\s*[<\"]([^>\"]+)[>\"]")
_OPERATORS: dict[str, str] = {
    "===": "triple equals",
    "!==": "is strictly not equal to",
    "<=>": "spaceship",
    "??": "or else",
    "?.": "question dot",
    "==": "equals equals",
    "!=": "is not equal to",
    "<=": "is less than or equal to",
    ">=": "is greater than or equal to",
    "<": "less than",
    ">": "greater than",
    "=": "equals",
    "+": "plus",
    "-": "minus",
    "*": "times",
    "/": "slash",
    "//": "double slash",
    "**": "to the power of",
    "%": "percent",
    "->": "arrow",
    "=>": "arrow",
    ":=": "colon equals",
    "<<": "shift left",
    ">>": "shift right",
    "&&": "and",
    "||": "or",
    "&": "ampersand",
    "|": "pipe",
    "^": "caret",
    "~": "tilde",
    "!": "not",
    "+=": "plus equals",
    "-=": "minus equals",
    "*=": "times equals",
    "/=": "divided by equals",
    "%=": "percent equals",
    "&=": "and equals",
    "|=": "or equals",
    "^=": "caret equals",
    "++": "plus plus",
    "--": "minus minus",
    "@": "at",
    "#": "hash",
    "$": "dollar",
    "\\": "backslash",
    "?": "question mark",
    "...": "dot dot dot",
    ".": "dot",
    "::": "colon colon",
    ":": "colon",
}
_LONE: dict[str, str] = {
    **_OPERATORS,
    ",": "comma",
    ";": "semicolon",
    "_": "underscore",
    "__": "double underscore",
    "(": "open parenthesis",
    ")": "close parenthesis",
    "()": "parentheses",
    "[": "open bracket",
    "]": "close bracket",
    "[]": "brackets",
    "{": "open brace",
    "}": "close brace",
    "{}": "braces",
    '"': "quote",
    "'": "single quote",
    "`": "backtick",
    '""': "empty string",
    "''": "empty string",
    "\\n": "backslash n",
    "\\t": "backslash t",
    "/": "slash",
    "*": "star",
    "-": "minus",
}


def say_expression(text: str) -> str:
    """What is said for code: names by their words, operators by their names, brackets by a pause or
    not at all."""
    bare = text.strip()[:LONGEST]
    if bare in _LONE:
        return _LONE[bare]
    if (found := say_address(bare) or say_file_name(bare)) is not None:
        return found
    if (include := _INCLUDE.match(bare)) is not None:
        header = say_file_name(include[1]) or say_code_name(include[1])
        return f"hash include {header}"
    said: list[str] = []
    solid = _split_code(bare)
    for position, (lexeme, spaced, clings) in enumerate(solid):
        previous = solid[position - 1][0] if position else ""
        following = solid[position + 1][0] if position + 1 < len(solid) else ""
        if lexeme in ("-", "--") and spaced and clings:
            previous = ""  # an option
        joint = not spaced and clings and _is_name(previous) and _is_name(following)
        if lexeme in ("-", "/") and joint:
            said.append("" if lexeme == "-" else "slash")
        elif lexeme == "(" and (spaced or (position > 1 and solid[position - 2][0] in _DEFINING)):
            said.append("")
        else:
            said.append(_say_lexeme(lexeme, previous, following))
    return join_spoken(said) or "code"


_DEFINING = frozenset({"def", "fn", "func", "function", "class"})


def _is_name(lexeme: str) -> bool:
    return len(lexeme) > 1 and lexeme.isalpha()


def _split_code(text: str) -> list[tuple[str, bool, bool]]:
    """The lexemes of code, with file names and paths in one piece. Each comes with whether white
    space precedes it, and whether the next one follows without white space."""
    found: list[tuple[str, bool, bool]] = []
    for chunk in text.split():
        whole = (
            len(chunk) < 200 and chunk != text and bool(say_address(chunk) or say_file_name(chunk))
        )
        parts = [chunk] if whole else _LEXER.findall(chunk)
        last = len(parts) - 1
        found += [(part, at == 0, at < last) for at, part in enumerate(parts) if part]
    if found:
        found[0] = found[0][0], False, found[0][2]
    return found


def _say_lexeme(lexeme: str, previous: str, following: str) -> str:
    """One lexeme, given the lexemes beside it (empty at the ends of the code)."""
    if len(lexeme) > 2 and (said := say_address(lexeme) or say_file_name(lexeme)) is not None:
        return said
    if _OPTION.fullmatch(lexeme):
        return _say_option(lexeme)
    if lexeme[0].isdecimal():
        return _say_literal(lexeme)
    if lexeme[0].isalpha():
        constant = ("_" in (previous[:1], following[:1]) or previous == "$") and lexeme.isupper()
        if constant and lexeme not in INITIALISMS and not has_no_vowel(lexeme):
            return lexeme.lower()
        return say_code_name(lexeme)
    if lexeme.startswith("_"):
        return ""
    if lexeme in _BRACKETS_AND_STOPS:
        return _say_bracket_or_stop(lexeme, previous, following)
    return _say_operator(lexeme, previous, following)


def _say_literal(text: str) -> str:
    """A number as code writes it: `0b101`, `1.2.3`, `0xFF`, `1e-5`."""
    if text.startswith(("0b", "0o")):
        base = "binary" if text[1] == "b" else "octal"
        return f"{base} {numbers.say_digits(text[2:])}"
    if text.count(".") > 1:
        return " point ".join(numbers.say_number(part) for part in text.split("."))
    text = text.lower()
    if text.startswith("0x"):
        return "hex " + " ".join(
            numbers.say_digits(char) if char.isdecimal() else char.upper() for char in text[2:]
        )
    mantissa, _, exponent = text.partition("e")
    said = numbers.say_number(mantissa)
    if exponent:
        sign = "minus " if exponent.startswith("-") else ""
        power = numbers.say_number(exponent.lstrip("+-"))
        said += f" times ten to the {sign}{power}"
    return said


_BRACKETS_AND_STOPS = frozenset("()[]{}\"'`;,:")


def _say_bracket_or_stop(sign: str, previous: str, following: str) -> str:
    match sign:
        case "(":
            called = previous.isalpha() and len(previous) <= 3
            return "of" if called and following not in (")", "") else ""
        case "[":
            if not _is_word(previous) or following in ("]", ""):
                return ""
            return "of" if previous.istitle() and following.isalpha() else "sub"
        case ",":
            return ","
        case ":":
            return "," if following else ""
        case _:
            return ""


def _say_operator(lexeme: str, previous: str, following: str) -> str:
    match lexeme:
        case "-":
            option = not previous and (following[:1].isalpha() or following == "-")
            return "dash" if option else "minus"
        case "--":
            decrement = following.isalpha() and len(following) == 1 and not previous
            return "minus minus" if decrement or (previous and not following) else "dash dash"
        case "*" | "**" if _is_prefix(previous, following):
            return "star" if lexeme == "*" else "star star"
        case "<" | ">":
            return "is " + _OPERATORS[lexeme] if previous and following else ""
        case "/":
            return "divided by" if _is_word(previous) and _is_word(following) else "slash"
        case "%":
            return "mod" if previous and following else "percent"
        case _:
            if lexeme in GREEK:
                return GREEK[lexeme]
            return _OPERATORS.get(lexeme) or OPERATORS.get(lexeme) or NAMES.get(lexeme, "")


def _say_option(text: str) -> str:
    """`--dry-run`, `-rf`. Short options are read letter by letter."""
    dashes = "dash dash" if text.startswith("--") else "dash"
    bare = text.lstrip("-")
    if dashes == "dash" and len(bare) <= 3:
        return f"dash {' '.join('A' if char == 'a' else char for char in bare)}"
    return f"{dashes} {' '.join(say_code_name(part) for part in bare.split('-'))}"


def _is_prefix(previous: str, following: str) -> bool:
    """Whether a star unpacks a name or means everything, and does not multiply."""
    if not previous or previous in ("(", "[", "{", ",", "=", ":", "import", "*"):
        return True
    return previous.isupper() and len(previous) > 2 and (not following or following.isupper())


def _is_word(lexeme: str) -> bool:
    return bool(lexeme) and (lexeme[-1].isalnum() or lexeme in (")", "]", "_"))
