from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.cjk import is_cjk, join_texts
from lessons.model import Slide, Token, Utterance
from narrate.captions import PROFILES, Profile, check_cues, hold_all_words, make_cues, shift_cues
from narrate.captions.text import count_columns
from narrate.clock import ms_to_samples
from narrate.vocabulary import Cue, Word

BBC = PROFILES["bbc"]
LECTURE = (
    "Light takes eight minutes and twenty seconds to reach us from the Sun.",
    "Why is the sky blue?",
    "Because air scatters short waves more than long ones.",
    "In 1871 Lord Rayleigh showed that the strength of the scattering goes with the fourth power "
    "of the frequency, so that violet light is scattered about ten times as much as red.",
    "You can see the effect with a glass of water, a few drops of milk and a torch: hold the torch "
    "behind the glass and the light turns orange.",
    "Figure 3 shows the spectrum at 550 nm.",
    "The speed of light in a vacuum is 299,792,458 m/s – by definition.",
    "Isaac Newton split it with a prism, and Dr. Hooke disagreed.",
)


def slide_of(sentences: Sequence[str], voices: Sequence[str | None] = ()) -> Slide:
    utterances = tuple(
        Utterance(
            tuple(Token(word, word, 0, 0) for word in sentence.split(" ")),
            pause_ms=400,
            line=n + 1,
            voice=voices[n] if voices else None,
        )
        for n, sentence in enumerate(sentences)
    )
    return Slide(1, "Light", (), utterances, 1)


def say(slide: Slide, *, per_word: int = 380, pause: int = 450) -> tuple[list[Word], int]:
    """Return words at an even pace and the slide's length. A token without letters is not said."""
    clock = 300
    words = []
    for u, utterance in enumerate(slide.utterances):
        for t, token in enumerate(utterance.tokens):
            said = per_word if any(c.isalnum() for c in token.written) else 0
            words.append(
                Word(token.written, ms_to_samples(clock), ms_to_samples(clock + said), u, t)
            )
            clock += said
        clock += pause
    return words, ms_to_samples(clock + 500)


def cues_of(sentences: Sequence[str], profile: Profile = BBC, **pace: int) -> tuple[Cue, ...]:
    slide = slide_of(sentences)
    words, total = say(slide, **pace)
    return make_cues(slide, words, profile=profile, total=total, language="en-US")


@pytest.mark.parametrize("name", PROFILES)
def test_a_lecture_at_an_easy_pace_breaks_no_rule(name: str) -> None:
    profile = PROFILES[name]
    slide = slide_of(LECTURE)
    words, total = say(slide, per_word=420)
    cues = make_cues(slide, words, profile=profile, total=total, language="en-US")
    assert " ".join(cue.text for cue in cues) == slide.written
    assert check_cues(cues, profile) == []
    assert hold_all_words(cues, [slide])


@pytest.mark.parametrize("name", PROFILES)
def test_no_line_ends_at_a_forbidden_place(name: str) -> None:
    bad = re.compile(r"(?i)\b(the|a|an|you|is|Dr\.|Isaac|Lord|550|Figure|to|with|of|in|and|that)$")
    cues = cues_of(LECTURE, PROFILES[name])
    lines = [line for cue in cues for line in cue.lines]
    assert [line for line in lines if bad.search(line)] == []
    assert not any(line.startswith("–") for line in lines)


def test_sentences_that_fit_are_captions_of_their_own_in_balanced_lines() -> None:
    cues = cues_of(LECTURE)
    assert cues[1].lines == ("Why is the sky blue?",)
    assert cues[0].lines == (
        "Light takes eight minutes and twenty",
        "seconds to reach us from the Sun.",
    )
    for cue in cues:
        if len(cue.lines) == 2:
            assert abs(count_columns(cue.lines[0]) - count_columns(cue.lines[1])) <= 14


def test_the_best_cut_of_the_whole_beats_a_greedy_first_caption() -> None:
    # Filling the first caption would leave "red." alone in the second.
    sentence = (
        "Violet light is scattered by the air about ten times as much as any light that is red."
    )
    cues = cues_of([sentence])
    assert len(cues) == 2
    assert min(len(cue.text.split()) for cue in cues) >= 5


def test_captions_begin_with_the_sound_and_end_by_the_rules() -> None:
    slide = slide_of(["One two three four.", "Five six seven eight."])
    words, total = say(slide, per_word=400, pause=3000)
    first, second = make_cues(slide, words, profile=BBC, total=total, language="en-US")
    assert (first.start, first.end) == (300, 1900)  # 4 words at 180 a minute need 1333 ms
    assert (second.start, second.end) == (4900, 6500)
    fast, total = say(slide, per_word=200, pause=3000)
    first, _ = make_cues(slide, fast, profile=BBC, total=total, language="en-US")
    assert first.end - first.start == BBC.reading_ms(4, 0)  # longer than it is said: 800 ms


