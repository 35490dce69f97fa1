"""The commands with lessons that were written for other tools, and without a course.yaml."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import narrate
from narrate.cli import main
from narrate.cli.console import SHOWN_OF_A_RULE

pytestmark = pytest.mark.usefixtures("settings_elsewhere")

LESSON = "# {0}\n\nA sentence about {0} is said.\n"
Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lessons without a course.yaml."""
    root = tmp_path / "optics"
    (root / "week2").mkdir(parents=True)
    (root / "README.md").write_text("# Light & Sight\n\nA course.\n")
    (root / "1-light.md").write_text(LESSON.format("light"))
    (root / "2-eye.md").write_text(LESSON.format("the eye"))
    (root / "week2" / "deck.md").write_text(
        "---\nmarp: true\n---\n\n# Lens\n\n<!-- A note. -->\n\n---\n\n# Retina\n\n<!-- More. -->\n"
    )
    return root


def test_a_folder_is_checked_as_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "1-light.md: Markdown script, 1 slide" in said
    assert "Light & Sight: 2 lessons, 2 slides: 1 finding (1 note)." in said[-1]
    assert main(["check", str(folder / "week2")]) == 0
    assert "deck.md: Marp deck, 2 slides" in capsys.readouterr().out


def test_one_file_is_built_beside_its_project(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "week2" / "deck.md"
    assert main(["build", str(file), "--draft", "--jobs", "1", "--only", "captions"]) == 0
    out = folder / "week2" / "build" / "draft"
    assert (out / "deck" / "captions.vtt").is_file()
    assert str(out) in capsys.readouterr().out.splitlines()[-1].replace("\n", "")
    assert main(["build", str(file), "--draft", "--slide", "2", "--dry-run"]) == 0
    assert "deck, slide 2" in capsys.readouterr().out


def test_lessons_of_one_name_have_their_own_folders(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "index.md").write_text(LESSON.format(name))
    (folder / "course.yaml").write_text("title: x\nlessons: [a/index.md, b/index.md]\n")
    result = narrate.export(
        folder, "transcript", formats=["txt"], jobs=1, settings={"voice": "silent"}
    )
    assert [o.path for o in result.made if o.format == "txt"] == [
        "a/transcript.txt", "b/transcript.txt",
    ]  # fmt: skip


def test_a_lesson_of_many_keeps_what_the_manifest_says_of_the_others(folder: Path) -> None:
    settings = {"voice": "silent"}
    narrate.export(folder, "transcript", formats=["txt"], jobs=1, settings=settings)
    (folder / "course.yaml").write_text("title: x\n")
    narrate.export(folder / "2-eye.md", "transcript", formats=["txt"], jobs=1, settings=settings)
    manifest = json.loads((folder / "build" / "manifest.json").read_text())
    assert {o["lesson"] for o in manifest["outputs"]} == {"1-light", "2-eye"}


def test_a_lesson_that_cannot_be_read_is_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "2-eye.md").write_text("")
    (folder / "3-bad.md").write_bytes(b"# X\n\n\xff\n")
    assert main(["check", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "2-eye.md:1: error: The lesson is left out: The lesson is empty" in said
    assert said.count("[lesson-unread]") == 2
    assert "1 of 3 lessons, 1 slide: 3 findings (2 errors, 1 note)." in said.splitlines()[-1]
    assert main(["check", str(folder), "--fail-on", "lesson-unread"]) == 1
    command = ["export", "captions", str(folder), "--set", "voice=silent", "--jobs", "1"]
    capsys.readouterr()
    assert main(command) == 0
    assert "2 lessons left out, see above" in capsys.readouterr().out.splitlines()[-1]


def test_a_lost_lesson_that_was_named_is_a_failure(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "2-eye.md").write_text("")
    assert main(["check", str(folder / "2-eye.md")]) == 1
    assert "The lesson is empty" in capsys.readouterr().err
    (folder / "course.yaml").write_text(
        "title: x\nvoice: silent\nlessons: [1-light.md, 2-eye.md]\n"
    )
    for command in ("check", "export captions"):
        assert main([*command.split(), str(folder)]) == 1
    assert main(["export", "captions", str(folder), "--lesson", "1"]) == 0
    capsys.readouterr()
    assert main(["export", "captions", str(folder), "--lesson", "2"]) == 1
    assert "empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "error"),
    [
        (["gone"], 2, "UsageError"),
        ([".", "--set", "theme=drak"], 2, "UsageError"),
        ([".", "--fail-on", "nothing"], 2, "UsageError"),
        (["bad"], 1, "CourseError"),
        (["empty.md"], 1, "LessonError"),
    ],
)
def test_json_is_printed_in_every_case(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    error: str,
) -> None:
    monkeypatch.chdir(folder)
    (folder / "empty.md").write_text("")
    (folder / "bad").mkdir()
    (folder / "bad" / "course.yaml").write_text("title: [\n")
    for command in (["check"], ["build", "--draft"], ["export", "captions"]):
        assert main([*command, *arguments, "--json"]) == status
        document = json.loads(capsys.readouterr().out)
        assert document["findings"] == []
        assert error in {failure["error"] for failure in document["failures"]}
        assert all(failure["message"] for failure in document["failures"])


def test_json_tells_of_each_lesson(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder / "week2"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["lessons"] == [
        {"path": "deck.md", "id": "deck", "title": "Lens", "dialect": "marp", "shape": "deck",
         "slides": 2, "language": "en-US", "translates": None}
    ]  # fmt: skip
    assert document["failures"] == []


def test_many_findings_of_one_rule_are_summarised(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = "\n\n".join(f"Sentence {n} is said.\n\n![](gone{n}.png)" for n in range(30))
    (folder / "1-light.md").write_text(f"# Light\n\n{pictures}\n")
    assert main(["check", str(folder)]) == 0
    said = capsys.readouterr().out
    assert said.count("picture-missing]\n") == SHOWN_OF_A_RULE
    assert f"… and {30 - SHOWN_OF_A_RULE} more like it [picture-missing]; --json prints all" in said
    assert main(["check", str(folder), "--json"]) == 0
    rules = [f["rule"] for f in json.loads(capsys.readouterr().out)["findings"]]
    assert rules.count("picture-missing") == 30


def test_what_was_found_can_be_written_down(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = narrate.load_course(folder)
    assert main(["import", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "narrate check" in said and "narrate build" in said
    written = (folder / "course.yaml").read_text()
    assert '\ntitle: "Light & Sight"' in written and "README" in written
    assert "  - 1-light.md" in written and "light: 1 slide" in written
    after = narrate.load_course(folder)
    assert (after.title, after.id) == (before.title, before.id)
    assert [x.id for x in after.lessons] == [x.id for x in before.lessons]
    assert main(["import", str(folder)]) == 2
    assert "has a course.yaml already" in capsys.readouterr().err
    (folder / "course.yaml").write_text("title: [\n")
    assert main(["import", str(folder), "--force"]) == 0
    assert (folder / "course.yaml").read_text() == written


def test_an_imported_course_is_what_it_was_whatever_its_names_are(tmp_path: Path) -> None:
    names = ["yes.md", "10.md", "a: b.md", "# c.md", "über uns.md", "- d.md", "it's 'e'.md",
             "x #y.md", "null.md", "[f].md", "{g}.md", "%h.md", "@i.md", "1.5.md"]  # fmt: skip
    root = tmp_path / "Straße: #1"
    root.mkdir()
    for name in names:
        (root / name).write_text("# T: #1 \"q\" 'r' \\\n\nHello.\n")
    (root / "README.md").write_text('# A "title": with #1 & \\back\n\nx\n')
    before = narrate.load_course(root)
    narrate.import_course(root)
    after = narrate.load_course(root)
    assert [x.path for x in after.lessons] == [x.path for x in before.lessons]
    assert sorted(x.path for x in after.lessons) == sorted(names)
    assert (after.title, after.id) == (before.title, before.id)


def test_a_part_of_a_course_is_not_imported(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "course.yaml").write_text("title: x\n")
    assert main(["import", str(folder / "week2")]) == 2
    assert "is a part of the course" in capsys.readouterr().err


def test_what_the_repository_holds_stays_open_after_an_import(folder: Path) -> None:
    from PIL import Image

    (folder / ".git").mkdir()
    Image.new("RGB", (4, 4)).save(folder / "a.png")
    (folder / "week2" / "deck.md").write_text("# Lens\n\n![A lens](../a.png)\n\nIt bends.\n")
    for _ in range(2):
        findings = narrate.check(folder / "week2").findings
        assert "picture-missing" not in {f.rule for f in findings}
        if not (folder / "week2" / "course.yaml").exists():
            narrate.import_course(folder / "week2")
    assert "\nroot: .." in (folder / "week2" / "course.yaml").read_text()


def test_an_import_opens_no_more_than_the_lessons_use(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "shared.md").write_text("Shared.\n")
    narrate.import_course(folder / "week2")
    assert "\nroot:" not in (folder / "week2" / "course.yaml").read_text()


def test_a_link_to_a_lesson_is_not_another_lesson(folder: Path) -> None:
    (folder / "0-latest.md").symlink_to(folder / "2-eye.md")
    (folder / "3-hidden.md").symlink_to(folder / "_draft.md")
    (folder / "_draft.md").write_text(LESSON.format("shade"))
    before = narrate.load_course(folder)
    assert [lesson.path for lesson in before.lessons] == ["1-light.md", "2-eye.md", "3-hidden.md"]
    narrate.import_course(folder)
    assert len(narrate.load_course(folder).lessons) == 3


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "a\udcffb", "-a 'b' \"c\""])
def test_a_folder_of_any_name_is_imported_and_checked(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = folder.rename(folder.with_name(name))
    (odd / "README.md").unlink()
    assert main(["import", str(odd)]) == 0
    assert main(["check", str(odd)]) == 0
    assert main(["check", str(odd / "1-light.md")]) == 0
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err


def test_an_import_that_cannot_be_written_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path.with_name(".x.part")))

    monkeypatch.setattr("narrate.api.write_whole", refuse)
    assert main(["import", str(folder)]) == 1
    said = capsys.readouterr().err
    assert f"{folder}: " in said and "copy the lessons" in said and "--out" not in said


def test_a_picture_above_the_course_is_built(folder: Path) -> None:
    from PIL import Image

    (folder / ".git").mkdir()
    Image.new("RGB", (40, 30), "red").save(folder / "a.png")
    (folder / "week2" / "deck.md").write_text("# Lens\n\n![A lens](../a.png)\n\nIt bends.\n")
    result = narrate.build(folder / "week2", only=["lecture"], draft=True, jobs=1)
    assert not result.failures
    assert not [f for f in result.findings if f.rule.startswith("picture")]


def test_words_of_the_lexicon_that_only_other_lessons_use_are_not_told(folder: Path) -> None:
    (folder / "course.yaml").write_text("title: x\n")
    (folder / "lexicon.yaml").write_text("light: lite\nretina: RET in a\n")
    unused = [f.rule for f in narrate.check(folder).findings if f.rule == "lexicon-unused"]
    assert len(unused) == 1
    assert "lexicon-unused" not in {f.rule for f in narrate.check(folder / "2-eye.md").findings}


def test_the_files_of_many_lessons_are_listed_by_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3, 9):
        (folder / f"{number}.md").write_text(LESSON.format(number))
    command = ["export", "captions", str(folder), "--format", "all", "--set", "voice=silent"]
    assert main([*command, "--jobs", "1"]) == 0
    said = capsys.readouterr().out
    assert "captions.vtt" not in said and "6 files, " in said
