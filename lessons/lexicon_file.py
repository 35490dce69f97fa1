"""lexicon.yaml: how a course's own words are said.

Huygens: HOY gens                 # a respelling in ordinary words; also for Huygens's
Fizeau: {ipa: fizo}               # or IPA; {x-sampa: fizo} and {arpabet: F IY Z OW} too
speed of light: speed of light    # a phrase, whose words are said at their own times
/([A-Z])-(\\d+)/: \\1 dash \\2       # an expression for a word; each space in it is a word more
de:                               # for one language only
  Licht: {ipa: lɪçt}
hibari:                           # for one engine, or one voice, as kokoro/af_heart
  Maxwell: MACKS well
  en-GB:                          # and of it for one language
    schedule: SHED yool

The longest entry wins; among equals that for a voice, then that for a language, then a word over an
expression. What the script says itself (`sub`, `phoneme`) is left alone.
"""

from __future__ import annotations

import importlib
import re
import warnings
from pathlib import Path
from typing import Any

from foundation.problem import Place, Problem
from lessons.errors import CourseError
from lessons.mapping import Mapping, read_mapping
from lessons.model import Finding
from lessons.phonetic import ALPHABETS, to_ipa
from lessons.settings import LANGUAGE
from lessons.speakable.lexicon import (
    GROUP,
    LONGEST_MATCHED,
    LONGEST_PHRASE,
    Lexicon,
    LexiconEntry,
)

_KINDS = ("say", *ALPHABETS)
_VOICE = re.compile(r"[a-z][a-z0-9_-]{3,40}(?:/[\w.@+-]{1,80})?")
_MEANT_AS_KIND = frozenset({"phoneme", "phones", "respelling", "alias", "sub", "text", "ph", "as"})

MOST_EXPRESSIONS = 200
LONGEST_EXPRESSION = 200
MOST_WAYS = 100_000
"""In which an expression may match its longest text: none takes longer than some milliseconds."""


def read_lexicon(path: Path, name: str) -> Lexicon:
    """Raises CourseError with the line of an entry that cannot be used."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            "The lexicon cannot be read.", remedy="Save it as UTF-8 text.", place=Place(name)
        ) from error
    return parse_lexicon(text, path=name)


def parse_lexicon(text: str, *, path: str) -> Lexicon:
    mapping = read_mapping(text, path=path, error=CourseError)
    entries = _read_section(mapping, language="", voice="")
    expressions = [entry for entry in entries if entry.expression is not None]
    if len(expressions) > MOST_EXPRESSIONS:
        raise CourseError(
            f"The lexicon has {len(expressions)} expressions.",
            remedy=f"Keep it to {MOST_EXPRESSIONS}; write words and phrases.",
            place=Place(path, expressions[MOST_EXPRESSIONS].line),
        )
    return Lexicon(tuple(entries), path)


def find_unused(lexicon: Lexicon, used: set[LexiconEntry]) -> list[Finding]:
    """A note for each entry that no lesson's words have met."""
    findings = []
    for entry in lexicon.entries:
        if entry in used:
            continue
        whose = " ".join(
            [f"in {entry.language}"] * bool(entry.language)
            + [f"for {entry.voice}"] * bool(entry.voice)
        )
        findings.append(
            Finding(
                "lexicon-unused",
                "note",
                Problem(
                    f"The lexicon's entry {entry.key!r}{' ' if whose else ''}{whose} is not used.",
                    "Check its spelling: it must be written as it is in the lessons.",
                    Place(lexicon.path, entry.line),
                ),
            )
        )
    return findings


def _read_section(mapping: Mapping, *, language: str, voice: str) -> list[LexiconEntry]:
    entries: list[LexiconEntry] = []
    for key in mapping:
        value = mapping.values[key]
        if not isinstance(value, dict) or set(map(str.lower, value)) & {*_KINDS, *_MEANT_AS_KIND}:
            entries.append(_read_entry(mapping, key, value, language, voice))
        elif LANGUAGE.fullmatch(key) and not language:
            entries += _read_section(mapping.inner(key), language=key, voice=voice)
        elif _VOICE.fullmatch(key) and not language and not voice:
            entries += _read_section(mapping.inner(key), language="", voice=key)
        else:
            raise _refuse_value(mapping, key)
    return entries


