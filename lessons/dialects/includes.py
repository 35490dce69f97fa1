"""Text files that a lesson brings in: found in its folders, bounded, and never out of them."""

from __future__ import annotations

from pathlib import Path

from foundation.problem import Place, Problem
from foundation.shortening import shorten
from lessons.course.media import MediaFolders, find_file, is_hidden
from lessons.course.text_files import read_text
from lessons.dialects.base import Context
from lessons.errors import LessonError, MediaError
from lessons.markdown.outline import clean_text
from lessons.markdown.source import SourceFile
from lessons.model import Finding

MOST_INCLUDES = 200
LARGEST_INCLUDED = 2_000_000  # characters of all files together, as of a lesson
MOST_DEPTH = 10


def read_included(
    context: Context, name: str, place: Place, *, beside: Path | None = None
) -> SourceFile | None:
    """A text file that the lesson brings in; None, with a finding, if it cannot be read.

    It is looked for in the folder `beside` (by default the lesson's), in the project's folder and
    in the folder of texts, and is never outside of it, and never hidden.
    """

    def report(message: str, remedy: str) -> None:
        context.findings.append(
            Finding("include-missing", "warning", Problem(message, remedy, place))
        )

    if context.files_read >= MOST_INCLUDES or context.characters_read > LARGEST_INCLUDED:
        if not context.told_of_limit:
            context.told_of_limit = True
            report(
                f"The lesson brings in more than {MOST_INCLUDES} files or "
                f"{LARGEST_INCLUDED:,} characters, so the rest is left out.",
                "Split it into several lessons.",
            )
        return None
    project = context.project
    others = (project.root,) if project else ()
    folders = MediaFolders(context.root, context.root, beside or context.folder, others)
    try:
        path = find_file(folders, name, place)
        if is_hidden(path, context.folder):
            raise MediaError(
                f"{shorten(name)!r} is a hidden file or in a hidden folder, and may hold a secret.",
                remedy="Name the file and its folders so that no name begins with a dot.",
                place=place,
            )
        relative = path.relative_to(context.root.resolve()).as_posix()
        text = clean_text(read_text(path, relative, LessonError))
    except (MediaError, LessonError) as error:
        problem = error.problem.within(place)
        context.findings.append(Finding("include-missing", "warning", problem))
        return None
    context.files_read += 1
    context.characters_read += len(text)
    return SourceFile(relative, text)
