"""Checks whether the lips of every accepted portrait in a folder can be read.

    python benchmarks/check_portrait.py PORTRAITS [--only NAME ...] [--rates 30,25,60] [--json]

The sample presenter and scikit-image's astronaut are measured too. A minute of ordinary prose with
every English phone in several contexts is performed, rendered at 512 px, encoded, decoded, and
tracked frame by frame by two face meshes. Constants are chosen on the passage "choosing"; the
passage "reporting" is for the report. At all rates but the first, only the beginning is watched,
for the lag; with `--whole` everything is. Every measure has a control that must fail.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import portrait_film as films
from faces import (
    PASSAGES,
    Portrait,
    SpokenPassage,
    find_faces,
    find_missing_phones,
    make_face_rig,
    speak,
)
from figures import Figure, describe_machine, show
from portrait_film import Actor, Film

from avatar.arrays import Floats32, Mask, Pixels
from avatar.measure import Share, Track, assess_track
from avatar.measure.assessment import BLINK_EDGE, STILL_MARKS, count_quiet_lips, measure_likeness
from avatar.measure.features import measure_features, remove_head_motion
from avatar.measure.likeness import Upright, turn_upright
from avatar.measure.silence import find_pause_frames
from avatar.measure.statistics import correlation, jitter, lag, open_eyed
from avatar.measure.watching import watch_photo
from avatar.performance.channels import CHANNELS, INDEX

SIDE: Final = 512
LEAST_S: Final = 60.0  # of speech
LAG_S: Final = 10.0  # of the passage for the lag at the other rates: some 80 phones
LEAST_REST_S: Final = 2.0

OPENING_R, WIDTH_R = 0.97, 0.95
CONTRASTS: Final = 0.95  # of the phones
JITTER: Final = 1.2  # times the moved photo's
NEUTRAL_DB: Final = 40.0
LIKE: Final = 0.1  # within 10 % of the photo's
# RMS of the rigid landmarks in eye distances: a face that is 10 % longer is off by .022 to .045,
# and the trackers scatter by .01 as the head turns.
SHAPE: Final = 0.02
LIKE_S: Final = 4.0  # of the middle of the passage

# The share of phones or frames below which spoilt films must fall.
SPOILT: Final = 0.5
OTHER_R: Final = 0.5  # any two passages open the mouth half of the time
SHIFT: Final = 3  # frames
BLUR: Final = 2.5  # pixels, at 512: what a viewer calls out of focus


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The photo's crop as both trackers see it."""

    tracks: tuple[Track, ...]
    face: Upright

    @classmethod
    def of(cls, pixels: Pixels) -> Reference:
        tracks, face = watch_photo(pixels)
        return cls(tuple(tracks), face)


def spoken_figures(of: str, spoken: SpokenPassage) -> list[Figure]:
    talk = spoken.phones[-1].end - spoken.phones[0].start
    missing = find_missing_phones(spoken)
    return [
        Figure(of, "speech", f"{talk:.1f} s", f">= {LEAST_S:g} s", talk >= LEAST_S),
        Figure(of, "phones without three contexts", ", ".join(missing) or "none", "none",
               not missing),
    ]  # fmt: skip


