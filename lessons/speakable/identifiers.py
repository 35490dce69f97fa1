"""Code, file names, addresses: read as a teacher reads them to a class."""

from __future__ import annotations

import re

from lessons.speakable import acronyms, numbers
from lessons.speakable.symbols import GREEK, NAMES, OPERATORS
from lessons.wordset import word_set

LONGEST = 300
"""Characters of inline code that are read."""

_LEXER = re.compile(
    r"\d+\.\d+(?:e[+-]?\d+)?|0x[0-9a-fA-F]+|\d+|[^\W\d_]+|_+|\.\.\.|[=!<>]=|<<|>>|->|=>|:=|\*\*|//"
    r"|&&|\|\||\+\+|--|[+\-*/%&|^]=|::|\s+|.",
    re.DOTALL,
)

_OPERATORS: dict[str, str] = {
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

EXTENSIONS: dict[str, str] = {
    "py": "pie",
    "js": "J S",
    "ts": "T S",
    "md": "M D",
    "txt": "text",
    "csv": "C S V",
    "tsv": "T S V",
    "json": "jason",
    "yaml": "yammel",
    "yml": "yammel",
    "toml": "tom L",
    "xml": "X M L",
    "html": "H T M L",
    "css": "C S S",
    "cpp": "C plus plus",
    "c": "C",
    "h": "H",
    "rs": "R S",
    "go": "go",
    "java": "Java",
    "sh": "S H",
    "pdf": "P D F",
    "png": "P N G",
    "jpg": "J peg",
    "jpeg": "J peg",
    "gif": "gif",
    "svg": "S V G",
    "webp": "web P",
    "mp3": "M P three",
    "mp4": "M P four",
    "wav": "wave",
    "zip": "zip",
    "tar": "tar",
    "gz": "G Z",
    "exe": "E X E",
    "ipynb": "I P Y N B",
    "doc": "doc",
    "docx": "doc X",
    "xlsx": "X L S X",
    "pptx": "P P T X",
    "tex": "tech",
    "ini": "in E",
    "cfg": "config",
    "log": "log",
    "sql": "S Q L",
    "db": "D B",
    "lock": "lock",
    "rb": "R B",
    "vtt": "V T T",
    "srt": "S R T",
}
_DOMAINS: dict[str, str] = {
    "com": "com",
    "org": "org",
    "net": "net",
    "edu": "E D U",
    "gov": "gov",
    "io": "I O",
    "info": "info",
    "ac": "A C",
    "au": "A U",
    "ca": "C A",
    "ch": "C H",
    "de": "D E",
    "eu": "E U",
    "fr": "F R",
    "jp": "J P",
    "uk": "U K",
    "www": "W W W",
}
_FILE = re.compile(r"(?:[\w.~-]*/)*[\w-]*(?:\.[\w-]+)*\.([A-Za-z]\w{0,4})")
_URL = re.compile(
    r"(?:(?:https?|ftp)://|www\.)\S+|(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io)(?:/\S*)?", re.I
)
_EMAIL = re.compile(r"(?:mailto:)?([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)")
_PATH = re.compile(r"~?(?:/[\w.~-]+){1,}/?|\.{1,2}(?:/[\w.~-]+)+/?")


def code(text: str) -> str:
    """Inline code: names by their words, operators by name, brackets by a pause or not at all."""
    bare = text.strip()[:LONGEST]
    if bare in _LONE:
        return _LONE[bare]
    if (found := address(bare)) is not None:
        return found
    if (found := file_name(bare)) is not None:
        return found
    said: list[str] = []
    lexemes = _LEXER.findall(bare)
    spaced = {n for n, lexeme in enumerate(lexemes) if n and lexemes[n - 1].isspace()}
    solid = [(n, lexeme) for n, lexeme in enumerate(lexemes) if not lexeme.isspace()]
    for position, (number, lexeme) in enumerate(solid):
        previous = solid[position - 1][1] if position else ""
        following = solid[position + 1][1] if position + 1 < len(solid) else ""
        option = lexeme in ("-", "--") and number in spaced and number + 1 not in spaced
        said.append(_lexeme(lexeme, "" if option else previous, following))
    return _clean(said) or "code"


def _clean(said: list[str]) -> str:
    joined = " ".join(filter(None, said)).replace(" ,", ",")
    return re.sub(r"(?:, ?)+", ", ", joined).strip(", ")


def _lexeme(lexeme: str, previous: str, following: str) -> str:
    if lexeme[0].isdecimal():
        if lexeme.startswith("0x"):
            return "hex " + " ".join(
                numbers.digits(char) if char.isdecimal() else char.upper() for char in lexeme[2:]
            )
        mantissa, _, exponent = lexeme.partition("e")
        said = numbers.read(mantissa)
        if exponent:
            sign = "minus " if exponent.startswith("-") else ""
            power = numbers.read(exponent.lstrip("+-"))
            said += f" times ten to the {sign}{power}"
        return said
    if lexeme[0].isalpha():
        constant = "_" in (previous[:1], following[:1]) and lexeme.isupper()
        if constant and lexeme not in _INITIALISMS and not _bare(lexeme):
            return lexeme.lower()
        return name(lexeme)
    if lexeme.startswith("_"):
        return ""
    match lexeme:
        case "(":
            called = previous.isalpha() and len(previous) <= 3
            return "of" if called and following not in (")", "") else ""
        case "[":
            if not _is_word(previous) or following in ("]", ""):
                return ""
            return "of" if previous.istitle() and following.isalpha() else "sub"
        case ")" | "]" | "{" | "}" | '"' | "'" | "`" | ";":
            return ""
        case ",":
            return ","
        case "-":
            if not previous and (following[:1].isalpha() or following == "-"):
                return "dash"
            return "minus"
        case "--":
            return "dash dash" if not previous else "minus minus" if not following else "dash dash"
        case ":":
            return "," if following else ""
        case "<" | ">":
            if not following or not previous:
                return ""
            return "is " + _OPERATORS[lexeme]
        case "/":
            return "slash" if not (_is_word(previous) and _is_word(following)) else "divided by"
        case "%":
            return "mod" if previous and following else "percent"
        case _:
            if lexeme in GREEK:
                return GREEK[lexeme]
            return _OPERATORS.get(lexeme) or OPERATORS.get(lexeme) or NAMES.get(lexeme, "")


def _is_word(lexeme: str) -> bool:
    return bool(lexeme) and (lexeme[-1].isalnum() or lexeme in (")", "]", "_"))


def name(text: str) -> str:
    """A name in code without its underscores: `camelCase` by its words, `np` by its letters."""
    said: list[str] = []
    for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]", text):
        known = acronyms.RESPELLED.get(part.lower())
        if known:
            said.append(known)
        elif len(part) == 1:
            said.append("A" if part in "aA" else part)
        elif part.isupper():
            said.append(acronyms.initialism(part) or part.lower())
        elif part in _SHORT_NAMES or (len(part) <= 3 and part not in _SHORT_WORDS and _bare(part)):
            said.append(acronyms.letters(part).lower().replace("a", "A"))
        else:
            said.append(part.lower() if part.istitle() else part)
    return " ".join(said)


