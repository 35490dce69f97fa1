"""Where the templates are, and the two ways of filling them: HTML and Typst.

Both escape by default, because what fills them comes from a course, which is untrusted.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from narrate.errors import RenderError

if TYPE_CHECKING:
    from jinja2 import Environment

_TYPST_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def templates_folder() -> Path:
    """The folder of templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise RenderError(
        f"The templates are missing: there is no {package / 'templates'}.",
        remedy="Install the package again.",
    )


def typst_literal(text: str) -> str:
    """A Typst string literal, quotes included, that stands for exactly this text.

    Control characters become `\\u{...}`; a lone surrogate, which no Typst string can hold, becomes
    U+FFFD. Syntax: typst.app/docs/reference/foundations/str.
    """
    return '"' + "".join(map(_typst_character, text)) + '"'


def _typst_character(character: str) -> str:
    code = ord(character)
    if character in _TYPST_ESCAPES:
        return _TYPST_ESCAPES[character]
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if code < 0x20 or 0x7F <= code <= 0x9F or code in (0x2028, 0x2029):
        return f"\\u{{{code:x}}}"
    return character


@cache
def html_environment() -> Environment:
    """For `*.html.j2`: every value is escaped, and an undefined name is an error."""
    return _environment()


@cache
def typst_environment() -> Environment:
    """For `*.typ.j2`: every string becomes a Typst string literal, with or without `|typst_str`.

    `#text({{ title }})` is therefore safe whatever the title holds. Numbers, what macros and
    `{% set x %}…{% endset %}` give, and what is marked `|safe`, go in as they are: write
    `{{ width }}pt`, not `{{ width ~ "pt" }}`.
    """
    from markupsafe import Markup

    environment = _environment()

    def literal(value: object) -> Markup:
        if isinstance(value, Markup):
            return value
        return Markup(typst_literal(str(value)))

    def finalize(value: object) -> object:
        if value is None:
            return Markup("none")
        if isinstance(value, bool):
            return Markup("true" if value else "false")
        return literal(value) if isinstance(value, str) else value

    environment.filters["typst_str"] = literal
    environment.finalize = finalize
    return environment


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Autoescaping is on for Typst too: it is what makes macros give safe text and lets `finalize`
    # tell safe from unsafe. `finalize` runs first, so nothing of HTML's escapes gets into Typst.
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


@cache
def templates_digest(*prefixes: str) -> str:
    """SHA-256 of all templates, and what they include, whose path begins with one of `prefixes`,
    for cache keys."""
    import hashlib

    folder = templates_folder()
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name.startswith(prefixes):
            total.update(f"{name}\0{path.stat().st_size}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


@cache
def text_environment() -> Environment:
    """For plain text that nobody interprets (a new course's files): nothing is escaped."""
    environment = _environment()
    environment.autoescape = False
    return environment
