"""The README says how to add a step. This test does what it says, with its very code."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

import pytest
from import_closure import find_forgotten

import narrate
from foundation.problem import Place
from narrate.pipeline import lesson_graph, steps
from narrate.pipeline.build import Means, build, prepare
from narrate.pipeline.lesson_graph import LessonPlanner
from narrate.pipeline.request import Request
from narrate.pipeline.step import load_step

README = Path(lesson_graph.__file__).with_name("README.md")


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The module of the README's step, which is named in the graph with the README's line."""
    file, line = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    folder = tmp_path / "steps"
    folder.mkdir()
    (folder / "words.py").write_text(file)
    monkeypatch.setattr(steps, "__path__", [*steps.__path__, str(folder)])
    monkeypatch.delitem(sys.modules, "narrate.pipeline.steps.words", raising=False)
    importlib.invalidate_caches()
    step = importlib.import_module("narrate.pipeline.steps.words")
    usual = LessonPlanner._plan_texts

    def plan_texts(self: LessonPlanner, slides, spoken, timed):  # type: ignore[no-untyped-def]
        names = {
            "tasks": usual(self, slides, spoken, timed),
            "checked": tuple(s.checked for s in slides),
            "name": self.lesson.id,
            "place": Place(self.lesson.path),
            "spoken": spoken,
        }
        exec(line, {**vars(step), **names})
        return names["tasks"]

    monkeypatch.setattr(LessonPlanner, "_plan_texts", plan_texts)
    return step.__name__


def test_a_step_is_a_file_and_a_line_in_the_graph(added: str, small_course: Path) -> None:
    labels = [t.label for t in narrate.plan(small_course).tasks]
    assert "counting the words of 01-first" in labels
    result = build(Request(small_course), means=Means(jobs=1))
    assert result.failures == ()
    made = [o for o in result.made if o.kind == "words"]
    assert [o.path for o in made] == ["01-first/words.json", "02-second/words.json"]
    counted = json.loads((result.out / made[0].path).read_text())
    lesson = narrate.load_course(small_course).lessons[0]
    assert counted["slides"] == [
        sum(len(u.tokens) for u in slide.utterances) for slide in lesson.slides
    ]
    manifest = json.loads((result.out / "manifest.json").read_text())
    assert made[0].path in {o["path"] for o in manifest["outputs"]}
    assert prepare(Request(small_course)).tasks == ()
    (small_course / "02-second.md").write_text("# Slide one\n\nOther words.\n")
    again = [t.path for t in prepare(Request(small_course)).tasks if t.kind == "words"]
    assert again == ["02-second.md"]


def test_its_packages_are_complete(added: str) -> None:
    assert find_forgotten(load_step(added)) == []
