"""A face that speaks, encoded and decoded in memory, and its spoilt versions.

A spoilt version renders only the frames of the sounds that it spoils; the other frames' tracks are
the good film's.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt
from faces import SpokenPassage

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.engines import open_engine
from avatar.engines.base import Engine
from avatar.measure import Command, Track, compute_engine_command
from avatar.measure.command import find_closures, find_labiodentals, find_roundings
from avatar.measure.features import RIGID
from avatar.measure.likeness import Upright
from avatar.measure.statistics import find_spans
from avatar.measure.tracking import TRACKERS
from avatar.measure.watching import watch
from avatar.performance import Controls, Performance
from avatar.performance.channels import CHANNELS, INDEX, Values
from avatar.performance.frames import frame_times
from avatar.phone import Phone
from avatar.rig.rig import Rig

# Visually lossless for most pictures (x264's documentation calls values up to 18 sane), as in a
# build.
CRF: Final = "18"
# Lips are parted at rest if the gap is this share of the mouth's width, as in a build.
PARTED: Final = 0.03
SEED: Final = 3
# A head sways at .1 to .5 Hz; what is faster than this many seconds is jitter.
SWAY: Final = 0.13


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """What was commanded, and what both trackers see in the decoded frames."""

    performance: Performance
    command: Command
    phones: tuple[Phone, ...]
    tracks: tuple[Track, ...]
    faces: tuple[Upright, ...]

    @property
    def rate(self) -> Fraction:
        return self.performance.rate

    @property
    def times(self) -> Floats64:
        return frame_times(len(self.performance), self.rate)


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """A rig and the controls that a build would give it."""

    name: str
    rig: Rig
    engine: Engine
    controls: Controls

    @classmethod
    def of(cls, name: str, rig: Rig) -> Actor:
        engine = open_engine("warp", rig)
        rest = np.zeros(len(CHANNELS), np.float32)
        parted = engine.opening(rest) > PARTED * engine.width(rest)
        return cls(name, rig, engine, Controls(seed=SEED, rest_close=1.0 if parted else 0.0))

    def film(self, spoken: SpokenPassage, rate: Fraction, seconds: float | None = None) -> Film:
        """Perform a passage, or its first seconds, and watch the video of it."""
        performance = spoken.perform(rate, self.controls)
        frames = len(performance)
        if seconds is not None:
            frames = min(frames, int(seconds * rate))
        performance = replace(performance, values=performance.values[:frames])
        phones = tuple(p for p in spoken.phones if p.end < frames / float(rate))
        tracks, faces = watch(encode_and_decode(self.render(performance.values), rate))
        return Film(
            performance,
            compute_engine_command(self.engine, performance),
            phones,
            tuple(tracks),
            tuple(faces),
        )

    def render(self, values: Values) -> Iterator[Pixels]:
        return (self.engine.render(row) for row in values)


def encode_and_decode(frames: Iterable[Pixels], rate: Fraction) -> Iterator[Pixels]:
    """The frames as a viewer's player decodes them."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": CRF, "preset": "veryfast", "threads": "1"}
        for pixels in frames:
            if not stream.codec_context.is_open:
                stream.height, stream.width = pixels.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as encoded:
        encoded.streams.video[0].thread_count = 1
        for frame in encoded.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


Spoil = Callable[[Values], None]


def spoilt(actor: Actor, film: Film, where: Mask, spoil: Spoil) -> Film:
    """The film with the frames `where` rendered from channels that `spoil` changed in place."""
    values = film.performance.values[where].copy()
    spoil(values)
    tracks, _ = watch(encode_and_decode(actor.render(values), film.rate))
    return replace(
        film,
        tracks=tuple(
            splice(good, bad, where) for good, bad in zip(film.tracks, tracks, strict=True)
        ),
    )


def splice(good: Track, bad: Track, where: Mask) -> Track:
    assert good.seams is not None and bad.seams is not None
    points, seams = good.points.copy(), good.seams.copy()
    points[where], seams[where] = bad.points, bad.seams
    return Track(good.tracker, points, seams)


def frames_in(film: Film, spans: Iterable[tuple[float, float]]) -> Mask:
    """The frames in which spans of seconds are judged."""
    half = 0.5 / float(film.rate)
    inside = np.zeros(len(film.performance), bool)
    for first, last in find_spans(film.times, [(a - half, b + half) for a, b in spans]):
        inside[first:last] = True
    return inside


def sloppy_bilabials(actor: Actor, film: Film) -> Film:
    """Lips that come near each other but do not meet."""

    def spoil(values: Values) -> None:
        closing = values[:, INDEX["mouthClose"]] > 0
        values[:, INDEX["mouthClose"]] *= 0.3
        values[closing, INDEX["jawOpen"]] += 0.15

    where = frames_in(film, ((t.start, t.end) for t in find_closures(film.phones)))
    return spoilt(actor, film, where, spoil)


