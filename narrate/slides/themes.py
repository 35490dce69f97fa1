"""The built-in themes. Each is a file in the folder `looks`, as a course may have one too.

Text and its background have a contrast of at least 4.5:1 (WCAG 1.4.3), and of at least 7:1 (1.4.6)
in the theme `contrast`.
"""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from pathlib import Path

from foundation.near_words import find_near
from foundation.problem import ProblemError
from narrate.errors import SettingsError
from narrate.slides.colours import contrast as contrast
from narrate.slides.palettes import list_names, make_colourless_theme
from narrate.slides.theme import Theme as Theme
from narrate.slides.theme import ToneColours as ToneColours
from narrate.slides.theme_files import build_theme, parse_theme
from narrate.slides.theme_keys import list_written_colours

LOOKS = Path(__file__).resolve().parent / "looks"
ORDER = ("light", "dark", "contrast", "paper", "chalk", "playful", "seminar", "calm")
"""As they are listed: first those that suit any lesson."""


def read_look(name: str) -> str:
    """The file of a built-in theme."""
    return (LOOKS / f"{name}.toml").read_text(encoding="utf-8")


def _is_comment(line: str) -> bool:
    return line.startswith("#")


def describe_theme(name: str) -> str:
    """What a built-in theme is like: the comment with which its file begins; empty for others."""
    if name not in ORDER:
        return ""
    lines = read_look(name).splitlines()
    return " ".join(line.lstrip("# ") for line in takewhile(_is_comment, lines))


@cache
def _load_themes() -> dict[str, Theme]:
    found: dict[str, Theme] = {}
    for name in ORDER:
        read = parse_theme(read_look(name), f"{name}.toml")
        if read.findings:
            raise ProblemError.of([finding.problem for finding in read.findings])
        base = found.get(read.keys.base or "", _NO_COLOURS)
        if base is _NO_COLOURS:
            missing = set(list_names()) - list_written_colours(read.keys).keys()
            assert not missing, f"{name}.toml names no base and not all colours: {sorted(missing)}"
        found[name] = build_theme(read.keys, name, base)
    return found


_NO_COLOURS = make_colourless_theme()

THEMES: dict[str, Theme] = _load_themes()


def find_theme(name: str) -> Theme:
    """Return the built-in theme with this name.

    Raises:
        SettingsError: there is no such theme.
    """
    found = THEMES.get(name)
    if found is None:
        near = find_near(name, THEMES)
        raise SettingsError(
            f"There is no theme {name!r}.",
            remedy=(f"Did you mean {near!r}? " if near else "")
            + f"The themes are {', '.join(sorted(THEMES))}.",
        )
    return found
