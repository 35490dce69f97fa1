"""The command as a person and a program meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

import narrate
from narrate.cli import main
from narrate.video.probe import probe


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for name in ("build", "preview", "export", "check", "init", "consent", "doctor", "voices"):
        assert f" {name} " in said


def test_a_new_course_checks_and_builds(
    tmp_path: Path, settings_elsewhere: None, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / 'My "new" course'
    assert main(["init", str(folder)]) == 0
    assert "narrate preview" in capsys.readouterr().out
    assert main(["check", str(folder)]) == 0
    assert "1 lesson, 3 slides: 1 finding" in capsys.readouterr().out  # it has no presenter
    assert main(["build", str(folder), "--draft", "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert "made  " in out and "lecture.mp4" in out and "0 up to date" in out
    assert main(["init", str(folder)]) == 2
    assert "not empty" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_that_takes_the_output_is_reported(small_course: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", "import narrate.cli as c; raise SystemExit(c.main())"]
        ended = subprocess.run(
            [*command, "check", str(small_course), "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    assert "The disk is full" in ended.stderr and "Traceback" not in ended.stderr


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_build_that_is_stopped_says_that_nothing_is_lost(
    small_course: Path, name: str, code: int
) -> None:
    ending = (
        "import os, signal, sys, time\n"
        "import narrate.api, narrate.cli\n"
        "def stop(*_):\n"
        f"    os.kill(os.getpid(), signal.{name})\n"
        "    time.sleep(20)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "narrate.api.build_prepared = stop\n"
        "sys.exit(narrate.cli.main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", ending, "build", str(small_course)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == code
    assert "the next build continues from there" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_output_folder_that_cannot_be_written_to_is_reported(
    small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_course / "build").write_text("mine")
    assert main(["build", str(small_course), "--jobs", "1", "--only", "captions"]) == 1
    said = capsys.readouterr().err
    assert "cannot be written to" in said and "Traceback" not in said
    assert (small_course / "build").read_text() == "mine"


def test_a_folder_in_the_place_of_a_file_is_moved_aside_and_named(
    small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_course / "build/manifest.json").mkdir(parents=True)
    (small_course / "build/manifest.json/mine").write_text("mine")
    assert main(["build", str(small_course), "--jobs", "1", "--only", "captions"]) == 0
    said = capsys.readouterr().err
    [aside] = (small_course / "build").glob("manifest.json-aside-*")
    assert str(aside) in said and "moved aside" in said
    assert (aside / "mine").read_text() == "mine"
    assert json.loads((small_course / "build/manifest.json").read_text())["outputs"]


def test_a_preview_is_one_slide_with_sound(
    small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["preview", str(small_course / "01-first.md"), "--slide", "2", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    [made] = result["made"]
    assert made["path"].endswith("build/01-first/slide-02/lecture.mp4")
    found = probe(Path(made["path"]))
    assert found.codecs[:2] == ("h264", "aac") and len(found.chapters) == 1


def test_a_lesson_in_a_folder_of_its_own_is_previewed(
    small_course: Path, edit: Callable[[Path, str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    (small_course / "one").mkdir()
    (small_course / "01-first.md").rename(small_course / "one/lesson.md")
    edit(small_course / "course.yaml", "id:", "lessons: [one/lesson.md]\nid:")
    assert main(["preview", str(small_course / "one/lesson.md"), "--draft", "--json"]) == 0
    [made] = json.loads(capsys.readouterr().out)["made"]
    assert made["path"].endswith("build/draft/lesson/slide-01/lecture.mp4")


@pytest.mark.parametrize("format", narrate.caption_formats())
def test_captions_are_exported_alone(
    small_course: Path, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "captions", str(small_course), "--format", format, "-j", "1"]) == 0
    text = (small_course / f"build/01-first/captions.{format}").read_text()
    assert "One short sentence." in text
    assert not list((small_course / "build").rglob("*.mp4"))
    assert f"captions.{format}" in capsys.readouterr().out


def test_a_transcript_is_exported_alone(small_course: Path) -> None:
    assert main(["export", "transcript", str(small_course), "-f", "md", "-j", "1"]) == 0
    assert "Alpha is first." in (small_course / "build/01-first/transcript.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build"], "Missing argument"),
        (["build", "{}", "--only", "film"], "lecture, lipreadable, captions, transcript"),
        (["build", "{}", "--lesson", "9"], "01-first"),
        (["build", "{}", "--slide", "1"], "--lesson"),
        (["build", "{}", "--jobs=-1"], "greater than or equal to 0"),
        (["preview", "{}/none.md"], "none.md"),
        (["export", "captions", "{}", "--format", "doc"], "doc"),
        (["bild"], "bild"),
        (["check", "{}", "--fail-on", "picture-alts"], "Did you mean 'picture-alt'?"),
        (["build", "{}", "--fail-on", "everything"], "narrate rules"),
        (["build", "{}", "--set", "them=dark"], "Did you mean 'theme'?"),
        (["schema", "cours"], "course"),
    ],
)
def test_wrong_usage_is_two(
    small_course: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([a.format(small_course) for a in arguments]) == 2
    said = capsys.readouterr().err
    assert says in " ".join(said.replace("│", " ").split())
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "value",
    [
        "theme", "=", "theme=", "them=dark", "video=3", "video.=3", "video.rate=1e9", "speed=.nan",
        "theme=!!python/object:os.system x", "theme=*a", "author=\x07", "voice=../../x", "title=x",
        "portrait.seed=" + "9" * 6000, "x" * 20_000, ".".join("a" * 9000) + "=1",
        "video.rate=25\nfoo: 3", "theme=\udcff", "author=\u202e",
    ],
)  # fmt: skip
def test_a_wrong_setting_is_reported_without_a_traceback(
    value: str, small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = str(small_course / "01-first.md")
    course = str(small_course)
    for command in (
        ["check", course], ["build", course], ["preview", lesson], ["export", "captions", course],
    ):  # fmt: skip
        assert main([*command, "--set", value]) in (1, 2)
        told = capsys.readouterr().err
        assert (
            told.startswith(("error --set: ", "error --set '"))
            and "Traceback" not in told
            and len(told) < 600
        )
    assert not (small_course / "build").exists()


def test_a_voice_that_does_not_exist_is_found_though_no_lesson_needs_it(
    small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(small_course), "--set", "voices.fr=espek"]) == 2
    assert "Did you mean 'espeak'?" in capsys.readouterr().err
    (small_course / "course.yaml").write_text("title: x\nvoice: hibary\nvoices: {fr: espek}\n")
    assert main(["check", str(small_course)]) == 1
    told = capsys.readouterr().err
    assert "course.yaml:2: There is no voice engine 'hibary'" in told and "'hibari'?" in told
    (small_course / "course.yaml").write_text("title: x\nvoices: {fr: espek}\n")
    assert main(["check", str(small_course)]) == 0  # nothing is lost by it
    told = capsys.readouterr().out
    assert "course.yaml:2: warning: There is no voice engine 'espek'" in told
    assert "Did you mean 'espeak'?" in told


@pytest.mark.parametrize("arguments", [["schema", "course"], ["check", "{}", "--json"]])
def test_a_closed_output_gives_no_traceback(
    arguments: list[str], small_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)  # as Python sets it for `>&-`
    assert main([a.format(small_course) for a in arguments]) == 0
    sys.stdout.close()  # what the command opened in its place


LONG = "a" * 5000


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", LONG], ["build", "a\0b"], ["check", "/dev/null"], ["init", LONG],
        ["init", "a\0b"],
        ["init", "/proc/x"], ["preview", LONG], ["say", "--out", f"{LONG}.wav", "Hello."],
        ["transcribe", LONG], ["measure", LONG], ["check", "--fail-on", LONG, "."],
        ["build", ".", "--only", LONG], ["build", ".", "--out", LONG],
    ],
)  # fmt: skip
def test_an_impossible_path_is_reported_without_a_traceback(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) in (1, 2)
    told = capsys.readouterr()
    assert told.err and "Traceback" not in told.err + told.out


def test_a_picture_that_cannot_be_had_costs_a_finding_and_not_the_build(
    small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_course / "01-first.md").write_text("# T\n\n![a](https://example.org/a.png)\n\nSay.\n")
    assert main(["build", str(small_course), "--draft"]) == 0
    said = capsys.readouterr().err
    assert "01-first.md:3 (slide 1)" in said and "is an address" in said
    assert "Traceback" not in said
    assert (small_course / "build/draft/01-first/lecture.mp4").is_file()


def test_findings_count_where_fail_on_says_so(
    small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_course / "01-first.md").write_text("# T\n\nSay.\n\n![](dot.png)\n")
    Image.new("RGB", (40, 30)).save(small_course / "dot.png")
    assert main(["check", str(small_course), "--json"]) == 0
    rules = {f["rule"] for f in json.loads(capsys.readouterr().out)["findings"]}
    assert "picture-alt" in rules
    for counted in ("warning", "note", "picture-alt", "error,picture-alt"):
        assert main(["check", str(small_course), "--fail-on", counted]) == 1
    for other in ("error", "title-long", "error,title-long"):
        assert main(["check", str(small_course), "--fail-on", other]) == 0


def test_a_long_check_says_what_is_being_read(
    small_course: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["check", str(small_course), "--log", "json"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("narrate.progress.QUIET_SECONDS", 0.0)
    assert main(["check", str(small_course), "--log", "json"]) == 0
    first, last = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["event"], first["doing"]) == ("progress", ["reading lesson 2 of 2"])
    assert (first["share"], last["share"], last["doing"]) == (0.5, 1.0, [])


def test_a_dry_run_makes_nothing(small_course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", str(small_course), "--dry-run"]) == 0
    assert "rendering 01-first, slide 2" in capsys.readouterr().out
    assert not (small_course / "build").exists()


def test_voices_and_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voices", "--json"]) == 0
    voices = {v["id"]: v for v in json.loads(capsys.readouterr().out)}
    assert voices["hibari/heart"]["available"] and "en-US" in voices["hibari/heart"]["languages"]
    assert main(["voices"]) == 0
    assert "[coqui]" in " ".join(capsys.readouterr().out.split())
    assert main(["models", "list"]) == 0
    assert "whisper/base" in capsys.readouterr().out


def test_the_default_voice_of_each_language_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voices"]) == 0
    text = capsys.readouterr().out
    assert "English (en-US): hibari/heart" in text.partition("Where a lesson names no voice:")[2]
    for name in ("recording", "silent"):  # nobody could be asked to speak with emphasis
        own = text.partition(f"\n{name}\n")[2].split("\n")[:2]
        assert own[0].startswith("    any language") and "supports" not in "".join(own)
    assert main(["voices", "--language", "en-US"]) == 0
    text = capsys.readouterr().out.partition("Where a lesson names no voice:")[2]
    assert text.split("\n")[1].strip() == "English (en-US): hibari/heart"


def test_the_doctor_lists_the_languages_that_a_voice_speaks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["doctor"])
    (line,) = [x for x in capsys.readouterr().out.split("\n") if " Languages: " in x]
    assert line.startswith("ok") and "English (en-US) by hibari/heart" in line


def test_a_doctor_finds_a_sound_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    checks = {c["name"]: c["ok"] for c in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["Voice"] and checks["Recogniser"] and checks["Video encoder"]


def test_themes_are_listed_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["themes"]) == 0
    out = capsys.readouterr().out
    assert "chalk" in out and "Lexend" in out
    assert main(["themes", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) >= 6 and all(theme["contrast"] >= 4.5 for theme in listed)
    sheet = tmp_path / "sheet.png"
    assert main(["themes", "dark", "--sheet", str(sheet), "--size", "640x360"]) == 0
    with Image.open(sheet) as drawn_sheet:
        assert drawn_sheet.width > 3000
    drawn = ["themes", "calm", "--out", str(tmp_path / "o"), "--size", "640x360", "--lipreadable"]
    assert main(drawn) == 0
    with Image.open(tmp_path / "o/calm-section.png") as page:
        assert page.size == (640, 360)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["themes", "drak"], "'dark'"),
        (["themes", "none.toml"], "no theme file"),
        (["themes", "dark", "--sheet", "x.png", "--size", "3x3"], "video.size"),
    ],
)
def test_mistakes_with_themes_are_explained(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) in (1, 2)
    assert said in capsys.readouterr().err


def test_the_schema_of_theme_files_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "theme"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "A theme file"
