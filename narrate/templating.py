"""Finds the templates and fills them, as HTML, Typst or plain text.

HTML and Typst are escaped by default, because what fills them comes from a course, which is not
trusted.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from foundation.files import bytes_digest, file_digest
from narrate.errors import RenderError

if TYPE_CHECKING:
    from jinja2 import Environment

_TYPST_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def find_templates_folder() -> Path:
    """Return the folder of templates: in the installed package, or beside it in a checkout.

    Raises RenderError if there is none.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise RenderError(
        f"The templates are missing: the folder {package / 'templates'} does not exist.",
        remedy="Install narrate again.",
    )


def typst_literal(text: str) -> str:
    """Write a text as a Typst string literal, including its quotes.

    Control characters become `\\u{...}`. A lone surrogate becomes U+FFFD, because no Typst string
    can hold it. The syntax is in typst.app/docs/reference/foundations/str.
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
    """Return the environment for `*.html.j2`. It escapes values; undefined names are errors."""
    return _environment()


@cache
def typst_environment() -> Environment:
    """Return the environment for `*.typ.j2`. It makes every string a Typst string literal.

    So `#text({{ title }})` is safe whatever the title is. Numbers, the results of macros and of
    `{% set x %}…{% endset %}`, and values marked `|safe` are inserted as they are. Write
    `{{ width }}pt` and not `{{ width ~ "pt" }}`.
    """
    return _escape_for_typst(_environment())


@lru_cache(maxsize=4)
def own_typst_environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    """Return the same environment with other templates for slides, by their names. They are not
    ours, so they run in Jinja's sandbox."""
    from jinja2 import ChoiceLoader, DictLoader
    from jinja2.sandbox import SandboxedEnvironment

    environment = _environment(SandboxedEnvironment)
    usual = environment.loader
    assert usual is not None
    own = DictLoader({f"slides/{name}": text for name, text in templates})
    environment.loader = ChoiceLoader([own, usual])
    return _escape_for_typst(environment)


def _escape_for_typst(environment: Environment) -> Environment:
    from markupsafe import Markup

    def finalize(value: object) -> object:
        if value is None:
            return Markup("none")
        if isinstance(value, bool):
            return Markup("true" if value else "false")
        if isinstance(value, str) and not isinstance(value, Markup):
            return Markup(typst_literal(value))
        return value

    environment.finalize = finalize
    return environment


def _environment(kind: type[Environment] | None = None) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Autoescaping is on for Typst too: it makes macros return safe text, so that `finalize` can
    # distinguish safe from unsafe values. `finalize` runs first, so no HTML escapes get into Typst.
    return (kind or Environment)(
        loader=FileSystemLoader(find_templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


@cache
def digest_templates(*prefixes: str) -> str:
    """Return a digest, for cache keys, of the templates whose path has one of the prefixes."""
    folder = find_templates_folder()
    digests = {
        path.relative_to(folder).as_posix(): file_digest(path)
        for path in folder.rglob("*")
        if path.is_file()
    }
    chosen = sorted(item for item in digests.items() if item[0].startswith(prefixes))
    return bytes_digest("\0".join(part for item in chosen for part in item).encode())


@cache
def text_environment() -> Environment:
    """Return the environment for the files of a new course, in which nothing is escaped."""
    environment = _environment()
    environment.autoescape = False
    return environment
