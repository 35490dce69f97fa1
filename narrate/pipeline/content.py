"""What of a slide is heard, and what is seen: on these its keys depend.

Places in the script (offsets, line and slide numbers) are left out, so that an edit makes its own
slide again and no other. A step whose result shows them has them in its settings.
"""

from __future__ import annotations

import dataclasses

from lessons.model import Slide, Utterance, Visual
from narrate.pipeline.keys import Keyed, make_key


def key_spoken(slide: Slide) -> Keyed[Slide]:
    """The slide, of which a key depends on what is heard and captioned."""
    said = [_spoken_content(u) for u in slide.utterances]
    return Keyed(slide, make_key("spoken", said, slide.steps, slide.hold_ms))


def key_shown(slide: Slide) -> Keyed[Slide]:
    """The slide, of which a key depends on what is seen."""
    visuals = [_visible_content(v) for v in slide.visuals]
    return Keyed(slide, make_key("shown", slide.title, visuals, slide.steps, slide.anchors))


def key_whole(spoken: Keyed[Slide], shown: Keyed[Slide]) -> Keyed[Slide]:
    """The slide, of which a key depends on all that is heard and seen, and on its paragraphs."""
    slide = spoken.value
    paragraphs = [u.ends_paragraph for u in slide.utterances]
    return Keyed(slide, make_key("whole", spoken, shown, paragraphs))


def _spoken_content(utterance: Utterance) -> object:
    tokens = [
        (t.written, t.spoken, t.phones, t.rate, t.emphasis, t.language) for t in utterance.tokens
    ]
    return (
        tokens,
        utterance.pause_ms,
        utterance.step,
        utterance.voice,
        utterance.language,
        utterance.rate,
        utterance.speaker,
    )


def _visible_content(value: Visual | object) -> object:
    """A visual as plain values, without its line and those of the visuals inside it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [f.name for f in dataclasses.fields(value) if f.name != "line"]
        return (type(value).__name__, *(_visible_content(getattr(value, f)) for f in fields))
    if isinstance(value, tuple | list):
        return [_visible_content(v) for v in value]
    return value
