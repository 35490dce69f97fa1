"""lexicon.yaml: how the words of a course are pronounced.

Huygens: HOY gens                 # a respelling in ordinary letters; also used for Huygens's
Fizeau: {ipa: fizo}               # or IPA; {x-sampa: fizo} and {arpabet: F IY Z OW} work too
speed of light: speed of light    # a phrase; each of its words is said at its own time
/([A-Z])-(\\d+)/: \\1 dash \\2       # an expression for a word; each space in it adds a word
de:                               # for one language only
  Licht: {ipa: lɪçt}
hibari:                           # for one engine, or for one voice such as kokoro/af_heart
  Maxwell: MACKS well
  en-GB:                          # and there for one language
    schedule: SHED yool

The longest entry wins. Among equally long ones an entry for a voice wins, then one for a language,
then a word over an expression. A reading in the script itself (`sub`, `phoneme`) always wins.
"""

from __future__ import annotations

import importlib
import re
import warnings
from pathlib import Path
from typing import Any

from foundation.languages import is_tag, normalize_tag
from foundation.near_words import find_near
from foundation.problem import Place, Problem, ProblemError, collect_errors
from foundation.shortening import LONGEST_NAME, brief
from lessons.course.text_files import read_text
from lessons.course.yaml_mapping import MOST_PROBLEMS, YamlMapping, read_mapping
from lessons.directives.phone_alphabets import ALPHABETS, alphabet_of, to_ipa
from lessons.errors import CourseError
from lessons.model import Finding
from lessons.speakable.lexicon import (
    GROUP,
    LONGEST_MATCHED,
    LONGEST_PHRASE,
    Lexicon,
    LexiconEntry,
)

_KINDS = ("say", *ALPHABETS)
_ALPHABET_EXAMPLES = {
    "ipa": ("IPA", "{ipa: 'ˈhɔɪɡənz'}"),
    "x-sampa": ("X-SAMPA", "{x-sampa: 'fi:zoU'}"),
    "arpabet": ("ARPAbet", "{arpabet: 'F IY1 Z OW0'}"),
}
"""What messages call each alphabet, and what is written in it."""
_VOICE = re.compile(r"[a-z][a-z0-9_-]{3,40}(?:/[\w.@+-]{1,80})?")
_MEANT_AS_KIND = frozenset({"phoneme", "phones", "respelling", "alias", "sub", "text", "ph", "as"})

MOST_EXPRESSIONS = 200
LONGEST_EXPRESSION = 200
MOST_WAYS = 100_000
"""In how many ways an expression may match the longest text, so that it takes only milliseconds."""


def read_lexicon(path: Path, name: str) -> Lexicon:
    """Read a lexicon file. Raises CourseError with the line of an entry that cannot be used."""
    return parse_lexicon(read_text(path, name, CourseError), path=name)


def parse_lexicon(text: str, *, path: str) -> Lexicon:
    """The lexicon of a file's text. Raises CourseError with all entries that cannot be used."""
    mapping = read_mapping(text, path=path, error=CourseError, keep_problems=True)
    errors: list[ProblemError] = []
    entries = _read_section(mapping, errors, language="", voice="")
    with collect_errors(errors):
        _check_number_of_expressions(entries, path)
    if problems := _all_problems(mapping, errors):
        raise CourseError.of(problems)
    return Lexicon(tuple(entries), path)


def _check_number_of_expressions(entries: list[LexiconEntry], path: str) -> None:
    expressions = [entry for entry in entries if entry.expression is not None]
    if len(expressions) > MOST_EXPRESSIONS:
        raise CourseError(
            f"The lexicon has {len(expressions)} expressions, which are too many.",
            remedy=f"Use at most {MOST_EXPRESSIONS}, and words and phrases for the rest.",
            place=Place(path, expressions[MOST_EXPRESSIONS].line),
        )


def _all_problems(mapping: YamlMapping, errors: list[ProblemError]) -> list[Problem]:
    """What is wrong with the YAML and with the entries, in the order of lines and up to a
    number."""
    problems = list(mapping.problems)
    for error in errors:
        problems += [p for p in error.problems if not _follows(p, mapping.problems)]
    problems.sort(key=lambda problem: problem.place.line or 0)
    return problems[:MOST_PROBLEMS]


