"""The findings about words that were not said as they are written, and how to fix them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.problem import Place, Problem
from lessons.model import Finding, Severity, Slide
from narrate.align.expected import Expected
from narrate.align.lexicon_suggestions import suggest_lexicon_line
from narrate.align.scoring import ScoredHypothesis
from narrate.clock import format_clock
from narrate.vocabulary import Word

MOST_SURE = 0.99  # nothing is certain until a person has listened to it
_RULES = {
    "dropped": "not-said",
    "changed": "not-said",
    "doubled": "said-twice",
    "added": "said-more",
}
_AS_RECORDED = {
    "dropped": "Record the sentence again, or take the word out of the script.",
    "changed": "If the recording is right, correct the script; if not, record the sentence again.",
    "doubled": "Cut the repetition out of the recording, or record the sentence again.",
    "added": "Add it to the script, or cut it out of the recording.",
}
_AS_SPOKEN = {
    "dropped": "Listen to it; if the voice swallows the word, rephrase the sentence.",
    "changed": "Listen to it; if the voice misreads the word, use another word, or write in "
    "lexicon.yaml how it sounds.",
    "doubled": "Listen to it; if the voice says it more than once, rephrase the sentence.",
    "added": "Listen to it; if the voice says more than is written, rephrase the sentence.",
}


@dataclass(frozen=True, slots=True)
class WindowContext:
    """A window of a slide. `owner` has the index in `words` of each expected word; `offset` is the
    window's start in the slide, in seconds."""

    slide: Slide
    words: Sequence[Word]
    owner: Sequence[int]
    expected: Expected
    offset: float


def make_finding(
    window: WindowContext, scored: ScoredHypothesis, language: str, *, recorded: bool
) -> Finding:
    """The finding of a hypothesis that is more probable than the script."""
    hypothesis = scored.hypothesis
    near = window.words[window.owner[min(hypothesis.first, len(window.owner) - 1)]]
    owners = sorted({window.owner[at] for at in range(hypothesis.first, hypothesis.last)})
    written = _strip_punctuation(" ".join(window.words[at].written for at in owners))
    said = " ".join(hypothesis.said)
    if hypothesis.kind == "changed":
        # For one word of several, such as "thousand" in $30,000, quote all that was heard.
        inside = [at for at, owner in enumerate(window.owner) if owner in owners]
        before = [window.expected.words[at] for at in inside if at < hypothesis.first]
        after = [window.expected.words[at] for at in inside if at >= hypothesis.last]
        said = " ".join([*before, *hypothesis.said, *after])
    times = _count(len(hypothesis.said), hypothesis.last - hypothesis.first)
    what = {
        "dropped": f"“{written}” was not heard",
        "changed": f"“{written}” was heard as “{said}”",
        "doubled": f"“{written}” was heard {times}",
        "added": f"“{said}” was heard before “{_strip_punctuation(near.written)}”",
    }[hypothesis.kind]
    remedy = (_AS_RECORDED if recorded else _AS_SPOKEN)[hypothesis.kind]
    if not recorded and hypothesis.kind == "changed" and len(owners) == 1:
        token = window.slide.utterances[near.utterance].tokens[near.token]
        line = suggest_lexicon_line(token, said, language)
        if line:
            remedy = f"Listen to it; if the voice misreads it, add this to lexicon.yaml: {line}"
    when = format_clock(window.offset + scored.start, tenths=True)
    message = f"{what} at {when} ({_format_percent(scored.sure)})."
    place = Place(line=window.slide.utterances[near.utterance].line, slide=window.slide.number)
    severity: Severity = "warning" if scored.sure >= 0.5 else "note"
    return Finding(_RULES[hypothesis.kind], severity, Problem(message, remedy, place))


def make_missing_sentence_finding(
    slide: Slide, utterance: int, seconds: float, sure: float, *, recorded: bool
) -> Finding:
    """The finding for a sentence that was hardly heard at all, at `seconds` in the slide."""
    when = format_clock(seconds, tenths=True)
    message = (
        f"“{slide.utterances[utterance].written}” was not heard at {when} "
        f"({_format_percent(sure)})."
    )
    remedy = (
        "Record the sentence, or take it out of the script."
        if recorded
        else "Listen to it; if the voice leaves it out, rephrase the sentence."
    )
    place = Place(line=slide.utterances[utterance].line, slide=slide.number)
    return Finding("sentence-not-said", "warning", Problem(message, remedy, place))


def _count(said: int, written: int) -> str:
    count = said // max(written, 1)
    return "twice" if count == 2 else f"{count} times"


def _strip_punctuation(written: str) -> str:
    return written.strip(".,;:?!…“”\"'()")


def _format_percent(sure: float) -> str:
    return f"{round(100 * min(sure, MOST_SURE))} % sure"
