"""Draws LaTeX formulas as SVG pictures."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

from latex2mathml import exceptions

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

LATEX_PROBLEMS: dict[type[Exception], str] = {
    exceptions.NumeratorNotFoundError: "a fraction has no numerator",
    exceptions.DenominatorNotFoundError: "a fraction has no denominator",
    exceptions.ExtraLeftOrMissingRightError: r"a \left has no matching \right",
    exceptions.MissingSuperScriptOrSubscriptError: "nothing follows a ^ or a _",
    exceptions.DoubleSubscriptsError: "it has two subscripts in the same place",
    exceptions.DoubleSuperscriptsError: "it has two superscripts in the same place",
    exceptions.NoAvailableTokensError: "it ends where something must follow",
    exceptions.InvalidStyleForGenfracError: r"the style of \genfrac must be 0, 1, 2 or 3",
    exceptions.MissingEndError: r"a \begin has no matching \end",
    exceptions.InvalidAlignmentError: "the columns of an array can only be l, c, r and |",
    exceptions.InvalidWidthError: "a width must be a whole number",
    exceptions.LimitsMustFollowMathOperatorError: r"\limits must follow an operator such as \sum",
}
"""What each error of the converter means, as the end of a sentence."""


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
        raise _make_error(latex, "it is nested too deeply") from error
    except Exception as error:
        raise _make_error(latex, str(error) or type(error).__name__) from error
    if width <= 0 or height <= 0:
        raise _make_error(latex, "it has nothing to show")
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
        raise _make_error(latex, "it is empty")
    if len(latex) > LONGEST:
        raise _make_error(latex, f"it has more than {LONGEST} characters")
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
                raise _make_error(latex, "a } has no matching {")
    if depth:
        raise _make_error(latex, "a { is not closed")
    try:
        tree = fromstring(convert(latex))
    except RecursionError as error:
        raise _make_error(latex, "it is nested too deeply") from error
    except ParseError as error:
        if "&" in latex:
            raise _make_error(latex, "an & is outside a table") from error
        raise _make_error(latex, "it has a character that cannot be typeset") from error
    except Exception as error:
        reason = LATEX_PROBLEMS.get(type(error), "its LaTeX is not valid")
        raise _make_error(latex, reason) from error
    for element in tree.iter():
        name = element.tag.rpartition("}")[2]
        text = element.text or ""
        if text.startswith("\\") and len(text) > 1:
            raise _make_error(latex, f"{text} is not known")
        if len(element) < _CHILDREN.get(name, 0):
            raise _make_error(latex, "a command lacks an argument")


def _make_error(latex: str, problem: str) -> RenderError:
    shown = latex if len(latex) <= 80 else latex[:77] + "…"
    return RenderError(
        f"The formula $ {shown} $ cannot be typeset: {problem}.",
        remedy="Correct the LaTeX. AMS commands work, but packages and your own macros do not.",
    )
