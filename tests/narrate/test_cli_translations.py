"""`narrate translations` says what lags, and remembers what a person confirms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from narrate.cli import main

pytestmark = pytest.mark.usefixtures("settings_elsewhere")

ENGLISH = "# Light\n\nLight is a wave of about 450 nm.\n\n## Air\n\nThe air scatters it.\n"
FRENCH = "# Lumière\n\nLa lumière est une onde de 450 nm.\n\n## Air\n\nL'air la diffuse.\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    (root / "01.md").write_text(ENGLISH)
    (root / "01.fr.md").write_text(FRENCH)
    return root


def test_it_lists_confirms_and_finds(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translations", str(course)]) == 0
    said = capsys.readouterr().out
    assert "01.fr.md: French (fr), 2 of 2 slides: nothing found, not confirmed" in said
    assert "--confirm" in said
    assert main(["translations", str(course), "--confirm"]) == 0
    assert "up to date with what was confirmed" in capsys.readouterr().out
    (course / "01.md").write_text(ENGLISH.replace("scatters it", "scatters blue light most"))
    assert main(["translations", str(course)]) == 0
    said = capsys.readouterr().out
    assert "look at slide 2" in said and "[translation-outdated]" in said
    assert main(["translations", str(course), "--fail-on", "translation-outdated"]) == 1
    capsys.readouterr()
    assert main(["translations", str(course), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["translations"][0]["language"] == "fr"
    assert [f["rule"] for f in document["findings"]] == ["translation-outdated"]


def test_one_language(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "01.es.md").write_text("# Luz\n\nLa luz es una onda de 451 nm.\n")
    assert main(["translations", str(course), "--language", "fr"]) == 0
    said = capsys.readouterr().out
    assert "01.fr.md" in said and "01.es.md" not in said
    assert main(["translations", str(course), "--language", "nonsense-!"]) == 2


def test_a_course_without_translations_is_told_how(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "01.fr.md").unlink()
    assert main(["translations", str(course)]) == 0
    assert "01-light.fr.md beside 01-light.md" in capsys.readouterr().out


def test_check_counts_translations_apart(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(course)]) == 0
    said = capsys.readouterr().out
    assert "1 lesson and 1 translation, 4 slides" in said
    assert "  01.fr.md: Markdown script, 2 slides, French (fr), translates 01" in said
