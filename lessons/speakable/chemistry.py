"""Chemical compounds, ions, isotopes and equations."""

from __future__ import annotations

import re

from lessons.speakable import numbers
from lessons.speakable.symbols import (
    FROM_SUBSCRIPT_DIGITS,
    TO_PLAIN_EXPONENT,
    TO_SUBSCRIPT_DIGITS,
    TO_SUPERSCRIPT,
)

_ELEMENTS = """
H:hydrogen He:helium Li:lithium Be:beryllium B:boron C:carbon N:nitrogen O:oxygen F:fluorine
Ne:neon Na:sodium Mg:magnesium Al:aluminum Si:silicon P:phosphorus S:sulfur Cl:chlorine Ar:argon
K:potassium Ca:calcium Sc:scandium Ti:titanium V:vanadium Cr:chromium Mn:manganese Fe:iron
Co:cobalt Ni:nickel Cu:copper Zn:zinc Ga:gallium Ge:germanium As:arsenic Se:selenium Br:bromine
Kr:krypton Rb:rubidium Sr:strontium Y:yttrium Zr:zirconium Nb:niobium Mo:molybdenum Tc:technetium
Ru:ruthenium Rh:rhodium Pd:palladium Ag:silver Cd:cadmium In:indium Sn:tin Sb:antimony Te:tellurium
I:iodine Xe:xenon Cs:cesium Ba:barium La:lanthanum Ce:cerium Nd:neodymium Eu:europium Gd:gadolinium
W:tungsten Re:rhenium Os:osmium Ir:iridium Pt:platinum Au:gold Hg:mercury Tl:thallium Pb:lead
Bi:bismuth Po:polonium At:astatine Rn:radon Fr:francium Ra:radium Ac:actinium Th:thorium
U:uranium Np:neptunium Pu:plutonium Am:americium Cm:curium
"""
ELEMENTS = {pair.partition(":")[0]: pair.partition(":")[2] for pair in _ELEMENTS.split()}
"""Names of the elements by their symbols."""

_CHARGE = re.compile(r"\^?\{?([⁰¹²³⁴⁵⁶⁷⁸⁹]*|\d?)([⁺⁻]|[+\-−])\}?$")
_PART = re.compile(r"[A-Z][a-z]?|\d+|[()\[\]]")
_ISOTOPE = re.compile(r"(?:\^\{?(\d{1,3})\}?|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))([A-Z][a-z]?)")
_ARROWS = {
    "->": "yields",
    "→": "yields",
    "⟶": "yields",
    "-->": "yields",
    "<-": "comes from",
    "<=>": "is in equilibrium with",
    "<=>>": "is in equilibrium with",
    "<<=>": "is in equilibrium with",
    "<->": "is in resonance with",
    "⇌": "is in equilibrium with",
}
_SHOWN = {"->": "→", "<-": "←", "<=>": "⇌", "<->": "↔", "-->": "→"}


def say_compound(text: str) -> str | None:
    """`H2O`, `CO₂`, `Ca²⁺`, `(NH4)2SO4`, `CuSO4·5H2O`, `2H2O`, `¹⁴C`: the letters of the elements,
    and the numbers. None if the text is not a compound."""
    if (found := say_isotope(text)) is not None:
        return found
    if "·" in text:
        said: list[str] = []
        for part in text.split("·"):
            one = say_compound(part)
            if not one:
                return None
            said.append(one)
        return " dot ".join(said)
    match = _CHARGE.search(text)
    charge, body = "", text
    if match and match.start() > 0:
        size, sign = match[1].translate(TO_PLAIN_EXPONENT), match[2].translate(TO_PLAIN_EXPONENT)
        body = text[: match.start()]
        named = "plus" if sign == "+" else "minus"
        charge = f"{numbers.say_number(size)} {named}" if size else named
    count = re.match(r"\d*", body)
    head, body = (count[0], body[count.end() :]) if count else ("", body)
    body = body.translate(FROM_SUBSCRIPT_DIGITS)
    parts = _PART.findall(body)
    if not parts or "".join(parts) != body or not _is_compound(parts, head, charge):
        return None
    said = [
        _spell_symbol(part)
        if part.isalpha()
        else numbers.say_number(part)
        if part.isdecimal()
        else ""
        for part in parts
    ]
    return " ".join(filter(None, [numbers.say_number(head) if head else "", *said, charge]))


