"""xaringan: remark decks in R Markdown, with code that R has run and a title slide of its own.

Slides are remark's. The results of code are not known, except for pictures that it names, and what
R would compute inside text is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from lessons.dialects.base import Context, Dialect, Reading, Sample, as_text
from lessons.dialects.remark.dialect import read_remark
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.knitr import rewrite_knitr
from lessons.dialects.syntax.separators import Cut
from lessons.markdown.source import Source, join_sources
from lessons.markdown.titles import make_plain_title
from lessons.wordset import word_set


class Xaringan(Dialect):
    """R Markdown decks for the R package xaringan."""

    name = "xaringan"
    title = "xaringan"
    suffixes = (".rmd", ".md")
    keys = word_set("output title subtitle author institute date lang params editor_options knit")

    def score(self, sample: Sample) -> int:
        return 98 if _find_output(sample.front) is not None else 0

    def read(self, source: Source, context: Context) -> Reading:
        context.deck = True
        front = context.front
        output = _find_output(front) or {}
        source = rewrite_knitr(source, context)
        cuts: tuple[Cut, ...] = ()
        if output.get("seal") not in (False, "no", "off", "n") and as_text(front.get("title")):
            cuts = (_make_title_slide(source, front),)
        nature = output.get("nature")
        starred = isinstance(nature, Mapping) and nature.get("highlightLines") is True
        source = read_remark(source, context, cuts, starred=starred)
        return Reading(rewrite_common(source, context), "deck")


def _find_output(front: Mapping[str, object]) -> Mapping[str, object] | None:
    """The settings of xaringan's output format; None if the lesson has no such format."""
    output = front.get("output")
    if isinstance(output, str):
        return {} if output.startswith("xaringan::") else None
    if isinstance(output, Mapping):
        for name, values in output.items():
            if str(name).startswith("xaringan::"):
                return values if isinstance(values, Mapping) else {}
    return None


def _make_title_slide(source: Source, front: Mapping[str, object]) -> Cut:
    """The slide that xaringan makes of the metadata."""
    lines: list[str] = []
    for key in ("subtitle", "author", "institute", "date"):
        value = front.get(key)
        for one in value if isinstance(value, list) else [value]:
            named = one.get("name") if isinstance(one, Mapping) else one
            text = as_text(named)
            if text and not text.startswith(("`r ", "!r ")):
                lines += [text, "\n\n"]
    shown = join_sources(("\n", *lines), source)
    return Cut(shown, title=make_plain_title(as_text(front.get("title"))))
