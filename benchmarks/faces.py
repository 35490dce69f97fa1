"""The faces and the prose with which the portrait is measured.

Faces come from a folder that the caller names, and from scikit-image. What a build would refuse is
refused here too. Nothing of this is animated outside the benchmarks, so they bypass the consent
gate, which is tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Pixels
from avatar.errors import PhotoError
from avatar.performance import Controls, Performance, Prosody, measure_prosody, perform
from avatar.phone import Phone
from avatar.rig.preparation import make_rig
from avatar.rig.rig import Rig
from lessons.markdown.lesson import parse_lesson
from narrate.clock import SAMPLE_RATE, samples_to_seconds
from narrate.speech import narrate_slide, open_voice

# Ordinary prose: one passage for choosing constants and another one for the report. Each lasts more
# than a minute, and has every English phone in at least three contexts: see `find_missing_phones`.
PASSAGES: Final = {
    "choosing": (
        "Every spring the village baker would fetch water from the old well behind the church. "
        "She poured it over flour, added a pinch of salt, and waited while the yeast woke up. "
        "Her youngest boy watched from the window, chewing a piece of orange peel. "
        "Five loaves went to the school, four to the mayor, and the rest were sold before noon. "
        "Nobody measured anything, yet the bread was usually perfect. "
        "One July a visitor asked how she could judge the dough without a clock. "
        "You push it with your thumb, she said, and if it breathes back, the job is done. "
        "He thought that was a joke, so he bought a thermometer and a leather notebook. "
        "Through the whole summer he mixed, weighed and wrote down every change. "
        "His loaves were smooth, but they had no voice, as the baker used to say. "
        "Then he shut the book, put both hands in the bowl, and began to feel the measure of it. "
        "That evening the smell moved through the garden, and people came from far away to taste. "
        "The noise and the joy of it lasted until the town clock told them to go home. "
        "On most occasions, she said, the choice is not between old and new; "
        "what counts is how you look at the thing that is growing in front of you."
    ),
    "reporting": (
        "A bridge is a promise between two shores. The first ones were only logs that fell across "
        "a stream, but they taught people to think about weight, length and bending. "
        "When you push down on a beam, its upper side is pressed together and its lower side is "
        "pulled apart. Stone is very good at being squeezed and very bad at being stretched, "
        "which is why the Romans chose the arch. In an arch every stone leans on its neighbour, "
        "and the whole shape carries the load smoothly to the ground. "
        "Iron and steel changed the vision. A cable of thin wires may hold a huge roadway high "
        "above the water, and both towers merely keep it in the air. "
        "Engineers still enjoy a measure of doubt. They ask what wind, ice and thousands of "
        "lorries could do on the worst day of the year, and then they build for twice as much. "
        "A few bridges have failed, usually because somebody forgot how the air moves. "
        "Their loss was a hard teacher, yet it gave us better rules. "
        "So the next time that you avoid a long way round and cross a river with joy, "
        "remember the people who thought about it for you."
    ),
}  # fmt: skip
ENGLISH: Final = (
    "p", "b", "t", "d", "k", "ɡ", "f", "v", "θ", "ð", "s", "z", "ʃ", "ʒ", "h", "tʃ", "dʒ", "m", "n",
    "ŋ", "l", "ɹ", "w", "j", "i", "ɪ", "ɛ", "æ", "ɑ", "ɔ", "ʊ", "u", "ʌ", "ə", "ɝ", "eɪ", "aɪ",
    "ɔɪ", "aʊ", "oʊ",
)  # fmt: skip
LEAST_TIMES: Final = 3
# Silence, to measure jitter and teeth at rest; parted lips take a second to close.
LEAD_MS: Final = 2000
TAIL_MS: Final = 5000


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A picture to animate."""

    name: str
    pixels: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class SpokenPassage:
    """A passage spoken by the default voice: mono at 48 kHz, with its phones in seconds."""

    samples: Floats32
    phones: tuple[Phone, ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    def frames(self, rate: Fraction) -> int:
        return int(self.seconds * rate)

    def prosody(self, rate: Fraction) -> Prosody:
        return measure_prosody(self.samples, SAMPLE_RATE, rate, self.frames(rate))

    def perform(self, rate: Fraction, controls: Controls) -> Performance:
        return perform(
            self.phones,
            frames=self.frames(rate),
            rate=rate,
            controls=controls,
            prosody=self.prosody(rate),
        )


def find_faces(folder: Path | None, only: Sequence[str] = ()) -> Iterator[Portrait]:
    """The sample presenter, every picture in the folder, and scikit-image's astronaut."""
    from PIL import Image

    presenter = Path(__file__).parents[1] / "samples/course/presenter/presenter.png"
    paths = [presenter]
    if folder is not None:
        paths += sorted(p for p in folder.iterdir() if p.suffix.lower() in (".png", ".jpg"))
    for path in paths:
        if not only or path.stem in only:
            yield Portrait(path.stem, np.asarray(Image.open(path).convert("RGB")))
    if not only or "astronaut" in only:
        import skimage.data

        yield Portrait("astronaut", np.asarray(skimage.data.astronaut()))


def make_face_rig(face: Portrait, side: int, framing: str = "bust") -> Rig | PhotoError:
    """Make the rig, or return the error if there is none."""
    try:
        return make_rig(
            face.pixels,
            photo_sha256="0" * 64,
            record_id="benchmark",
            size=(side, side),
            framing=framing,
        )
    except PhotoError as error:
        return error


def speak(passage: str) -> SpokenPassage:
    """Speak one of `PASSAGES` with the default voice, like a slide of a course."""
    lesson = parse_lesson(f"# Prose\n\n{PASSAGES[passage]}\n", path="prose.md", root=Path())
    voice = open_voice("hibari", "en-US")
    said = narrate_slide(
        lesson.slides[0], lambda _: voice, speed=None, lead_ms=LEAD_MS, tail_ms=TAIL_MS
    )
    return SpokenPassage(
        said.samples,
        tuple(
            Phone(p.symbol, samples_to_seconds(p.start), samples_to_seconds(p.end), p.stress)
            for p in said.phones
        ),
    )


def find_missing_phones(spoken: SpokenPassage) -> list[str]:
    """Find the English phones that have fewer than `LEAST_TIMES` different pairs of neighbours."""
    contexts: dict[str, set[tuple[str, str]]] = {}
    symbols = ["", *(p.symbol for p in spoken.phones), ""]
    for before, symbol, after in zip(symbols, symbols[1:], symbols[2:], strict=False):
        contexts.setdefault(symbol, set()).add((before, after))
    return [s for s in ENGLISH if len(contexts.get(s, ())) < LEAST_TIMES]