def _is_compound(parts: list[str], head: str, charge: str) -> bool:
    symbols = [part for part in parts if part.isalpha()]
    counts = [part for part in parts if part.isdecimal()]
    if not symbols or not all(symbol in ELEMENTS for symbol in symbols):
        return False
    if any(len(count) > 3 or int(count) < 2 for count in counts):
        return False
    if parts.count("(") != parts.count(")") or parts.count("[") != parts.count("]"):
        return False
    if charge or counts:
        return not (head and len(parts) == 1 and len(symbols[0]) == 1)
    if len(symbols) == 1 or all(len(symbol) == 1 for symbol in symbols):
        return False  # a word or an initialism
    if symbols[-1].endswith("s") and all(len(symbol) == 1 for symbol in symbols[:-1]):
        return False  # UFOs
    return len(symbols) <= 4


def say_isotope(text: str) -> str | None:
    """`¹⁴C`, `^14C`: carbon fourteen."""
    match = _ISOTOPE.fullmatch(text)
    if match is None or match[3] not in ELEMENTS:
        return None
    number = match[1] or match[2].translate(TO_PLAIN_EXPONENT)
    return f"{ELEMENTS[match[3]]} {numbers.say_in_name(number)}"


def _spell_symbol(symbol: str) -> str:
    return " ".join(symbol.upper())


def say_equation(source: str) -> str:
    """The argument of `\\ce` (the LaTeX package mhchem) in words."""
    said: list[str] = []
    for part in source.split():
        arrow = re.match(r"<?<?[-=]+>?>?|[→⇌]", part)
        if arrow and arrow[0] in _ARROWS:
            said.append(_ARROWS[arrow[0]])
            labels = re.findall(r"\[([^\]]*)\]", part)
            said += [f", labeled {say_equation(label)}," for label in labels if label.strip()]
        elif part in ("+", "v", "^"):
            said.append({"+": "plus", "v": "precipitate", "^": "gas"}[part])
        elif part in _STATES:
            said.append(_STATES[part])
        else:
            said.append(_say_part(part))
    return " ".join(" ".join(filter(None, said)).replace(" ,", ",").split())


_STATES = {"(s)": "solid", "(l)": "liquid", "(g)": "gas", "(aq)": "aqueous"}


def _say_part(part: str) -> str:
    state = re.search(r"\((?:s|l|g|aq)\)$", part)
    bare = part[: state.start()] if state else part
    plain = bare.replace("_", "").replace("*", "·").replace(".", "·").replace("$", "")
    plain = re.sub(r"(?<!\^)[{}]", "", re.sub(r"\^\{([^{}]*)\}", r"^\1", plain))
    said = say_compound(plain)
    if said is None:
        bits = re.findall(r"[A-Z][a-z]?|\d+|[a-z]+|[+\-−]", plain)
        said = " ".join(
            numbers.say_number(bit)
            if bit.isdecimal()
            else {"+": "plus", "-": "minus", "−": "minus"}.get(bit) or _spell_symbol(bit)
            for bit in bits
        )
    return " ".join(filter(None, (said, _STATES[state[0]] if state else "")))


def show_equation(source: str) -> str:
    """The argument of `\\ce` in Unicode: `SO₄²⁻ + H₂O ⇌ …`."""
    made: list[str] = []
    for part in source.split():
        if part in _SHOWN:
            made.append(_SHOWN[part])
            continue
        text = part.replace("_", "").replace("*", "·")
        text = re.sub(r"\^\{?([\d+-]+)\}?", lambda m: m[1].translate(TO_SUPERSCRIPT), text)
        text = re.sub(r"(?<=[A-Za-z)\]])\d+", lambda m: m[0].translate(TO_SUBSCRIPT_DIGITS), text)
        text = re.sub(r"(?<=[A-Za-z)\]₀-₉])[+-]$", lambda m: m[0].translate(TO_SUPERSCRIPT), text)
        made.append(text.replace("{", "").replace("}", ""))
    return " ".join(made)