def articulation_figures(actor: Actor, film: Film, other: SpokenPassage) -> Iterator[Figure]:
    sloppy = films.sloppy_bilabials(actor, film).tracks
    lifted = films.missing_labiodentals(actor, film).tracks
    spread = films.missing_roundings(actor, film).tracks
    wrong = other.perform(film.rate, actor.controls).values[: len(film.performance)]
    others = np.zeros(len(film.performance))
    others[: len(wrong)] = [actor.engine.opening(row) for row in wrong]
    for track, *spoilt in zip(film.tracks, sloppy, lifted, spread, strict=True):
        of = f"{actor.name} {track.tracker}"
        seen, bad = (assess_track(t, film.rate, command=film.command, phones=film.phones)
                     for t in (track, spoilt[0]))  # fmt: skip
        a = seen.articulation
        assert a is not None and bad.articulation is not None
        lost = seen.found.of - seen.found.met
        yield Figure(of, "frames without a face", str(lost), "0", lost == 0)
        yield Figure(of, "opening, r", f"{a.opening_r:.3f}", f">= {OPENING_R}",
                     a.opening_r >= OPENING_R)  # fmt: skip
        yield Figure(of, "width, r", f"{a.width_r:.3f}", f">= {WIDTH_R}", a.width_r >= WIDTH_R)
        yield lag_figure(of, film.rate, a.lag)
        yield share_figure(of, "/p b m/ closed", a.closures, 1.0)
        yield share_figure(of, "/f v/ on the teeth", a.labiodentals, CONTRASTS)
        yield share_figure(of, "/u w/ rounded", a.roundings, CONTRASTS)

        opening = measure_features(track.points).opening
        late = lag(np.roll(film.command.opening, -SHIFT), opening)
        r = correlation(np.roll(film.command.opening, -SHIFT), opening)
        yield Figure(of, "control: 3 frames late", f"lag {late:+.2f}, r {r:.3f}",
                     f"3, < {OPENING_R}", abs(late - SHIFT) < 0.5 and r < OPENING_R)  # fmt: skip
        r = correlation(others, opening)
        yield Figure(of, "control: another passage, r", f"{r:.3f}", f"< {OTHER_R}", r < OTHER_R)
        yield control(of, "sloppy bilabials", bad.articulation.closures)
        for what, spoilt_track in (("labiodentals", spoilt[1]), ("roundings", spoilt[2])):
            missed = assess_track(spoilt_track, film.rate, command=film.command, phones=film.phones)
            yield control(of, f"missing {what}", getattr(missed.articulation, what))


def share_figure(of: str, what: str, share: Share, least: float) -> Figure:
    return Figure(of, what, f"{share.met} of {share.of}, {share.value:.1%}", f">= {least:.0%}",
                  share.value >= least)  # fmt: skip


def control(of: str, what: str, share: Share) -> Figure:
    return Figure(of, f"control: {what}", f"{share.met} of {share.of}", f"< {SPOILT:.0%}",
                  share.value < SPOILT)  # fmt: skip


def lag_figure(of: str, rate: Fraction, behind: float) -> Figure:
    return Figure(of, f"lag at {rate}", f"{behind:+.2f} frames", "0", abs(behind) < 0.5)


def silence_figures(actor: Actor, film: Film, photo: Reference) -> Iterator[Figure]:
    still = film.command.still
    silent = find_pause_frames(film.phones, len(still), film.rate)
    rested, quiet = (float(m.sum() / film.rate) for m in (still, silent))
    yield Figure(actor.name, "at rest, in silence", f"{rested:.1f} s, {quiet:.1f} s",
                 f">= {LEAST_REST_S:g} s", min(rested, quiet) >= LEAST_REST_S)  # fmt: skip
    if not still.any() or not silent.any():
        return
    rests = still & (np.cumsum(still[::-1])[::-1] <= 2 * float(film.rate))  # 2 s are enough
    bared = films.bared_teeth(actor, film, rests).tracks
    twitched = films.twitching(actor, film, rests).tracks
    moved, _ = films.swayed(actor, film, still)
    fixed = films.motionless(actor, int(film.rate), film.rate)
    eyes = measure_features(film.tracks[0].points).eyes
    calm = still & open_eyed(eyes, max(round(BLINK_EDGE * float(film.rate)), 1))
    for track, bad, twitch, sway, rest, crop in zip(
        film.tracks, bared, twitched, moved, fixed, photo.tracks, strict=True
    ):
        of = f"{actor.name} {track.tracker}"
        shown, spoilt = (
            count_quiet_lips(t, still, where, crop) for t, where in ((track, silent), (bad, rests))
        )
        yield Figure(of, "teeth hidden in silence, but for the photo's",
                     f"{shown.met} of {shown.of} frames", "all", shown.met == shown.of,
                     places(shown.missed, film.rate))  # fmt: skip
        yield control(of, "teeth bared in silence", spoilt)

        def shaking(seen: Track, where: Mask) -> float:
            return jitter(remove_head_motion(seen.points, STILL_MARKS), where)

        reference, own = shaking(sway, calm), shaking(track, calm)
        ratio = own / reference
        yield Figure(of, "jitter at rest over the moved photo's",
                     f"{ratio:.2f} ({own:.2f} of {reference:.2f})", f"<= {JITTER}",
                     ratio <= JITTER)  # fmt: skip
        yield Figure(of, "jitter with blinks; of the motionless photo",
                     f"{shaking(track, still):.2f}; "
                     f"{shaking(rest, np.ones(len(rest.points), bool)):.2f}")  # fmt: skip
        ratio = shaking(twitch, calm & rests) / reference
        yield Figure(of, "control: a corner that twitches", f"{ratio:.2f}", f"> {JITTER}",
                     ratio > JITTER)  # fmt: skip


