"""espeak-ng (GPL-3.0, a separate program): over a hundred languages, where no other engine has one.

A voice is named by its language and speaker: `espeak`, `espeak/en-gb`, `espeak/de+f3`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from xml.sax.saxutils import escape

import numpy as np

from foundation.languages import same_language
from foundation.problem import Place
from lessons.directives.phone_alphabets import IPA_VOWELS
from lessons.model import Token, Utterance
from narrate.clock import SAMPLE_RATE
from narrate.errors import VoiceError
from narrate.speech import espeak_alphabet
from narrate.speech.base import (
    CAPABILITIES,
    Voice,
    VoiceInfo,
    make_unknown_sounds_error,
    make_unreadable_error,
    place_words,
    require_ready,
)
from narrate.speech.calibration import choose_calibration_text, compute_gain
from narrate.speech.espeak_library import (
    FASTEST,
    INSTALL,
    SLOWEST,
    Event,
    find_library,
    find_voice_file,
    load_library,
    say_afresh,
)
from narrate.speech.level import fade_edges, find_sounding, resample
from narrate.speech.model_files import describe_releases
from narrate.vocabulary import Speech, SpokenPhone

RATE = 22_050
USUAL_RATE = 165  # words a minute; 175 is espeak's own, a little fast for a lecture
# Some of its languages, to be listed where it is not installed.
LANGUAGES = ("en-US", "en-GB", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "ru", "hi")
# It spells out these languages in English: its dictionaries have no Kanji, and Mandarin needs 1.52.
_ILLEGIBLE = ("ja", "hak", "cmn", "zh", "zh-cmn")
# espeak's levels of emphasis (speak_lib.h, embedded command F).
_EMPHASIS = {"reduced": 2, "moderate": 3, "strong": 4}
_CONTROL = "\x01"
_CODES = re.compile(f"{_CONTROL}[0-9]+[SF]")
# espeak-ng/docs/phonemes.md. Their sounds differ from language to language.
_CONSONANTS = (
    "p b t d k g q c J f v T D s z S Z C x Q X h m n N n^ n. l l^ l. l/ r r- R * j w w# B ? tS dZ "
    "ts dz tS; dZ; S; Z; s. z. t. d. pf H"
)
_VOWELS = (
    'i i: I I2 I# y y: e e: E E: Y Y: W W: a a: aa A A: & @ @2 3 3: V 0 O O: o o: U u u: u" '
    "eI aI aU oU OI e~ E~ a~ A~ O~ o~ W~ i@ e@ U@ a# ei ai oi au eu"
)


class EspeakEngine:
    name = "espeak"

    def voices(self) -> list[VoiceInfo]:
        return [_make_info()]

    def version(self, voice: str, language: str) -> str:
        return _make_version(_find_file(voice, language))

    def open(self, voice: str, language: str) -> Voice:
        return _open(
            _find_file(voice, language), f"espeak/{voice}" if voice else "espeak", language
        )

    def find_unknown_sounds(self, phones: str, voice: str, language: str) -> Sequence[str]:
        return espeak_alphabet.find_unknown_sounds(
            phones, "".join((*_find_mnemonics(_find_file(voice, language)), "ˈˌ"))
        )


def _find_readable_files() -> dict[str, str]:
    """Language tags and their voice files, for the languages whose writing espeak-ng can read."""
    illegible = _ILLEGIBLE if load_library().version.startswith("1.51") else _ILLEGIBLE[:2]
    return {t: file for t, file in load_library().languages().items() if t not in illegible}


@lru_cache(maxsize=1)
def _make_info() -> VoiceInfo:
    languages: Sequence[str] = LANGUAGES
    problem, missing = "is not installed", ""
    if find_library():
        try:
            languages = sorted({_format_tag(tag) for tag in _find_readable_files()})
        except VoiceError as error:
            problem, missing = f"cannot speak: {error.message}", error.remedy
    else:
        missing = INSTALL
    return VoiceInfo(
        id="espeak",
        engine="espeak",
        languages=tuple(languages),
        licence="GPL-3.0",
        sample_rate=RATE,
        capabilities=CAPABILITIES,
        missing=missing,
        problem=problem,
    )


def _format_tag(tag: str) -> str:
    """A language tag with the usual capitals: `en-US`, `cmn-Latn-pinyin`.

    The tag is not normalised otherwise (`cmn` to `zh`), because espeak finds its voices by it.
    """
    first, *others = tag.split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cased.get(len(o), str.lower)(o) for o in others)])


def _find_file(voice: str, language: str) -> str:
    """The voice file of a name such as `de+f3`, or of a language, as espeak loads it."""
    require_ready(_make_info())
    named, plus, variant = voice.partition("+")
    tag = (named or language).replace("_", "-").lower()
    known = _find_readable_files()
    file = find_voice_file(known, tag)
    if not file or (named and tag not in known):
        raise VoiceError(
            f"There is no voice 'espeak/{named}'." if named else f"espeak does not speak {tag}.",
            remedy="Write espeak/LANGUAGE; `narrate voices` lists its languages.",
        )
    if named and not same_language(tag, language):
        raise VoiceError(
            f"The voice 'espeak/{voice}' does not speak {language}.",
            remedy=f"Write espeak/{language}, or set the language to {_format_tag(tag)}.",
        )
    if plus and variant not in load_library().variants():
        some = ", ".join(v for v in sorted(load_library().variants()) if len(v) == 2)
        raise VoiceError(
            f"espeak has no speaker '{variant}'.",
            remedy=f"Some of its speakers are {some}.",
        )
    return file + plus + variant


def _make_version(file: str) -> str:
    packages = describe_releases("numpy", "scipy")
    return f"espeak {load_library().version} {file} {packages}"


@lru_cache(maxsize=8)
def _open(file: str, name: str, language: str) -> EspeakVoice:
    return EspeakVoice(file, name, language)


@lru_cache(maxsize=8)
def _find_mnemonics(file: str) -> dict[str, str]:
    """The mnemonic for each IPA phone of a voice, found by letting it say each mnemonic."""
    # A vowel after them keeps consonants from changing as they do at the end of a word.
    probes = [(c, f"{c}@", 2) for c in _CONSONANTS.split()]
    probes += [(m, m, 1) for m in (*_VOWELS.split(), *_CONSONANTS.split())]
    text = " ".join(f'<mark name="{at}"/>[[{said}]],' for at, (_, said, _) in enumerate(probes))
    _, (events,), _ = say_afresh(file, (f"<speak>{text}</speak>",), USUAL_RATE)
    heard: list[list[str]] = [[] for _ in probes]
    for symbol, mark in _find_marked(events):
        heard[mark].append(unicodedata.normalize("NFD", symbol))
    table: dict[str, str] = {}
    for (mnemonic, _, count), phonemes in zip(probes, heard, strict=True):
        if len(phonemes) == count and not phonemes[0].endswith("-"):
            table.setdefault(phonemes[0], mnemonic)
            table.setdefault(phonemes[0].replace("ː", ""), mnemonic)
    # A language has one r, however its dictionary writes it.
    own = next((table[r] for r in "ɹrɾʁ" if r in table), "")
    return {**table, **{r: table.get(r, own) for r in "ɹrɾʁʀ" if own}}


class EspeakVoice:
    def __init__(self, file: str, name: str, language: str) -> None:
        self._file, self._language = file, language
        self.info = replace(_make_info(), id=name)
        self.version = _make_version(file)
        self._gain_db = 0.0
        self._gain_db = compute_gain(self.speak(choose_calibration_text(language)).samples)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        said = [(i, t) for i, t in enumerate(utterance.tokens) if t.spoken]
        if not any(c.isalnum() for _, token in said for c in token.spoken):
            nothing = place_words(utterance, [None] * len(utterance.tokens), 0)
            return Speech(np.zeros(0, np.float32), nothing, ())
        pace = rate * utterance.rate * USUAL_RATE
        pieces = [(index, self._write_token(token, pace, utterance.line)) for index, token in said]
        plain = " ".join(piece for _, piece in pieces)
        # Each word is a clause here, since espeak says pairs such as "out of" as one word.
        apart = " ".join(
            f'<mark name="{index}"/>{escape(_CODES.sub("", piece)).rstrip(".,;:!?…—")},'
            for index, piece in pieces
        )
        sound, (events, places), own = say_afresh(
            self._file, (plain, f"<speak>{apart}</speak>"), round(pace)
        )
        heard = {mark for _, mark in _find_marked(places)}
        for index, token in said:
            if index not in heard and any(map(str.isalnum, token.spoken)):
                raise make_unreadable_error(token, self.info.id, utterance.line)
        first, last = find_sounding(sound, own)
        gain = np.float32(10 ** (self._gain_db / 20))
        samples = resample(fade_edges(sound[first:last] * gain, own), own)
        phones: list[SpokenPhone] = []
        spans: list[tuple[int, int] | None] = [None] * len(utterance.tokens)
        tokens = espeak_alphabet.assign_tokens(
            [symbol for symbol, _ in _find_marked(events)], _find_marked(places)
        )
        for (symbol, start, end), owner in zip(_find_phonemes(events), tokens, strict=True):
            for name, stress, a, b in self._divide_phone(symbol, start, end):
                a, b = (
                    min(max(round((at - first) * SAMPLE_RATE / own), 0), len(samples))
                    for at in (a, b)
                )
                phones.append(SpokenPhone(name, a, b, stress))
                span = spans[owner]
                spans[owner] = (a if span is None else span[0], b)
        return Speech(samples, place_words(utterance, spans, len(samples)), tuple(phones))

    def _write_token(self, token: Token, pace: float, line: int) -> str:
        """A token as espeak reads it: its words or its phonemes, with control codes around them."""
        text = "".join(c for c in token.spoken if c.isprintable()).replace("[[", "[ [")
        if token.phones is not None:
            core = text.rstrip(".,;:!?…—\"”')")
            text = f"[[{self._spell_phones(token, line)}]]{text[len(core) :]}"
        if not SLOWEST <= round(pace * token.rate) <= FASTEST:
            raise VoiceError(
                f"espeak cannot say '{token.written}' at {pace * token.rate / USUAL_RATE:.2g} "
                "times the usual speed.",
                remedy="Change `speed`, or the `rate` of this word.",
                place=Place(line=line),
            )
        if token.rate != 1.0:
            text = f"{_CONTROL}{round(pace * token.rate)}S{text}{_CONTROL}{round(pace)}S"
        if token.emphasis:
            text = f"{_CONTROL}{_EMPHASIS[token.emphasis]}F{text}{_CONTROL}0F"
        return text

    def _spell_phones(self, token: Token, line: int) -> str:
        """A token's IPA in espeak's mnemonics."""
        table, text = _find_mnemonics(self._file), espeak_alphabet.convert_ipa(token.phones or "")
        bad = espeak_alphabet.find_unknown_sounds(token.phones or "", "".join((*table, "ˈˌ")))
        if bad:
            raise make_unknown_sounds_error(token, self.info.id, bad, line)
        stress = {"ˈ": "'", "ˌ": ",", " ": " "}
        out, at = [], 0
        while at < len(text):
            size = next(n for n in (4, 3, 2, 1) if n == 1 or text[at : at + n] in table)
            piece = text[at : at + size]
            out.append(stress.get(piece) or table.get(piece, ""))
            at += size
        # `|` keeps two mnemonics from being read as one; a stress mark stays with its vowel.
        return "|".join(out).replace("'|", "'").replace(",|", ",").replace("| |", " ")

    def _divide_phone(
        self, symbol: str, start: int, end: int
    ) -> list[tuple[str, int, float, float]]:
        """The phones of one event: espeak counts a vowel and the r or l after it as one phoneme."""
        letters = unicodedata.normalize("NFD", symbol)
        found = espeak_alphabet.find_phones(letters, [0] * len(letters), self._language)
        weights = [2 if p.symbol[0] in IPA_VOWELS else 1 for p in found]
        edges = np.cumsum([0, *weights]) * (end - start) / max(sum(weights), 1) + start
        return [(p.symbol, p.stress, edges[n], edges[n + 1]) for n, p in enumerate(found)]


def _is_sound(event: Event) -> bool:
    symbol = event.phoneme.strip()
    return bool(symbol.strip("ˈˌ")) and symbol[0] not in "_|;:("


def _find_phonemes(events: Sequence[Event]) -> list[tuple[str, int, int]]:
    """Phonemes with their first and last sample. Each lasts until the next one or a pause."""
    found = [event for event in events if event.phoneme]
    ends = [*(event.sample for event in found[1:]), found[-1].sample if found else 0]
    return [
        (event.phoneme.strip(), event.sample, max(end, event.sample))
        for event, end in zip(found, ends, strict=True)
        if _is_sound(event)
    ]


def _find_marked(events: Sequence[Event]) -> list[tuple[str, int]]:
    """Phonemes without stress marks, each with the number of the mark before it."""
    found, mark = [], 0
    for event in events:
        if event.mark >= 0:
            mark = event.mark
        elif _is_sound(event):
            found.append((event.phoneme.strip(" ˈˌ"), mark))
    return found