@pytest.mark.parametrize(("pause", "gap"), [(300, 0), (900, 0), (1100, 1100)])
def test_bbc_closes_gaps_under_a_second(pause: int, gap: int) -> None:
    first, second = cues_of(
        ["One two three four five six.", "Seven eight nine ten eleven twelve."], pause=pause
    )
    assert second.start - first.end == gap


@pytest.mark.parametrize(("pause", "gap"), [(0, 84), (300, 84), (600, 600)])
def test_netflix_keeps_two_frames(pause: int, gap: int) -> None:
    sentences = [
        "Seven bright bands of coloured light appeared.",
        "Nobody had ever seen one like this before.",
    ]
    first, second = cues_of(sentences, PROFILES["netflix"], pause=pause)
    assert second.start - first.end == gap


def test_speech_too_fast_to_read_loses_no_word_and_has_findings() -> None:
    slide = slide_of(LECTURE)
    words, total = say(slide, per_word=200, pause=100)
    cues = make_cues(slide, words, profile=BBC, total=total, language="en-US")
    assert " ".join(cue.text for cue in cues) == slide.written
    mean, fastest = check_cues(cues, BBC)
    assert (mean.rule, fastest.rule) == ("captions-too-fast", "caption-too-fast")
    assert " 200 words a minute; the fastest at 3" in fastest.message


def test_a_token_wider_than_a_line_is_cut_at_its_joints_and_kept_whole() -> None:
    address = "https://example.org/courses/physics/light-and-colour/scattering.html"
    slide = slide_of([f"Read more at {address} today."])
    words, total = say(slide)
    cues = make_cues(slide, words, profile=BBC, total=total, language="en-US")
    assert all(count_columns(line) <= BBC.columns for cue in cues for line in cue.lines)
    assert address in "".join(cue.text for cue in cues).replace(" ", "")
    assert hold_all_words(cues, [slide])


def test_a_token_with_spaces_and_one_with_a_no_break_space() -> None:
    tokens = (
        Token("Hence", "hence", 0, 0),
        Token("E = m c²", "e equals m c squared", 0, 0),
        Token("5\u00a0km.", "five kilometres", 0, 0),
    )
    slide = Slide(1, "", (), (Utterance(tokens, 0, 1),), 1)
    words, total = say(slide)
    (cue,) = make_cues(slide, words, profile=BBC, total=total, language="en-US")
    assert cue.text == "Hence E = m c² 5\u00a0km."


def test_unsaid_words_stay_with_a_neighbour() -> None:
    slide = slide_of(["– Light is fast –", "*** And it is bright."])
    words, total = say(slide, pause=2000)
    first, second = make_cues(slide, words, profile=BBC, total=total, language="en-US")
    assert first.text == "– Light is fast –"
    assert first.start == 300
    assert second.text == "*** And it is bright."
    assert second.start == words[5].start // 48


def test_the_words_of_a_silent_slide_are_still_shown() -> None:
    slide = slide_of(["*** –", "one two"])
    silent = [
        Word(token.written, 4800, 4800, u, t)
        for u, utterance in enumerate(slide.utterances)
        for t, token in enumerate(utterance.tokens)
    ]
    cues = make_cues(slide, silent, profile=BBC, total=ms_to_samples(4000), language="en-US")
    assert " ".join(cue.text for cue in cues) == slide.written
    assert 0 <= cues[0].start < cues[-1].end <= 4000
    assert make_cues(slide_of([]), [], profile=BBC, total=1000, language="en-US") == ()


def test_a_token_without_a_word_is_not_lost() -> None:
    slide = slide_of(["One two three four five."])
    words, total = say(slide)
    cues = make_cues(slide, words[:2] + words[3:], profile=BBC, total=total, language="en-US")
    assert " ".join(cue.text for cue in cues) == slide.written


def test_two_voices_never_share_a_caption() -> None:
    slide = slide_of(["Why?", "Air.", "Oh."], voices=[None, "hibari/heart", None])
    words, total = say(slide)
    cues = make_cues(slide, words, profile=BBC, total=total, language="en-US")
    assert [(cue.text, cue.speaker) for cue in cues] == [("Why?", ""), ("Air.", ""), ("Oh.", "")]


def test_shifting_moves_all_times_and_keeps_the_lines() -> None:
    cues = cues_of(LECTURE)
    moved = shift_cues(cues, 12_345)
    assert [(b.start - a.start, b.end - a.end) for a, b in zip(cues, moved, strict=True)] == [
        (12_345, 12_345)
    ] * len(cues)
    assert [cue.lines for cue in moved] == [cue.lines for cue in cues]


