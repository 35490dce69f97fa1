"""Plain Markdown (CommonMark, GitHub's), and our own way of writing: scripts, and simple decks."""

from __future__ import annotations

from lessons.dialects.base import Context, Dialect, Reading, Sample, as_text
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.deck_comments import rewrite_deck_comments
from lessons.dialects.syntax.indented_code import fence_indented_code
from lessons.dialects.syntax.scan import scan_lines
from lessons.dialects.syntax.separators import find_rules, mark_notes, separate_slides
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source


class Markdown(Dialect):
    """A deck if rules separate slides or the front matter says so, else a script."""

    name = "markdown"
    title = "Markdown"

    def score(self, sample: Sample) -> int:
        return 1  # what is left when no tool recognises its own

    def read(self, source: Source, context: Context) -> Reading:
        source = fence_indented_code(source, context)
        rules = list(find_rules(scan_lines(source.text)))
        wanted = as_text(context.front.get("shape"))
        if wanted == "script" or (wanted != "deck" and not rules):
            return Reading(rewrite_common(source, context), "script")
        source = separate_slides(source, rules)
        source = mark_notes(source, lambda line: line.text.startswith(MARK + "slide"))
        source = rewrite_deck_comments(source, context)
        return Reading(rewrite_common(source, context), "deck", comments_are_notes=True)
