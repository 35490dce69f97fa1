"""A voice plug-in that fails costs its own sentences, and is asked again by the next build."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_trials import build_here
from plugin_folder import change, install

from narrate.pipeline.plan import Wanted
from narrate.rule_names import RULES

# The recogniser does not know Esperanto, and so does not listen to tones.
COURSE = """\
title: Light
id: light
language: eo
video: {size: 640x360, rate: 10}
"""
TEXT = "# One\n\nAll is well. Here it breaks. All is well again.\n\n# Two\n\nThe end.\n"
FAILING = """\
    import pathlib
    if "breaks" in say.text and not pathlib.Path(__file__).with_name("mended").exists():
        raise RuntimeError("out of memory")
"""


# A process keeps what it opened, so each plug-in has a name of its own.
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("hum", "voice: hum\n"),
        ("buzz", "voice: silent\nvoices: {eo: buzz}\n"),
        ("whir", "speakers: {ann: whir}\n"),
    ],
)
def test_only_its_sentence_is_silent_until_it_works(
    tmp_path: Path,
    settings_elsewhere: None,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    settings: str,
) -> None:
    source = change(("    sounds, phones", f"{FAILING}    sounds, phones"), ('"en"', '"eo"'))
    site = tmp_path / "site"
    install(site, monkeypatch, source, name=name, module=f"{name}_voice")
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.yaml").write_text(COURSE + settings)
    text = TEXT.replace("All is well. ", "Ann: All is well. ") if "ann" in settings else TEXT
    (course / "01-light.md").write_text(text)
    wanted = Wanted(parts=("captions",))
    first = build_here(course, wanted=wanted)
    assert not first.failures and first.made
    (finding,) = [f for f in first.findings if f.rule == "voice-failed"]
    assert finding.rule in RULES and "out of memory" in finding.message
    assert "not spoken" in finding.message and f"voices --test {name}" in finding.remedy
    assert (finding.place.path, finding.place.line, finding.place.slide) == ("01-light.md", 3, 1)
    captions = course / "build/01-light/captions.vtt"
    assert "Here it breaks." in captions.read_text()

    again = build_here(course, wanted=wanted)
    assert [f.rule for f in again.findings].count("voice-failed") == 1

    (site / "mended").touch()
    before = captions.read_text()
    mended = build_here(course, wanted=wanted)
    assert not [f for f in mended.findings if f.rule == "voice-failed"]
    assert mended.slides == 1 and captions.read_text() != before
    assert not build_here(course, wanted=wanted).made