def places(frames: Sequence[int], rate: Fraction) -> tuple[str, ...]:
    """The first few times of the frames that fail."""
    seconds = sorted({round(n / float(rate), 1) for n in frames})
    return tuple(f"at {s} s" for s in seconds[:8])


def likeness_figures(
    actor: Actor, film: Film, photo: Reference, other: Portrait
) -> Iterator[Figure]:
    """Compare the film with the photo as the same encoder shows it, moved as the head is.

    Fine grain, like the cracks of a painting, is lost in the encoder.
    """
    of = actor.name
    spoken = np.abs(film.times - film.times[-1] / 2) < LIKE_S / 2
    _, still = films.swayed(actor, film, spoken, ("attention",))
    like, best = measure_likeness(film.faces, photo.face), measure_likeness(still, photo.face)
    for what, value, of_photo in (
        ("sharpness of the mouth", like.mouth_sharpness, best.mouth_sharpness),
        ("sharpness of the eyes", like.eye_sharpness, best.eye_sharpness),
        ("SSIM, brows to nose", like.ssim, best.ssim),
    ):
        ratio = value / of_photo
        yield Figure(of, f"{what} over the moved photo's",
                     f"{ratio:.3f} ({value:.3f} of {of_photo:.3f})",
                     f"{1 - LIKE:g} to {1 + LIKE:g}", abs(ratio - 1) <= LIKE)  # fmt: skip
    yield Figure(of, "shape distance", f"{like.shape:.4f} ({best.shape:.4f})", f"<= {SHAPE}",
                 like.shape <= SHAPE)  # fmt: skip
    stranger = measure_likeness(film.faces, Reference.of(other.pixels).face).ssim / best.ssim
    yield Figure(of, f"control: {other.name} as the photo, SSIM", f"{stranger:.3f}",
                 f"< {1 - LIKE:g}", stranger < 1 - LIKE)  # fmt: skip
    longer = replace(photo.face, shape=photo.face.shape * [1, 1 + LIKE])
    shape = measure_likeness(film.faces, longer).shape
    yield Figure(of, "control: a face 10 % longer as the photo, shape", f"{shape:.4f}",
                 f"> {SHAPE}", shape > SHAPE)  # fmt: skip
    soft = measure_likeness(blurred(actor, film), photo.face)
    ratios = soft.mouth_sharpness / best.mouth_sharpness, soft.eye_sharpness / best.eye_sharpness
    yield Figure(of, "control: blurred, sharpness", "mouth {:.2f}, eyes {:.2f}".format(*ratios),
                 f"< {1 - LIKE:g}", max(ratios) < 1 - LIKE)  # fmt: skip


