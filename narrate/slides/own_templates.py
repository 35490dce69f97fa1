"""Templates of the user's own, which stand in place of single ones of narrate's.

Only the user's own settings name their folder, never a course: a template is a program. It runs in
Jinja's sandbox, and Typst reads nothing but the files of the slide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from foundation.near_words import find_near
from foundation.problem import Place, Problem, ProblemError
from foundation.shortening import brief, shorten
from lessons.course.text_files import opening, read_text
from lessons.model import Finding
from narrate.errors import SettingsError
from narrate.templating import find_templates_folder

OwnTemplates = tuple[tuple[str, str], ...]

_SUFFIX = ".typ.j2"


def list_template_names() -> tuple[str, ...]:
    """The names of the templates that may be replaced."""
    folder = find_templates_folder() / "slides"
    return tuple(sorted(path.name for path in folder.glob(f"*{_SUFFIX}")))


def read_own_templates(folder: str, place: Place) -> OwnTemplates:
    """The templates in a folder, each with its name. `place` is where the folder is named.

    Raises SettingsError if the folder cannot be read, or a file in it replaces no template.
    """
    path = Path(folder).expanduser()
    with opening(folder, place, SettingsError):
        names = sorted(found.name for found in path.iterdir() if found.name.endswith(_SUFFIX))
    known = list_template_names()
    for name in names:
        if name not in known:
            near = find_near(name, known)
            raise SettingsError(
                f"The file {brief(name)} in the folder of templates replaces none of narrate's.",
                remedy=f"Call it {near!r}, or take it away."
                if near
                else f"The templates are {', '.join(known)}.",
                place=place,
            )
    return tuple((name, read_text(path / name, str(path / name), SettingsError)) for name in names)


def find_fault(templates: OwnTemplates, try_with: Callable[[OwnTemplates], object]) -> Finding:
    """The finding about the template that fails. `try_with` draws the slide with some of them."""
    faults: Mapping[str, str] = {
        name: told for name, text in templates if (told := _find_error(((name, text),), try_with))
    }
    name, told = next(iter(faults.items()), ("", _find_error(templates, try_with)))
    what = f"Your template {name} fails" if name else "Your templates fail together"
    message = f"{what}: {shorten(told, 200)}. The slide is drawn with narrate's own."
    remedy = f"Correct {name or 'them'}, or take the key 'templates' out of your settings."
    return Finding("template-unusable", "error", Problem(message, remedy))


def _find_error(templates: OwnTemplates, try_with: Callable[[OwnTemplates], object]) -> str:
    try:
        try_with(templates)
    except Exception as error:  # a template can raise anything
        line = getattr(error, "lineno", None)
        told = error.message if isinstance(error, ProblemError) else str(error)
        told = " ".join(told.split()).rstrip(".") or type(error).__name__
        return f"line {line}: {told}" if line else told
    return ""
