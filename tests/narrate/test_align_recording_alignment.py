"""A script in its recording: the time of each word, and the differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from lessons.model import Finding, Token, Utterance
from narrate.align import matching, sphinx, takes
from narrate.align.listen import RecognisedWord
from narrate.align.recording_alignment import Aligned, align_recording
from narrate.align.whisper import to_recognition_rate
from narrate.clock import SAMPLE_RATE, ms_to_samples
from narrate.errors import VoiceError
from narrate.speech import open_voice
from narrate.vocabulary import Samples, Word

SCRIPT = (
    "Water boils at one hundred degrees, but only at sea level.",
    "Here is the important part, so listen carefully.",
    "Notice how the curve bends sharply near the origin.",
    "Nobody believed him until the second experiment.",
)
ASIDE = "My telephone is ringing, I will just switch it off."


def _utterances(sentences: Sequence[str]) -> list[Utterance]:
    return [
        Utterance(tuple(Token(word, word, 0, 0) for word in text.split()), 400, 10 + line)
        for line, text in enumerate(sentences)
    ]


def _record(said: Sequence[str]) -> tuple[Samples, list[list[Word]]]:
    """The sentences with pauses in a quiet room at SAMPLE_RATE, and their words as spoken."""
    voice, words = open_voice("hibari", "en-US"), []
    pieces: list[Samples] = [np.zeros(SAMPLE_RATE // 2, np.float32)]
    for utterance in _utterances(said):
        speech, here = voice.speak(utterance), sum(map(len, pieces))
        words.append([Word(w.written, w.start + here, w.end + here) for w in speech.words])
        pieces += [speech.samples, np.zeros(SAMPLE_RATE // 2, np.float32)]
    sound = np.concatenate(pieces)
    noise = np.random.default_rng(3).normal(0, 4e-4, len(sound))
    return (sound + noise).astype(np.float32), words


def _align(said: Sequence[str], script: Sequence[str] = SCRIPT) -> tuple[Aligned, list[list[Word]]]:
    sound, words = _record(said)
    heard = to_recognition_rate(sound)
    return align_recording(_utterances(script), heard, language="en-US", jobs=1), words


def _of(aligned: Aligned, utterance: int) -> list[Word]:
    return [word for word in aligned.words if word.utterance == utterance]


def _close(found: Sequence[Word], spoken: Sequence[Word]) -> None:
    apart = [abs(a.start - b.start) for a, b in zip(found, spoken, strict=True)]
    assert np.median(apart) < ms_to_samples(40) and max(apart) < ms_to_samples(200)


def _only(findings: Sequence[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


@pytest.fixture(scope="module")
def clean() -> tuple[Aligned, list[list[Word]]]:
    return _align(SCRIPT)


def test_every_word_has_its_time(clean: tuple[Aligned, list[list[Word]]]) -> None:
    aligned, spoken = clean
    assert [w.written for w in aligned.words] == " ".join(SCRIPT).split()
    for number, words in enumerate(spoken):
        found = _of(aligned, number)
        assert [w.token for w in found] == list(range(len(words)))
        _close(found, words)
    assert all(a.end <= b.start for a, b in pairwise(aligned.words))
    assert aligned.findings == () and aligned.forced == 1.0
    assert np.median([w.confidence for w in aligned.words]) > 0.8


def test_phones_are_inside_their_words(clean: tuple[Aligned, list[list[Word]]]) -> None:
    aligned, _ = clean
    assert all(a.end <= b.start for a, b in pairwise(aligned.phones))
    boils = aligned.words[1]
    inside = [p.symbol for p in aligned.phones if boils.start <= p.start < boils.end]
    assert inside == ["b", "ɔɪ", "l", "z"]


def test_the_recording_may_have_its_own_sample_rate() -> None:
    sound, spoken = _record(SCRIPT[:1])
    script = _utterances(SCRIPT[:1])
    aligned = align_recording(script, sound, language="en-US", jobs=1, rate=SAMPLE_RATE)
    _close(aligned.words, spoken[0])


def test_an_addition_is_reported_and_takes_no_time_from_other_sentences() -> None:
    aligned, spoken = _align((*SCRIPT[:2], ASIDE, *SCRIPT[2:]))
    finding = _only(aligned.findings)
    assert (finding.rule, finding.place.line) == ("not-in-script", 11)
    assert "telephone is ringing" in finding.message and "0:" in finding.message
    assert "script" in finding.remedy and "recording" in finding.remedy
    _close(_of(aligned, 1), spoken[1])
    _close(_of(aligned, 2), spoken[3])
    a, b = spoken[2][0].start, spoken[2][-1].end
    moving = sum(p.end - p.start for p in aligned.phones if a <= p.start < b)
    assert moving > 0.7 * (b - a)


def test_a_missing_sentence_is_reported_and_placed_between_the_others() -> None:
    aligned, spoken = _align((*SCRIPT[:1], *SCRIPT[2:]))
    finding = _only(aligned.findings)
    assert (finding.rule, finding.place.line) == ("not-said", 11)
    assert "Here is the important part" in finding.message and finding.remedy
    left_out = _of(aligned, 1)
    assert all(w.start == w.end == left_out[0].start and w.confidence == 0 for w in left_out)
    _close(_of(aligned, 0), spoken[0])
    _close(_of(aligned, 2), spoken[1])


@pytest.mark.parametrize("first", ["Notice how the curve", SCRIPT[2]])
def test_the_last_take_is_used(first: str) -> None:
    aligned, spoken = _align((*SCRIPT[:2], first, *SCRIPT[2:]))
    finding = _only(aligned.findings)
    assert (finding.rule, finding.place.line) == ("repeated", 12)
    assert "is used" in finding.message and "twice" in finding.remedy
    for number, take in ((1, 1), (2, 3), (3, 4)):
        _close(_of(aligned, number), spoken[take])


def test_a_word_left_out_takes_no_time() -> None:
    said = SCRIPT[0].replace("hundred ", "")
    aligned, spoken = _align((said, *SCRIPT[1:]))
    missing = _of(aligned, 0)[4]
    assert missing.written == "hundred" and missing.start == missing.end
    assert missing.confidence == 0
    _close([w for w in _of(aligned, 0) if w != missing], spoken[0])


def test_another_script_is_not_spread_over_the_recording() -> None:
    other = (
        "Prices rose because the harvest had failed.",
        "Linguists prefer to speak of morphemes instead.",
        "Their data filled half a ton of hard disks.",
        "Every router passes the packet on to another.",
        "Salt slows down the yeast considerably.",
    )
    aligned, _ = _align(SCRIPT, other)
    finding = _only(aligned.findings)
    assert (finding.rule, finding.severity) == ("not-said", "error")
    assert "not a recording of the script" in finding.message and finding.place.line == 10
    assert all(w.start == w.end and w.confidence == 0 for w in aligned.words)
    assert aligned.phones  # the lips still move


def test_nothing_is_found_in_silence() -> None:
    silence = np.zeros(SAMPLE_RATE, np.float32)
    aligned = align_recording(_utterances(SCRIPT), silence, language="en-US", jobs=1)
    assert _only(aligned.findings).severity == "error" and not aligned.phones
    assert len(aligned.words) == len(" ".join(SCRIPT).split())


def test_a_language_of_unknown_sounds_has_whispers_times_and_moving_lips(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound, _ = _record(SCRIPT[:1])
    heard = to_recognition_rate(sound)
    monkeypatch.setattr(sphinx, "can_align", lambda language: False)
    aligned = align_recording(_utterances(SCRIPT[:1]), heard, language="nl", jobs=1)
    assert aligned.forced == 0.0 and len(aligned.words) == len(SCRIPT[0].split())
    assert all(a.end <= b.start for a, b in pairwise(aligned.phones))


def _heard(text: str) -> list[RecognisedWord]:
    return [
        RecognisedWord(word, at * 0.4, at * 0.4 + 0.3, 0.9) for at, word in enumerate(text.split())
    ]


def _read(script: Sequence[str], said: str) -> takes.FoundTakes:
    tokens = [(number, word) for number, text in enumerate(script) for word in text.split()]
    return takes.find_takes([w for _, w in tokens], [n for n, _ in tokens], _heard(said), "en")


def test_no_token_is_lost_or_found_twice() -> None:
    said = " ".join((SCRIPT[0], "water boils", SCRIPT[0], ASIDE, SCRIPT[2], SCRIPT[2], SCRIPT[3]))
    found = _read(SCRIPT, said)
    tokens = [t for passage in found.passages for t in passage.tokens]
    left_out = len(SCRIPT[0].split()), len(" ".join(SCRIPT[:2]).split())
    expected = [
        t for t in range(len(" ".join(SCRIPT).split())) if not left_out[0] <= t < left_out[1]
    ]
    assert tokens == expected and found.missing == [1]
    heard = [word for passage in found.passages for word in passage.heard]
    assert heard == list(range(len(said.split())))
    assert {repeat.utterance for repeat in found.repeats} == {0, 2}
    first, last = found.extras[0]
    assert "telephone is ringing" in " ".join(said.split()[first : last + 1])


def test_a_false_start_is_reported_however_it_was_recognised() -> None:
    script = ("Radio dishes are connected by cable.", "Together they acted like one dish.")
    said = f"{script[0]} Together acted like one. Together acted like one dish"
    found = _read(script, said)
    (repeat,) = found.repeats
    words = said.split()
    assert repeat.utterance == 1 and not found.extras and not found.missing
    assert words[repeat.first : repeat.last + 1] == ["Together", "acted", "like", "one."]
    together = next(p for p in found.passages if p.tokens == (6,))
    assert together.heard == (10,)


def test_a_stutter_of_the_recogniser_is_not_speech() -> None:
    words = [RecognisedWord(w.text, w.start, w.end, 0.9) for w in _heard(SCRIPT[1])]
    stutter = [RecognisedWord("now", 1.5, 1.6, 0.9)] * 4
    texts = SCRIPT[1].split()
    found = takes.find_takes(texts, [0] * len(texts), [*words[:4], *stutter, *words[4:]], "en")
    assert not found.extras and all(passage.tokens for passage in found.passages)


def test_figures_match_the_words_that_are_said_for_them() -> None:
    script = matching.make_units(["In", "nineteen seventy", "it was 38", "percent."], "en-US")
    heard = matching.make_units(["In", "1970", "it", "was", "thirty-eight", "percent"], "en-US")
    assert [unit.sound for unit in script] == [unit.sound for unit in heard]


def test_a_table_of_distances_has_the_distances_of_each_two_words() -> None:
    from narrate.align.phonetic_distance import phone_distance

    words = ["kæt", "kæts", "dɔɡ", "ɪlɛfənt", "ə"]
    table = matching.compute_distances(words, words)
    for a, one in enumerate(words):
        for b, other in enumerate(words):
            wanted = phone_distance(one, other) / max(len(one), len(other))
            assert table[a, b] == pytest.approx(wanted, abs=1e-6)


def test_a_sentence_in_another_language_is_neither_missing_nor_an_addition() -> None:
    # An English aside stands for the words that English recognition makes of another language.
    script = _utterances([*SCRIPT[:2], "Nous cherchons la lumière bleue.", *SCRIPT[2:]])
    script[2] = replace(script[2], language="fr")
    said = [*SCRIPT[:2], ASIDE, *SCRIPT[2:]]
    sound, words = _record(said)
    found = align_recording(script, to_recognition_rate(sound), language="en-US", jobs=1)
    finding = _only(found.findings)
    assert (finding.rule, finding.severity, finding.place.line) == ("not-checked", "note", 12)
    assert "(fr)" in finding.message
    for number in (0, 1, 3, 4):
        _close(_of(found, number), words[number])


def test_a_language_that_the_recogniser_does_not_know_is_an_error() -> None:
    sound, _ = _record(SCRIPT[:1])
    with pytest.raises(VoiceError, match="'zz'"):
        align_recording(_utterances(SCRIPT[:1]), to_recognition_rate(sound), language="zz", jobs=1)
