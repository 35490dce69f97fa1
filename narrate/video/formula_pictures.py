"""Draws LaTeX formulas as SVG pictures."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

from narrate.errors import RenderError

UNITS_PER_EM = 100
LONGEST = 2000
"""Characters. The time to typeset grows with their square, and a slide holds a tenth of that."""

_ALIGNED = re.compile(r"\\(begin|end)\{aligned\}")
"""The converter does not know `aligned`, only `split`. Both align lines at their &."""

_CHILDREN = {
    "mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3,
    "munder": 2, "mover": 2, "munderover": 3, "mroot": 2,
}  # fmt: skip
"""How many arguments these MathML elements need (MathML Core, 3.3 and 3.4)."""


@dataclass(frozen=True, slots=True)
class FormulaPicture:
    """A drawn formula. Its `width`, its `height` and its `depth` below the baseline are in em."""

    svg: bytes
    width: float
    height: float
    depth: float


@lru_cache(maxsize=256)
def draw_formula(latex: str, *, colour: str, inline: bool) -> FormulaPicture:
    """Draw a formula as an SVG in one colour (`#rrggbb`).

    Raises:
        RenderError: the LaTeX is wrong, or has a command that cannot be typeset.
    """
    latex = _ALIGNED.sub(r"\\\1{split}", latex)
    _check(latex)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # from the way in which ziamath loads its font
        from ziamath.config import config
        from ziamath.zmath import Math

    config.svg2 = False  # plain paths, without references to resolve
    try:
        drawn = Math.fromlatex(latex, size=UNITS_PER_EM, color=colour, inline=inline, margin=0)
        width, height = drawn.getsize()
        svg = drawn.svg().encode()
    except RecursionError as error:
        raise _wrong(latex, "it is nested too deeply") from error
    except Exception as error:
        raise _wrong(latex, str(error) or type(error).__name__) from error
    if width <= 0 or height <= 0:
        raise _wrong(latex, "it has nothing to show")
    return FormulaPicture(
        svg, width / UNITS_PER_EM, height / UNITS_PER_EM, -drawn.getyofst() / UNITS_PER_EM
    )


def _check(latex: str) -> None:
    """Find mistakes that the converter ignores.

    They are unbalanced braces, unknown commands and missing arguments.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.ElementTree import fromstring
    from latex2mathml.converter import convert

    if not latex.strip():
        raise _wrong(latex, "it is empty")
    if len(latex) > LONGEST:
        raise _wrong(latex, f"it has more than {LONGEST} characters")
    depth = 0
    escaped = False
    for character in latex:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if depth < 0:
                raise _wrong(latex, "a } has no matching {")
    if depth:
        raise _wrong(latex, "a { is not closed")
    try:
        tree = fromstring(convert(latex))
    except RecursionError as error:
        raise _wrong(latex, "it is nested too deeply") from error
    except ParseError as error:
        if "&" in latex:
            raise _wrong(latex, "an & is outside a table") from error
        raise _wrong(latex, "it has a character that cannot be typeset") from error
    except Exception as error:
        raise _wrong(latex, _spaced(type(error).__name__)) from error
    for element in tree.iter():
        name = element.tag.rpartition("}")[2]
        text = element.text or ""
        if text.startswith("\\") and len(text) > 1:
            raise _wrong(latex, f"{text} is not known")
        if len(element) < _CHILDREN.get(name, 0):
            raise _wrong(latex, "a command lacks an argument")


def _wrong(latex: str, problem: str) -> RenderError:
    shown = latex if len(latex) <= 80 else latex[:77] + "…"
    return RenderError(
        f"The formula $ {shown} $ cannot be typeset: {problem}.",
        remedy="Correct the LaTeX. AMS commands work, but packages and your own macros do not.",
    )


def _spaced(name: str) -> str:
    """Turn `MissingEndError` into `missing end`."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name.removesuffix("Error"))
    return words.strip()
