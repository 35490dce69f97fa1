"""The speakers of Kokoro-82M v1.0 as they are published, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LANGUAGES: Mapping[str, str] = {
    "a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja",
    "p": "pt-BR", "z": "zh",
}  # fmt: skip
"""The language of a speaker, by the first letter of the name."""

BEST: Mapping[str, str] = {
    "en-US": "af_heart", "en-GB": "bf_emma", "es": "ef_dora", "fr": "ff_siwis", "hi": "hf_alpha",
    "it": "if_sara", "ja": "jf_alpha", "pt-BR": "pf_dora", "zh": "zf_xiaoxiao",
}  # fmt: skip
"""The speaker of each language who is taken when nobody is named."""

FETCH = "narrate models fetch voices"
"""The command that brings all speakers."""

PACKAGE = "kokoro-js 1.2.1"
"""The npm package (Apache-2.0) that carries the styles of all speakers, 27 MB."""
PACKAGE_PATH = "kokoro-js/-/kokoro-js-1.2.1.tgz"
PACKAGE_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
PACKAGE_BYTES = 26_887_218


@dataclass(frozen=True, slots=True)
class Speaker:
    """A published speaker: the SHA-256 of the style, and the gain in dB that brings what the
    packaged model says in it to the usual level (`narrate.speech.calibration`)."""

    digest: str
    gain_db: float


@lru_cache(maxsize=1)
def published_speakers() -> Mapping[str, Speaker]:
    """The published speakers by their names."""
    rows = Path(__file__).with_name("speakers.txt").read_text(encoding="ascii").splitlines()
    fields = [row.split() for row in rows]
    return {name: Speaker(digest, float(gain)) for name, digest, gain in fields}


def speaker_language(name: str) -> str:
    """The language of a speaker such as `ff_siwis`; English for a name of another kind."""
    return LANGUAGES.get(name[:1], "en-US")
