"""Slidev: slides with headers of their own, slots, and components."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lessons.course.yaml_mapping import LARGEST_SETTINGS, read_mapping
from lessons.dialects.base import Context, Dialect, Reading, Sample, as_text
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.scan import Line, remove_in_prose, replace_in_prose, scan_lines
from lessons.errors import LessonError
from lessons.markdown.markers import Parts, make_marker
from lessons.markdown.outline import FILLER
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_KEYS = word_set(
    "theme titleTemplate info highlighter lineNumbers drawings mdc fonts layout background "
    "colorSchema routerMode aspectRatio canvasWidth themeConfig defaults download exportFilename "
    "selectable record css favicon monaco twoslash plantUmlServer htmlAttrs addons presenter "
    "seoMeta hideInToc level clicks duration timer remote browserExporter overviewSnapshots "
    "class transition title author description keywords date"
)
_SURE = ("layout", "drawings", "highlighter", "mdc", "colorSchema", "addons", "themeConfig")
_KEY = re.compile(r"^[A-Za-z_$][\w.$-]*[ \t]*:(?:[ \t]|$)")
_SLOT = re.compile(r"^[ \t]*::[\w-]+::[ \t]*$", re.MULTILINE)
_VUE = re.compile(
    r"<(?!phoneme\b|sub\b|say-as\b)[A-Za-z][\w.:-]*(?=[^<>\n]*\s[@:#][\w-])(?:\"[^\"\n]*\"|[^<>\"\n])*>"
)


class Slidev(Dialect):
    """Slidev decks."""

    name = "slidev"
    title = "Slidev"
    keys = _KEYS

    def score(self, sample: Sample) -> int:
        if any(key in sample.front for key in _SURE) and "marp" not in sample.front:
            return 85
        lines = scan_lines(sample.text)
        return 70 if any(_find_header_end(lines, line.number) for line in lines) else 0

    def read(self, source: Source, context: Context) -> Reading:
        lines = scan_lines(source.text)
        edits: list[Edit] = []
        done = -1
        for line in lines:
            if line.number <= done or line.kind != "text" or line.text.rstrip() != "---":
                continue
            last = _find_header_end(lines, line.number)
            header: Mapping[str, object] = {}
            end = line.end
            if last is not None:
                done, end = last, lines[last].end
                start, stop = lines[line.number + 1].start, lines[last].start
                header = _read_header(source, start, stop, context)
            edits.append(Edit(line.start, min(end + 1, len(source)), _begin_slide(header)))
        source = source.edit(edits)
        source = remove_in_prose(source, _SLOT)
        source = replace_in_prose(source, _VUE, lambda match, source: (FILLER,))
        return Reading(
            rewrite_common(source, context), "deck", comments_are_notes=True, last_note_only=True
        )


def _find_header_end(lines: list[Line], number: int) -> int | None:
    """The last line of the header that opens at line `number`: keys, then `---`, without a blank
    line."""
    if lines[number].kind != "text" or lines[number].text.rstrip() != "---":
        return None
    if number + 1 >= len(lines) or not _KEY.match(lines[number + 1].text):
        return None
    for last in range(number + 1, min(number + 60, len(lines))):
        line = lines[last].text
        if line.rstrip() == "---":
            return last
        if not line.strip():
            return None
    return None


def _read_header(source: Source, start: int, stop: int, context: Context) -> Mapping[str, object]:
    place = source.find_place(start)
    try:
        return read_mapping(
            source.text[start:stop], path=place.path, error=LessonError,
            first_line=place.line or 1, limit=LARGEST_SETTINGS, keep_problems=True,
        ).values  # fmt: skip
    except LessonError as error:
        context.report("setting-unusable", error.message, error.remedy, error.problem.place)
        return {}


def _begin_slide(header: Mapping[str, object]) -> Parts:
    hidden = header.get("hide") is True or header.get("disabled") is True
    return make_marker("slide", *["hidden"] * hidden, title=as_text(header.get("title")))
