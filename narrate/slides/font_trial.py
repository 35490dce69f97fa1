"""Tries whether a font file can be used. This runs in the process that decodes pictures."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from narrate.errors import DecodingError

_FAMILY = re.compile(r"[\w .&+-]{1,60}")
_SAMPLE = "Aa Bb Gg Qq 0123456789 ÄÖÜ éèñ — “quoted”"


def read_family(data: bytes, name: str) -> str:
    """The family that a font says it is, after a line was set in it.

    Raises DecodingError for what is no font, is damaged, or has a name that cannot be written.
    """
    import typst

    remedy = "Save it as a .ttf or .otf file again, or take another font."
    with tempfile.TemporaryDirectory(prefix="narrate-font-") as folder:
        (Path(folder) / "font.ttf").write_bytes(data)
        try:
            fonts = typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
            )
            families = fonts.families()
        except BaseException as error:
            raise _explain(error, name, remedy) from error
        if not families:
            raise DecodingError(f"The file {name} is not a font that can be read.", remedy=remedy)
        if not _FAMILY.fullmatch(families[0]):
            raise DecodingError(
                f"The font in {name} has a name with signs that no font needs.", remedy=remedy
            )
        main = Path(folder) / "main.typ"
        main.write_text(
            f'#set page(width: 900pt, height: 80pt)\n#set text(font: "{families[0]}", size: 32pt)\n'
            f'#text("{_SAMPLE}")\n',
            encoding="utf-8",
        )
        try:
            typst.Compiler(str(main), root=folder, font_paths=fonts).compile(format="png", ppi=72)
        except BaseException as error:
            raise _explain(error, name, remedy) from error
    return str(families[0])


def _explain(error: BaseException, name: str, remedy: str) -> BaseException:
    """The error for a font on which the typesetter fails; Rust's panics are no `Exception`."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return DecodingError(f"The font in {name} is damaged: no text can be set in it.",
                             remedy=remedy)  # fmt: skip
    return error
