"""LaTeX formulas as a teacher says them, and as plain Unicode for captions.

The ways of saying follow the habit of English-speaking classrooms: "x squared", "a over b",
"the sum from i equals one to n of". A command that is not known is said by its name.
"""

from __future__ import annotations

import functools
import re

from lessons.speakable import siunitx
from lessons.speakable.commands import (
    ACCENTS,
    BLACKBOARD,
    BOLD,
    DROPPED,
    DROPPED_ARGUMENT,
    FUNCTIONS,
    LARGE,
    SIGNS,
    STYLES,
    TEXTS,
)
from lessons.speakable.formula_tree import FormulaNode, append_node, join_digit_groups

LONGEST = 4000
"""Characters of one formula that are read; the rest is not said."""
_DEEPEST = 24

_LEXER = re.compile(
    r"\\[A-Za-z]+\*?|\\.|:=|\d+(?:[.,]\d+)*(?:\{,\}\d{3})*|[A-Za-z]|\s+|.", re.DOTALL
)

_OPENING = {
    "(": (")", "]"),
    "[": ("]", ")"),
    "\\{": ("\\}",),
    "\\lbrace": ("\\rbrace",),
    "\\langle": ("\\rangle",),
    "\\lfloor": ("\\rfloor",),
    "\\lceil": ("\\rceil",),
    "\\lvert": ("\\rvert",),
    "\\lVert": ("\\rVert",),
}
"""What closes a fence: an interval may open with one bracket and close with the other."""

_DELIMITERS = {
    "\\|": "‖",
    "\\Vert": "‖",
    "\\vert": "|",
    "\\lvert": "lvert",
    "\\lVert": "lVert",
    "\\{": "{",
    "\\}": "}",
    "\\lbrace": "{",
    "\\rbrace": "}",
}
_LAYOUT = re.compile(r"\\(?:[,;:! ]|quad|qquad)|~")
_NEGATED = {"=": "≠", "∈": "∉", "⊂": "⊄", "⊆": "⊈", "<": "≮", ">": "≯", "≡": "≢", "∃": "∄"}
_ARROWS = {
    "xrightarrow": "→",
    "xleftarrow": "←",
    "xRightarrow": "⇒",
    "xLeftrightarrow": "⇔",
    "xleftrightarrow": "↔",
    "xmapsto": "↦",
    "xrightleftharpoons": "⇌",
}


@functools.lru_cache(maxsize=4096)
def parse_formula(latex: str) -> FormulaNode:
    """A row of nodes; never fails, whatever the source."""
    parser = _Parser(_LEXER.findall(latex[:LONGEST]))
    whole = parser.row(0)
    while parser.at < len(parser.lexemes):  # an \\end without its \\begin
        parser.at += 1
        whole.parts += parser.row(0).parts
    return whole


