"""A course in its teacher's own voice. Here the default voice plays the teacher, so that it is
known when each word was said."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lessons.course.reading import load_course
from lessons.errors import CourseError
from lessons.model import Token, Utterance
from narrate.align import recording_alignment
from narrate.cli import main
from narrate.clock import SAMPLE_RATE
from narrate.errors import DecodingError, SettingsError, VoiceError
from narrate.loudness import TARGET, loudness
from narrate.narration_file import load_narration
from narrate.pipeline.build import BuildResult, Means, build, build_prepared, prepare
from narrate.pipeline.plan import Wanted
from narrate.pipeline.request import Request
from narrate.pipeline.slide_files import load_listening_findings
from narrate.pipeline.steps.recording import FINDINGS
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.secret import read_secret
from narrate.speech import narrate_slide, open_voice
from narrate.speech.sound_file import write_sound
from narrate.vocabulary import Narration, Samples

COURSE = """\
title: A talk
id: talk
voice: recording
video: {size: 640x360, rate: 30}
"""

LESSON = """\
## How light bends

Light travels in straight lines until it meets water or glass. There it slows down and turns.

## A straw in a glass

- A straw in a glass seems to be broken.
- Nothing has happened to the straw itself.

## The end

Every lens works in the same way.
"""

WANTED = Wanted(parts=("lecture", "captions"), formats=("vtt",))
HERE = Means(jobs=1)


def spoken(course: Path, *, without: str = "") -> tuple[Samples, list[Narration]]:
    """The talk with the noise of a room, and its slides' true narrations in talk time. `without`
    is a sentence that the teacher forgets."""
    voice = open_voice("hibari", "en-US")
    rng = np.random.default_rng(1)
    parts = [np.zeros(SAMPLE_RATE, np.float32)]
    truth = []
    for slide in load_course(course).lessons[0].slides:
        kept = tuple(u for u in slide.utterances if u.written != without)
        told = narrate_slide(replace(slide, utterances=kept), lambda _: voice)
        truth.append(_later(told, sum(map(len, parts))))
        parts += [told.samples, np.zeros(SAMPLE_RATE // 2, np.float32)]
    sound = np.concatenate(parts) * 0.3
    return sound + (rng.standard_normal(len(sound)) * 3e-4).astype(np.float32), truth


def _later(told: Narration, by: int) -> Narration:
    words = tuple(
        type(w)(w.written, w.start + by, w.end + by, w.utterance, w.token) for w in told.words
    )
    return Narration(told.samples, words, told.phones)


def sentence(text: str) -> Utterance:
    return Utterance(tuple(Token(word, word, 0, 1) for word in text.split()), 0, 1)


@pytest.fixture
def course(tmp_path: Path, settings_elsewhere: None) -> Path:
    root = tmp_path / "course"
    (root / "media" / "recordings").mkdir(parents=True)
    (root / "course.yaml").write_text(COURSE)
    (root / "01-talk.md").write_text(LESSON)
    return root


def record(course: Path, sound: Samples) -> Path:
    path = course / "media/recordings/01-talk.wav"
    write_sound(path, sound)
    return path


def built(course: Path) -> BuildResult:
    made = build(Request(course, WANTED), means=HERE)
    assert not made.failures, made.failures
    return made


def store_of(made: BuildResult) -> FolderStore:
    return FolderStore(made.out / ".store", read_secret())


def narrations(made: BuildResult) -> list[Narration]:
    store = store_of(made)
    return [load_narration(store.path(p.narration)) for p in made.plan.slides]


def test_a_talk_is_cut_into_its_slides_and_its_words_are_found(course: Path) -> None:
    sound, truth = spoken(course)
    record(course, sound)
    made = built(course)
    found = narrations(made)
    assert len(found) == 3
    start = 0
    errors = []
    first = truth[0].words[0].start - found[0].words[0].start  # where the first slide was cut
    for mine, true in zip(found, truth, strict=True):
        assert [w.written for w in mine.words] == [w.written for w in true.words]
        errors += [
            first + start + a.start - b.start for a, b in zip(mine.words, true.words, strict=True)
        ]
        start += len(mine.samples)
        assert len(mine.samples) % (SAMPLE_RATE // 30) == 0
        assert mine.phones and mine.samples.any()
    assert np.median(np.abs(errors)) < 0.05 * SAMPLE_RATE
    assert np.max(np.abs(errors)) < 0.25 * SAMPLE_RATE
    assert found[1].steps[0] == 0 < found[1].steps[1]
    # The talk was recorded 10 dB too low.
    assert loudness(n.samples for n in found) == pytest.approx(TARGET, abs=0.5)
    assert not [f for f in made.findings if f.rule in ("not-said", "not-in-script", "repeated")]
    manifest = json.loads((made.out / "manifest.json").read_text())
    lecture = next(o for o in manifest["outputs"] if o["kind"] == "lecture")
    assert lecture["synthetic"] == []

    again = built(course)
    assert not again.made
    # A slide's sound that is lost is cut out of the recording again, and the others stay.
    store = store_of(made)
    before = store.path(made.plan.slides[1].narration).read_bytes()
    others = {p.narration: store.path(p.narration).stat().st_mtime_ns for p in made.plan.slides}
    del others[made.plan.slides[1].narration]
    [captions] = [o.artefact for o in made.plan.outputs if o.kind == "captions"]
    for lost in (made.plan.slides[1].narration, made.plan.slides[1].checked, captions):
        store.drop(lost)
    (made.out / "01-talk/captions.vtt").unlink()
    kinds = [task.kind for task in prepare(Request(course, WANTED)).tasks]
    assert sorted(kinds) == ["captions", "check", "recording"]
    assert {o.format for o in built(course).made} == {"vtt"}
    assert store.path(made.plan.slides[1].narration).read_bytes() == before
    assert {a: store.path(a).stat().st_mtime_ns for a in others} == others

    # Another take of the same words is another lesson.
    record(course, np.concatenate((np.zeros(SAMPLE_RATE, np.float32), sound)))
    assert {o.kind for o in built(course).made} >= {"lecture", "captions"}


def test_what_was_forgotten_is_reported_and_not_captioned(course: Path) -> None:
    forgotten = "Nothing has happened to the straw itself."
    sound, _ = spoken(course, without=forgotten)
    record(course, sound)
    made = built(course)
    missing = [f for f in made.findings if f.place.slide == 2 and f.severity != "note"]
    assert missing and all(f.place.line == 8 for f in missing), made.findings
    assert any("Nothing has happened" in f.message for f in missing)
    captions = " ".join((made.out / "01-talk/captions.vtt").read_text().split())
    assert "straw itself." not in captions

    # Slides that say nothing move the others and cost no new listening.
    (course / "01-talk.md").write_text("## Silence\n\n" + LESSON)
    moved = built(course)
    assert [p.narration.key for p in moved.plan.slides[1:]] == [
        p.narration.key for p in made.plan.slides
    ]
    silent, *heard = moved.plan.slides
    assert silent.speech.kind == "speech" and len(heard) == 3
    for part in heard:  # as they are read where a check is made again
        path = store_of(moved).fetch(part.speech.output(FINDINGS))
        assert path is not None
        own = load_listening_findings(path, part.check.settings.position, part.slide)
        assert bool(own) is (part.slide.number == 3)
        assert all((f.place.slide, f.place.line) == (3, 10) for f in own)


def test_a_recording_a_slide_costs_its_own_slide(course: Path) -> None:
    sound, truth = spoken(course)
    folder = course / "media/recordings/01-talk"
    folder.mkdir()
    for n, true in enumerate(truth, start=1):
        begin = true.words[0].start - SAMPLE_RATE // 4
        write_sound(folder / f"{n:02d}.wav", sound[begin : true.words[-1].end + SAMPLE_RATE // 4])
    made = built(course)
    keys = [p.narration.key for p in made.plan.slides]
    first = truth[0].words
    write_sound(folder / "01.wav", sound[first[0].start - 4000 : first[-1].end + 4000])
    other = [p.narration.key for p in built(course).plan.slides]
    assert other[0] != keys[0] and other[1:] == keys[1:]


def test_what_does_not_go_with_a_recording_is_refused(course: Path) -> None:
    record(course, np.zeros(SAMPLE_RATE, np.float32))
    (course / "01-talk.md").write_text(f"---\nspeed: 0.8\n---\n\n{LESSON}")
    with pytest.raises(SettingsError, match="another speed"):
        build(Request(course, WANTED))
    (course / "01-talk.md").write_text("## One\n\nA word.\n\n<!-- say(voice=hibari): Hello. -->\n")
    with pytest.raises(VoiceError, match="'hibari' on a slide that is recorded"):
        build(Request(course, WANTED))


def test_a_recording_that_changes_meanwhile_is_not_kept_under_the_old_ones_name(
    course: Path,
) -> None:
    path = record(course, np.zeros(2 * SAMPLE_RATE, np.float32))
    prepared = prepare(Request(course, WANTED))
    write_sound(path, np.full(2 * SAMPLE_RATE, 0.5, np.float32))
    [made] = build_prepared([prepared], means=HERE)
    [failure] = made.failures
    assert "was changed during" in failure.problem.message
    assert failure.problem.place.path == "media/recordings/01-talk.wav"
    recording = made.plan.slides[0].speech
    assert store_of(made).find_missing({*recording.taken, *recording.made}) == {
        *recording.taken, *recording.made
    }  # fmt: skip


def test_the_recording_that_was_planned_is_heard_to_its_end(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = record(course, spoken(course)[0])
    listen = recording_alignment.align_recording

    def listen_and_replace(*args: Any, **settings: Any) -> recording_alignment.Aligned:
        found = listen(*args, **settings)
        write_sound(path, np.zeros(SAMPLE_RATE, np.float32))
        return found

    monkeypatch.setattr(recording_alignment, "align_recording", listen_and_replace)
    made = built(course)
    assert all(n.samples.any() and n.words for n in narrations(made))
    planned = {p.narration for p in made.plan.slides}
    assert not planned & {p.narration for p in prepare(Request(course, WANTED)).plan.slides}


def test_what_no_voice_reads_is_the_teachers_to_read(course: Path) -> None:
    record(course, np.zeros(SAMPLE_RATE, np.float32))
    (course / "01-talk.md").write_text("## One\n\nThey say 日本 for it.\n")

    def unread() -> list[str]:
        return [f.rule for f in prepare(Request(course, WANTED)).findings if "unread" in f.rule]

    assert unread() == []
    text = (course / "course.yaml").read_text().replace("voice: recording", "voice: silent")
    (course / "course.yaml").write_text(text)
    assert unread() == ["word-unread"]


def test_a_file_that_is_not_a_sound_fails_with_its_name(course: Path) -> None:
    (course / "media/recordings/01-talk.wav").write_bytes(b"RIFF, or so it says")
    made = build(Request(course, WANTED), means=HERE)
    (failure,) = made.failures
    assert failure.kind is DecodingError and "'01-talk.wav' cannot be decoded" in str(failure)
    assert failure.problem.place.path == "media/recordings/01-talk.wav"


def test_a_recording_without_words_gives_no_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, draft = tmp_path / "still.wav", tmp_path / "draft.md"
    write_sound(path, np.zeros(SAMPLE_RATE, np.float32))
    assert main(["transcribe", str(path), "--out", str(draft)]) == 1
    told = capsys.readouterr().err
    assert "still.wav" in told and "No words" in told and not draft.exists()
    assert main(["transcribe", str(path), "--out", str(tmp_path), "--force"]) == 2


def test_the_users_recogniser_listens_to_a_talk(
    tmp_path: Path, settings_elsewhere: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no-settings.yaml").write_text(f"whisper: {tmp_path}/absent-model\n")
    path = tmp_path / "talk.wav"
    write_sound(path, open_voice("hibari", "en-US").speak(sentence("A word is said.")).samples)
    assert main(["transcribe", str(path)]) == 1
    assert "absent-model" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../models/x", "/models/x", "..", "a\\\\b"])
def test_a_course_names_no_model_by_a_path(course: Path, name: str) -> None:
    record(course, np.zeros(SAMPLE_RATE, np.float32))
    (course / "course.yaml").write_text(f'{COURSE}whisper: "{name}"\n')
    with pytest.raises(CourseError, match="may name a path"):
        build(Request(course, WANTED))


def test_a_talk_becomes_a_draft_that_builds(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound, _ = spoken(course)
    path = record(course, sound)
    (course / "01-talk.md").unlink()
    draft = course / "01-talk.md"
    assert main(["transcribe", str(path), "--out", str(draft), "--title", "A talk"]) == 0
    assert "uncertain" in capsys.readouterr().err
    text = draft.read_text()
    assert 'recording: "media/recordings/01-talk.wav"' in text and "straight lines" in text
    assert main(["transcribe", str(path), "--out", str(draft)]) == 2  # is not written over
    made = built(course)
    assert all(n.phones for n in narrations(made))

    table = course / "talk.json"
    assert main(["transcribe", str(path), "--json", "--out", str(table)]) == 0
    heard = json.loads(table.read_text())
    assert heard["seconds"] == pytest.approx(len(sound) / SAMPLE_RATE, abs=0.01)
    phones = heard["phones"]
    assert len(phones) > 100
    assert all(a["end"] <= b["start"] + 1e-3 for a, b in pairwise(phones))
    assert {"symbol", "start", "end", "stress"} == set(phones[0])
