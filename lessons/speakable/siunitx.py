"""The units of the LaTeX package siunitx as symbols: `\\metre\\per\\second` is m·s⁻¹."""

from __future__ import annotations

import re

from lessons.speakable.symbols import TO_SUPERSCRIPT

_UNITS: dict[str, str] = {
    "metre": "m",
    "meter": "m",
    "gram": "g",
    "second": "s",
    "ampere": "A",
    "kelvin": "K",
    "mole": "mol",
    "candela": "cd",
    "hertz": "Hz",
    "newton": "N",
    "pascal": "Pa",
    "joule": "J",
    "watt": "W",
    "coulomb": "C",
    "volt": "V",
    "farad": "F",
    "ohm": "Ω",
    "siemens": "S",
    "weber": "Wb",
    "tesla": "T",
    "henry": "H",
    "lumen": "lm",
    "lux": "lx",
    "becquerel": "Bq",
    "gray": "Gy",
    "sievert": "Sv",
    "celsius": "°C",
    "degreeCelsius": "°C",
    "degree": "°",
    "arcminute": "′",
    "arcsecond": "″",
    "percent": "%",
    "litre": "L",
    "liter": "L",
    "minute": "min",
    "hour": "h",
    "day": "d",
    "hectare": "ha",
    "tonne": "t",
    "electronvolt": "eV",
    "dalton": "Da",
    "bel": "B",
    "decibel": "dB",
    "bit": "bit",
    "byte": "B",
    "bar": "bar",
    "angstrom": "Å",
    "parsec": "pc",
    "lightyear": "ly",
    "astronomicalunit": "au",
    "radian": "rad",
    "steradian": "sr",
    "micron": "µm",
}
_PREFIXES: dict[str, str] = {
    "pico": "p",
    "nano": "n",
    "micro": "µ",
    "milli": "m",
    "centi": "c",
    "deci": "d",
    "hecto": "h",
    "kilo": "k",
    "mega": "M",
    "giga": "G",
    "tera": "T",
    "peta": "P",
    "femto": "f",
}
_LEXER = re.compile(r"\\tothe\{?(-?\d)\}?|\\([A-Za-z]+)|([^\\\s{}~]+)")


def to_symbols(text: str) -> str:
    """The argument of `\\unit` as symbols. Symbols in it stay as they are."""
    if "\\" not in text:
        return re.sub(r"[\s.~]+", "·", text.strip())
    factors: list[tuple[str, int]] = []
    prefix, sign, power = "", 1, 1
    for to_the, command, literal in _LEXER.findall(text):
        if to_the and factors:
            factors[-1] = factors[-1][0], factors[-1][1] * int(to_the)
        elif command in ("squared", "cubed") and factors:
            factors[-1] = factors[-1][0], factors[-1][1] * (2 if command == "squared" else 3)
        elif command in ("square", "cubic"):
            power = 2 if command == "square" else 3
        elif command == "per":
            sign = -1
        elif command in _PREFIXES:
            prefix = _PREFIXES[command]
        elif command or literal:
            name = prefix + (_UNITS.get(command, command) if command else literal)
            factors.append((name, sign * power))
            prefix, sign, power = "", 1, 1
    return "·".join(
        name + ("" if power == 1 else str(power).translate(TO_SUPERSCRIPT))
        for name, power in factors
    )