def _follows(problem: Problem, earlier: tuple[Problem, ...]) -> bool:
    """Whether a problem of an entry only comes from a value that could not be read. A section knows
    no keys above its own, so the key may be anywhere in the longer one."""
    key, line = f".{problem.place.key}.", problem.place.line
    return any(p.place.line == line and key in f".{p.place.key}." for p in earlier)


def find_unused(lexicon: Lexicon, used: set[LexiconEntry]) -> list[Finding]:
    """A note for each entry that matches nothing in any lesson."""
    findings = []
    for entry in lexicon.entries:
        if entry in used:
            continue
        scope = " ".join(
            [f"in {entry.language}"] * bool(entry.language)
            + [f"for {entry.voice}"] * bool(entry.voice)
        )
        findings.append(
            Finding(
                "lexicon-unused",
                "note",
                Problem(
                    f"The lexicon entry {entry.key!r}{' ' if scope else ''}{scope} is never used.",
                    "Check that it is spelled as in the lessons.",
                    Place(lexicon.path, entry.line),
                ),
            )
        )
    return findings


def _read_section(
    mapping: YamlMapping, errors: list[ProblemError], *, language: str, voice: str
) -> list[LexiconEntry]:
    """The entries of a section; `errors` takes what is wrong with the others, up to a number."""
    entries: list[LexiconEntry] = []
    for key in mapping:
        if len(errors) >= MOST_PROBLEMS:
            break
        value = mapping.values[key]
        with collect_errors(errors):
            kinds = {*_KINDS, *_MEANT_AS_KIND}
            if not isinstance(value, dict) or set(map(str.lower, value)) & kinds:
                entries.append(_read_entry(mapping, key, value, language, voice))
            elif is_tag(key) and not language:
                inner, tag = mapping.inner(key), normalize_tag(key)
                entries += _read_section(inner, errors, language=tag, voice=voice)
            elif _VOICE.fullmatch(key) and not language and not voice:
                entries += _read_section(mapping.inner(key), errors, language="", voice=key)
            else:
                _check_alphabets(mapping, key, value, only_near=True)
                raise _refuse_value(mapping, key)
    return entries


def _read_entry(
    mapping: YamlMapping, key: str, value: Any, language: str, voice: str
) -> LexiconEntry:
    expression = None
    if len(key) > 2 and key[0] == key[-1] == "/":
        expression = _compile_expression(mapping, key)
    elif not key.split():
        raise mapping.refuse(key, "This lexicon entry has no word.", "Write the word before ':'.")
    elif len(key.split()) > LONGEST_PHRASE:
        raise mapping.refuse(
            key, f"{key!r} has too many words.", f"Use at most {LONGEST_PHRASE} words."
        )
    line = mapping.line_of(key) or 1
    kind = "say"
    if isinstance(value, dict):
        kind, value = _read_kind(mapping, key, value)
    if kind in ALPHABETS:
        ipa = _read_phones(mapping, key, kind, value)
        return LexiconEntry(key, "", ipa, language, voice, line, expression)
    grouped = isinstance(value, str) and expression is not None and GROUP.search(value)
    if isinstance(value, str) and kind == "say" and (grouped or any(map(str.isalpha, value))):
        respelling = _respell(value)
        if expression is not None:
            _check_groups(mapping, key, respelling, expression)
        return LexiconEntry(key, respelling, "", language, voice, line, expression)
    raise _refuse_value(mapping, key)


def _read_kind(mapping: YamlMapping, key: str, value: dict[str, Any]) -> tuple[str, Any]:
    """How an entry in braces gives its pronunciation, one of `_KINDS`, and what it gives."""
    _check_alphabets(mapping, key, value)
    if len(value) > 1:
        raise mapping.refuse(
            key,
            f"{brief(key, LONGEST_NAME)} has more than one pronunciation: {', '.join(value)}.",
            "Keep one of them.",
        )
    ((kind, given),) = value.items()
    return kind, given


