"""Lessons in a few characters, so that a test can say all that they show and say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from lessons.course.discovery import find_project
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import (
    Box,
    Code,
    Columns,
    Diagram,
    Finding,
    Formula,
    Inline,
    ItemList,
    Lesson,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Table,
    Visual,
)


def read(root: Path, text: str, path: str = "deck.md", **files: str) -> Lesson:
    return read_all(root, text, path, **files)[0]


def read_all(
    root: Path, text: str, path: str = "deck.md", **files: str
) -> tuple[Lesson, tuple[Finding, ...]]:
    """The lesson in a folder with `a.png` and other files, named with `__` for `/` and `_` for
    `.`, and its findings."""
    Image.new("RGB", (8, 6), "white").save(root / "a.png")
    for name, content in files.items():
        file = root / name.replace("__", "/").replace("_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    return read_lesson(text, path, Surroundings(root, project=find_project(root)))


@dataclass(frozen=True)
class Page:
    """A lesson of one page, and its findings. What it shows is without reveal steps."""

    lesson: Lesson
    findings: tuple[Finding, ...]

    @property
    def titles(self) -> list[str]:
        return [slide.title for slide in self.lesson.slides]

    @property
    def visuals(self) -> list[str]:
        """What the slides show: each part in one line. Key phrases are left out; they have tests of
        their own (tests/lessons/markdown/test_key_phrases.py)."""
        parts = [visual for slide in self.lesson.slides for visual in slide.visuals]
        lines = ["; ".join(_show([part], steps=False)).replace("; ]", "]") for part in parts]
        return [line for line in lines if line]

    @property
    def said(self) -> list[str]:
        return [u.written for slide in self.lesson.slides for u in slide.utterances]

    @property
    def rules(self) -> list[str]:
        return [finding.rule for finding in self.findings]


def read_page(root: Path, text: str, dialect: str = "", path: str = "lesson.md") -> Page:
    """A lesson of the project in the folder `root`, if there is one, in a dialect that is found or
    named."""
    if dialect:
        text = text if text.startswith("---") else f"---\n---\n{text}"
        text = f"---\ndialect: {dialect}{text[3:]}"
    project = find_project(root)
    return Page(*read_lesson(text, path, Surroundings(root, project=project)))


def show(lesson: Lesson) -> list[list[str]]:
    """Each slide: its title, what it shows, and what is said after `>`."""
    slides = []
    for slide in lesson.slides:
        said = " ".join(f"{u.written} @{u.step}" if u.step else u.written for u in slide.utterances)
        shown = [slide.title, *_show(slide.visuals)]
        slides.append([*shown, f"> {said}"] if said else shown)
    return slides


def _show(visuals: Iterable[Visual], *, steps: bool = True) -> Iterator[str]:
    for visual in visuals:
        late = getattr(visual, "step", 0) if steps else 0
        step = f" @{late}" if late else ""
        match visual:
            case ItemList(chosen=True):
                pass
            case ItemList():
                for item in visual.items:
                    mark = "-" if item.number is None else f"{item.number}."
                    step = f" @{item.step}" if steps and item.step else ""
                    yield "  " * item.level + f"{mark} {_plain(item.content)}{step}"
            case Paragraph():
                yield _plain(visual.content) + step
            case Quote():
                yield f'"{_plain(visual.content)}"' + step
            case Code():
                yield f"{visual.language or 'code'}: {visual.text}" + step
            case Formula():
                yield f"${visual.latex}$" + step
            case Picture():
                share = f" {visual.share:.2g}" if visual.share else ""
                yield f"picture {visual.path} [{visual.alt}]{share}{step}"
            case Diagram():
                yield f"<{visual.kind}: {visual.text.strip()}>{step}"
            case Placeholder():
                yield f"({visual.what}: {visual.name or visual.alt}){step}"
            case Table():
                for row in (visual.header, *visual.rows):
                    yield " | ".join(map(_plain, row)) + step
            case Columns():
                for width, column in zip(visual.widths, visual.columns, strict=True):
                    yield f"|{width:.2g}"
                    yield from _show(column, steps=steps)
                yield "|"
            case Box():
                title = f": {_plain(visual.title)}" if visual.title else ""
                yield f"[{visual.kind}{title}"
                yield from _show(visual.content, steps=steps)
                yield "]"


def _plain(content: Inline) -> str:
    return "".join(run.text for run in content)
