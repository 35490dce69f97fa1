"""LaTeX formulas as a teacher says them, and as plain Unicode for captions.

The ways of saying follow the habit of English-speaking classrooms: "x squared", "a over b",
"the sum from i equals one to n of".
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from lessons.speakable.symbols import LATEX
from lessons.wordset import word_set

LONGEST = 4000
"""Characters of one formula that are read; the rest is not said."""
_DEEPEST = 24

_LEXER = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:[.,]\d+)*(?:\{,\}\d{3})*|[A-Za-z]|\s+|.", re.DOTALL)


@dataclass(slots=True)
class Node:
    """`kind` is letter, number, sign, text, group, row, fraction, root, binomial, accent,
    function, large, fence or matrix; `sub` and `sup` are its scripts."""

    kind: str
    text: str = ""
    parts: list[Node] = field(default_factory=list)
    sub: Node | None = None
    sup: Node | None = None


FUNCTIONS: dict[str, str] = {
    "sin": "sine",
    "cos": "cosine",
    "tan": "tangent",
    "cot": "cotangent",
    "sec": "secant",
    "csc": "cosecant",
    "arcsin": "arc sine",
    "arccos": "arc cosine",
    "arctan": "arc tangent",
    "sinh": "hyperbolic sine",
    "cosh": "hyperbolic cosine",
    "tanh": "hyperbolic tangent",
    "log": "log",
    "ln": "natural log",
    "lg": "log",
    "exp": "exp",
    "det": "the determinant",
    "dim": "the dimension",
    "ker": "the kernel",
    "gcd": "the greatest common divisor",
    "deg": "the degree",
    "Pr": "the probability",
    "arg": "arg",
    "hom": "hom",
    "tr": "the trace",
    "Tr": "the trace",
    "rank": "the rank",
    "softmax": "softmax",
    "sgn": "sign",
    "sign": "sign",
    "Var": "the variance",
    "Cov": "the covariance",
    "erf": "the error function",
}
LARGE: dict[str, tuple[str, str]] = {
    "sum": ("the sum", "∑"),
    "prod": ("the product", "∏"),
    "coprod": ("the coproduct", "∐"),
    "int": ("the integral", "∫"),
    "iint": ("the double integral", "∬"),
    "iiint": ("the triple integral", "∭"),
    "oint": ("the contour integral", "∮"),
    "lim": ("the limit", "lim"),
    "limsup": ("the limit superior", "lim sup"),
    "liminf": ("the limit inferior", "lim inf"),
    "max": ("the maximum", "max"),
    "min": ("the minimum", "min"),
    "sup": ("the supremum", "sup"),
    "inf": ("the infimum", "inf"),
    "argmax": ("arg max", "arg max"),
    "argmin": ("arg min", "arg min"),
    "bigcup": ("the union", "⋃"),
    "bigcap": ("the intersection", "⋂"),
    "bigoplus": ("the direct sum", "⨁"),
}
ACCENTS: dict[str, tuple[str, str]] = {
    "hat": ("hat", "\u0302"),
    "widehat": ("hat", "\u0302"),
    "bar": ("bar", "\u0304"),
    "overline": ("bar", "\u0305"),
    "tilde": ("tilde", "\u0303"),
    "widetilde": ("tilde", "\u0303"),
    "dot": ("dot", "\u0307"),
    "ddot": ("double dot", "\u0308"),
    "vec": ("", "\u20d7"),
    "overrightarrow": ("", "\u20d7"),
    "check": ("check", "\u030c"),
}
_TEXTS = word_set("text textrm textbf textit texttt textsf mbox mathrm operatorname rm si")
_STYLES = word_set(
    "mathbf mathit mathcal mathsf mathtt mathscr mathfrak mathbb boldsymbol bm pmb underline "
    "underbrace overbrace boxed displaystyle textstyle cancel phantom ensuremath"
)
_DROPPED_ARGUMENT = word_set("label tag color vspace hspace ref eqref")
_DROPPED = word_set(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr limits nolimits quad qquad "
    "displaystyle textstyle scriptstyle nonumber notag middle mathrel mathbin hfill hline"
)
_BLACKBOARD = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ"}
_OPENING = {"(": ")", "[": "]", "\\{": "\\}", "\\lbrace": "\\rbrace", "\\langle": "\\rangle"}
_OPENING |= {"\\lfloor": "\\rfloor", "\\lceil": "\\rceil", "\\lvert": "\\rvert"}
_OPENING |= {"\\lVert": "\\rVert"}


@functools.lru_cache(maxsize=4096)
def parse(latex: str) -> Node:
    """A row of nodes; never fails, whatever the source."""
    return _Parser(_LEXER.findall(latex[:LONGEST])).row(0)


class _Parser:
    def __init__(self, lexemes: list[str]) -> None:
        self.lexemes = lexemes
        self.at = 0

    def peek(self) -> str:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else ""

    def row(self, depth: int, until: str = "") -> Node:
        made: list[Node] = []
        while self.at < len(self.lexemes):
            lexeme = self.peek()
            if until and lexeme == until:
                self.at += 1
                break
            if lexeme == "\\right" and until and not until.startswith("}"):
                self.at += 1
                continue
            if lexeme == "\\end":
                break
            if lexeme in ("^", "_"):
                self.at += 1
                script = self.argument(depth)
                if not made:
                    made.append(Node("group"))
                if lexeme == "^":
                    made[-1].sup = _joined(made[-1].sup, script)
                else:
                    made[-1].sub = _joined(made[-1].sub, script)
            elif lexeme == "'":
                self.at += 1
                if not made:
                    made.append(Node("group"))
                made[-1].sup = _joined(made[-1].sup, Node("sign", "′"))
            else:
                made.extend(self.node(depth))
        return Node("row", parts=made)

    def argument(self, depth: int) -> Node:
        """The next group or single node."""
        while self.peek().isspace():
            self.at += 1
        found = self.node(depth)
        return found[0] if len(found) == 1 else Node("row", parts=found)

    def raw(self) -> str:
        """The text of the next group, unparsed."""
        while self.peek().isspace():
            self.at += 1
        if self.peek() != "{":
            lexeme = self.peek()
            self.at += 1
            return lexeme
        self.at += 1
        level, parts = 1, []
        while self.at < len(self.lexemes):
            lexeme = self.peek()
            self.at += 1
            level += (lexeme == "{") - (lexeme == "}")
            if level == 0:
                break
            parts.append(lexeme)
        return "".join(parts)

    def node(self, depth: int) -> list[Node]:
        """The next thing; an empty list for what is not said."""
        lexeme = self.peek()
        self.at += 1
        if not lexeme or lexeme.isspace() or lexeme in ("}", "~", "&"):
            return [Node("sign", ",")] if lexeme == "&" and depth == -1 else []
        if depth > _DEEPEST:
            return []
        if lexeme == "{":
            return [self.row(depth + 1, "}")]
        if lexeme[0].isdecimal():
            return [Node("number", lexeme.replace("{,}", ","))]
        if lexeme in _OPENING:
            return [Node("fence", lexeme.lstrip("\\"), [self.row(depth + 1, _OPENING[lexeme])])]
        if lexeme.startswith("\\"):
            return self.command(lexeme[1:].rstrip("*") or "*", depth)
        if lexeme.isalpha():
            return [Node("letter", lexeme)]
        return [Node("sign", {"-": "−", "*": "∗"}.get(lexeme, lexeme))]

    def command(self, name: str, depth: int) -> list[Node]:
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            return [Node("fraction", "", [self.argument(depth + 1), self.argument(depth + 1)])]
        if name in ("binom", "dbinom", "tbinom"):
            return [Node("binomial", "", [self.argument(depth + 1), self.argument(depth + 1)])]
        if name == "sqrt":
            parts = []
            if self.peek() == "[":
                self.at += 1
                parts.append(self.row(depth + 1, "]"))
            return [Node("root", "", [self.argument(depth + 1), *parts])]
        if name in _TEXTS:
            text = self.raw().replace("\\,", " ").replace("\\ ", " ").replace("~", " ")
            bare = text.strip()
            if name == "operatorname" or name == "mathrm":
                if bare in FUNCTIONS:
                    return [Node("function", bare)]
                if bare.replace(" ", "") in LARGE:
                    return [Node("large", bare.replace(" ", ""))]
            return [Node("text", re.sub(r"[\\{}$]", "", text))]
        if name in _STYLES:
            if self.peek() != "{" and name in ("displaystyle", "textstyle"):
                return []
            inner = self.argument(depth + 1)
            if name == "mathbb":
                letter = next(iter(inner.parts), inner) if inner.kind == "row" else inner
                if letter.text in _BLACKBOARD:
                    return [Node("sign", _BLACKBOARD[letter.text])]
            return [inner]
        if name in ACCENTS:
            return [Node("accent", name, [self.argument(depth + 1)])]
        if name in ("overset", "underset", "stackrel", "textcolor"):
            self.raw()
            return [self.argument(depth + 1)]
        if name in _DROPPED_ARGUMENT:
            self.raw()
            return []
        if name in LARGE:
            return [Node("large", name)]
        if name == "arg" and self.peek() in ("\\max", "\\min"):
            lexeme = self.peek()
            self.at += 1
            return [Node("large", "arg" + lexeme[1:])]
        if name in FUNCTIONS:
            return [Node("function", name)]
        if name in ("pmod", "bmod", "mod"):
            modulus = [self.argument(depth + 1)] if name == "pmod" else []
            return [Node("text", "mod"), *modulus]
        if name == "begin":
            return self.environment(depth)
        if name in ("|", "Vert"):
            return [Node("sign", "‖")]
        if name in ("vert", "lvert", "rvert"):
            return [Node("sign", "|")]
        if name in LATEX:
            return [Node("sign", LATEX[name])]
        if name in _DROPPED or not name[0].isalpha():
            if name in ("left", "right") and self.peek() == ".":
                self.at += 1
            if name in (",", ";", ":", " ", "quad", "qquad"):
                return [Node("space", " ")]
            return [Node("sign", ";")] if name == "\\" else []
        return [Node("text", name)]

    def environment(self, depth: int) -> list[Node]:
        name = self.raw().rstrip("*")
        if name == "array" and self.peek() == "{":
            self.raw()
        rows: list[Node] = [Node("row")]
        cell: list[Node] = []

        def end_cell() -> None:
            rows[-1].parts.append(Node("row", parts=list(cell)))
            cell.clear()

        while self.at < len(self.lexemes) and self.peek() != "\\end":
            lexeme = self.peek()
            if lexeme == "&":
                self.at += 1
                end_cell()
            elif lexeme == "\\\\":
                self.at += 1
                end_cell()
                rows.append(Node("row"))
            elif lexeme in ("^", "_"):
                self.at += 1
                script = self.argument(depth + 1)
                if cell and lexeme == "^":
                    cell[-1].sup = script
                elif cell:
                    cell[-1].sub = script
            else:
                cell.extend(self.node(depth + 1))
        if self.peek() == "\\end":
            self.at += 1
            self.raw()
        if cell:
            end_cell()
        rows = [row for row in rows if any(part.parts for part in row.parts)]
        return [Node("matrix", name, rows)]


def _joined(first: Node | None, second: Node) -> Node:
    if first is None:
        return second
    parts = first.parts if first.kind == "row" else [first]
    return Node("row", parts=[*parts, second])


def say(latex: str) -> str:
    """A formula in words."""
    from lessons.speakable.formulas import say_row

    return " ".join(say_row(parse(latex)).split())


def readable(latex: str) -> str:
    """A formula in plain Unicode: `E = mc²`."""
    from lessons.speakable.plain import plain_row

    return " ".join(plain_row(parse(latex)).split())
