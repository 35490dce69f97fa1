"""Words that are not read as they are spelled: initialisms, names in mixed case, and letters mixed
with digits."""

from __future__ import annotations

import re

from lessons.speakable import numbers
from lessons.speakable.symbols import FROM_SUBSCRIPT_DIGITS
from lessons.wordset import word_set

AS_WORDS = word_set(
    "NASA NATO RAM ROM PIN SIM GIF CUDA SCUBA AIDS OPEC RAID LIDAR RADAR SONAR LASER BASIC COBOL "
    "FORTRAN UNESCO UNICEF FIFA UEFA ASEAN SARS COVID NAFTA LAMP REST SOAP CRUD SOLID WYSIWYG "
    "CAPTCHA DRAM SRAM BERT LOL NIST ANSI UNIX LINUX NIMBY YOLO GAN SWOT SMART TED MOOC "
    "MOOCS WASP SPICE ANOVA ARIMA LASSO BLAS LAPACK SLAM SIFT HAL MAC NOMAD "
    "POSIX SCORM WIMP MIDI MIMO LORA LoRA RAG ASIC SPAM ACID DOM WAN LAN"
)
"""Initialisms that are pronounced as a word."""

IN_CAPITALS = word_set(
    "THE AND NOT NO YES ALL ANY IS IN ON OF TO BE DO SO IF AS AT BY MY WE HE ONE TWO "
    "NEW OLD BUT FOR YOU CAN MAY MUST NEVER ALWAYS ONLY EVERY NOW NOTE STOP WARNING VERY SAME NON "
    "BOTH EACH WITH THIS THAT THESE THOSE WHEN THEN WHAT WHY HOW OR XOR NAND NOR TRUE FALSE NULL "
    "NONE SELECT FROM WHERE JOIN INSERT INTO UPDATE DELETE CREATE TABLE ORDER GROUP LIKE WHILE "
    "ELSE END GET PUT POST HEAD BIG BANG OUT OFF OVER UNDER SET LET RUN TODO DONE OPEN CLOSED "
    "BEFORE AFTER MORE LESS LEFT RIGHT UP DOWN HOT COLD READ WRITE TEST MAIN HERE"
)
"""Words that authors write in capitals for emphasis, and that are not spelled out."""

RESPELLED: dict[str, str] = {
    "json": "jason",
    "yaml": "yammel",
    "ascii": "ask ee",
    "jpeg": "jay peg",
    "latex": "lay tech",
    "numpy": "num pie",
    "scipy": "sigh pie",
    "pytorch": "pie torch",
    "pypi": "pie P I",
    "wifi": "why fie",
    "wi-fi": "why fie",
    "ios": "I O S",
    "macos": "mac O S",
    "github": "git hub",
    "gitlab": "git lab",
    "youtube": "You Tube",
    "nginx": "engine X",
    "postgresql": "post gress Q L",
    "mysql": "my S Q L",
    "sqlite": "S Q Lite",
    "vscode": "V S code",
    "relu": "ray loo",
    "sudo": "soo doo",
    "src": "source",
    "kubectl": "cube control",
    "regex": "rej ex",
    "ide": "I D E",
    "gui": "gooey",
    "ieee": "I triple E",
    "cern": "sern",
    "ph": "P H",
    "phd": "P H D",
    "mrna": "M R N A",
    "ebay": "e bay",
    "iphone": "i phone",
    "ipad": "i pad",
    "mp3": "M P three",
    "mp4": "M P four",
    "c++": "C plus plus",
    "c#": "C sharp",
    "f#": "F sharp",
    ".net": "dot net",
    "node.js": "node J S",
    "i/o": "I O",
    "n/a": "N A",
    "a/b": "A B",
    "tcp/ip": "T C P I P",
    "24/7": "twenty-four seven",
    "50/50": "fifty fifty",
    "ctrl": "control",
    "cmd": "command",
    "9/11": "nine eleven",
    "html5": "H T M L five",
    "r&d": "R and D",
    "q&a": "Q and A",
    "at&t": "A T and T",
    "2d": "two D",
    "3d": "three D",
    "4k": "four K",
    "8k": "eight K",
    "1d": "one D",
    "nvidia": "en vidia",
    "ok": "okay",
    "50:50": "fifty fifty",
    "wwi": "World War one",
    "wwii": "World War two",
    "iot": "I O T",
    "nan": "nan",
    "saas": "sass",
    "str": "string",
    "ptr": "pointer",
    "msg": "message",
    "y/y": "year over year",
    "q/q": "quarter over quarter",
    "m/m": "month over month",
    "hela": "heela",
    "kwargs": "k w args",
    "localhost": "local host",
    "pka": "P K A",
    "sp²": "s p two",
    "sp³": "s p three",
    "sp2": "s p two",
    "sp3": "s p three",
    "passwd": "pass word",
    "stdio": "standard I O",
    "yes/no": "yes or no",
    "either/or": "either or",
    "img": "image",
    "usr": "user",
    "tmp": "temp",
    "°c": "degrees Celsius",
    "°f": "degrees Fahrenheit",
    "cm³": "cubic centimeters",
}
"""Respellings by the form in lower case."""