class _Parser:
    def __init__(self, lexemes: list[str]) -> None:
        self.lexemes = lexemes
        self.at = 0
        self.lefts = 0  # \left without its \right

    def peek(self) -> str:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else ""

    def take(self) -> str:
        lexeme = self.peek()
        self.at += 1
        return lexeme

    def skip_space(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def row(self, depth: int, until: tuple[str, ...] = ()) -> FormulaNode:
        """Nodes up to one of `until`, which is left to the caller, or to the end."""
        made: list[FormulaNode] = []
        while self.at < len(self.lexemes):
            lexeme = self.peek()
            if lexeme in until or lexeme == "\\end" or (lexeme == "\\right" and self.lefts):
                break
            self.scripted(made, depth, until)
        return FormulaNode("row", parts=join_digit_groups(made))

    def scripted(self, made: list[FormulaNode], depth: int, until: tuple[str, ...]) -> None:
        """Read what comes next, a script of the last node among it, into `made`."""
        lexeme = self.peek()
        if lexeme in ("^", "_", "'"):
            self.at += 1
            script = FormulaNode("sign", "′") if lexeme == "'" else self.argument(depth)
            if not made or made[-1].kind == "space":
                made.append(FormulaNode("group"))
            if lexeme == "_":
                made[-1].sub = append_node(made[-1].sub, script)
            else:
                made[-1].sup = append_node(made[-1].sup, script)
        elif lexeme in ("\\choose", "\\over", "\\atop"):
            self.at += 1
            above = FormulaNode("row", parts=list(made))
            kind = "fraction" if lexeme == "\\over" else "binomial"
            made[:] = [FormulaNode(kind, "", [above, self.row(depth + 1, until)])]
        else:
            made.extend(self.node(depth))

    def argument(self, depth: int) -> FormulaNode:
        """The next group or single node; of a number only its first digit, as TeX has it."""
        self.skip_space()
        lexeme = self.peek()
        if len(lexeme) > 1 and lexeme[0].isdecimal():
            self.lexemes[self.at] = lexeme[1:]
            return FormulaNode("number", lexeme[0])
        found = self.node(depth)
        return found[0] if len(found) == 1 else FormulaNode("row", parts=found)

    def raw(self) -> str:
        """The text of the next group, unparsed."""
        self.skip_space()
        if self.peek() != "{":
            return self.take()
        self.at += 1
        level, parts = 1, []
        while self.at < len(self.lexemes):
            lexeme = self.take()
            level += (lexeme == "{") - (lexeme == "}")
            if level == 0:
                break
            parts.append(lexeme)
        return "".join(parts)

    def option(self, depth: int) -> FormulaNode | None:
        """What stands in square brackets after a command."""
        if self.peek() != "[":
            return None
        self.at += 1
        inner = self.row(depth + 1, ("]",))
        self.at += 1
        return inner

    def node(self, depth: int) -> list[FormulaNode]:
        """The next thing; an empty list for what is not said."""
        lexeme = self.take()
        if not lexeme or lexeme.isspace() or lexeme in ("}", "~", "&"):
            return [FormulaNode("space", " ")] if lexeme in ("~", "&") else []
        if depth > _DEEPEST:
            return []
        if lexeme == "{":
            inner = self.row(depth + 1, ("}",))
            self.at += self.peek() == "}"
            return [inner]
        if lexeme[0].isdecimal():
            return [FormulaNode("number", lexeme.replace("{,}", ","))]
        if lexeme == "|" and (ket := self.ket(depth)) is not None:
            return [ket]
        if lexeme in _OPENING:
            return [self.fence(lexeme, depth)]
        if lexeme.startswith("\\"):
            return self.command(lexeme[1:].rstrip("*") or "*", depth)
        if lexeme.isalpha():
            return [FormulaNode("letter", lexeme)]
        return [FormulaNode("sign", {"-": "−", "*": "∗", ":=": "≔"}.get(lexeme, lexeme))]

    def fence(self, opening: str, depth: int) -> FormulaNode:
        closers = _OPENING[opening]
        if opening == "\\langle" and "\\rangle" not in self.lexemes[self.at : self.at + 200]:
            closers = ("|", "\\vert")  # a bra
        inner = self.row(depth + 1, closers)
        close = self.peek()
        if close in closers:
            self.at += 1
        else:
            close = closers[0]
        return FormulaNode("fence", opening.lstrip("\\"), [inner], close=_find_delimiter(close))

    def ket(self, depth: int) -> FormulaNode | None:
        """`|ψ⟩`, where the bar has just been read."""
        for position in range(self.at, min(self.at + 60, len(self.lexemes))):
            if self.lexemes[position] in ("|", "\\langle", "&", "\\\\", "=", "^", "+"):
                return None
            if self.lexemes[position] == "\\rangle":
                inner = self.row(depth + 1, ("\\rangle",))
                self.at += 1
                return FormulaNode("ket", "ket", [inner])
        return None

    def left(self, depth: int) -> list[FormulaNode]:
        """What stands between \\left and \\right."""
        self.skip_space()
        opening = self.take()
        self.lefts += 1
        inner = self.row(depth + 1)
        self.lefts -= 1
        close = ""
        if self.peek() == "\\right":
            self.at += 1
            self.skip_space()
            close = self.take()
        name = _DELIMITERS.get(opening, opening.lstrip("\\"))
        return [FormulaNode("fence", name, [inner], close=_find_delimiter(close))]

    def command(self, name: str, depth: int) -> list[FormulaNode]:
        inside = depth + 1
        match name:
            case "frac" | "dfrac" | "tfrac" | "cfrac" | "nicefrac" | "sfrac":
                return [FormulaNode("fraction", "", [self.argument(inside), self.argument(inside)])]
            case "binom" | "dbinom" | "tbinom":
                return [FormulaNode("binomial", "", [self.argument(inside), self.argument(inside)])]
            case "sqrt":
                degree = self.option(depth)
                return [
                    FormulaNode("root", "", [self.argument(inside), *([degree] if degree else [])])
                ]
            case "left":
                return self.left(depth)
            case "not":
                found = self.node(depth)
                if found and found[0].text in _NEGATED:
                    found[0].text = _NEGATED[found[0].text]
                    return found
                return [FormulaNode("text", "not"), *found]
            case "overset" | "underset" | "stackrel":
                label, base = self.argument(inside), self.argument(inside)
                if base.kind == "row" and len(base.parts) == 1:
                    base = base.parts[0]
                if base.kind == "large":
                    base.sub = label
                    return [base]
                return [FormulaNode("labeled", "", [base, label])]
            case "underbrace" | "overbrace":
                return [FormulaNode("brace", "", [self.argument(inside)])]
            case "textcolor" | "colorbox":
                self.raw()
                return [self.argument(inside)]
            case "pmod":
                return [FormulaNode("text", "mod"), self.argument(inside)]
            case "bmod" | "mod":
                return [FormulaNode("text", "mod")]
            case "begin":
                return self.environment(depth)
            case "ket" | "bra":
                return [FormulaNode("ket", name, [self.argument(inside)])]
            case "braket":
                return [FormulaNode("fence", "langle", [self.argument(inside)], close="⟩")]
            case "abs" | "norm" if self.peek() == "{":
                kind, close = ("lvert", "|") if name == "abs" else ("lVert", "‖")
                return [FormulaNode("fence", kind, [self.argument(inside)], close=close)]
            case "ce":
                return [FormulaNode("chem", self.raw())]
            case "SI" | "qty" | "num" | "si" | "unit" | "ang":
                self.option(depth)
                return self.quantity(name)
            case "arg" if self.peek() in ("\\max", "\\min"):
                return [FormulaNode("large", "arg" + self.take()[1:])]
            case "|" | "Vert":
                return [FormulaNode("sign", "‖")]
            case "vert" | "lvert" | "rvert":
                return [FormulaNode("sign", "|")]
        if name in _ARROWS:
            below = self.option(depth)
            label = self.argument(inside)
            labels = [part for part in (label, below) if part is not None]
            return [FormulaNode("labeled", "", [FormulaNode("sign", _ARROWS[name]), *labels])]
        if name in TEXTS:
            return self.text(name)
        if name in BOLD or name in STYLES:
            return self.styled(name, inside)
        if name in ACCENTS:
            return [FormulaNode("accent", name, [self.argument(inside)])]
        if name in DROPPED_ARGUMENT:
            self.raw()
            return []
        if name in LARGE:
            return [FormulaNode("large", name)]
        if name in FUNCTIONS:
            return [FormulaNode("function", name)]
        if name in SIGNS:
            return [FormulaNode("sign", SIGNS[name])]
        if name in (",", ";", ":", " ", "quad", "qquad", ">"):
            return [FormulaNode("space", " ")]
        if name in DROPPED or not name[0].isalpha():
            return [FormulaNode("sign", ";")] if name == "\\" else []
        return [FormulaNode("text", name)]

    def text(self, name: str) -> list[FormulaNode]:
        text = _LAYOUT.sub(" ", self.raw())
        bare = text.strip()
        if name in ("operatorname", "mathrm"):
            if bare in FUNCTIONS:
                return [FormulaNode("function", bare)]
            if bare.replace(" ", "") in LARGE:
                return [FormulaNode("large", bare.replace(" ", ""))]
        return [FormulaNode("text", re.sub(r"[\\{}$]", "", text))]

    def styled(self, name: str, depth: int) -> list[FormulaNode]:
        if self.peek() != "{" and name in ("displaystyle", "textstyle"):
            return []
        inner = self.argument(depth)
        if inner.kind == "row" and len(inner.parts) == 1 and inner.sup is None is inner.sub:
            inner = inner.parts[0]
        if name == "mathbb" and inner.text in BLACKBOARD:
            return [FormulaNode("sign", BLACKBOARD[inner.text])]
        if name in BOLD and inner.kind in ("letter", "sign"):
            return [FormulaNode("accent", "mathbf", [inner])]
        return [inner]

    def quantity(self, name: str) -> list[FormulaNode]:
        """siunitx: `\\qty{5}{\\kilo\\metre}`."""
        made: list[FormulaNode] = []
        if name in ("SI", "qty", "num", "ang"):
            made += _make_number(self.raw())
        if name == "ang":
            made.append(FormulaNode("sign", "°"))
        elif name != "num":
            made += [FormulaNode("space", " "), FormulaNode("text", siunitx.to_symbols(self.raw()))]
        return made

    def environment(self, depth: int) -> list[FormulaNode]:
        name = self.raw().rstrip("*")
        if name in ("array", "tabular", "alignat", "alignedat") and self.peek() == "{":
            self.raw()
        rows: list[FormulaNode] = [FormulaNode("row")]
        while self.at < len(self.lexemes) and self.peek() != "\\end":
            before = self.at
            cell = self.row(depth + 1, ("&", "\\\\"))
            if cell.parts or self.peek() == "&":
                rows[-1].parts.append(cell)
            if self.peek() == "\\\\":
                self.at += 1
                if self.peek() == "[":
                    self.option(depth)
                rows.append(FormulaNode("row"))
            elif self.peek() == "&" or self.at == before:
                self.at += self.peek() != "\\end"
        if self.peek() == "\\end":
            self.at += 1
            self.raw()
        rows = [row for row in rows if any(part.parts for part in row.parts)]
        return [FormulaNode("matrix", name, rows)]


def _find_delimiter(lexeme: str) -> str:
    known = {"\\rangle": "⟩", "\\rfloor": "⌋", "\\rceil": "⌉", "\\rvert": "|", "\\rVert": "‖"}
    return known.get(lexeme) or _DELIMITERS.get(lexeme, lexeme)


def _make_number(text: str) -> list[FormulaNode]:
    """A number of siunitx: `1.5e9`, `5 \\pm 0.2`."""
    bare = text.replace(" ", "")
    match = re.fullmatch(r"([-+]?)([\d.,]+)(?:[eE]([-+]?\d+))?", bare)
    if match is None:
        return parse_formula(text).parts
    made = [FormulaNode("sign", "−")] if match[1] == "-" else []
    made.append(FormulaNode("number", match[2]))
    if match[3]:
        power = FormulaNode("row", parts=[FormulaNode("number", match[3].lstrip("+-"))])
        if match[3].startswith("-"):
            power.parts.insert(0, FormulaNode("sign", "−"))
        made += [FormulaNode("sign", "×"), FormulaNode("number", "10", sup=power)]
    return made