def _check_alphabets(
    mapping: YamlMapping, key: str, value: dict[str, Any], *, only_near: bool = False
) -> None:
    """Refuse an unknown alphabet. With `only_near`, one that resembles no known one may be a word
    in a section with a wrong name, and is left to the caller."""
    for kind in value:
        near = alphabet_of(kind) or find_near(kind, _KINDS)
        if kind not in _KINDS and (near or not only_near):
            raise mapping.refuse(
                key,
                f"There is no alphabet {brief(kind)}.",
                f"Did you mean {near!r}?" if near else f"Choose from {', '.join(_KINDS)}.",
            )


def _read_phones(mapping: YamlMapping, key: str, alphabet: str, value: Any) -> str:
    ipa = to_ipa(value, alphabet) if isinstance(value, str) else None
    if not ipa:
        name, example = _ALPHABET_EXAMPLES[alphabet]
        raise mapping.refuse(
            key,
            f"The pronunciation of {brief(key, LONGEST_NAME)} is wrong: "
            f"{brief(value)} is not {name}.",
            f"Write {name} in quotes, like {example}.",
        )
    return ipa


def _respell(value: str) -> str:
    """A respelling without the capitals that mark the stress (HOY gens, fee ZOH): voices would
    spell them out."""
    words = value.split()
    if any(word.islower() for word in words):
        words = [w.lower() if len(w) > 1 and w.isalpha() and w.isupper() else w for w in words]
    return " ".join(words)


def _refuse_value(mapping: YamlMapping, key: str) -> Exception:
    return mapping.refuse(
        key,
        f"The lexicon does not say how {key!r} is pronounced.",
        "Write a respelling, like 'Huygens: HOY gens', or IPA, like '{ipa: ˈhɔɪɡənz}'; "
        "{x-sampa: …} and {arpabet: …} work too. A section is named after a language, like 'de:', "
        "or after an engine or voice, like 'hibari:'.",
    )


def _compile_expression(mapping: YamlMapping, key: str) -> re.Pattern[str]:
    source = key[1:-1]
    if len(source) > LONGEST_EXPRESSION:
        raise mapping.refuse(
            key,
            f"The expression has {len(source)} characters, which is too long.",
            f"Use at most {LONGEST_EXPRESSION} characters.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "error"
            )  # about syntax that a later Python will read differently, such as [[a]
            compiled = re.compile(source)
            problem = _find_cost_problem(source)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        raise mapping.refuse(
            key,
            f"The expression {key} is broken: {error}.",
            "Write it as a regular expression of Python.",
        ) from error
    if not problem and compiled.fullmatch(""):
        problem = "it matches the empty text, which is nothing at all"
    if problem:
        raise mapping.refuse(
            key,
            f"The expression {key} cannot be used: {problem}.",
            "Simplify it, or write the words themselves.",
        )
    return compiled


def _check_groups(mapping: YamlMapping, key: str, text: str, expression: re.Pattern[str]) -> None:
    for group in GROUP.finditer(text):
        known = int(group[1]) <= expression.groups if group[1] else group[2] in (
            expression.groupindex
        )  # fmt: skip
        if not known:
            raise mapping.refuse(
                key,
                f"The respelling refers to {group[0]}, but the expression has no group like that.",
                "Put the part of the expression that you mean into brackets: (…).",
            )
    if "\\" in GROUP.sub("", text):
        raise mapping.refuse(
            key,
            f"The respelling {text!r} has a stray '\\'.",
            "Refer to groups like \\1 or \\g<name>.",
        )


def _find_cost_problem(source: str) -> str:
    """Why an expression could take too long, or nothing. The engine of Python tries every way to
    match."""
    parser: Any = importlib.import_module("re._parser")  # the parser of re itself
    problem, ways = _count_ways(parser.parse(source), inside=False)
    if problem:
        return problem
    return "it can match in too many ways" if ways > MOST_WAYS else ""


def _count_ways(pattern: Any, *, inside: bool) -> tuple[str, int]:
    """Why a parsed pattern cannot be used (or nothing), and in how many ways it can match a text of
    `LONGEST_MATCHED` characters. `inside` tells whether a repeat encloses it."""
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
