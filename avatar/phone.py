"""The phone timeline that drives a portrait."""

from __future__ import annotations

from dataclasses import dataclass

SILENCE = ""


@dataclass(frozen=True, slots=True)
class Phone:
    """One IPA phone (`p`, `æ`, `tʃ`, `aɪ`, `ɝ` ...) or `SILENCE`, from `start` to `end` in seconds.

    `stress` is 0 none, 1 primary, 2 secondary, on vowels. Phones are in order and do not overlap;
    time that no phone covers is silence.
    """

    symbol: str
    start: float
    end: float
    stress: int = 0
