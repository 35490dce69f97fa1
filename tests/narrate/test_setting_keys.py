"""A changed setting changes the keys of all that depends on it, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.course.settings import DEFAULTS, Settings
from narrate.pipeline import Request, prepare

SAMPLE = Path(__file__).resolve().parents[2] / "samples/course"

SPOKEN = {".narration", ".json", ".mp4", "lecture", "lipreadable", "captions", "chapters",
          "transcript"}  # fmt: skip
VIDEOS = {"lecture", "lipreadable"}

# Of every setting another value than the sample's, and what is then made again: artefacts by their
# suffix, outputs by their kind.
CHANGED: dict[str, tuple[object, set[str]]] = {
    "language": ("en", {*SPOKEN, ".pages"}),
    "voice": ("silent", SPOKEN),
    "voices": ({"fr": "espeak"}, set()),  # no lesson of the sample speaks French
    "recording": ("media/talk.wav", set()),  # only a lesson that is recorded looks for it
    "speed": (1.05, SPOKEN),
    "pause": ({"sentence": 777}, SPOKEN),
    "captions": ("netflix", {".mp4", *VIDEOS, "captions", "chapters", "transcript"}),
    "theme": ("contrast", {".pages", ".mp4", *VIDEOS}),
    "portrait": ({"clarity": 1.3}, {".mp4", *VIDEOS}),
    "video": ({"rate": 25}, {".mp4", *VIDEOS, "captions", "chapters", "transcript"}),
    "signer": ("reserve", {".rig", ".pages", ".mp4", *VIDEOS}),
    "whisper": ("other", SPOKEN - {".narration"}),
    "author": ("Somebody Else", VIDEOS),
    "license": ("CC0-1.0", VIDEOS),
    "publisher": ("A School", VIDEOS),
    "dialect": ("markdown", set()),  # the sample's lessons are plain Markdown
    "boxes": ({"tip": {"label": "Trick"}}, set()),  # and have no boxes
    "root": ("..", set()),
}


def find_keys(settings: Settings) -> dict[str, set[str]]:
    plan = prepare(Request(SAMPLE, settings=settings)).plan
    keys: dict[str, set[str]] = {}
    for artefact in plan.artefacts:
        keys.setdefault(artefact.suffix, set()).add(artefact.key)
    for lesson in plan.lessons:
        for output in lesson.outputs:
            keys.setdefault(output.kind, set()).add(output.key)
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
