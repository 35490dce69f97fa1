"""Lines of Chinese and Japanese break by the rules of kinsoku, and never lose a character."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.model import Slide, Token, Utterance
from narrate.captions import check_cues, find_profile, hold_all_words, make_cues
from narrate.captions.cjk_phrases import NOT_FIRST, NOT_LAST, split_phrases
from narrate.captions.text import count_columns
from narrate.clock import ms_to_samples
from narrate.vocabulary import Cue, Word

LETTERS = "光は波でアイザックっょー々42nm。、「」（）！？…年"


@given(st.text(st.sampled_from(LETTERS), min_size=1, max_size=40))
def test_pieces_are_the_word_and_none_begins_or_ends_wrongly(text: str) -> None:
    pieces = [piece for piece, _ in split_phrases(text, 26)]
    assert "".join(pieces) == text
    for before, after in pairwise(pieces):
        if count_columns(before) + count_columns(after) <= 26:
            assert after[0] not in NOT_FIRST and before[-1] not in NOT_LAST


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("青い光の波長", "光の|波長", "波|長"),
        ("光を反射する", "光を|反射", "反|射"),
        ("アイザック・ニュートンは", "・|ニュートン", "ニュー|トン"),
        ("彩虹的颜色", "的|颜色", "虹|的"),
    ],
)
def test_phrases_break_at_their_ends(text: str, good: str, bad: str) -> None:
    costs: dict[int, float] = {}
    at = 0
    for piece, cost in split_phrases(text, 26):
        costs[at] = cost
        at += len(piece)

    def cost_of(marked: str) -> float:
        before = marked.index("|")
        return costs.get(text.index(marked.replace("|", "")) + before, 200.0)

    assert cost_of(good) < cost_of(bad)


def make_captions(
    sentences: list[str], language: str, name: str = "bbc"
) -> tuple[Slide, tuple[Cue, ...]]:
    """The captions of sentences that are said at six characters a second."""
    words, utterances, clock = [], [], 0
    for u, sentence in enumerate(sentences):
        tokens = sentence.split("|")
        for t, token in enumerate(tokens):
            said = len(token) * 1000 // 6
            start, end = ms_to_samples(clock), ms_to_samples(clock + said)
            words.append(Word(token, start, end, u, t))
            clock += said
        clock += 400
        utterances.append(Utterance(tuple(Token(t, t, 0, 0) for t in tokens), 0, 1))
    slide = Slide(1, "", (), tuple(utterances), 1)
    profile = find_profile(name, language)
    cues = make_cues(
        slide, words, profile=profile, total=ms_to_samples(clock + 1000), language=language
    )
    return slide, cues


JAPANESE = [
    "太陽が後ろにあり、|前に雨が降っているとき、|虹が見えます。",
    "アイザック・ニュートンは1672年にこの二つの角度を計算しました。",
    "「この虹はあなただけのものです」と先生は言うでしょう。",
]
CHINESE = ["老师会说：|“这道彩虹只属于你。”", "艾萨克·牛顿在1672年计算了这两个角度。"]


@pytest.mark.parametrize(
    ("sentences", "language", "characters"), [(JAPANESE, "ja", 13), (CHINESE, "zh-CN", 16)]
)
@pytest.mark.parametrize("name", ["bbc", "dcmp", "netflix"])
def test_captions_hold_every_character_on_short_lines(
    sentences: list[str], language: str, characters: int, name: str
) -> None:
    slide, cues = make_captions(sentences, language, name)
    assert hold_all_words(cues, [slide])
    lines = [line for cue in cues for line in cue.lines]
    assert max(map(count_columns, lines)) <= 2 * characters
    assert all(line[0] not in NOT_FIRST and line[-1] not in NOT_LAST for line in lines)
    assert not any(" " in line for line in lines)
    rules = {f.rule for f in check_cues(cues, find_profile(name, language))}
    assert not rules & {"caption-line-too-long", "captions-too-fast", "caption-too-many-lines"}


def test_without_the_language_lines_are_longer() -> None:
    """The control: the profile of a script of letters lets 18 wide characters stand on a line."""
    slide, _ = make_captions(JAPANESE, "ja")
    words = [
        Word(token.written, ms_to_samples(3000 * u), ms_to_samples(3000 * u + 2900), u, t)
        for u, utterance in enumerate(slide.utterances)
        for t, token in enumerate(utterance.tokens)
    ]
    cues = make_cues(
        slide, words, profile=find_profile("bbc"), total=ms_to_samples(12_000), language="ja"
    )
    assert max(count_columns(line) for cue in cues for line in cue.lines) > 26


def test_french_punctuation_stays_with_its_word() -> None:
    tokens = ["Mais", "pourquoi", "le", "ciel", "est-il", "donc", "vraiment", "bleu", "?"]
    tokens += ["«", "Personne", "ne", "le", "sait", "»"]
    words = [Word(t, ms_to_samples(300 * n), ms_to_samples(300 * n + 250), 0, n)
             for n, t in enumerate(tokens)]  # fmt: skip
    slide = Slide(1, "", (), (Utterance(tuple(Token(t, t, 0, 0) for t in tokens), 0, 1),), 1)
    cues = make_cues(slide, words, profile=find_profile("bbc"), total=ms_to_samples(5000),
                     language="fr")  # fmt: skip
    lines = [line for cue in cues for line in cue.lines]
    assert not any(line.startswith(("?", "»")) or line.endswith("«") for line in lines)
    text = " ".join(lines)
    assert "bleu\u00a0?" in text and "«\u00a0Personne" in text and "sait\u00a0»" in text
    assert hold_all_words(cues, [slide])


@pytest.mark.parametrize(
    ("before", "after", "language"),
    [
        ("el", "sol", "es"),
        ("la", "luce", "it"),
        ("o", "sol", "pt-BR"),
        ("der", "Himmel", "de"),
        ("le", "ciel", "fr"),
        ("प्रकाश", "का", "hi"),
        ("450", "nm", "fr"),
    ],
)
def test_articles_stay_with_their_nouns(before: str, after: str, language: str) -> None:
    from narrate.captions.breaks import GLUED, break_penalty

    assert break_penalty(before, after, language) >= GLUED
    assert break_penalty("x", "y", "fi") < GLUED
