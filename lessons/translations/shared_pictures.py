"""Gives a translation the pictures of the original that it leaves out."""

from __future__ import annotations

from dataclasses import replace

from foundation.languages import same_language
from lessons.model import Lesson, Picture, Placeholder, Slide, Visual, walk_visuals
from lessons.translations.pairs import pair_slides


def share_pictures(original: Lesson, lesson: Lesson) -> Lesson:
    """The translation, in which each slide without any picture has those of the original's.

    They have no alternative text, since the original's is in another language: that is found like
    that of any picture, and is mended by writing the picture into the translation. In the same
    language, such as that of another region, they keep it.
    """
    same = same_language(original.settings.language, lesson.settings.language)
    borrowed = {
        pair.translation.number: _borrow(pair.original, pair.translation, original.path, same)
        for pair in pair_slides(original.slides, lesson.slides)
        if pair.original and pair.translation
    }
    slides = tuple(borrowed.get(slide.number, slide) for slide in lesson.slides)
    return lesson if slides == lesson.slides else replace(lesson, slides=slides)


def _borrow(original: Slide, slide: Slide, path: str, same: bool) -> Slide:
    if any(isinstance(v, Picture | Placeholder) for v in walk_visuals(slide.visuals)):
        return slide
    pictures: list[Visual] = []
    anchors: list[int] = []
    for position, visual in enumerate(original.visuals):
        anchor = original.anchors[position] if original.anchors else 0
        for v in walk_visuals([visual]):
            if isinstance(v, Picture):
                pictures.append(
                    replace(
                        v,
                        alt=v.alt if same else "",
                        title=v.title if same else "",
                        step=min(v.step, slide.steps - 1),
                        line=slide.line,
                        borrowed=path,
                    )
                )
                anchors.append(_find_same_paragraph(original, anchor, slide))
    if not pictures:
        return slide
    if not slide.utterances or (slide.visuals and not slide.anchors) or not original.anchors:
        anchors = []
    return replace(
        slide,
        visuals=(*slide.visuals, *pictures),
        anchors=(*slide.anchors, *anchors) if anchors else (),
    )


def _find_same_paragraph(original: Slide, anchor: int, slide: Slide) -> int:
    """The utterance with which the paragraph of the translation begins that stands for the
    original's paragraph with an utterance."""
    before = sum(u.ends_paragraph for u in original.utterances[:anchor])
    begins = [0, *(n + 1 for n, u in enumerate(slide.utterances) if u.ends_paragraph)]
    begins = [n for n in begins if n < len(slide.utterances)] or [0]
    return begins[min(before, len(begins) - 1)]
