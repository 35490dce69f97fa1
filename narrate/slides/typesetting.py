"""Typst in isolation: a document can read only the files that are given with it.

System fonts are not used, so that the same source gives the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from foundation.json_text import parse_json, parse_object
from foundation.languages import primary
from narrate.errors import RenderError
from narrate.slides.script_fonts import find_script_fonts

if TYPE_CHECKING:
    import typst

TEXT_FONT = "Atkinson Hyperlegible"
CODE_FONT = "DejaVu Sans Mono"
SERIF_FONT = "Libertinus Serif"
FALLBACK_FONTS = ("DejaVu Sans Mono", "New Computer Modern", SERIF_FONT)
"""Fonts that Typst contains: they have Greek, Cyrillic, Hebrew, arrows and mathematics."""

_NEVER_A_CHARACTER = "\uffff"  # a noncharacter, for which every font shows its "missing" box


def typeset(source: str, files: Mapping[str, bytes]) -> tuple[tuple[bytes, ...], Mapping[str, Any]]:
    """Compile a Typst document to pages and facts.

    The pages are PNGs with one pixel for each point. The facts are the dictionary in the document's
    `#metadata(…) <facts>`, or an empty one; as `shown`, they also have the values of `<shown>`.

    Raises:
        RenderError: the document does not compile.
    """
    import tempfile

    import typst

    with tempfile.TemporaryDirectory(prefix="narrate-typst-") as folder:
        root = Path(folder)
        for name, data in files.items():
            (root / name).write_bytes(data)
        main = root / "main.typ"
        main.write_text(source, encoding="utf-8")
        nothing = root / "packages"  # an empty folder, so that no package is fetched or found
        nothing.mkdir()
        try:
            compiler = typst.Compiler(
                str(main),
                root=str(root),
                font_paths=_load_fonts(),
                package_path=str(nothing),
                package_cache_path=str(nothing),
            )
            made = compiler.compile(format="png", ppi=72)
            facts: Mapping[str, Any] = {}
            if "<facts>" in source:
                facts = parse_object(compiler.query("<facts>", field="value", one=True))
            if "<shown>" in source and files:
                facts = {**facts, "shown": parse_json(compiler.query("<shown>", field="value"))}
        except RuntimeError as error:  # TypstError is a RuntimeError
            raise RenderError(
                f"A page cannot be typeset: {str(error).splitlines()[0][:300]}.",
                remedy="This is a fault in the template, not in the lesson. Please report it.",
            ) from error
        except BaseException as error:
            # Rust's panics reach Python as an exception outside of `Exception`.
            if type(error).__name__ != "PanicException":
                raise
            raise RenderError(
                "A page cannot be typeset: the typesetter failed on it.",
                remedy="Simplify what is on the page.",
            ) from error
    pages = made if isinstance(made, list) else [made]
    return tuple(page for page in pages if page is not None), facts


def find_missing_characters(text: Iterable[str]) -> str:
    """Return the characters of a text that no available font can show, sorted, each once."""
    unusual = sorted({c for part in text for c in part if ord(c) > 0x7E and c.isprintable()})
    unknown = [c for c in unusual if c not in _can_show]
    if unknown:
        # A missing character is drawn as the same box, and so as the same bytes.
        box, *drawn = _draw_characters((_NEVER_A_CHARACTER, *unknown))
        _can_show.update((c, sample != box) for c, sample in zip(unknown, drawn, strict=True))
    return "".join(c for c in unusual if not _can_show[c])


_can_show: dict[str, bool] = {}


def _draw_characters(characters: Iterable[str]) -> tuple[bytes, ...]:
    """Draw each character as a small picture."""
    from narrate.templating import typst_literal

    source = (
        "#set page(width: 48pt, height: 48pt, margin: 4pt)\n"
        f"#set text(font: {list_fonts(TEXT_FONT)}, size: 32pt)\n"
    )
    source += "#pagebreak()\n".join(f"#text({typst_literal(c)})\n" for c in characters)
    return typeset(source, {})[0]


def list_fonts(first: str) -> Markup:
    """Return a Typst array of font names: the first choice, then those that fill its gaps."""
    scripts = (family for family, _ in find_script_fonts())
    names = dict.fromkeys((first, *scripts, *FALLBACK_FONTS))
    return Markup("(" + ", ".join(f'"{name}"' for name in names) + ")")


def typst_language(tag: str) -> str:
    """Return the two or three letters that Typst takes as a language; `en` if there are none."""
    code = primary(tag)
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else "en"


@cache
def _load_fonts() -> typst.Fonts:
    import fontpkg_atkinson_hyperlegible as atkinson
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[
            str(atkinson.ROOT / "files"),
            *(folder for _, folder in find_script_fonts()),
        ],
    )
