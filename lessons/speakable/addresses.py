"""Names in code, file names and web addresses, as a teacher reads them to a class."""

from __future__ import annotations

import re

from lessons.speakable import acronyms, numbers
from lessons.speakable.symbols import NAMES
from lessons.wordset import word_set

_WINDOWS = re.compile(r"([A-Za-z]):\\([^\s\"<>|]*)")

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


def join_spoken(said: list[str]) -> str:
    joined = " ".join(filter(None, said)).replace(" ,", ",")
    return re.sub(r"(?:, ?)+", ", ", joined).strip(", ")


def say_code_name(text: str) -> str:
    """A name in code without its underscores: `camelCase` word by word, `np` letter by letter."""
    said: list[str] = []
    for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]", text):
        known = acronyms.RESPELLED.get(part.lower())
        if known:
            said.append(known)
        elif len(part) == 1:
            said.append("A" if part in "aA" else part)
        elif part.isupper():
            said.append(acronyms.say_initialism(part) or part.lower())
        elif part in _SHORT_NAMES or (
            len(part) <= 3 and part not in _SHORT_WORDS and has_no_vowel(part)
        ):
            said.append(acronyms.spell_letters(part).lower().replace("a", "A"))
        else:
            said.append(part.lower() if part.istitle() else part)
    return " ".join(said)


_SHORT_NAMES = word_set(
    "etc np pd plt tf ax df cv os sys io fs db js ui id ip url api cpu gpu csv"
) - {"sys"}
INITIALISMS = word_set("API URL URI ID CPU GPU IO UI HTTP DB OS IP SQL")
_SHORT_WORDS = word_set("try fly my by why dry cry sky spy")


def has_no_vowel(part: str) -> bool:
    return not any(char in "aeiouyAEIOUY" for char in part) and part.isascii()


def say_file_name(text: str) -> str | None:
    """`data/report.csv`, `*.txt`, `.gitignore`, `C:\\Users`: the parts, with "slash" and "dot"."""
    if (windows := _WINDOWS.fullmatch(text)) is not None:
        parts = [say_file_name(part) or say_path(part) for part in windows[2].split("\\")]
        return join_spoken([windows[1].upper(), "colon backslash", " backslash ".join(parts)])
    if _PATH.fullmatch(text) or re.fullmatch(r"\.[a-z]{3,}", text):
        extension = text.rpartition(".")[2].lower()
        if "." not in text.rpartition("/")[2][1:] or extension not in EXTENSIONS:
            return say_path(text)
    match = _FILE.fullmatch(text)
    if match is None or match[1].lower() not in EXTENSIONS:
        return None
    stem = text[: match.start(1) - 1]
    return join_spoken([*_say_address_parts(stem), "dot", EXTENSIONS[match[1].lower()]])


def say_path(text: str) -> str:
    return join_spoken(_say_address_parts(text))


def say_address(text: str) -> str | None:
    """A URL or an e-mail address. Its scheme, query and fragment are not said."""
    mail = _EMAIL.fullmatch(text)
    if mail:
        return join_spoken([*_say_address_parts(mail[1]), "at", *_say_address_parts(mail[2])])
    if not _URL.fullmatch(text):
        return None
    bare = re.sub(r"^[a-z]+://", "", text, flags=re.I)
    bare = re.sub(r"[?#].*$", "", bare).rstrip("/")
    host, slash, rest = bare.partition("/")
    page = say_file_name(rest) if slash and "." in rest else None
    return join_spoken(
        [*_say_address_parts(host + slash), page] if page else _say_address_parts(bare)
    )


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


def _say_address_parts(text: str) -> list[str]:
    said: list[str] = []
    for lexeme in re.findall(r"\d+|[^\W\d_]+|.", text):
        if lexeme.isdecimal():
            said.append(numbers.say_in_name(lexeme))
        elif lexeme[0].isalpha():
            said.append(_DOMAINS.get(lexeme.lower()) or say_code_name(lexeme))
        else:
            said.append(_ADDRESS_SIGNS.get(lexeme) or NAMES.get(lexeme, ""))
    return said
