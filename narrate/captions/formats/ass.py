"""Advanced SubStation Alpha, through pysubs2: for players and for burning in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from narrate.captions.formats.base import GUARD, Format, clean
from narrate.vocabulary import Cue

# The format has no escapes that all renderers know. `{` opens an override unless something stands
# between it and the `}`; `\N`, `\n` and `\h` are line ends and a space.
_BRACE = re.compile(r"\{(?=[^}]*\})")
_BACKSLASH = re.compile(r"\\(?=[Nnh{}])")
_FULLWIDTH = "｛"


class Ass(Format):
    name = "ass"
    extension = ".ass"
    media_type = "text/x-ssa"

    def write(self, cues: Sequence[Cue], *, language: str, title: str = "") -> str:
        """Times are in hundredths of a second, rounded; the format knows no finer ones.

        A `{` with its `}` becomes a full-width `｛`, or the text between would vanish.
        """
        from pysubs2 import Alignment, Color, SSAEvent, SSAFile, SSAStyle

        document = SSAFile()
        document.info.update(
            {
                "Title": clean(title),
                "Language": clean(language),
                "PlayResX": "1920",
                "PlayResY": "1080",
                "WrapStyle": "2",  # lines are cut already
                "ScaledBorderAndShadow": "yes",
            }
        )
        document.styles["Default"] = SSAStyle(
            fontname="Atkinson Hyperlegible",
            fontsize=58,
            primarycolor=Color(255, 255, 255),
            outlinecolor=Color(0, 0, 0, 64),  # with border style 3 this is the box: black, 75 %
            backcolor=Color(0, 0, 0, 64),
            borderstyle=3,
            outline=8,
            shadow=0,
            alignment=Alignment.BOTTOM_CENTER,
            marginl=192,  # 10 % of the picture (EBU R 95), below 5 %
            marginr=192,
            marginv=54,
        )
        for cue in cues:
            document.append(
                SSAEvent(
                    start=_hundredths(cue.start),
                    end=_hundredths(cue.end),
                    name=clean(cue.speaker).replace(",", " "),
                    text=_escape("\n".join(map(clean, cue.lines))),
                )
            )
        return document.to_string("ass", header_notice="")


def _escape(text: str) -> str:
    text = _BRACE.sub(_FULLWIDTH, _BACKSLASH.sub(r"\g<0>" + GUARD, text))
    return text.replace("\n", r"\N")


def _hundredths(ms: int) -> int:
    return (ms + 5) // 10 * 10
