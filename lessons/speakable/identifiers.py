"""Code, file names, addresses: read as a teacher reads them to a class."""

from __future__ import annotations

import re

from lessons.speakable import acronyms, latex, numbers
from lessons.speakable.symbols import GREEK, NAMES, OPERATORS
from lessons.wordset import word_set

LONGEST = 300
"""Characters of inline code that are read."""

_LEXER = re.compile(
    r"(?<!\S)--?[A-Za-z]{2,}(?:-\w+)*|0[xX][0-9a-fA-F]+|0b[01]+|0o[0-7]+|\d+(?:\.\d+){2,}"
    r"|\d[\d_]*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+(?:_\d+)*|[^\W\d_]+|_+|\.\.\.|[=!]=="
    r"|<=>|[=!<>]=|<<|>>|->|=>|:=|\*\*|//|&&|\|\||\?\?|\?\.|\+\+|--|[+\-*/%&|^]=|::|\s+|.",
    re.DOTALL,
)
_OPTION = re.compile(r"--?[A-Za-z]{2,}(?:-\w+)*")
_INCLUDE = re.compile(r"#include\s*[<\"]([^>\"]+)[>\"]")
_ORDER = re.compile(r"[OΘΩo]\(.+\)")
_WINDOWS = re.compile(r"([A-Za-z]):\\([^\s\"<>|]*)")

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
_FILE = re.compile(r"(?:[\w.~-]*/)*(?:\*|[\w-]*)(?:\.[\w-]+)*\.([A-Za-z]\w{0,4})")
_URL = re.compile(
    r"(?:(?:https?|ftp)://|www\.)\S+|(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io)(?::\d+)?(?:/\S*)?"
    r"|localhost(?::\d+)?(?:/\S*)?",
    re.I,
)
_EMAIL = re.compile(r"(?:mailto:)?([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)")
_PATH = re.compile(r"~?(?:/[\w.~-]+){1,}/?|\.{1,2}(?:/[\w.~-]+)+/?")


def code(text: str) -> str:
    """Inline code: names by their words, operators by name, brackets by a pause or not at all."""
    bare = text.strip()[:LONGEST]
    if bare in _LONE:
        return _LONE[bare]
    if (found := address(bare) or file_name(bare)) is not None:
        return found
    if (include := _INCLUDE.match(bare)) is not None:
        header = file_name(include[1]) or name(include[1])
        return f"hash include {header}"
    if _ORDER.fullmatch(bare):
        return latex.say(bare.replace("log", "\\log "))
    said: list[str] = []
    solid = _lexemes(bare)
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
            said.append(_lexeme(lexeme, previous, following))
    return _clean(said) or "code"


_DEFINING = frozenset({"def", "fn", "func", "function", "class"})


def _is_name(lexeme: str) -> bool:
    return len(lexeme) > 1 and lexeme.isalpha()


def _lexemes(text: str) -> list[tuple[str, bool, bool]]:
    """Lexemes of code, file names and paths whole; whether white space stands before each, and
    whether the next follows at once."""
    found: list[tuple[str, bool, bool]] = []
    for chunk in text.split():
        whole = len(chunk) < 200 and chunk != text and bool(address(chunk) or file_name(chunk))
        parts = [chunk] if whole else _LEXER.findall(chunk)
        last = len(parts) - 1
        found += [(part, at == 0, at < last) for at, part in enumerate(parts) if part]
    if found:
        found[0] = found[0][0], False, found[0][2]
    return found


def _clean(said: list[str]) -> str:
    joined = " ".join(filter(None, said)).replace(" ,", ",")
    return re.sub(r"(?:, ?)+", ", ", joined).strip(", ")