WORD = st.text(
    st.sampled_from("abcdefghijklmnoprstuvwy.,;:!?()-–'\"0123456789&<>é界שﷺ\u0301\u00a0👩"),
    min_size=1,
    max_size=60,
)
TIMED = st.tuples(WORD, st.integers(0, 900), st.integers(0, 700))


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.lists(TIMED, min_size=1, max_size=14), max_size=5),
    st.sampled_from(sorted(PROFILES)),
)
def test_captions_of_any_words_are_complete_and_in_order(
    sentences: list[list[tuple[str, int, int]]], name: str
) -> None:
    profile = PROFILES[name]
    clock = 0
    words = []
    utterances = []
    for u, sentence in enumerate(sentences):
        for t, (written, said, pause) in enumerate(sentence):
            words.append(Word(written, clock * 48, (clock + said) * 48, u, t))
            clock += said + pause
        utterances.append(Utterance(tuple(Token(w, w, 0, 0) for w, _, _ in sentence), 0, 1))
    slide = Slide(1, "", (), tuple(utterances), 1)
    total = clock + 1000
    cues = make_cues(slide, words, profile=profile, total=total * 48, language="en-US")
    text = join_texts(cue.text for cue in cues)
    fit = not any(  # a word is only cut if it is too wide, or Chinese or Japanese
        count_columns(word.written) > profile.columns or any(map(is_cjk, word.written))
        for word in words
    )
    if fit:
        assert text == slide.written
    assert text.replace(" ", "") == slide.written.replace(" ", "")
    assert all(0 <= cue.start < cue.end <= total for cue in cues)
    assert all(a.end <= b.start for a, b in pairwise(cues))
    assert all(1 <= len(cue.lines) <= profile.lines and all(cue.lines) for cue in cues)
    assert all(count_columns(line) <= profile.columns for cue in cues for line in cue.lines)
    if fit and all(word.end > word.start for word in words):
        assert {cue.start for cue in cues} <= {word.start // 48 for word in words}


def timed(sentence: str, *spans: tuple[int, int]) -> tuple[Slide, list[Word], int]:
    """Return a sentence whose words take the given (length, silence after), in milliseconds.

    The last pair is for all remaining words.
    """
    slide = slide_of([sentence])
    clock = 0
    words = []
    for t, token in enumerate(slide.utterances[0].tokens):
        said, silence = spans[min(t, len(spans) - 1)]
        words.append(Word(token.written, clock * 48, (clock + said) * 48, 0, t))
        clock += said + silence
    return slide, words, (clock + 500) * 48


COUNT = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"


def test_a_caption_of_fast_words_is_given_more_words_so_that_it_can_be_read() -> None:
    sentence = COUNT.replace("six", "six,")
    even, words, total = timed(sentence, (400, 0))
    assert make_cues(even, words, profile=BBC, total=total, language="en-US")[0].text.endswith(
        "six,"
    )
    hasty, words, total = timed(sentence, *[(150, 0)] * 6, (500, 0))
    assert not make_cues(hasty, words, profile=BBC, total=total, language="en-US")[0].text.endswith(
        "six,"
    )


def test_a_caption_does_not_bridge_a_long_pause() -> None:
    slide, words, total = timed("Hold it to the light, and wait.", *[(400, 0)] * 4, (400, 1800))
    first = make_cues(slide, words, profile=BBC, total=total, language="en-US")[0]
    assert first.text == "Hold it to the light,"


def test_a_sentence_is_cut_at_a_breath() -> None:
    sentence = COUNT + " sixteen"
    slide, words, total = timed(sentence, (400, 0))
    assert not make_cues(slide, words, profile=BBC, total=total, language="en-US")[0].text.endswith(
        "six"
    )
    slide, words, total = timed(sentence, *[(400, 0)] * 5, (400, 240), (400, 0))
    assert make_cues(slide, words, profile=BBC, total=total, language="en-US")[0].text.endswith(
        "six"
    )


def test_no_word_is_alone_on_a_line_without_need() -> None:
    for sentence in ("Nobody alive had ever seen it burn, though.", COUNT + "."):
        for cue in cues_of([sentence]):
            assert all(" " in line for line in cue.lines), cue


def test_the_last_caption_ends_with_its_last_word() -> None:
    slide, words, total = timed("One two three four.", (400, 0))
    (cue,) = make_cues(slide, words, profile=BBC, total=total, language="en-US")
    assert cue.end == 1600


def test_an_unsaid_word_before_a_pause_does_not_make_the_caption_early() -> None:
    slide = slide_of(["Light is fast.", "* It is bright."])
    words, total = say(slide, pause=2000)
    star = words[3]
    words[3] = Word(star.written, words[2].end, words[2].end, star.utterance, star.token)
    second = make_cues(slide, words, profile=BBC, total=total, language="en-US")[1]
    assert (second.text, second.start) == ("* It is bright.", words[4].start // 48)


def test_sentences_share_a_caption_only_if_both_are_complete() -> None:
    cues = cues_of(LECTURE[5:7], PROFILES["dcmp"])
    assert [cue.text for cue in cues][:2] == [LECTURE[5], "The speed of light in a vacuum"]
