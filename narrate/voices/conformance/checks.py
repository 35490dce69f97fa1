"""What is asked of every voice: one function for each check.

A check returns what it found, and raises `UnfitError` with what is wrong. To add one, write it and
name it in `CHECKS`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import NoReturn

import numpy as np

from avatar.performance.targets import CONSONANTS, LIGATURES, VOWELS
from lessons.model import Token, Utterance
from narrate.clock import SAMPLE_RATE, samples_to_seconds
from narrate.errors import NarrateError, PluginError
from narrate.loudness import loudness
from narrate.speech.calibration import TARGET_LUFS
from narrate.speech.timing import find_silences, measure_loudness_db
from narrate.vocabulary import Samples, Speech, Word
from narrate.voices.conformance.trial import Trial

LEVEL_SLACK_DB = 1.5  # of the level of a few sentences, whose own differs from a fixed text's
SENTENCE_SLACK_DB = 4.0  # between sentences
EDGE_SECONDS = 0.12  # between the sound's edge and that of the first or the last word
PAUSE_SECONDS = 0.15  # longer silences are pauses, and no closures of stops
MOST_IN_WORDS = 0.4  # of the pauses' time may be counted to words
MOST_OUTSIDE = 0.12  # of the sounding time may be in no word
APART_SECONDS = 0.12  # the median distance to the times that are found in the sound
UNDERSTOOD = 0.3  # mean probability of the words above which the recogniser's times are believed
LONG_WORDS = 150
RATES = (0.7, 1.4)
LEAST_RATIO, MOST_RATIO = 1.5, 2.7  # of the lengths at those rates, which should be 2
SHORTEST_WORD, LONGEST_WORD = 0.05, 2.5  # seconds for a word, on average
ODD_TEXTS = (
    "“Naïve” café — Zoë’s façade… 100 %",
    "a🙂b 👩🏽‍🏫 ©",
    "光 свет φως ضوء",
    "\u202eabc\u202c d\u0301e\u200bf <b>&amp;</b> [[x]]",
)


class UnfitError(Exception):
    """What is wrong with a voice."""


def fail(reason: str) -> NoReturn:
    """End a check that the voice does not pass. Raises UnfitError."""
    raise UnfitError(reason)


def check_same_bytes(trial: Trial) -> str:
    """The same sentence is the same sound with the same times, whatever was said between."""
    first = trial.speak(trial.sentences[0])
    trial.speak(trial.sentences[1])
    again = trial.speak(trial.sentences[0])
    if not np.array_equal(first.samples, again.samples):
        fail("The same sentence does not give the same sound twice.")
    if (first.words, first.phones) != (again.words, again.phones):
        fail("The same sentence does not give the same times twice.")
    return f"{len(first.samples)} samples, twice"


def check_words(trial: Trial) -> str:
    """There is one word for each token, in order and within the sound."""
    count = 0
    for text in trial.sentences:
        speech = trial.speak(text)
        _require_words(speech, text)
        count += len(speech.words)
    return f"{count} words"


def check_level(trial: Trial) -> str:
    """Sentences have the usual level, each of them."""
    sounds = [trial.speak(text).samples for text in trial.sentences]
    level = loudness(sounds)
    each = [loudness([sound]) - level for sound in sounds]
    found = f"{level:.1f} LUFS, sentences {min(each):+.1f} to {max(each):+.1f}"
    if not abs(level - TARGET_LUFS) <= LEVEL_SLACK_DB:
        fail(f"{found}; it should be {TARGET_LUFS:g} within {LEVEL_SLACK_DB:g}.")
    if max(map(abs, each)) > SENTENCE_SLACK_DB:
        fail(f"{found}; sentences should differ by at most {SENTENCE_SLACK_DB:g} dB.")
    return found


def check_times(trial: Trial) -> str:
    """Words are where the sound is, pauses are between them, and where the recogniser understands
    the voice, they are where it hears them."""
    apart: list[float] = []
    sure: list[float] = []
    for text in trial.sentences:
        own = trial.find_times(text)
        _require_sound_in_words(own.samples, own.words)
        if trial.has_times:
            heard = trial.find_times(text, by_alignment=True)
            apart += [
                abs(a.start - b.start) / SAMPLE_RATE
                for a, b in zip(own.words, heard.words, strict=True)
            ]
            sure += [word.confidence for word in heard.words]
        else:
            sure += [word.confidence for word in own.words]
    understood = float(np.mean(sure))
    if understood < UNDERSTOOD:
        return "as the sound has them; the recogniser does not understand this voice"
    if not trial.has_times:
        return f"found in the sound, words sure to {understood:.2f}"
    median = float(np.median(apart))
    if median > APART_SECONDS:
        fail(
            f"Words start {1000 * median:.0f} ms from where they are heard, in the median; "
            f"{1000 * APART_SECONDS:.0f} is the most."
        )
    return f"{1000 * median:.0f} ms from where words are heard, in the median"


def check_phones(trial: Trial) -> str:
    """The presenter's lips know the phones, and vowels are among them."""
    if trial.voice.info.times != "engine":
        return "the voice gives none; they are found in the sound"
    spoken = [trial.speak(text).phones for text in trial.sentences]
    phones = [phone for sentence in spoken for phone in sentence]
    if not all(spoken):
        fail("The voice offers phones and gives none.")
    unknown = sorted({p.symbol for p in phones if not _is_known(p.symbol)})
    if unknown:
        fail(f"These are no symbols of IPA that the lips know: {' '.join(unknown)}")
    if any(b.start < a.end for sentence in spoken for a, b in pairwise(sentence)):
        fail("Phones overlap.")
    return f"{len(phones)} phones, {len({p.symbol for p in phones})} different ones"


