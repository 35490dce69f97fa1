"""Signs in brackets that speech services act on, such as `[pause]`, `[laughs]` and `[excited]`.

They are those that the prompting guides of ElevenLabs v3 and of Gemini's speech models give, and
that slideSonnet's lessons therefore hold. A pause is a silence. A sound is not made; its sign
stays in the captions, as captions write sounds. A manner is how a sentence is said: the pace is
kept, and what no voice here can do is left out. Whatever else stands in brackets is text.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from lessons.directives.ssml import parse_duration_ms
from lessons.wordset import word_set

_VALUE = r"[:=]?[ \t]{0,4}[0-9][0-9.,]{0,7}[ \t]?(?:%|[A-Za-z]{0,12})"
TAG = re.compile(
    rf"(?<![\w\\\]!])\[([A-Za-z][A-Za-z' -]{{2,30}}(?:{_VALUE})?"
    rf"|[0-9][0-9.,]{{0,7}}[ -]?[A-Za-z]{{1,12}} pause)\](?![(\[:\w])"
)
"""Text in brackets that is neither a link, nor an index, nor a part of a word. It may have a value,
as `[pause: 5s]` has."""
_VALUED = re.compile(rf"([A-Za-z][A-Za-z' -]*?)[ \t]*({_VALUE})")
_PAUSE_AFTER = re.compile(r"([0-9][0-9.,]*[ -]?[A-Za-z]+) (pause)")
_SECONDS = re.compile(r"(?<=[0-9])[ -]*secs?", re.IGNORECASE)
TRAILING = re.compile(r"[.,;!?…]+(?![^\s\"'”’»)])")
"""The punctuation right behind a sign. It ends what stands before the sign."""

TagKind = Literal["pause", "sound", "manner"]


class AudioTag(NamedTuple):
    """What a sign asks for: a silence in ms, a factor on the rate (1: none is asked), or
    neither."""

    kind: TagKind
    pause_ms: int = 0
    rate: float = 1.0


# Gemini documents a short pause as about 250 ms, a medium one as 500, a long one as 1000 and more.
_PAUSES = {
    "pause": 500,
    "pauses": 500,
    "short pause": 250,
    "medium pause": 500,
    "long pause": 1000,
}
# The factors are those of SSML's x-slow, slow, fast and x-fast in `lessons.directives.ssml`.
_PACES = {
    "very slowly": 0.7,
    "slow": 0.85,
    "slowly": 0.85,
    "speaks slowly": 0.85,
    "drawn out": 0.85,
    "fast": 1.15,
    "quickly": 1.15,
    "rushed": 1.15,
    "speaks quickly": 1.15,
    "extremely fast": 1.35,
}
_SOUNDS = word_set(
    "laughs laughing laughter chuckles chuckling giggles giggling sighs sighing gasps coughs "
    "coughing exhales inhales sniffs snorts sneezes yawns gulps sobs hums whistles groans cheers "
    "applause clapping gunshot explosion"
) | {
    "clears throat",
    "laughs harder",
    "light chuckle",
    "short laugh",
    "starts laughing",
    "soft laugh",
    "wheezing laugh",
    "exhales sharply",
    "inhales deeply",
    "audience laughs",
}
_MANNERS = word_set(
    "excited excitedly whispers whispering whispered shouts shouting sarcastic sarcastically "
    "curious mischievously cheerful cheerfully nervous nervously thoughtful thoughtfully sad sadly "
    "angry angrily happily annoyed appalled surprised amazed panicked tired crying deadpan "
    "playfully warmly frustrated enthusiastic enthusiastically conversational"
)


def _split_value(text: str) -> tuple[str, str]:
    """The name of a sign and its value, as a duration is written in SSML; empty if it has none."""
    if found := _PAUSE_AFTER.fullmatch(text):
        name, value = found[2], found[1]
    elif found := _VALUED.fullmatch(text):
        name, value = found[1], found[2].lstrip(":= \t")
    else:
        return text, ""
    return name, _SECONDS.sub(" sec", value.replace(",", ".").replace("-", " "))


def read_tag(text: str) -> AudioTag | None:
    """What the words in brackets ask for; None if they are text. A pause may have a duration, and a
    manner or sound a strength, which nothing here can follow."""
    name, value = _split_value(" ".join(text.split()).lower())
    if value and name in _PAUSES:
        ms = parse_duration_ms(value)
        return None if ms is None else AudioTag("pause", ms)
    if name in _PAUSES:
        return AudioTag("pause", _PAUSES[name])
    if name in _PACES:
        return AudioTag("manner", rate=_PACES[name])
    if name in _SOUNDS:
        return AudioTag("sound")
    return AudioTag("manner") if name in _MANNERS else None