def blurred(actor: Actor, film: Film) -> list[Upright]:
    """A few frames of the film, out of focus."""
    import cv2

    chosen = range(len(film.performance) // 20, len(film.performance), len(film.performance) // 10)
    rendered = actor.render(film.performance.values[list(chosen)])
    return [
        turn_upright(
            np.asarray(cv2.GaussianBlur(pixels, (0, 0), BLUR), np.uint8),
            film.tracks[0].points[n],
        )
        for n, pixels in zip(chosen, rendered, strict=True)
    ]


def neutral_figures(actor: Actor) -> Iterator[Figure]:
    rest = actor.rig.rest
    low = np.floor(actor.rig.points[:468, :2].min(0)).astype(int)
    high = np.ceil(actor.rig.points[:468, :2].max(0)).astype(int)
    face = slice(max(low[1], 0), high[1]), slice(max(low[0], 0), high[0])

    def row(**channels: float) -> Floats32:
        values = np.zeros(len(CHANNELS), np.float32)
        for name, value in channels.items():
            values[INDEX[name]] = value
        return values

    def decibels(values: Floats32) -> float:
        error = actor.engine.render(values)[face].astype(float) - rest[face]
        power = float(np.mean(error**2))
        return float("inf") if power == 0 else 10 * np.log10(255**2 / power)

    for what, values in (
        ("all zero", row()),
        ("yaw of .02°", row(headYaw=0.02)),
        ("every channel at .0005", np.full(len(CHANNELS), 5e-4, np.float32)),
    ):
        level = decibels(values)
        yield Figure(actor.name, f"neutral, {what}: PSNR in the face", f"{level:.1f} dB",
                     f">= {NEUTRAL_DB:g} dB", level >= NEUTRAL_DB)  # fmt: skip
    level = decibels(row(jawOpen=0.2, headYaw=2))
    yield Figure(actor.name, "control: a turned head that speaks", f"{level:.1f} dB",
                 f"< {NEUTRAL_DB:g} dB", level < NEUTRAL_DB)  # fmt: skip


def face_figures(
    actor: Actor,
    spoken: SpokenPassage,
    other: SpokenPassage,
    stranger: Portrait,
    rates: Sequence[Fraction],
    lag_seconds: float | None,
) -> list[Figure]:
    started = time.perf_counter()
    photo = Reference.of(actor.rig.rest)
    film = actor.film(spoken, rates[0])
    found = list(articulation_figures(actor, film, other))
    for rate in rates[1:]:
        again = actor.film(spoken, rate, lag_seconds)
        for track in again.tracks:
            seen = measure_features(track.points).opening
            of = f"{actor.name} {track.tracker}"
            found.append(lag_figure(of, rate, lag(again.command.opening, seen)))
    found += silence_figures(actor, film, photo)
    found += neutral_figures(actor)
    found += likeness_figures(actor, film, photo, stranger)
    found.append(Figure(actor.name, "time taken", f"{time.perf_counter() - started:.0f} s"))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("portraits", type=Path, nargs="?", help="a folder of pictures")
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="NAME", help="measure only these faces"
    )
    parser.add_argument("--rates", default="30,25,60", help="frames a second, the main one first")
    parser.add_argument(
        "--whole", action="store_true", help="watch the whole passage at every rate"
    )
    parser.add_argument("--passage", choices=PASSAGES, default="reporting")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rates = [Fraction(rate) for rate in given.rates.split(",")]
    passages = {name: speak(name) for name in PASSAGES}
    spoken = passages.pop(given.passage)
    (other,) = passages.values()
    strangers = [next(find_faces(None, [name])) for name in ("presenter", "astronaut")]
    lag_seconds = None if given.whole else LAG_S

    def tables() -> Iterator[list[Figure]]:
        yield [Figure("machine", describe_machine(), ""), *spoken_figures(given.passage, spoken)]
        for face in find_faces(given.portraits, given.only):
            rig = make_face_rig(face, SIDE)
            if isinstance(rig, Exception):
                yield [Figure(face.name, "refused", str(rig))]
                continue
            stranger = next(s for s in strangers if s.name != face.name)
            yield face_figures(
                Actor.of(face.name, rig), spoken, other, stranger, rates, lag_seconds
            )

    if given.json:
        return show([figure for table in tables() for figure in table], as_json=True)
    failed = 0
    for table in tables():
        failed |= show(table, as_json=False)
        print(flush=True)
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