def _is_known(symbol: str) -> bool:
    """Whether the lips have a position for each letter of an IPA symbol, whatever its marks."""
    letters = [
        LIGATURES.get(c, c)
        for c in unicodedata.normalize("NFD", symbol).replace("c\u0327", "ç")
        if unicodedata.category(c) not in ("Mn", "Lm", "Sk")
    ]
    return bool(letters) and all(c in VOWELS or c in CONSONANTS for c in "".join(letters))


def check_speed(trial: Trial) -> str:
    """A voice that can speak at another speed does."""
    if "rate" not in trial.voice.info.capabilities:
        return "the voice does not offer other speeds"
    slow, fast = (len(trial.speak(trial.sentences[0], rate).samples) for rate in RATES)
    ratio = slow / max(fast, 1)
    found = f"{ratio:.2f} times as long at {RATES[0]} as at {RATES[1]}"
    if not LEAST_RATIO <= ratio <= MOST_RATIO:
        fail(f"{found}; about 2 is expected.")
    return found


def check_long_text(trial: Trial) -> str:
    """A sentence that does not end is spoken whole."""
    words = " ".join(trial.sentences).replace(".", "").split()
    text = " ".join((words * (LONG_WORDS // len(words) + 1))[:LONG_WORDS]) + "."
    speech = trial.speak(text)
    _require_words(speech, text)
    seconds = samples_to_seconds(len(speech.samples))
    return f"{LONG_WORDS} words in {seconds:.0f} s"


def check_short_text(trial: Trial) -> str:
    """One word alone is spoken."""
    word = trial.sentences[0].split()[0].strip(",.")
    speech = trial.speak(word)
    _require_words(speech, word)
    return f"{word!r} in {samples_to_seconds(len(speech.samples)):.2f} s"


def check_nothing(trial: Trial) -> str:
    """Nothing to say gives no sound, and keeps its tokens."""
    silent = Utterance((Token("—", "—", 0, 0), Token("…", "", 0, 0)), 0, 1)
    for utterance in (Utterance((), 0, 1), silent):
        speech = trial.voice.speak(utterance)
        if len(speech.samples) or len(speech.words) != len(utterance.tokens):
            fail("Punctuation alone gives sound, or loses its tokens.")
    return "no sound"


def check_odd_texts(trial: Trial) -> str:
    """Marks, emoji and other scripts are spoken, or refused by name."""
    spoken = 0
    for text in ODD_TEXTS:
        try:
            speech = trial.speak(text)
        except PluginError as error:
            fail(error.message)
        except NarrateError:
            continue
        if len(speech.words) != len(text.split()):
            fail(f"{text!r} gives {len(speech.words)} words.")
        spoken += 1
    return f"{spoken} of {len(ODD_TEXTS)} spoken, the others refused"


CHECKS: dict[str, Callable[[Trial], str]] = {
    "one word for each token, in order": check_words,
    "the same bytes each time": check_same_bytes,
    "level": check_level,
    "times": check_times,
    "phones": check_phones,
    "speed": check_speed,
    "a long sentence": check_long_text,
    "a short sentence": check_short_text,
    "nothing to say": check_nothing,
    "unusual characters": check_odd_texts,
}
"""The checks by the names that `narrate voices --test` shows."""


def _require_words(speech: Speech, text: str) -> None:
    words, total = speech.words, len(speech.samples)
    if len(words) != len(text.split()) or [w.token for w in words] != list(range(len(words))):
        fail(f"{len(words)} words were said of {len(text.split())}.")
    if any(w.start < 0 or w.end > total or w.start > w.end for w in words):
        fail("A word is outside of the sound.")
    if any(b.start < a.end for a, b in pairwise(words)):
        fail("Words overlap.")
    empty = next((w.written for w in words if w.start == w.end), None)
    if empty is not None:
        fail(f"“{empty}” takes no time.")
    seconds = samples_to_seconds(total) / len(words)
    if not SHORTEST_WORD <= seconds <= LONGEST_WORD:
        fail(f"A word takes {seconds:.2f} s on average.")


def _require_sound_in_words(samples: Samples, words: tuple[Word, ...]) -> None:
    level = measure_loudness_db(samples, SAMPLE_RATE)
    silences = find_silences(level)
    length = len(samples) / SAMPLE_RATE
    begin = next((b for a, b in silences if a <= 0.001), 0.0)
    finish = next((a for a, b in silences if b >= length - 0.002), length)
    spans = [(w.start / SAMPLE_RATE, w.end / SAMPLE_RATE) for w in words]
    for place, edge, sound in (
        ("first word starts", spans[0][0], begin),
        ("last word ends", spans[-1][1], finish),
    ):
        if abs(edge - sound) > EDGE_SECONDS:
            fail(f"The {place} {1000 * (edge - sound):+.0f} ms from the sound's edge.")
    covered = np.zeros(len(level), bool)
    for start, end in spans:
        covered[round(start * 1000) : round(end * 1000)] = True
    pause = np.zeros(len(level), bool)
    quiet = np.zeros(len(level), bool)
    for start, end in silences:
        quiet[round(start * 1000) : round(end * 1000)] = True
        if end - start >= PAUSE_SECONDS and start > begin and end < finish:
            pause[round(start * 1000) : round(end * 1000)] = True
    if pause.any() and float(covered[pause].mean()) > MOST_IN_WORDS:
        share = 100 * float(covered[pause].mean())
        fail(f"{share:.0f} % of the pauses' time is counted to words.")
    outside = float((~covered)[~quiet].mean()) if (~quiet).any() else 0.0
    if outside > MOST_OUTSIDE:
        fail(f"{100 * outside:.0f} % of the sound belongs to no word.")
