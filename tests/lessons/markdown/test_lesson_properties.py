"""Properties of every lesson, whatever is written in it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.errors import ScriptError
from lessons.markdown.lesson import parse_lesson
from lessons.model import Slide

PIECES = """# H|## S|---|- a|* b|1. x|1) y|> q|```py|```|`c`|$x^2$|$$|**b**|*e*|[l](u)
<!-- say: hi. -->|<!-- n -->|<!--|-->|<!-- skip -->|<!-- pause: 1s -->|Note: n|Dr. X.|3.5 km
\\*|&amp;|<br>|<sub alias='z'>|</sub>|<break/>|[click]|layout: x|~~s~~|_|<div>|| | | text
[^1]|title: x|Word. Next?"""
fragments = st.sampled_from(
    [piece + end for piece in PIECES.replace("\n", "|").split("|") for end in ("", "\n", "\n\n")]
)
texts = st.lists(st.one_of(fragments, fragments, st.text(max_size=3)), max_size=30).map("".join)


def check_slide(slide: Slide, text: str) -> None:
    for utterance in slide.utterances:
        assert utterance.tokens
        assert utterance.pause_ms > 0
        assert 0 <= utterance.step < slide.steps
        end = 0
        for token in utterance.tokens:
            assert end <= token.start < token.end <= len(text)
            end = token.end
            assert token.written and " " not in token.written
        lines = text.replace("\r\n", " \n").replace("\r", "\n")
        assert lines.count("\n", 0, utterance.tokens[0].start) + 1 == utterance.line
    if slide.anchors:
        assert len(slide.anchors) == len(slide.visuals)
        assert list(slide.anchors) == sorted(slide.anchors)
        assert all(0 <= at < len(slide.utterances) for at in slide.anchors)
    for step in range(1, slide.steps):
        assert any(utterance.step == step for utterance in slide.utterances)


@settings(max_examples=250, deadline=None)
@given(texts)
def test_only_script_errors_come_out_and_tokens_keep_order(text: str) -> None:
    try:
        lesson = parse_lesson(text, path="l.md", root=Path())
    except ScriptError as error:
        assert error.place.path and error.remedy
        return
    for slide in lesson.slides:
        check_slide(slide, text)
    if lesson.shape == "script":
        starts = [t.start for s in lesson.slides for u in s.utterances for t in u.tokens]
        assert starts == sorted(set(starts))


words = st.text(
    alphabet=st.characters(
        categories=("L", "N", "P", "S"), exclude_characters="\\`*_~<>&[]$#|!\ufffc\ue000"
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(words, min_size=1, max_size=20),
    st.lists(st.sampled_from([" ", "\n", "  "]), min_size=20),
)
def test_every_character_of_the_prose_is_in_one_token(written: list[str], gaps: list[str]) -> None:
    prose = "Start " + "".join(f"{word}{gap}x " for word, gap in zip(written, gaps, strict=False))
    text = f"# H\n\n{prose.strip()}\n"
    try:
        lesson = parse_lesson(text, path="l.md", root=Path())
    except ScriptError:
        return
    if lesson.shape == "deck" or any(slide.visuals for slide in lesson.slides):
        return  # a rule or a list by chance
    tokens = [t for s in lesson.slides for u in s.utterances for t in u.tokens]
    covered = [False] * len(text)
    for token in tokens:
        assert text[token.start : token.end] == token.written
        for at in range(token.start, token.end):
            assert not covered[at]
            covered[at] = True
    body = text.index("Start")
    if len(lesson.slides) == 1:
        assert all(covered[at] or text[at].isspace() for at in range(body, len(text)))
