"""Reads a lesson with a dialect, and writes what it shows and says as short texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lessons.dialects import DIALECTS
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import (
    Box,
    Code,
    Columns,
    Finding,
    Formula,
    Inline,
    ItemList,
    Picture,
    Placeholder,
    Slide,
    Table,
    Visual,
)


@dataclass(frozen=True)
class Shown:
    """The slides of a lesson: each has its title, what it shows and what it says."""

    title: str
    dialect: str
    slides: tuple[Slide, ...]
    findings: tuple[Finding, ...]

    @property
    def titles(self) -> list[str]:
        return [slide.title for slide in self.slides]

    @property
    def visuals(self) -> list[str]:
        return [show(visual) for slide in self.slides for visual in slide.visuals]

    @property
    def said(self) -> list[str]:
        return [u.written for slide in self.slides for u in slide.utterances]

    @property
    def rules(self) -> list[str]:
        return [finding.rule for finding in self.findings]


def read(text: str, root: Path, dialect: str = "", path: str = "lesson.md") -> Shown:
    """A lesson of the project in the folder `root`, if there is one."""
    found = (d.find_project(root) for d in DIALECTS.values() if not dialect or d.name == dialect)
    project = next((p for p in found if p is not None), None)
    around = Surroundings(root, project=project)
    if dialect and not project:
        text = f"---\ndialect: {dialect}\n---\n{text}" if not text.startswith("---") else text
    lesson, findings = read_lesson(text, path, around)
    return Shown(lesson.title, lesson.dialect, lesson.slides, findings)


def show(visual: Visual) -> str:
    match visual:
        case Box(kind=kind, title=title, content=content):
            head = f"{kind}: {_text(title)}" if title else kind
            return f"[{head} | {'; '.join(map(show, content))}]"
        case Columns(columns=columns):
            return " || ".join("; ".join(map(show, column)) for column in columns)
        case ItemList(items=items):
            signs = ("- " if i.number is None else f"{i.number}. " for i in items)
            return " ".join(
                "  " * i.level + sign + _text(i.content)
                for i, sign in zip(items, signs, strict=True)
            )
        case Table(header=header, rows=rows):
            return " / ".join("|".join(map(_text, row)) for row in (header, *rows))
        case Code(text=text, language=language):
            return f"```{language} {text}"
        case Formula(latex=latex):
            return f"$${latex}"
        case Picture(path=path, alt=alt, title=title):
            return f"!{path} {alt} {title}".rstrip()
        case Placeholder(what=what, name=name):
            return f"<{what}: {name}>"
        case _:
            return _text(visual.content)


def _text(content: Inline) -> str:
    marks = {"highlight": "==", "code": "`"}
    return "".join(marks.get(r.style, "") + r.text + marks.get(r.style, "") for r in content)