_VOWELS = frozenset("AEIOUY")
_NAME_PARTS = re.compile(r"\d+|[A-Z]+(?![a-z])|[A-Z][a-z]+|[^\W\d_A-Z]+|\W")
_MC = re.compile(r"(?:Mc|Mac|O['’]|D['’]|De|La|Le|Van|Di|Fitz)[A-Z][a-z]+")


def spell_letters(text: str) -> str:
    return " ".join(char.upper() for char in text if char.isalpha())


def say_initialism(text: str) -> str | None:
    """`GPU`, `GPUs`, `GPU's`, `U.S.`; None if the text is read as a word."""
    match = re.fullmatch(r"([A-Z]{2,})(s|['’]s)?", text)
    if match is None:
        dotted = re.fullmatch(r"(?:[A-Za-z]\.){2,}(?:[A-Za-z])?", text)
        return spell_letters(text) if dotted else None
    core, ending = match[1], match[2] or ""
    if core in AS_WORDS or (core in IN_CAPITALS and not ending):
        return None
    if len(core) > 4 and _is_pronounceable(core):
        return None
    return spell_letters(core) + ("'s" if ending else "")


def _is_pronounceable(word: str) -> bool:
    """A guess for five letters and more: it has vowels, and never four consonants in a row."""
    run = best = 0
    for char in word:
        run = 0 if char in _VOWELS else run + 1
        best = max(best, run)
    vowels = sum(char in _VOWELS for char in word)
    return best < 4 and vowels >= len(word) / 4 and len(word) - vowels >= 2


def say_mixed_name(text: str) -> str | None:
    """`iPhone`, `PyTorch`, `GPT4`, `R2D2`: split where the case or kind of character changes."""
    if _MC.fullmatch(text) or not re.search(r"[a-z][A-Z]|\d|[A-Z]{2}[a-z]", text):
        return None
    return say_name_parts(text)


def say_name_parts(text: str) -> str:
    said: list[str] = []
    found = _NAME_PARTS.findall(text.translate(FROM_SUBSCRIPT_DIGITS))
    prefixed = len(found) > 1 and len(found[0]) <= 2 and found[0].islower()
    if prefixed and len(found[1]) > 1 and found[1].isupper():
        found[0] = found[0].upper()  # tRNA, siRNA
    for piece in found:
        if piece.isdecimal():
            said.append(numbers.say_in_name(piece))
        elif piece.isalpha():
            said.append(say_name_part(piece))
    return " ".join(said)


def say_name_part(piece: str) -> str:
    known = RESPELLED.get(piece.lower())
    if known:
        return known
    if len(piece) == 1:
        return piece.upper() if piece in "aA" else piece
    if piece.isupper():
        return say_initialism(piece) or piece.lower()
    if not any(char in _VOWELS for char in piece.upper()) and piece.isascii():
        return spell_letters(piece)
    return piece