_SHORT_NAMES = word_set("np pd plt tf ax df cv os sys io fs db js ui id ip url api cpu gpu csv") - {
    "sys"
}
_INITIALISMS = word_set("API URL URI ID CPU GPU IO UI HTTP DB OS IP SQL")
_SHORT_WORDS = word_set("try fly my by why dry cry sky spy")


def _bare(part: str) -> bool:
    return not any(char in "aeiouyAEIOUY" for char in part) and part.isascii()


def file_name(text: str) -> str | None:
    """`data/report.csv`: the parts, "slash", "dot" and the extension."""
    match = _FILE.fullmatch(text)
    if match is None or match[1].lower() not in EXTENSIONS:
        return path(text) if _PATH.fullmatch(text) else None
    stem = text[: match.start(1) - 1]
    return _clean([*_address_parts(stem), "dot", EXTENSIONS[match[1].lower()]])


def path(text: str) -> str:
    return _clean(_address_parts(text))


def address(text: str) -> str | None:
    """A URL or an e-mail address; the scheme is not said."""
    mail = _EMAIL.fullmatch(text)
    if mail:
        return _clean([*_address_parts(mail[1]), "at", *_address_parts(mail[2])])
    if not _URL.fullmatch(text):
        return None
    bare = re.sub(r"^[a-z]+://", "", text, flags=re.I)
    bare = re.sub(r"[?#].*$", "", bare).rstrip("/")
    return _clean(_address_parts(bare))


def _address_parts(text: str) -> list[str]:
    said: list[str] = []
    for lexeme in re.findall(r"\d+|[^\W\d_]+|.", text):
        if lexeme.isdecimal():
            said.append(numbers.in_name(lexeme))
        elif lexeme[0].isalpha():
            said.append(_DOMAINS.get(lexeme.lower()) or name(lexeme))
        else:
            said.append(
                {".": "dot", "/": "slash", "-": "dash", "_": "underscore", "~": "tilde"}.get(
                    lexeme, NAMES.get(lexeme, "")
                )
                if lexeme != "+"
                else "plus"
            )
    return said
