"""LaTeX formulas, parsed. An unknown command becomes text: its name."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from lessons.speakable import siunitx
from lessons.speakable.commands import (
    ACCENTS,
    ARROWS,
    BLACKBOARD,
    BOLD,
    CLOSING_BRACKETS,
    DELIMITERS,
    DROPPED,
    DROPPED_ARGUMENT,
    FUNCTIONS,
    LARGE,
    NEGATED,
    SIGNS,
    STYLES,
    TEXTS,
)
from lessons.speakable.formula_tree import FormulaNode, append_node, join_digit_groups

LONGEST = 4000
"""How many characters of one formula are read; the rest is not said."""
_DEEPEST = 24
"""How many levels of braces are read."""

_LEXER = re.compile(
    r"\\[A-Za-z]+\*?|\\.|:=|\d+(?:[.,]\d+)*(?:\{,\}\d{3})*|[A-Za-z]|\s+|.", re.DOTALL
)

_LAYOUT = re.compile(r"\\(?:[,;:! ]|quad|qquad)|~")


@functools.lru_cache(maxsize=4096)
def parse_formula(latex: str) -> FormulaNode:
    """The formula as a row of nodes. Broken LaTeX is read as far as possible; nothing is raised."""
    return _parse(latex[:LONGEST], 0)


def _parse(latex: str, depth: int) -> FormulaNode:
    parser = _Parser(_LEXER.findall(latex))
    whole = parser.read_row(depth)
    while parser.at < len(parser.lexemes):  # an \\end without its \\begin
        parser.at += 1
        whole.parts += parser.read_row(depth).parts
    return whole


class _Parser:
    def __init__(self, lexemes: list[str]) -> None:
        self.lexemes = lexemes
        self.at = 0
        self.lefts = 0  # how many \left wait for their \right

    def peek(self) -> str:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else ""

    def take(self) -> str:
        lexeme = self.peek()
        self.at += 1
        return lexeme

    def skip_space(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def read_row(self, depth: int, until: tuple[str, ...] = ()) -> FormulaNode:
        """Nodes up to one of `until` (which is not taken) or to the end."""
        made: list[FormulaNode] = []
        while self.at < len(self.lexemes):
            lexeme = self.peek()
            if lexeme in until or lexeme == "\\end" or (lexeme == "\\right" and self.lefts):
                break
            self.read_next(made, depth, until)
        return FormulaNode("row", parts=join_digit_groups(made))

    def read_next(self, made: list[FormulaNode], depth: int, until: tuple[str, ...]) -> None:
        """Read what comes next into `made`; a script is attached to the last node there."""
        lexeme = self.peek()
        if lexeme in ("^", "_", "'"):
            self.at += 1
            script = FormulaNode("sign", "′") if lexeme == "'" else self.read_argument(depth)
            if not made or made[-1].kind == "space":
                made.append(FormulaNode("group"))
            if lexeme == "_":
                made[-1].sub = append_node(made[-1].sub, script)
            else:
                made[-1].sup = append_node(made[-1].sup, script)
        elif lexeme in ("\\choose", "\\over", "\\atop"):
            self.at += 1
            if depth > _DEEPEST:
                return
            above = FormulaNode("row", parts=list(made))
            kind = "fraction" if lexeme == "\\over" else "binomial"
            made[:] = [FormulaNode(kind, "", [above, self.read_row(depth + 1, until)])]
        else:
            made.extend(self.read_node(depth))

    def read_argument(self, depth: int) -> FormulaNode:
        """The next group or single node. Of a number TeX takes only the first digit."""
        self.skip_space()
        lexeme = self.peek()
        if len(lexeme) > 1 and lexeme[0].isdecimal():
            self.lexemes[self.at] = lexeme[1:]
            return FormulaNode("number", lexeme[0])
        found = self.read_node(depth)
        return found[0] if len(found) == 1 else FormulaNode("row", parts=found)

    def read_raw(self) -> str:
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

    def read_option(self, depth: int) -> FormulaNode | None:
        """The argument in square brackets after a command, if there is one."""
        if self.peek() != "[":
            return None
        self.at += 1
        inner = self.read_row(depth + 1, ("]",))
        self.at += 1
        return inner

    def read_node(self, depth: int) -> list[FormulaNode]:
        """The next thing; an empty list if it is not said."""
        lexeme = self.take()
        if not lexeme or lexeme.isspace() or lexeme in ("}", "~", "&"):
            return [FormulaNode("space", " ")] if lexeme in ("~", "&") else []
        if depth > _DEEPEST:
            return []
        if lexeme == "{":
            inner = self.read_row(depth + 1, ("}",))
            self.at += self.peek() == "}"
            return [inner]
        if lexeme[0].isdecimal():
            return [FormulaNode("number", lexeme.replace("{,}", ","))]
        if lexeme == "|" and (ket := self.read_ket(depth)) is not None:
            return [ket]
        if lexeme in CLOSING_BRACKETS:
            return [self.read_fence(lexeme, depth)]
        if lexeme.startswith("\\"):
            return self.read_command(lexeme[1:].rstrip("*") or "*", depth)
        if lexeme.isalpha():
            return [FormulaNode("letter", lexeme)]
        return [FormulaNode("sign", {"-": "−", "*": "∗", ":=": "≔"}.get(lexeme, lexeme))]

    def read_fence(self, opening: str, depth: int) -> FormulaNode:
        closers = CLOSING_BRACKETS[opening]
        if opening == "\\langle" and "\\rangle" not in self.lexemes[self.at : self.at + 200]:
            closers = ("|", "\\vert")  # a bra
        inner = self.read_row(depth + 1, closers)
        close = self.peek()
        if close in closers:
            self.at += 1
        else:
            close = closers[0]
        return FormulaNode("fence", opening.lstrip("\\"), [inner], close=_find_delimiter(close))

    def read_ket(self, depth: int) -> FormulaNode | None:
        """`|ψ⟩`, where the bar has just been read."""
        for position in range(self.at, min(self.at + 60, len(self.lexemes))):
            if self.lexemes[position] in ("|", "\\langle", "&", "\\\\", "=", "^", "+"):
                return None
            if self.lexemes[position] == "\\rangle":
                inner = self.read_row(depth + 1, ("\\rangle",))
                self.at += 1
                return FormulaNode("ket", "ket", [inner])
        return None

    def read_command(self, name: str, depth: int) -> list[FormulaNode]:
        """What a command stands for; `name` comes without its backslash."""
        reader = _READERS.get(name)
        found = reader(self, name, depth + 1) if reader is not None else None
        return self.read_symbol(name, depth + 1) if found is None else found

    # Readers of commands that have a structure of their own. Each returns None where the command
    # turns out to be something else. `depth` is that of their arguments.

    def read_fraction(self, name: str, depth: int) -> list[FormulaNode]:
        kind = "binomial" if name.endswith("binom") else "fraction"
        return [FormulaNode(kind, "", [self.read_argument(depth), self.read_argument(depth)])]

    def read_root(self, name: str, depth: int) -> list[FormulaNode]:
        degree = self.read_option(depth - 1)
        parts = [self.read_argument(depth), *([degree] if degree else [])]
        return [FormulaNode("root", "", parts)]

    def read_left(self, name: str, depth: int) -> list[FormulaNode]:
        """What is between \\left and \\right."""
        self.skip_space()
        opening = self.take()
        self.lefts += 1
        inner = self.read_row(depth)
        self.lefts -= 1
        close = ""
        if self.peek() == "\\right":
            self.at += 1
            self.skip_space()
            close = self.take()
        fence = DELIMITERS.get(opening, opening.lstrip("\\"))
        return [FormulaNode("fence", fence, [inner], close=_find_delimiter(close))]

    def read_negation(self, name: str, depth: int) -> list[FormulaNode]:
        found = self.read_node(depth)
        if found and found[0].text in NEGATED:
            found[0].text = NEGATED[found[0].text]
            return found
        return [FormulaNode("text", "not"), *found]

    def read_label(self, name: str, depth: int) -> list[FormulaNode]:
        """Something written over or under a base; under an operator it is its range."""
        label, base = self.read_argument(depth), self.read_argument(depth)
        if base.kind == "row" and len(base.parts) == 1:
            base = base.parts[0]
        if base.kind == "large":
            base.sub = label
            return [base]
        return [FormulaNode("labeled", "", [base, label])]

    def read_arrow(self, name: str, depth: int) -> list[FormulaNode]:
        below = self.read_option(depth - 1)
        label = self.read_argument(depth)
        labels = [part for part in (label, below) if part is not None]
        return [FormulaNode("labeled", "", [FormulaNode("sign", ARROWS[name]), *labels])]

    def read_brace(self, name: str, depth: int) -> list[FormulaNode]:
        return [FormulaNode("brace", "", [self.read_argument(depth)])]

    def read_colored(self, name: str, depth: int) -> list[FormulaNode]:
        self.read_raw()
        return [self.read_argument(depth)]

    def read_modulo(self, name: str, depth: int) -> list[FormulaNode]:
        modulo = FormulaNode("text", "mod")
        return [modulo, self.read_argument(depth)] if name == "pmod" else [modulo]

    def read_bra_or_ket(self, name: str, depth: int) -> list[FormulaNode]:
        return [FormulaNode("ket", name, [self.read_argument(depth)])]

    def read_braket(self, name: str, depth: int) -> list[FormulaNode]:
        return [FormulaNode("fence", "langle", [self.read_argument(depth)], close="⟩")]

    def read_norm(self, name: str, depth: int) -> list[FormulaNode] | None:
        if self.peek() != "{":
            return None
        kind, close = ("lvert", "|") if name == "abs" else ("lVert", "‖")
        return [FormulaNode("fence", kind, [self.read_argument(depth)], close=close)]

    def read_chemistry(self, name: str, depth: int) -> list[FormulaNode]:
        return [FormulaNode("chem", self.read_raw())]

    def read_quantity(self, name: str, depth: int) -> list[FormulaNode]:
        """A command of siunitx, such as `\\qty{5}{\\kilo\\metre}`."""
        self.read_option(depth - 1)
        made: list[FormulaNode] = []
        if name in ("SI", "qty", "num", "ang"):
            made += _make_number(self.read_raw(), depth)
        if name == "ang":
            made.append(FormulaNode("sign", "°"))
        elif name != "num":
            unit = FormulaNode("text", siunitx.to_symbols(self.read_raw()))
            made += [FormulaNode("space", " "), unit]
        return made

    def read_arg_extremum(self, name: str, depth: int) -> list[FormulaNode] | None:
        if self.peek() not in ("\\max", "\\min"):
            return None
        return [FormulaNode("large", "arg" + self.take()[1:])]

    def read_bar(self, name: str, depth: int) -> list[FormulaNode]:
        return [FormulaNode("sign", "‖" if name in ("|", "Vert") else "|")]

    def read_symbol(self, name: str, depth: int) -> list[FormulaNode]:
        """A command that stands for a sign or a name, or that styles what follows it."""
        if name in TEXTS:
            return self.read_text(name)
        if name in BOLD or name in STYLES:
            return self.read_styled(name, depth)
        if name in ACCENTS:
            return [FormulaNode("accent", name, [self.read_argument(depth)])]
        if name in DROPPED_ARGUMENT:
            self.read_raw()
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

    def read_text(self, name: str) -> list[FormulaNode]:
        text = _LAYOUT.sub(" ", self.read_raw())
        bare = text.strip()
        if name in ("operatorname", "mathrm"):
            if bare in FUNCTIONS:
                return [FormulaNode("function", bare)]
            if bare.replace(" ", "") in LARGE:
                return [FormulaNode("large", bare.replace(" ", ""))]
        return [FormulaNode("text", re.sub(r"[\\{}$]", "", text))]

    def read_styled(self, name: str, depth: int) -> list[FormulaNode]:
        if self.peek() != "{" and name in ("displaystyle", "textstyle"):
            return []
        inner = self.read_argument(depth)
        if inner.kind == "row" and len(inner.parts) == 1 and inner.sup is None is inner.sub:
            inner = inner.parts[0]
        if name == "mathbb" and inner.text in BLACKBOARD:
            return [FormulaNode("sign", BLACKBOARD[inner.text])]
        if name in BOLD and inner.kind in ("letter", "sign"):
            return [FormulaNode("accent", "mathbf", [inner])]
        return [inner]

    def read_environment(self, name: str, depth: int) -> list[FormulaNode]:
        environment = self.read_raw().rstrip("*")
        if environment in ("array", "tabular", "alignat", "alignedat") and self.peek() == "{":
            self.read_raw()
        rows: list[FormulaNode] = [FormulaNode("row")]
        while self.at < len(self.lexemes) and self.peek() != "\\end":
            before = self.at
            cell = self.read_row(depth, ("&", "\\\\"))
            if cell.parts or self.peek() == "&":
                rows[-1].parts.append(cell)
            if self.peek() == "\\\\":
                self.at += 1
                if self.peek() == "[":
                    self.read_option(depth - 1)
                rows.append(FormulaNode("row"))
            elif self.peek() == "&" or self.at == before:
                self.at += self.peek() != "\\end"
        if self.peek() == "\\end":
            self.at += 1
            self.read_raw()
        rows = [row for row in rows if any(part.parts for part in row.parts)]
        return [FormulaNode("matrix", environment, rows)]


_READERS: dict[str, Callable[[_Parser, str, int], list[FormulaNode] | None]] = {
    **dict.fromkeys(
        ("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "binom", "dbinom", "tbinom"),
        _Parser.read_fraction,
    ),
    "sqrt": _Parser.read_root,
    "left": _Parser.read_left,
    "not": _Parser.read_negation,
    **dict.fromkeys(("overset", "underset", "stackrel"), _Parser.read_label),
    **dict.fromkeys(ARROWS, _Parser.read_arrow),
    **dict.fromkeys(("underbrace", "overbrace"), _Parser.read_brace),
    **dict.fromkeys(("textcolor", "colorbox"), _Parser.read_colored),
    **dict.fromkeys(("pmod", "bmod", "mod"), _Parser.read_modulo),
    "begin": _Parser.read_environment,
    **dict.fromkeys(("ket", "bra"), _Parser.read_bra_or_ket),
    "braket": _Parser.read_braket,
    **dict.fromkeys(("abs", "norm"), _Parser.read_norm),
    "ce": _Parser.read_chemistry,
    **dict.fromkeys(("SI", "qty", "num", "si", "unit", "ang"), _Parser.read_quantity),
    "arg": _Parser.read_arg_extremum,
    **dict.fromkeys(("|", "Vert", "vert", "lvert", "rvert"), _Parser.read_bar),
}
"""How commands with a structure of their own are read."""


def _find_delimiter(lexeme: str) -> str:
    known = {"\\rangle": "⟩", "\\rfloor": "⌋", "\\rceil": "⌉", "\\rvert": "|", "\\rVert": "‖"}
    return known.get(lexeme) or DELIMITERS.get(lexeme, lexeme)


def _make_number(text: str, depth: int) -> list[FormulaNode]:
    """A number as siunitx writes it: `1.5e9`, `5 \\pm 0.2`."""
    bare = text.replace(" ", "")
    match = re.fullmatch(r"([-+]?)([\d.,]+)(?:[eE]([-+]?\d+))?", bare)
    if match is None:
        return _parse(text, depth).parts
    made = [FormulaNode("sign", "−")] if match[1] == "-" else []
    made.append(FormulaNode("number", match[2]))
    if match[3]:
        sign = [FormulaNode("sign", "−")] if match[3].startswith("-") else []
        power = FormulaNode("row", parts=[*sign, FormulaNode("number", match[3].lstrip("+-"))])
        made += [FormulaNode("sign", "×"), FormulaNode("number", "10", sup=power)]
    return made