def missing_labiodentals(actor: Actor, film: Film) -> Film:
    """A lower lip that stays off the teeth."""

    def spoil(values: Values) -> None:
        touch = values[:, INDEX["labiodental"]].copy()
        for name, share in (("mouthRollLower", 0.6), ("mouthShrugLower", 0.4)):
            column = values[:, INDEX[name]]
            column[:] = np.maximum(column - share * touch, 0)
        values[:, INDEX["labiodental"]] = 0

    where = frames_in(film, ((t.start, t.end) for t in find_labiodentals(film.phones)))
    return spoilt(actor, film, where, spoil)


def missing_roundings(actor: Actor, film: Film) -> Film:
    """Lips that do not come forward."""

    def spoil(values: Values) -> None:
        values[:, [INDEX["mouthPucker"], INDEX["mouthFunnel"]]] = 0

    where = frames_in(film, ((p.start, p.end) for p in find_roundings(film.phones)))
    return spoilt(actor, film, where, spoil)


def bared_teeth(actor: Actor, film: Film, silent: Mask) -> Film:
    """A mouth that hangs open in silence."""

    def spoil(values: Values) -> None:
        values[:, INDEX["mouthClose"]] = 0
        values[:, INDEX["jawOpen"]] += 0.1
        for name, more in (("mouthUpperUp", 0.4), ("mouthLowerDown", 0.3)):
            values[:, [INDEX[name + "Left"], INDEX[name + "Right"]]] += more

    return spoilt(actor, film, silent, spoil)


def twitching(actor: Actor, film: Film, still: Mask) -> Film:
    """A mouth with a corner that jumps by a millimetre in every second frame of rest."""

    def spoil(values: Values) -> None:
        values[::2, INDEX["mouthSmileLeft"]] += 0.2

    return spoilt(actor, film, still, spoil)


def swayed(
    actor: Actor, film: Film, where: Mask, trackers: Sequence[str] = tuple(TRACKERS)
) -> tuple[list[Track], list[Upright]]:
    """The photo, moved in the plane as the head of the film is in the frames `where`.

    It is encoded and watched in the same way; the other frames of the tracks are NaN.
    """
    import cv2

    turns, shifts = measure_sway(film.tracks[0], actor.rig.points, where, float(film.rate))
    height, width = actor.rig.rest.shape[:2]

    def frames() -> Iterator[Pixels]:
        for turn, shift in zip(turns, shifts, strict=True):
            matrix = np.array(
                [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]]
            )
            yield np.asarray(
                cv2.warpAffine(
                    actor.rig.rest,
                    matrix,
                    (width, height),
                    flags=cv2.INTER_CUBIC,
                    borderMode=cv2.BORDER_REPLICATE,
                ),
                np.uint8,
            )

    tracks, faces = watch(encode_and_decode(frames(), film.rate), None, trackers)
    return [
        splice(make_empty(good), moved, where)
        for good, moved in zip(film.tracks, tracks, strict=False)
    ], faces


def make_empty(track: Track) -> Track:
    assert track.seams is not None
    return Track(track.tracker, np.full_like(track.points, np.nan), np.full_like(track.seams, 0))


def measure_sway(
    track: Track, rest: Floats32, still: Mask, rate: float
) -> tuple[npt.NDArray[np.complex128], npt.NDArray[np.complex128]]:
    """The similarities that move the pixels of the photo to where the bones are seen in the `still`
    frames.

    They are a complex factor and a shift, without what is faster than a head sways.
    """
    from scipy.ndimage import gaussian_filter1d

    model = plane(rest[list(RIGID)])
    middle = model.mean()
    lever = model - middle
    seen = plane(track.points[:, list(RIGID)])
    factors = (np.conj(lever) * (seen - seen.mean(1, keepdims=True))).sum(1)
    factors /= (np.abs(lever) ** 2).sum()
    known = np.isfinite(factors)
    place = np.arange(len(factors))

    def smooth(values: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
        whole = np.interp(place, place[known], values[known])
        return np.asarray(gaussian_filter1d(whole, SWAY * rate))

    turns, centres = smooth(factors), smooth(seen.mean(1))
    return turns[still], (centres - turns * middle)[still]


def plane(points: Floats32) -> npt.NDArray[np.complex128]:
    return points[..., 0].astype(np.float64) + 1j * points[..., 1].astype(np.float64)


def motionless(actor: Actor, frames: int, rate: Fraction) -> Sequence[Track]:
    """The photo itself, encoded."""
    tracks, _ = watch(encode_and_decode([actor.rig.rest] * frames, rate))
    return tracks
