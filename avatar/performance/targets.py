"""What each IPA phone asks of jaw, lips and tongue.

Vowels follow from their place in the IPA chart (height, frontness, rounding), consonants from their
place and manner, so that a sound of another language gets the right shape from its features.
Openings are those of clear speech: the widest vowel opens the jaw to two thirds of a shout.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, NamedTuple

Contact = Literal["none", "bilabial", "labiodental"]


class Shape(NamedTuple):
    """Positions of the articulators, each 0 at rest; 0..1, but `teeth` -1..1."""

    jaw: float = 0.0
    spread: float = 0.0
    pucker: float = 0.0
    funnel: float = 0.0
    upper: float = 0.0
    lower: float = 0.0
    teeth: float = 0.0
    tip: float = 0.0
    out: float = 0.0


class Dominance(NamedTuple):
    """How strongly a phone imposes its targets on its neighbours (Cohen and Massaro 1993, alpha).

    It has one value each for the jaw, the lip shape (spread, pucker, funnel), the parting of the
    lips (upper, lower, teeth) and the tongue.
    """

    jaw: float
    shape: float
    parting: float
    tongue: float


@dataclass(frozen=True, slots=True)
class Target:
    """One position that a phone passes through, for `share` of its duration."""

    shape: Shape
    dominance: Dominance
    contact: Contact = "none"
    vowel: bool = False
    share: float = 1.0
    letter: str = ""


# The share of a stop that is closure; the rest is the burst and, in /p/, aspiration. Rounded from
# English stops before a stressed vowel. A nasal is closed throughout.
CLOSED_SHARE: Final = {"p": 0.65, "b": 0.8}
# A geminate is a longer closure before the same burst, as in Japanese kippu.
LONG_CLOSED_SHARE: Final = 0.85

# Height 0 (close) to 1 (open), front 0..1, rounded 0..1.
VOWELS: Final[dict[str, tuple[float, float, float]]] = {
    "i": (0.0, 1.0, 0), "y": (0.0, 1.0, 1), "ɨ": (0.05, 0.5, 0), "ʉ": (0.05, 0.5, 1),
    "ɯ": (0.05, 0.1, 0), "u": (0.02, 0.0, 1), "ɪ": (0.2, 0.8, 0), "ʏ": (0.2, 0.8, 0.9),
    "ʊ": (0.2, 0.1, 0.8), "ᵻ": (0.2, 0.5, 0), "e": (0.33, 1.0, 0), "ø": (0.33, 0.9, 1),
    "ɘ": (0.33, 0.5, 0), "ɵ": (0.33, 0.5, 1), "ɤ": (0.33, 0.1, 0), "o": (0.42, 0.0, 1),
    "ə": (0.35, 0.4, 0), "ᵊ": (0.3, 0.4, 0), "ɚ": (0.3, 0.4, 0.45), "ɝ": (0.3, 0.4, 0.5),
    "ɛ": (0.58, 0.9, 0), "œ": (0.58, 0.8, 1), "ɜ": (0.5, 0.4, 0.1), "ɞ": (0.55, 0.4, 0.8),
    "ʌ": (0.68, 0.2, 0), "ɔ": (0.66, 0.0, 0.85), "æ": (0.86, 0.9, 0), "ɐ": (0.75, 0.4, 0),
    "a": (1.0, 0.6, 0), "ɶ": (1.0, 0.6, 0.7), "ɑ": (1.0, 0.1, 0), "ɒ": (0.9, 0.0, 0.5),
}  # fmt: skip
# The upper lip rises as the jaw falls: by a millimetre in an open vowel, in clear speech.
LIFT: Final = 0.4
REDUCED: Final = frozenset("əᵊᵻɚɐ")


def _vowel(symbol: str) -> Target:
    height, front, rounded = VOWELS[symbol]
    spread = front * (1 - rounded) * (0.95 - 0.6 * height)
    # Close rounded lips protrude to a small hole (pucker); open rounded ones form a funnel.
    pucker = rounded * (0.95 - 0.8 * height)
    funnel = rounded * (0.15 + 0.6 * height)
    jaw = 0.14 + 0.54 * height
    shape = Shape(
        jaw=jaw,
        spread=spread,
        pucker=pucker,
        funnel=funnel,
        upper=(0.06 + 0.14 * front) * (1 - rounded) + LIFT * jaw,
        lower=(0.14 + 0.16 * front) * (1 - rounded) + 0.05 * rounded * height,
        teeth=0.3 * front * (1 - rounded) * (1 - height) - 0.4 * rounded * (1 - height),
        tip=0.45 if symbol in "ɝɚ" else 0.12 * front * (1 - height),
    )
    insists = 0.45 if symbol in REDUCED else 1.0
    # Lip shape matters for spread and rounded vowels, and little for open ones.
    lips = 0.45 + 0.6 * spread + 1.5 * rounded * (1 - 0.5 * height)
    dominance = Dominance(insists, insists * lips, 0.7 * insists, 0.5)
    return Target(shape, dominance, vowel=True)


def _bilabial() -> Target:
    return Target(Shape(jaw=0.07, teeth=-0.3), Dominance(0.9, 0.12, 1.6, 0.1), "bilabial")


def _labiodental() -> Target:
    shape = Shape(jaw=0.1, spread=0.08, upper=0.34, teeth=0.2)
    return Target(shape, Dominance(1.3, 0.7, 2.2, 0.2), "labiodental")


def _alveolar(*, insists: float = 1.0) -> Target:
    shape = Shape(jaw=0.15, spread=0.1, upper=0.1, lower=0.22, teeth=0.15, tip=1.0)
    return Target(shape, Dominance(0.8 * insists, 0.12, 0.6 * insists, 2.2))


def _hiss() -> Target:
    shape = Shape(jaw=0.05, spread=0.3, upper=0.2, lower=0.42, teeth=0.7, tip=0.7)
    return Target(shape, Dominance(2.8, 0.35, 2.0, 1.4))


def _hush(*, rounded: bool = True) -> Target:
    lips = (0.0, 0.22, 0.6) if rounded else (0.3, 0.0, 0.15)
    shape = Shape(0.07, *lips, upper=0.28, lower=0.32, teeth=0.6, tip=0.5)
    return Target(shape, Dominance(2.6, 1.6, 1.8, 1.2))


def _dental() -> Target:
    shape = Shape(jaw=0.17, spread=0.12, upper=0.15, lower=0.28, teeth=0.2, tip=0.85, out=0.75)
    return Target(shape, Dominance(1.6, 0.3, 1.2, 2.4))


def _velar() -> Target:
    shape = Shape(jaw=0.2, spread=0.08, upper=0.06, lower=0.16)
    return Target(shape, Dominance(0.55, 0.1, 0.35, 0.8))


def _lateral() -> Target:
    shape = Shape(jaw=0.22, spread=0.08, upper=0.1, lower=0.24, teeth=0.1, tip=1.0)
    return Target(shape, Dominance(0.7, 0.12, 0.6, 2.2))


def _approximant(*, pucker: float, funnel: float, insists: float) -> Target:
    shape = Shape(0.16, 0.0, pucker, funnel, lower=0.1, teeth=-0.3 * pucker, tip=0.4)
    return Target(shape, Dominance(1.0, insists, 0.8, 0.9))


def _palatal() -> Target:
    shape = Shape(jaw=0.13, spread=0.5, upper=0.12, lower=0.22, teeth=0.2, tip=0.2)
    return Target(shape, Dominance(1.0, 0.8, 0.7, 0.8))


def _glottal() -> Target:
    # The mouth already has the shape of what follows.
    return Target(Shape(jaw=0.28, lower=0.15), Dominance(0.06, 0.03, 0.05, 0.05))


def _consonants() -> dict[str, Target]:
    table: dict[str, Target] = {}
    for symbols, target in (
        ("pbmɓʙʘ", _bilabial()),
        # Bilabial fricatives narrow the lips without contact.
        ("ɸβ", replace(_bilabial(), contact="none", shape=Shape(jaw=0.04, teeth=-0.3))),
        ("fvɱ", _labiodental()),
        ("ʋⱱ", replace(_labiodental(), contact="none", shape=Shape(jaw=0.09, upper=0.1))),
        ("θð", _dental()),
        ("tdnɗrǀ", _alveolar()),
        ("ɾɽʈɖɳ!ǃ", _alveolar(insists=0.6)),
        ("szɬɮ", _hiss()),
        ("ʃʒɧ", _hush()),
        # The retroflex sounds of Chinese are made without rounding; a rounded vowel rounds them.
        ("ɕʑʂʐ", _hush(rounded=False)),
        ("lɭɫʟʎɺ", _lateral()),
        ("ɹɻ", _approximant(pucker=0.3, funnel=0.35, insists=1.0)),
        ("wʍɥ", _approximant(pucker=1.0, funnel=0.1, insists=2.8)),
        ("jʝçɟcɲ", _palatal()),
        ("kɡgŋxɣqɢɴχʁɰɠʀ", _velar()),
        ("hɦʔħʕʡ", _glottal()),
    ):
        for symbol in symbols:
            table[symbol] = target
    return table


CONSONANTS: Final = _consonants()
# Single code points for sounds that the IPA writes with two.
LIGATURES: Final = {
    "ʧ": "tʃ", "ʤ": "dʒ", "ʦ": "ts", "ʣ": "dz", "ʨ": "tɕ", "ʥ": "dʑ", "ꭧ": "tʂ",
}  # fmt: skip
# Two nasal vowels of French are written with the letters of other oral vowels than those whose lips
# they have: bon is closer and rounder than its ɔ, and vent rounder than its ɑ (Carignan 2014).
NASAL: Final = {"ɔ\u0303": "o", "ɑ\u0303": "ɒ"}
CLOSE: Final = 0.1  # vowels up to this height glide into a more open vowel: Chinese xie, guo, yue
UNKNOWN: Final = Target(Shape(jaw=0.2, lower=0.12), Dominance(0.3, 0.1, 0.3, 0.1))


@lru_cache(maxsize=1024)
def find_targets(symbol: str) -> tuple[Target, ...]:
    """The positions that an IPA symbol passes through, in order; their shares add up to 1.

    Length, stress and tie marks are dropped. Labialisation and palatalisation shape the lips.
    Several letters are a diphthong, an affricate or a cluster. A letter that is not in the IPA
    opens the mouth a little.
    """
    parts: list[Target] = []
    for letter in _letters(symbol):
        if letter in VOWELS:
            parts.append(replace(_vowel(letter), letter=letter))
        elif letter in CONSONANTS:
            parts.append(replace(CONSONANTS[letter], letter=letter))
        elif letter == "ʷ" and parts:
            parts[-1] = _with_lips(parts[-1], pucker=0.8)
        elif letter == "ʲ" and parts:
            parts[-1] = _with_lips(parts[-1], spread=0.4)
        elif unicodedata.category(letter) in ("Ll", "Lu", "Lo"):
            parts.append(replace(UNKNOWN, letter=letter))
    if not parts:
        return (UNKNOWN,)
    return _share_duration(parts)


def _letters(symbol: str) -> str:
    text = unicodedata.normalize("NFD", symbol).replace("ç", "ç")
    for written, letters in (*LIGATURES.items(), *NASAL.items()):
        text = text.replace(written, letters)
    return text


def _with_lips(target: Target, *, pucker: float = 0.0, spread: float = 0.0) -> Target:
    shape = target.shape._replace(
        pucker=max(pucker, target.shape.pucker), spread=max(spread, target.shape.spread)
    )
    return replace(target, shape=shape, dominance=target.dominance._replace(shape=1.5))


def _share_duration(parts: list[Target]) -> tuple[Target, ...]:
    if len(parts) == 1:
        return (parts[0],)
    if all(part.vowel for part in parts):
        # A diphthong stays on its nucleus, and its glides stop short of their target vowels.
        nucleus = _find_nucleus(parts)
        share = 0.45 / (len(parts) - 1)
        return tuple(
            replace(part, share=0.55)
            if at == nucleus
            else replace(part, share=share, dominance=_scale(part.dominance, 0.8))
            for at, part in enumerate(parts)
        )
    if not any(part.vowel for part in parts):
        # An affricate has the lips of its fricative from the start.
        last = parts[-1]
        lips = dict(zip(("spread", "pucker", "funnel"), last.shape[1:4], strict=True))
        before = [
            replace(
                p,
                shape=p.shape._replace(**lips),
                dominance=p.dominance._replace(shape=last.dominance.shape),
                share=0.45 / (len(parts) - 1),
            )
            for p in parts[:-1]
        ]
        return (*before, replace(last, share=0.55))
    return tuple(replace(part, share=1 / len(parts)) for part in parts)


def _find_nucleus(parts: list[Target]) -> int:
    """The first vowel of a diphthong, unless it is a close one that glides into a full vowel."""
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        if last or VOWELS[part.letter][0] > CLOSE or parts[at + 1].letter in REDUCED:
            return 0 if at and VOWELS[part.letter][0] <= CLOSE else at
    return 0


def _scale(dominance: Dominance, factor: float) -> Dominance:
    return Dominance(*(value * factor for value in dominance))
