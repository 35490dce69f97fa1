"""Typst, shut in: a document sees the files given with it and nothing else.

System fonts are left out, so that the same source gives the same bytes on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from narrate.errors import RenderError

if TYPE_CHECKING:
    import typst

TEXT_FONT = "Atkinson Hyperlegible"
CODE_FONT = "DejaVu Sans Mono"
FALLBACK_FONTS = ("DejaVu Sans Mono", "New Computer Modern", "Libertinus Serif")
"""What Typst carries itself: Greek, Cyrillic, Hebrew, arrows, mathematics."""

_NEVER_A_CHARACTER = "\uffff"  # a noncharacter: what a font shows for it is its "missing" box


def typeset(source: str, files: Mapping[str, bytes]) -> tuple[tuple[bytes, ...], dict[str, object]]:
    """The pages of a Typst document as PNGs, one pixel a point, and its facts.

    The facts are the dictionary in the document's one `#metadata(…) <facts>`; empty without it.

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
        nothing = root / "packages"  # a document has no packages, and none is fetched for it
        nothing.mkdir()
        try:
            compiler = typst.Compiler(
                str(main),
                root=str(root),
                font_paths=_fonts(),
                package_path=str(nothing),
                package_cache_path=str(nothing),
            )
            made = compiler.compile(format="png", ppi=72)
            facts: dict[str, object] = {}
            if "<facts>" in source:
                facts = json.loads(compiler.query("<facts>", field="value", one=True))
        except RuntimeError as error:  # TypstError is one
            raise RenderError(
                f"The page cannot be set: {str(error).splitlines()[0][:300]}.",
                remedy="This is a fault of the template, not of the lesson; please report it.",
            ) from error
    pages = made if isinstance(made, list) else [made]
    return tuple(page for page in pages if page is not None), facts


def missing_characters(text: Iterable[str]) -> str:
    """Those characters of a text that no font at hand can show, sorted, each once."""
    unusual = sorted({c for part in text for c in part if ord(c) > 0x7E and c.isprintable()})
    unknown = [c for c in unusual if c not in _can_show]
    if unknown:
        # Drawings of one and the same box are the same bytes.
        box, *drawn = _samples((_NEVER_A_CHARACTER, *unknown))
        _can_show.update((c, sample != box) for c, sample in zip(unknown, drawn, strict=True))
    return "".join(c for c in unusual if not _can_show[c])


_can_show: dict[str, bool] = {}


def _samples(characters: Iterable[str]) -> tuple[bytes, ...]:
    """Each character as a small picture."""
    from narrate.templating import typst_literal

    source = (
        "#set page(width: 48pt, height: 48pt, margin: 4pt)\n"
        f"#set text(font: {_literal_list((TEXT_FONT, *FALLBACK_FONTS))}, size: 32pt)\n"
    )
    source += "#pagebreak()\n".join(f"#text({typst_literal(c)})\n" for c in characters)
    return typeset(source, {})[0]


def _literal_list(names: Iterable[str]) -> str:
    return "(" + ", ".join(f'"{name}"' for name in names) + ",)"


@cache
def _fonts() -> typst.Fonts:
    import fontpkg_atkinson_hyperlegible as atkinson
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(atkinson.ROOT / "files")],
    )
