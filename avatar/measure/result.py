"""The results of measuring, as frozen values, a table and JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from avatar.measure.statistics import Share


@dataclass(frozen=True, slots=True)
class Articulation:
    """How well the mouth followed the performance, as measured by one tracker.

    Correlations are Pearson's r with the command; `lag` is in frames (+ is late). The shares are of
    phones: /p b m/ whose lips meet, /f v/ whose lower lip touches, and /u w/ whose width is clear
    of rest. `opening` is the range of the opening in eye distances.
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
    """Landmark acceleration of mouth and bones without head motion, at rest and in speech.

    It is the RMS in thousandths of the eye distance per frame². At rest, blinks are left out,
    because they shift the trackers' whole mesh.
    """

    silent: float
    speaking: float


@dataclass(frozen=True, slots=True)
class Seen:
    """The view of one tracker.

    `quiet_lips` is the share of silent frames that show no more of the teeth than the photo does;
    its `missed` are the frames that show more.
    """

    tracker: str
    found: Share
    articulation: Articulation | None
    steadiness: Steadiness
    quiet_lips: Share


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Blinks a minute, and the head's range in degrees (1st to 99th percentile)."""

    blinks: float
    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """Compared with the photo or the first frame, as medians over frames.

    Ratios of sharpness at mouth and eyes, RMS distance of the rigid landmarks in eye distances, and
    SSIM from brows to nose.
    """

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
        plain = _to_plain(asdict(self))
        assert isinstance(plain, dict)
        return plain

    def rows(self) -> list[tuple[str, ...]]:
        """A table: the heading, then one measure in each row, with one column for each tracker."""
        rows = [("measure", *(s.tracker for s in self.seen))]

        def row(name: str, *values: str) -> None:
            rows.append((name, *values))

        row("face found", *(_format_share(s.found) for s in self.seen))
        if any(s.articulation for s in self.seen):
            spoken = [s.articulation for s in self.seen if s.articulation]
            row("opening r", *(_format_number(a.opening_r, 3) for a in spoken))
            row("width r", *(_format_number(a.width_r, 3) for a in spoken))
            row("lag, frames", *(_format_number(a.lag, 2, sign=True) for a in spoken))
            row("opening range, eye distances", *(_format_number(a.opening, 3) for a in spoken))
            row("/p b m/ closed", *(_format_share(a.closures) for a in spoken))
            row("/f v/ touch", *(_format_share(a.labiodentals) for a in spoken))
            row("/u w/ rounded", *(_format_share(a.roundings) for a in spoken))
        row("teeth hidden in silence", *(_format_share(s.quiet_lips) for s in self.seen))
        row("jitter in silence", *(_format_number(s.steadiness.silent, 2) for s in self.seen))
        row("jitter in speech", *(_format_number(s.steadiness.speaking, 2) for s in self.seen))
        b, k = self.behaviour, self.likeness
        row("blinks a minute", _format_number(b.blinks, 1))
        row("yaw, pitch, roll range °", f"{b.yaw:.1f}  {b.pitch:.1f}  {b.roll:.1f}")
        row("sharpness of mouth, eyes", f"{k.mouth_sharpness:.2f}  {k.eye_sharpness:.2f}")
        row("shape distance", _format_number(k.shape, 4))
        row("SSIM, brows to nose", _format_number(k.ssim, 3))
        return rows

    def table(self) -> str:
        """`rows` as aligned text."""
        rows = self.rows()
        columns = max(len(r) for r in rows)
        full = [(*r, *[""] * (columns - len(r))) for r in rows]
        # What has one value for all trackers is in the first column and may run over.
        widths = [
            max(len(r[i]) for r in full if i == 0 or len([c for c in r if c]) == columns)
            for i in range(columns)
        ]
        lines = [
            "  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in full
        ]
        return "\n".join(lines) + "\n"


def _format_number(value: float, digits: int, *, sign: bool = False) -> str:
    if not math.isfinite(value):
        return "–"
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def _format_share(share: Share) -> str:
    return f"{share.met}/{share.of} ({100 * share.value:.0f} %)" if share.of else "–"


def _to_plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
