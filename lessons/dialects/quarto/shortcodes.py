"""Shortcodes of Quarto (`{{< include x.qmd >}}`): includes, videos, and values of the metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from lessons.dialects.base import Context, as_text
from lessons.dialects.configuration import read_configuration
from lessons.dialects.includes import MOST_DEPTH, read_included
from lessons.dialects.syntax.knitr import skip_header
from lessons.dialects.syntax.scan import find_code_spans, find_edits, mask_code
from lessons.markdown.markers import Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_SHORTCODE = re.compile(
    r"(?<!\{)\{\{<(?!/\*)[ \t]*(?P<name>[\w.-]+)(?P<rest>[^\n]{0,2000}?)>\}\}(?!\})"
)
_ESCAPED = re.compile(
    r"\{\{\{<(?P<one>[^\n]{0,500}?)>\}\}\}|\{\{</\*(?P<two>[^\n]{0,500}?)\*/>\}\}"
)
_INCLUDE = re.compile(
    r"^[ \t]*\{\{<[ \t]{0,20}include[ \t]{1,20}(?P<path>[^\n]{1,500}?)[ \t]{0,9}>\}\}[ \t]*$",
    re.MULTILINE,
)
_ARGUMENT = re.compile(
    r"""(?:(?P<key>[\w-]+)=)?(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))"""
)
_NOTHING = word_set(
    "pagebreak fa fab fas bi ai iconify icon lordicon academicons lipsum brand countdown version "
    "include prerelease nonbreaking placeholder social-share animate qrcode include-code-files"
)


def insert_included(source: Source, context: Context) -> Source:
    """Bring in the files of `include` shortcodes, and the files that those bring in.

    A file is looked for beside the file that names it.
    """
    for _ in range(MOST_DEPTH):
        masked = mask_code(source.text)
        edits: list[Edit] = []
        for found in _INCLUDE.finditer(masked):
            name = found["path"].strip("\"' ")
            place = source.find_place(found.start())
            own = place.path == source.file.path
            beside = context.folder if own else context.root / PurePosixPath(place.path).parent
            included = read_included(context, name, place, beside=beside)
            parts: Parts = ()
            if included is not None:
                text = skip_header(Source.of(included.path, included.text))
                parts = ("\n", source.insert_file(text, found.start()), "\n")
            edits.append(Edit(found.start(), found.end(), parts))
        if not edits:
            return source
        source = source.edit(edits)
    left = _INCLUDE.search(mask_code(source.text))
    if left is not None:
        context.report(
            "include-missing",
            f"Files bring in files more than {MOST_DEPTH} times, so the rest is left out.",
            "Check whether a file brings in itself.",
            source.find_place(left.start()),
        )
    return source


def rewrite_shortcodes(source: Source, context: Context) -> Source:
    """Rewrite the other shortcodes; one that is not known is taken out, with a finding."""
    if "{{" not in source.text:
        return source
    unknown: set[str] = set()

    def replace(match: re.Match[str], source: Source) -> Parts | None:
        name, arguments = match["name"].lower(), _read_arguments(match["rest"])
        known = _KNOWN.get(name)
        if known is not None:
            return known(arguments, context)
        if name not in _NOTHING and name not in unknown and len(unknown) < 20:
            unknown.add(name)
            context.report(
                "shortcode-unknown",
                f"The shortcode {name[:60]!r} is not known, so what it shows is left out.",
                "Write what it shows in Markdown.",
                source.find_place(match.start()),
            )
        return ()

    source = source.edit(find_edits(source, _SHORTCODE, replace))
    source = source.edit(_find_in_code(source, context))

    def show(match: re.Match[str], source: Source) -> Parts:
        return ("`{{<", match["one"] or match["two"] or "", ">}}`")

    return source.edit(find_edits(source, _ESCAPED, show))


def _find_in_code(source: Source, context: Context) -> Iterator[Edit]:
    """Values of the metadata in code spans, where the tool puts them in too."""
    for span in find_code_spans(source.text) if "{{<" in source.text else ():
        for found in _SHORTCODE.finditer(span[0]):
            if found["name"] in ("meta", "var"):
                value = _KNOWN[found["name"]](_read_arguments(found["rest"]), context)
                yield Edit(span.start() + found.start(), span.start() + found.end(), value)


_Arguments = tuple[list[str], dict[str, str]]


def _read_arguments(text: str) -> _Arguments:
    plain: list[str] = []
    named: dict[str, str] = {}
    for found in _ARGUMENT.finditer(text[:2000]):
        value = found["double"] if found["double"] is not None else found["single"]
        value = value if value is not None else found["bare"] or ""
        if found["key"]:
            named[found["key"]] = value
        else:
            plain.append(value)
    return plain, named


def _embed(what: str) -> Callable[[_Arguments, Context], Parts]:
    def make(arguments: _Arguments, context: Context) -> Parts:
        plain, named = arguments
        target = plain[0] if plain else named.get("src", "")
        name = named.get("title") or PurePosixPath(target.partition("?")[0]).name
        return ("\n\n", *make_marker("placeholder", what, title=name), "\n")

    return make


def _find_value(values: Mapping[str, object], path: str) -> str:
    value: object = values
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return as_text(value)


def _read_meta(arguments: _Arguments, context: Context) -> Parts:
    path = arguments[0][0] if arguments[0] else ""
    value = _find_value(context.front, path)
    if not value and context.project is not None:
        value = _find_value(context.project.values, path)
    return (value,)


def _read_variable(arguments: _Arguments, context: Context) -> Parts:
    root: Path = context.project.root if context.project is not None else context.root
    values = read_configuration(root, "_variables.yml")
    return (_find_value(values, arguments[0][0] if arguments[0] else ""),)


def _read_environment(arguments: _Arguments, context: Context) -> Parts:
    return (arguments[0][1] if len(arguments[0]) > 1 else "",)


def _show_keys(arguments: _Arguments, context: Context) -> Parts:
    plain, named = arguments
    return (" ".join(plain) or next(iter(named.values()), ""),)


_KNOWN: Mapping[str, Callable[[_Arguments, Context], Parts]] = {
    "video": _embed("Video"),
    "audio": _embed("Sound"),
    "embed": _embed("Notebook-output"),
    "iframe": _embed("Embedded-page"),
    "youtube": _embed("Video"),
    "tweet": _embed("Post"),
    "meta": _read_meta,
    "var": _read_variable,
    "env": _read_environment,
    "kbd": _show_keys,
}
