"""What was measured, as frozen values, a table and JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from avatar.measure.statistics import Share


@dataclass(frozen=True, slots=True)
class Articulation:
    """How far the mouth did what it was told, as one tracker sees it.

    Correlations are Pearson's r with the command, `lag` is in frames (+ is late). The shares are
    of phones: /p b m/ whose lips meet, /f v/ whose lower lip, and /u w/ whose width is clear of
    rest. `opening` is the range of the opening in eye distances.
    """

    opening_r: float
    width_r: float
    lag: float
    opening: float
    closures: Share
    labiodentals: Share
    roundings: Share


@dataclass(frozen=True, slots=True)
class Steadiness:
    """Landmark acceleration (RMS, thousandths of the eye distance a frame²) of mouth and bones,
    head motion taken out, at rest and in speech. Blinks are left out at rest, because they shift
    the trackers' whole mesh."""

    silent: float
    speaking: float


@dataclass(frozen=True, slots=True)
class Seen:
    """One tracker's view; `quiet_lips` is the share of frames in silence that show no more of the
    teeth than the photo does, its `missed` the frames that do."""

    tracker: str
    found: Share
    articulation: Articulation | None
    steadiness: Steadiness
    quiet_lips: Share


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Blinks a minute; the head's range in degrees (1st to 99th percentile)."""

    blinks: float
    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """Against the photo, or the first frame: ratio of sharpness at mouth and eyes, RMS distance of
    the bones' landmarks in eye distances, SSIM from brows to nose (medians over frames)."""

    mouth_sharpness: float
    eye_sharpness: float
    shape: float
    ssim: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured on one video."""

    path: str
    frames: int
    rate: str
    size: tuple[int, int]
    region: tuple[int, int, int, int]
    seen: tuple[Seen, ...]
    behaviour: Behaviour
    likeness: Likeness

    def to_json(self) -> dict[str, Any]:
        """Plain values; what could not be measured is None."""
        plain = _plain(asdict(self))
        assert isinstance(plain, dict)
        return plain

    def rows(self) -> list[tuple[str, ...]]:
        """A table: the heading, then one measure a row, one column a tracker."""
        rows = [("measure", *(s.tracker for s in self.seen))]

        def row(name: str, *values: str) -> None:
            rows.append((name, *values))

        row("face found", *(_share(s.found) for s in self.seen))
        if any(s.articulation for s in self.seen):
            spoken = [s.articulation for s in self.seen if s.articulation]
            row("opening r", *(_number(a.opening_r, 3) for a in spoken))
            row("width r", *(_number(a.width_r, 3) for a in spoken))
            row("lag, frames", *(_number(a.lag, 2, sign=True) for a in spoken))
            row("opening range, eye distances", *(_number(a.opening, 3) for a in spoken))
            row("/p b m/ closed", *(_share(a.closures) for a in spoken))
            row("/f v/ touch", *(_share(a.labiodentals) for a in spoken))
            row("/u w/ rounded", *(_share(a.roundings) for a in spoken))
        row("teeth hidden in silence", *(_share(s.quiet_lips) for s in self.seen))
        row("jitter in silence", *(_number(s.steadiness.silent, 2) for s in self.seen))
        row("jitter in speech", *(_number(s.steadiness.speaking, 2) for s in self.seen))
        b, k = self.behaviour, self.likeness
        row("blinks a minute", _number(b.blinks, 1))
        row("yaw, pitch, roll range °", f"{b.yaw:.1f}  {b.pitch:.1f}  {b.roll:.1f}")
        row("sharpness of mouth, eyes", f"{k.mouth_sharpness:.2f}  {k.eye_sharpness:.2f}")
        row("shape distance", _number(k.shape, 4))
        row("SSIM, brows to nose", _number(k.ssim, 3))
        return rows

    def table(self) -> str:
        """`rows` as aligned text."""
        rows = self.rows()
        columns = max(len(r) for r in rows)
        full = [(*r, *[""] * (columns - len(r))) for r in rows]
        # what has one value for all trackers stands in the first column and may run over
        widths = [
            max(len(r[i]) for r in full if i == 0 or len([c for c in r if c]) == columns)
            for i in range(columns)
        ]
        lines = [
            "  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in full
        ]
        return "\n".join(lines) + "\n"


def _number(value: float, digits: int, *, sign: bool = False) -> str:
    if not math.isfinite(value):
        return "–"
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def _share(share: Share) -> str:
    return f"{share.met}/{share.of} ({100 * share.value:.0f} %)" if share.of else "–"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
