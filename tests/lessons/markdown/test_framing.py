"""The agenda and the closing page that settings add."""

from __future__ import annotations

from pathlib import Path

from lessons.course.settings import Settings
from lessons.markdown.framing import MOST_ENTRIES
from lessons.markdown.lesson import Surroundings, parse_lesson, read_lesson
from lessons.model import ItemList, Lesson

DECK = "\n---\n\n".join(
    ["# Light\n", "# Part 1\n", "## Waves\n\n- short\n", "# Part 2\n", "## Rays\n\n- a\n"]
)


def read(text: str, root: Path, **values: object) -> Lesson:
    settings = Settings.model_validate(values)
    return parse_lesson(text, path="a.md", root=root, settings=settings)


def list_items(lesson: Lesson, number: int) -> list[str]:
    (visual,) = lesson.slides[number - 1].visuals
    assert isinstance(visual, ItemList)
    return ["".join(run.text for run in item.content) for item in visual.items]


def test_nothing_is_added_by_default(tmp_path: Path) -> None:
    assert len(read(DECK, tmp_path).slides) == 5


def test_an_agenda_follows_the_title_and_lists_the_sections(tmp_path: Path) -> None:
    lesson = read(DECK, tmp_path, agenda=True)
    titles = [slide.title for slide in lesson.slides]
    assert titles == ["Light", "Agenda", "Part 1", "Waves", "Part 2", "Rays"]
    assert [slide.number for slide in lesson.slides] == [1, 2, 3, 4, 5, 6]
    assert list_items(lesson, 2) == ["Part 1", "Part 2"]


def test_both_are_spoken(tmp_path: Path) -> None:
    lesson = read(DECK, tmp_path, agenda=True, closing="Thank you!")
    said = [[u.written for u in slide.utterances] for slide in lesson.slides]
    assert said[1] == ["Agenda", "Part 1", "Part 2"]
    assert (lesson.slides[-1].title, said[-1]) == ("Thank you!", ["Thank you!"])
    assert lesson.slides[-1].visuals == ()


def test_a_lesson_without_sections_lists_its_slides(tmp_path: Path) -> None:
    text = "# Light\n\n---\n\n## Waves\n\n- a\n\n---\n\n## Rays\n\n- b\n"
    assert list_items(read(text, tmp_path, agenda=True), 2) == ["Waves", "Rays"]


def test_a_long_agenda_is_cut(tmp_path: Path) -> None:
    text = "# Light\n" + "".join(f"\n---\n\n## Topic {n}\n\n- a\n" for n in range(30))
    items = list_items(read(text, tmp_path, agenda=True), 2)
    assert len(items) == MOST_ENTRIES and items[-1] == "…"


def test_one_section_needs_no_agenda(tmp_path: Path) -> None:
    assert len(read("# Light\n\n---\n\n## Waves\n\n- a\n", tmp_path, agenda=True).slides) == 2


def test_an_agenda_is_named_in_the_language_of_the_lesson(tmp_path: Path) -> None:
    assert read(DECK, tmp_path, agenda=True, language="de").slides[1].title == "Ablauf"


def test_a_recorded_lesson_gets_neither(tmp_path: Path) -> None:
    own = Settings.model_validate({"agenda": True, "voice": "recording"})
    lesson, findings = read_lesson(DECK, "a.md", Surroundings(tmp_path, own))
    assert len(lesson.slides) == 5
    assert any("recorded lesson" in f.message and f.problem.remedy for f in findings)


def test_findings_keep_their_slides(tmp_path: Path) -> None:
    text = DECK.replace("- a\n", "![](none.png)\n")
    own = Settings.model_validate({"agenda": True})
    lesson, findings = read_lesson(text, "a.md", Surroundings(tmp_path, own))
    (finding,) = [f for f in findings if f.rule == "picture-missing"]
    assert finding.place.slide == 6 and lesson.slides[5].title == "Rays"


def test_front_matter_may_ask_for_them(tmp_path: Path) -> None:
    text = "---\nagenda: true\nclosing: Questions?\n---\n" + DECK
    assert len(read(text, tmp_path).slides) == 7
