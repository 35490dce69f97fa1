"""Speakers that no course declares: names in bold before a colon that take turns.

`**Note:**` and `**Example:**` are labels of text, and far more common than dialogues. So names
count only where paragraph after paragraph begins with one: at least four turns without anything
between them, of two to four names that each come at least twice. In 10,005 Markdown files of
courses that others wrote, one has other labels in bold that do so (Problem, Cause, Solution, in
Korean). The usual pairs, such as question and answer, are therefore left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lessons.course.speakers import Speakers, fold_name, looks_like_name
from lessons.markdown.speaker_labels import read_line_label

LEAST_TURNS = 4
MOST_NAMES = 4

_FENCE = re.compile(r"\s*(```|~~~)")
_COMMENT = re.compile(r"\s*(?:<!--\s*(?:say\s*(?:\([^)]*\))?\s*:)?|\?\?\?|-->)\s*$")

_WORDS = """
a | q | question | answer | problem | cause | solution | fix | challenge |
result | results | before | after | pro | pros | con | cons | do | don't | input |
output | note | example | hint | tip | warning | good | bad | right | wrong |
true | false | recommended | not recommended | advantage | advantages |
disadvantage | disadvantages | goal | step | claim | proof | given | when | then |
theory | practice | definition | theorem | frage | antwort | ursache | lösung |
vorteil | vorteile | nachteil | nachteile | beispiel | hinweis | réponse |
problème | avantages | inconvénients | exemple | objectif | pregunta | respuesta |
problema | causa | solución | ventajas | desventajas | ejemplo | 문제 | 원인 | 해결 |
증상 | 질문 | 답 | 답변 | 課題 | 解決 | 結果 | 問題 | 解答 | 原因 | 问题 | 答案 | 问 | 答 | 問
"""
NOT_NAMES = frozenset(fold_name(word) for word in _WORDS.split("|"))
"""What stands in bold before a colon by turns and names nobody."""


def find_undeclared_names(text: str, declared: Speakers) -> tuple[str, ...]:
    """The names of speakers in a lesson's text that are not declared, in order."""
    found: dict[str, str] = {}
    for run in _find_runs(text, declared):
        counts = Counter(map(fold_name, run))
        if len(run) < LEAST_TURNS or not 2 <= len(counts) <= MOST_NAMES:
            continue
        others = [name for name in run if declared.find(name) is None]
        if all(counts[fold_name(name)] > 1 and _may_be_name(name) for name in others):
            for name in others:
                found.setdefault(fold_name(name), name)
    return tuple(found.values())


def _may_be_name(name: str) -> bool:
    return (
        name[:1] == name[:1].upper() and looks_like_name(name) and fold_name(name) not in NOT_NAMES
    )


def _find_runs(text: str, declared: Speakers) -> Iterator[Sequence[str]]:
    """The labels of paragraphs that follow each other, each of which begins with one."""
    run: list[str] = []
    begins = True  # whether a paragraph begins with the next line
    fenced = ""
    for line in text.split("\n"):
        if fence := _FENCE.match(line):
            fenced = "" if fenced == fence[1] else fenced or fence[1]
        name = "" if fenced or fence else read_line_label(line, declared)
        if name:
            run.append(name)
            begins = False
        elif not line.strip() or _COMMENT.match(line):
            begins = True
        elif begins or fence:
            yield run
            run = []
            begins = False
    yield run
