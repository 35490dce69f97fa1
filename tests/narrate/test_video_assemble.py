from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pyloudnorm
import pytest
from av.stream import Disposition
from PIL import Image

from narrate.errors import RenderError, StoreError
from narrate.layout import lay_out_lecture
from narrate.video.assemble import LessonTracks, join_lesson
from narrate.video.encode import View, render_slide
from narrate.video.probe import probe
from narrate.vocabulary import Chapter, Cue, Samples

RATE = Fraction(30)
SIZE = (640, 360)
LENGTHS = (45, 31, 1, 74)  # frames of the slides: 151 in all, 5.03 s
LEVELS = (40, 120, 200, 80)
CUES = (Cue(0, 1400, ("One & <two>", "zweiter Ärger")), Cue(2000, 3000, ("Three",)))
CHAPTERS = (Chapter(0, 2500, "A & B"), Chapter(2500, 5033, "Ende"))


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("segments")
    layout = lay_out_lecture(SIZE, has_presenter=False)
    made = []
    for number, (length, level) in enumerate(zip(LENGTHS, LEVELS, strict=True)):
        target = io.BytesIO()
        picture = Image.effect_noise(SIZE, 10).point(lambda p, level=level: level + (p - 128) // 8)
        picture.convert("RGB").save(target, "PNG")
        path = folder / f"{number}.mp4"
        render_slide([View(layout, (target.getvalue(),), path)], frames=length, rate=RATE)
        made.append(path)
    return made


def beeps(at: Iterable[float], seconds: float = sum(LENGTHS) / 30) -> Samples:
    sound = np.zeros(round(seconds * 48_000), np.float32)
    tone = 0.2 * np.sin(2 * np.pi * 1000 * np.arange(4800) / 48_000)
    for second in at:
        start = round(second * 48_000)
        sound[start : start + 4800] = tone[: len(sound) - start]
    return sound


def heard(path: Path) -> npt.NDArray[np.float32]:
    with av.open(str(path)) as source:
        frames = list(source.decode(audio=0))
    assert frames[0].pts == 0
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def test_the_pictures_follow_each_other_without_a_gap(segments: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "lesson.mp4"
    join_lesson(LessonTracks(segments, RATE, beeps([1])), out)
    with av.open(str(out)) as source:
        made = [
            (frame.pts, frame.time_base, float(frame.to_ndarray(format="gray").mean()))
            for frame in source.decode(video=0)
        ]
    times = [pts * base * RATE for pts, base, _ in made if pts is not None and base is not None]
    assert times == list(range(sum(LENGTHS)))
    expected = np.repeat(LEVELS, LENGTHS)
    assert np.abs(np.array([level for _, _, level in made]) - expected).max() < 8


def test_sound_and_picture_begin_and_end_together(segments: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "lesson.mp4"
    join_lesson(LessonTracks(segments, RATE, beeps([0, 1, 2.5])), out)
    facts = probe(out)
    assert facts.frames == sum(LENGTHS)
    assert facts.video_seconds == pytest.approx(sum(LENGTHS) / 30, abs=1e-3)
    assert facts.audio_seconds == pytest.approx(facts.video_seconds, abs=0.04)
    sound = np.abs(heard(out))
    assert len(sound) / 48_000 == pytest.approx(facts.video_seconds, abs=0.04)
    loud = np.flatnonzero(sound > 0.1 * sound.max())
    onsets = loud[np.flatnonzero(np.diff(loud, prepend=-48_000) > 12_000)] / 48_000
    assert onsets == pytest.approx([0, 1, 2.5], abs=0.003)


def test_captions_chapters_and_metadata_are_read_back(segments: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "lesson.mp4"
    metadata = {"title": "Ein Titel", "comment": "Synthetic presenter"}
    tracks = LessonTracks(segments, RATE, beeps([1]), CUES, CHAPTERS, metadata, "de-AT")
    join_lesson(tracks, out)
    facts = probe(out)
    assert facts.cues == CUES
    assert facts.chapters == CHAPTERS
    assert facts.language == "deu"
    assert facts.metadata["title"] == "Ein Titel"
    assert facts.metadata["comment"] == "Synthetic presenter"
    assert facts.codecs[:3] == ("h264", "aac", "mov_text")
    assert facts.colour == (1, 1, 1, 1)
    with av.open(str(out)) as source:
        assert source.streams.subtitles[0].language == "deu"
        assert source.streams.subtitles[0].disposition & Disposition.default
    assert out.read_bytes()[4:8] == b"ftyp"
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_cues_never_overlap_or_end_after_the_video(segments: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "lesson.mp4"
    cues = (
        Cue(0, 2000, ("first",)),
        Cue(1500, 1600, ("second",)),
        Cue(1600, 1600, ("never",)),
        Cue(4000, 9000, ("last",)),
        Cue(8000, 9000, ("too late",)),
    )
    join_lesson(LessonTracks(segments, RATE, beeps([1]), cues=cues), out)
    assert [(c.start, c.end, c.text) for c in probe(out).cues] == [
        (0, 1500, "first"),
        (1500, 1600, "second"),
        (4000, 5033, "last"),
    ]


def test_metadata_keys_unknown_to_mp4_are_kept(segments: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "lesson.mp4"
    kept = {"title": "T", "consent_record": "ab12cd34"}
    join_lesson(LessonTracks(segments[:1], RATE, beeps([]), metadata=kept), out)
    assert kept.items() <= probe(out).metadata.items()


def test_captions_can_be_hidden_by_default(segments: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "lesson.mp4"
    join_lesson(LessonTracks(segments, RATE, beeps([1]), cues=CUES, captions_shown=False), out)
    with av.open(str(out)) as source:
        assert not source.streams.subtitles[0].disposition & Disposition.default


def test_decoded_speech_has_the_right_loudness(segments: list[Path], tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    count = sum(LENGTHS) * 1600
    envelope = np.clip(np.sin(np.arange(count) / 6000), 0, 1)
    sound = (np.convolve(rng.normal(size=count), np.ones(8) / 8, "same") * envelope * 0.02).astype(
        np.float32
    )
    out = tmp_path / "lesson.mp4"
    join_lesson(LessonTracks(segments, RATE, sound), out)
    made = heard(out).astype(np.float64)
    assert pyloudnorm.Meter(48_000).integrated_loudness(made) == pytest.approx(-16, abs=0.5)
    assert 20 * np.log10(np.abs(made).max()) <= -1.5


def test_the_same_input_gives_the_same_bytes(segments: list[Path], tmp_path: Path) -> None:
    sound = beeps([0.3, 2])
    one, other = tmp_path / "a.mp4", tmp_path / "b.mp4"
    tracks = LessonTracks(segments, RATE, sound, CUES, CHAPTERS, {"title": "T"})
    join_lesson(tracks, one)
    pieces = np.split(sound, [7, 50_000])
    join_lesson(replace(tracks, sound=lambda: pieces), other)
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("seconds", [0.0, 1.0, 9.0])
def test_sound_is_padded_or_cut_to_the_length_of_the_pictures(
    seconds: float, segments: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "lesson.mp4"
    join_lesson(LessonTracks(segments, RATE, beeps([0] if seconds else [], seconds)), out)
    assert probe(out).audio_seconds == pytest.approx(sum(LENGTHS) / 30, abs=0.04)


def test_the_error_names_a_bad_segment_and_the_old_video_stays(
    segments: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "lesson.mp4"
    out.write_bytes(b"the old one")
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(segments[0].read_bytes()[:400])
    other = tmp_path / "other.mp4"
    render_slide(
        [View(lay_out_lecture((854, 480), has_presenter=False), (_plain((854, 480)),), other)],
        frames=3,
        rate=RATE,
    )
    for bad in (damaged, other, tmp_path / "missing.mp4"):
        with pytest.raises(RenderError, match=bad.name):
            join_lesson(LessonTracks([segments[0], bad], RATE, beeps([1])), out)
        assert out.read_bytes() == b"the old one"
    with pytest.raises(RenderError, match="at least one"):
        join_lesson(LessonTracks([], RATE, beeps([1])), out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["damaged.mp4", "lesson.mp4", "other.mp4"]


def test_the_error_names_a_video_that_cannot_be_written(
    segments: list[Path], tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=r"lesson\.mp4"):
        join_lesson(LessonTracks(segments, RATE, beeps([1])), tmp_path / "no" / "lesson.mp4")


def _plain(size: tuple[int, int]) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size).save(target, "PNG")
    return target.getvalue()
