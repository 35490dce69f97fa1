"""Lets voices be heard, so that a person can choose one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from foundation.languages import primary
from lessons.course.settings import Settings
from lessons.course.voice_map import VoiceMap
from lessons.markdown.line import read_line
from lessons.model import Slide
from narrate import player
from narrate.speech import narrate_slide, open_voice
from narrate.speech.base import VoiceInfo, speaks
from narrate.speech.sound_file import write_sound

SENTENCES: Mapping[str, str] = {
    "de": "Licht wird gebrochen, wenn es aus der Luft in das Glas einer Linse fällt.",
    "en": "Light is bent when it passes from the air into the glass of a lens.",
    "es": "La luz se desvía cuando pasa del aire al vidrio de una lente.",
    "fr": "La lumière est déviée quand elle passe de l'air au verre d'une lentille.",
    "hi": "प्रकाश जब हवा से लेंस के काँच में जाता है, तो मुड़ जाता है।",
    "it": "La luce si piega quando passa dall'aria al vetro di una lente.",
    "ja": "光は、空気からレンズのガラスに入るとき、曲がります。",
    "nl": "Licht wordt gebroken als het van de lucht in het glas van een lens gaat.",
    "pl": "Światło załamuje się, gdy przechodzi z powietrza do szkła soczewki.",
    "pt": "A luz desvia-se quando passa do ar para o vidro de uma lente.",
    "ru": "Свет преломляется, когда переходит из воздуха в стекло линзы.",
    "zh": "光从空气进入透镜的玻璃时，会发生弯曲。",
}
"""What is said in each language; in others, the numbers from one to ten."""
COUNTING = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."


def audition(info: VoiceInfo, language: str, out: Path | None, *, play: bool) -> None:
    """Let a voice say a sentence: write it to a file, and play it. It is said in `language` if the
    voice speaks it, and else in the voice's first. Raises VoiceError and DecodingError."""
    tag = language if language and speaks(info.languages, language) else info.languages[0]
    tag = "en-US" if tag == "*" else tag
    text = SENTENCES.get(primary(tag), COUNTING)
    line = read_line(text, VoiceMap.of(Settings(language=tag, voice=info.id)))
    slide = Slide(1, "", (), line.utterances, 1)
    voice = open_voice(info.id, tag)
    said = narrate_slide(slide, lambda _: voice, speed=None, lead_ms=0)
    if out is not None:
        write_sound(out, said.samples)
    if play:
        player.play(said.samples)
