"""Typst in isolation: a document can read only the files that are given with it.

System fonts are not used, so that the same source gives the same bytes on every machine.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from foundation.json_text import parse_json, parse_object
from foundation.languages import direction, primary
from narrate.errors import RenderError
from narrate.slides.fonts import (
    TEXT_FONT,
    TEXT_TOP,
    choose_cjk_region,
    emoji_sequences,
    list_emoji_fonts,
    list_fonts,
    load_fonts,
    upright_letters,
)
from narrate.slides.theme_fonts import keep_fonts

LONG = 0.15
"""Seconds of the processor for a document that Typst had better forget."""

_NEVER_A_CHARACTER = "\uffff"  # a noncharacter, for which every font shows its "missing" box


def typeset(
    source: str, files: Mapping[str, bytes], fonts: Iterable[bytes] = ()
) -> tuple[tuple[bytes, ...], Mapping[str, Any]]:
    """Compile a Typst document to pages and facts.

    The pages are PNGs with one pixel for each point. The facts are the dictionary in the document's
    `#metadata(…) <facts>`, or an empty one; as `shown`, they also have the values of `<shown>`.
    `fonts` are those that only this document uses.

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
                font_paths=load_fonts(keep_fonts(fonts)),
                package_path=str(nothing),
                package_cache_path=str(nothing),
            )
            begun = time.process_time()
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
    if time.process_time() - begun > LONG:
        _forget()
    pages = made if isinstance(made, list) else [made]
    return tuple(page for page in pages if page is not None), facts


def _forget() -> None:
    """Let Typst forget what it remembers of long documents, 100 MB or more of each.

    It forgets what has not been used in the last ten documents, so it is given as many short ones,
    which take half a millisecond each.
    """
    import tempfile

    import typst

    with tempfile.TemporaryDirectory(prefix="narrate-typst-") as folder:
        main = Path(folder) / "main.typ"
        main.write_text("", encoding="utf-8")
        compiler = typst.Compiler(str(main), root=folder, font_paths=load_fonts())
        for number in range(11):
            main.write_text(f"#set page(width: 1pt, height: 1pt)\n// {number}", encoding="utf-8")
            compiler.compile(format="png", ppi=72)


def find_missing_characters(text: Iterable[str]) -> str:
    """Return the characters of a text that no available font can show, sorted, each once.

    Characters that are not assigned, or are for private use as those of icon fonts, are among them.
    """
    unusual = sorted({c for part in text for c in part if ord(c) > 0x7E and _is_visible(c)})
    unknown = [c for c in unusual if c not in _can_show]
    if unknown:
        # A missing character is drawn as the same box, and so as the same bytes.
        box, *drawn = _draw_characters((_NEVER_A_CHARACTER, *unknown))
        _can_show.update((c, sample != box) for c, sample in zip(unknown, drawn, strict=True))
    return "".join(c for c in unusual if not _can_show[c])


_can_show: dict[str, bool] = {}


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")


def _draw_characters(characters: Iterable[str]) -> tuple[bytes, ...]:
    """Draw each character as a small picture."""
    from narrate.templating import typst_literal

    source = (
        "#set page(width: 48pt, height: 48pt, margin: 4pt)\n"
        f"#set text(font: {list_fonts(TEXT_FONT)}, size: 32pt)\n"
    )
    source += "#pagebreak()\n".join(f"#text({typst_literal(c)})\n" for c in characters)
    return typeset(source, {})[0]


def describe_script(language: str) -> dict[str, object]:
    """Return what a template needs to know to set text in a language."""
    return {
        "fonts": list_fonts(TEXT_FONT, language=language),
        "emoji": emoji_sequences(),
        "emoji_fonts": list_emoji_fonts(),
        "lang": typst_language(language),
        "region": _find_region(language),
        "direction": direction(language),
        "text_top": TEXT_TOP,
        "upright": upright_letters(),
    }


def _find_region(tag: str) -> str | Markup:
    """The region as Typst takes it. That of Chinese decides how its punctuation is set."""
    if primary(tag) == "zh":
        return {"SC": "CN"}.get(choose_cjk_region(tag), choose_cjk_region(tag).replace("TC", "TW"))
    return Markup("none")


def typst_language(tag: str) -> str:
    """Return the two or three letters that Typst takes as a language; `en` if there are none."""
    code = primary(tag)
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else "en"