def _lexeme(lexeme: str, previous: str, following: str) -> str:
    if len(lexeme) > 2 and (said := address(lexeme) or file_name(lexeme)) is not None:
        return said
    if _OPTION.fullmatch(lexeme):
        return _option(lexeme)
    if lexeme[0].isdecimal():
        if lexeme.startswith(("0b", "0o")):
            base = "binary" if lexeme[1] == "b" else "octal"
            return f"{base} {numbers.digits(lexeme[2:])}"
        if lexeme.count(".") > 1:
            return " point ".join(numbers.read(part) for part in lexeme.split("."))
        lexeme = lexeme.lower()
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
        constant = ("_" in (previous[:1], following[:1]) or previous == "$") and lexeme.isupper()
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
        case "--" if following.isalpha() and len(following) == 1 and not previous:
            return "minus minus"
        case "--":
            return "dash dash" if not previous else "minus minus" if not following else "dash dash"
        case ":":
            return "," if following else ""
        case "*" | "**" if _prefixes(previous, following):
            return "star" if lexeme == "*" else "star star"
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


def _option(text: str) -> str:
    """`--dry-run`, `-rf`: short ones letter by letter."""
    dashes = "dash dash" if text.startswith("--") else "dash"
    bare = text.lstrip("-")
    if dashes == "dash" and len(bare) <= 3:
        return f"dash {' '.join('A' if char == 'a' else char for char in bare)}"
    return f"{dashes} {' '.join(name(part) for part in bare.split('-'))}"


def _prefixes(previous: str, following: str) -> bool:
    """Whether a star stands before a name, or for everything, rather than between factors."""
    if not previous or previous in ("(", "[", "{", ",", "=", ":", "import", "*"):
        return True
    return previous.isupper() and len(previous) > 2 and (not following or following.isupper())


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


_SHORT_NAMES = word_set(
    "etc np pd plt tf ax df cv os sys io fs db js ui id ip url api cpu gpu csv"
) - {"sys"}
_INITIALISMS = word_set("API URL URI ID CPU GPU IO UI HTTP DB OS IP SQL")
_SHORT_WORDS = word_set("try fly my by why dry cry sky spy")


def _bare(part: str) -> bool:
    return not any(char in "aeiouyAEIOUY" for char in part) and part.isascii()


def file_name(text: str) -> str | None:
    """`data/report.csv`, `*.txt`, `.gitignore`, `C:\\Users`: the parts, "slash", "dot"."""
    if (windows := _WINDOWS.fullmatch(text)) is not None:
        parts = [file_name(part) or path(part) for part in windows[2].split("\\")]
        return _clean([windows[1].upper(), "colon backslash", " backslash ".join(parts)])
    if _PATH.fullmatch(text) or re.fullmatch(r"\.[a-z]{3,}", text):
        extension = text.rpartition(".")[2].lower()
        if "." not in text.rpartition("/")[2][1:] or extension not in EXTENSIONS:
            return path(text)
    match = _FILE.fullmatch(text)
    if match is None or match[1].lower() not in EXTENSIONS:
        return None
    stem = text[: match.start(1) - 1]
    return _clean([*_address_parts(stem), "dot", EXTENSIONS[match[1].lower()]])


def path(text: str) -> str:
    return _clean(_address_parts(text))


def address(text: str) -> str | None:
    """A URL or an e-mail address; the scheme is not said, nor is what follows the path."""
    mail = _EMAIL.fullmatch(text)
    if mail:
        return _clean([*_address_parts(mail[1]), "at", *_address_parts(mail[2])])
    if not _URL.fullmatch(text):
        return None
    bare = re.sub(r"^[a-z]+://", "", text, flags=re.I)
    bare = re.sub(r"[?#].*$", "", bare).rstrip("/")
    host, slash, rest = bare.partition("/")
    page = file_name(rest) if slash and "." in rest else None
    return _clean([*_address_parts(host + slash), page] if page else _address_parts(bare))


_ADDRESS_SIGNS = {
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    "~": "tilde",
    "*": "star",
    ":": "colon",
    "+": "plus",
}


def _address_parts(text: str) -> list[str]:
    said: list[str] = []
    for lexeme in re.findall(r"\d+|[^\W\d_]+|.", text):
        if lexeme.isdecimal():
            said.append(numbers.in_name(lexeme))
        elif lexeme[0].isalpha():
            said.append(_DOMAINS.get(lexeme.lower()) or name(lexeme))
        else:
            said.append(_ADDRESS_SIGNS.get(lexeme) or NAMES.get(lexeme, ""))
    return said
