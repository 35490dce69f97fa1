"""A changed setting changes the keys of all that depends on it, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.course.settings import DEFAULTS, Settings
from narrate.pipeline.request import Request, plan_request
from narrate.templating import find_templates_folder

SAMPLE = Path(__file__).resolve().parents[2] / "samples/course"

SEGMENTS = {"segment lecture", "segment lipreadable"}
VIDEOS = {"video lecture", "video lipreadable"}
TEXTS = {"captions", "chapters", "transcript", "report"}
SPOKEN = {"speech", "check", *SEGMENTS, *VIDEOS, *TEXTS}

# Of every setting another value than the sample's, and the steps that are then done again.
CHANGED: dict[str, tuple[object, set[str]]] = {
    "language": ("en", {*SPOKEN, "picture"}),
    "voice": ("silent", SPOKEN),
    "voices": ({"fr": "espeak"}, set()),  # no lesson of the sample speaks French
    "speakers": ({"student": "silent"}, set()),  # no student speaks in the sample
    "recording": ("media/talk.wav", set()),  # only a lesson that is recorded looks for it
    "speed": (1.05, SPOKEN),
    "pause": ({"sentence": 777}, SPOKEN),
    "captions": ("netflix", {"segment lipreadable", *VIDEOS, *TEXTS}),
    "theme": ("contrast", {"picture", *SEGMENTS, *VIDEOS, "report"}),
    "agenda": (True, {*SPOKEN, "picture"}),
    "closing": ("Thank you", {*SPOKEN, "picture"}),
    # The folder of narrate's own, which replaces each by itself.
    "templates": (
        str(find_templates_folder() / "slides"),
        {"picture", *SEGMENTS, *VIDEOS, "report"},
    ),
    "portrait": ({"clarity": 1.3}, {*SEGMENTS, *VIDEOS}),
    "video": ({"rate": 25}, {*SEGMENTS, *VIDEOS, *TEXTS}),
    "signer": ("reserve", {"portrait", "picture", *SEGMENTS, *VIDEOS, "report"}),
    "whisper": ("other", {"check", "segment lipreadable", *VIDEOS, *TEXTS}),
    # No lesson of the sample names a voice of one.
    "speech_servers": ({"studio": {"url": "http://localhost/v1", "voices": ["alloy"]}}, set()),
    "author": ("Somebody Else", VIDEOS),
    "license": ("CC0-1.0", VIDEOS),
    "publisher": ("A School", VIDEOS),
    "dialect": ("markdown", set()),  # the sample's lessons are plain Markdown
    "key_phrases": (False, set()),  # every slide of the sample shows something else
    "boxes": ({"tip": {"label": "Trick"}}, set()),  # and have no boxes
    "root": ("..", set()),
}


def find_keys(settings: Settings) -> dict[str, set[str]]:
    """The keys that each step's artefacts have, with the video where a step makes several."""
    keys: dict[str, set[str]] = {}
    for task in plan_request(Request(SAMPLE, settings=settings)).plan.walk_tasks():
        for name, artefact in task.outputs:
            which = f"{task.kind} {name}" if task.kind in ("segment", "video") else task.kind
            keys.setdefault(which, set()).add(artefact.key)
    return keys


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    with pytest.MonkeyPatch.context() as patch:
        nothing = tmp_path_factory.mktemp("none") / "none.yaml"
        nothing.write_text("")
        patch.setenv("NARRATE_SETTINGS", str(nothing))
        return find_keys(DEFAULTS)


def test_every_setting_is_tried() -> None:
    assert set(CHANGED) == set(Settings.model_fields)


@pytest.fixture
def other_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recognition model called `other`: what counts for the keys is its digest."""
    model = tmp_path / "whisper/other/model.bin"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"other")
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path))


@pytest.mark.usefixtures("settings_elsewhere", "other_model")
@pytest.mark.parametrize("name", list(CHANGED))
def test_a_setting_changes_what_depends_on_it(name: str, usual: dict[str, set[str]]) -> None:
    value, expected = CHANGED[name]
    settings = Settings.model_validate({name: value})
    changed = find_keys(settings)
    assert {kind for kind, keys in changed.items() if keys != usual[kind]} == expected


def test_a_slide_depends_on_the_voices_of_its_own_languages(small_course: Path) -> None:
    path = small_course / "01-first.md"
    path.write_text(path.read_text().replace("One short", "One <lang xml:lang='fr'>bon mot</lang>"))

    def find_voices(voices: dict[str, str]) -> list[object]:
        settings = {"voice": "hibari", "voices": voices}
        plan = plan_request(Request(small_course, settings=settings)).plan
        return [task.settings.voices for task in plan.walk_tasks() if task.kind == "speech"]

    first, *others = find_voices({"fr": "silent", "de": "silent"})
    assert first == (("en-US", "hibari"), ("fr", "silent"))
    assert others and set(others) == {(("en-US", "hibari"),)}
    assert find_voices({"fr": "silent", "de": "espeak"}) == [first, *others]