def _read_entry(mapping: Mapping, key: str, value: Any, language: str, voice: str) -> LexiconEntry:
    expression = None
    if len(key) > 2 and key[0] == key[-1] == "/":
        expression = _compile_expression(mapping, key)
    elif not key.split():
        raise mapping.refuse(key, "The lexicon has an empty word.", "Write the word before ':'.")
    elif len(key.split()) > LONGEST_PHRASE:
        raise mapping.refuse(
            key, f"{key!r} has too many words.", f"A phrase has at most {LONGEST_PHRASE}."
        )
    line = mapping.lines.get(key, mapping.line)
    kind = "say"
    if isinstance(value, dict):
        if len(value) != 1:
            raise _refuse_value(mapping, key)
        (kind, value), *_ = value.items()
    if isinstance(value, str) and kind in ALPHABETS and (ipa := to_ipa(value, kind)):
        return LexiconEntry(key, "", ipa, language, voice, line, expression)
    grouped = isinstance(value, str) and expression is not None and GROUP.search(value)
    if isinstance(value, str) and kind == "say" and (grouped or any(map(str.isalpha, value))):
        respelling = _respell(value)
        if expression is not None:
            _check_groups(mapping, key, respelling, expression)
        return LexiconEntry(key, respelling, "", language, voice, line, expression)
    raise _refuse_value(mapping, key)


def _respell(value: str) -> str:
    """Capitals mark the stress, as dictionaries for readers do: HOY gens, fee ZOH. Voices would
    spell them out."""
    words = value.split()
    if any(word.islower() for word in words):
        words = [w.lower() if len(w) > 1 and w.isalpha() and w.isupper() else w for w in words]
    return " ".join(words)


def _refuse_value(mapping: Mapping, key: str) -> Exception:
    return mapping.refuse(
        key,
        f"The lexicon does not say how {key!r} is pronounced.",
        "Write a respelling, as 'Huygens: HOY gens', or '{ipa: ˈhɔɪɡənz}'; {x-sampa: …} and "
        "{arpabet: …} are known too. A section is a language, as 'de:', or an engine or voice, as "
        "'hibari:'.",
    )


def _compile_expression(mapping: Mapping, key: str) -> re.Pattern[str]:
    source = key[1:-1]
    if len(source) > LONGEST_EXPRESSION:
        raise mapping.refuse(
            key,
            f"The expression has {len(source)} characters.",
            f"Keep it under {LONGEST_EXPRESSION}.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of what a later Python reads otherwise, as [[a]
            compiled = re.compile(source)
            problem = _find_cost_problem(source)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        raise mapping.refuse(
            key, f"The expression {key} is broken: {error}.", "It is a Python expression."
        ) from error
    if not problem and compiled.fullmatch(""):
        problem = "it matches nothing at all"
    if problem:
        raise mapping.refuse(
            key,
            f"The expression {key} cannot be used: {problem}.",
            "Write it simpler, or write the words themselves.",
        )
    return compiled


def _check_groups(mapping: Mapping, key: str, text: str, expression: re.Pattern[str]) -> None:
    for group in GROUP.finditer(text):
        known = int(group[1]) <= expression.groups if group[1] else group[2] in (
            expression.groupindex
        )  # fmt: skip
        if not known:
            raise mapping.refuse(
                key, f"The expression has no group {group[0]}.", "Put it into brackets: (…)."
            )
    if "\\" in GROUP.sub("", text):
        raise mapping.refuse(
            key, f"The respelling {text!r} has a stray '\\'.", "Write groups as \\1 or \\g<name>."
        )


def _find_cost_problem(source: str) -> str:
    """Why an expression could take too long, if it could; Python's engine tries every way."""
    parser: Any = importlib.import_module("re._parser")  # the one that re compiles with
    problem, ways = _count_ways(parser.parse(source), inside=False)
    if problem:
        return problem
    return "it can match in too many ways" if ways > MOST_WAYS else ""


def _count_ways(pattern: Any, *, inside: bool) -> tuple[str, int]:
    """In how many ways a parsed pattern can match a text of `LONGEST_MATCHED` characters."""
    total = 1
    for operation, argument in pattern:
        problem, ways = "", 1
        match str(operation):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                low, high, body = argument
                if int(low) == int(high):
                    problem, ways = _count_ways(body, inside=inside)
                    ways **= min(int(low), LONGEST_MATCHED)
                else:
                    if inside:
                        return "it has a repeat inside a repeat", 1
                    problem, ways = _count_ways(body, inside=int(high) > 1)
                    ways *= min(int(high), LONGEST_MATCHED) - min(int(low), LONGEST_MATCHED) + 1
            case "BRANCH":
                if inside:
                    return "it has alternatives inside a repeat", 1
                ways = 0
                for branch in argument[1]:
                    problem, count = _count_ways(branch, inside=inside)
                    ways += count
                    if problem:
                        break
            case "SUBPATTERN":
                problem, ways = _count_ways(argument[3], inside=inside)
            case "ATOMIC_GROUP":
                problem, ways = _count_ways(argument, inside=inside)
            case "ASSERT" | "ASSERT_NOT":
                problem, ways = _count_ways(argument[1], inside=inside)
            case "GROUPREF" | "GROUPREF_EXISTS" | "GROUPREF_IGNORE":
                problem = "it refers back to a group"
            case _:
                pass
        if problem:
            return problem, 1
        total *= ways
    return "", total
