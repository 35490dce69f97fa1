"""Advanced SubStation Alpha, written by pysubs2: for players, and for burning captions in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from narrate.captions.formats.base import GUARD, Format, clean
from narrate.captions.speakers import COLOURS
from narrate.vocabulary import Cue

# The format has no escapes that all renderers know. Text between `{` and `}` is read as an override
# and not shown. `\N` and `\n` are line ends, and `\h` is a space.
_BRACE = re.compile(r"\{(?=[^}]*\})")
_BACKSLASH = re.compile(r"\\(?=[Nnh{}])")
_FULLWIDTH = "｛"


class Ass(Format):
    name = "ass"

    def write(self, cues: Sequence[Cue], *, language: str, title: str = "") -> str:
        """Write an ASS file. Its times are rounded to hundredths of a second, as the format asks.

        A `{` that has a `}` is replaced by a full-width `｛`, because the text between them would
        not be shown.
        """
        from pysubs2 import Alignment, Color, SSAEvent, SSAFile, SSAStyle

        document = SSAFile()
        document.info.update(
            {
                "Title": clean(title),
                "Language": clean(language),
                "PlayResX": "1920",
                "PlayResY": "1080",
                "WrapStyle": "2",  # no wrapping: the lines are already cut
                "ScaledBorderAndShadow": "yes",
            }
        )
        document.styles["Default"] = SSAStyle(
            fontname="Atkinson Hyperlegible",
            fontsize=58,
            primarycolor=Color(255, 255, 255),
            outlinecolor=Color(0, 0, 0, 64),  # the box, with border style 3: 75 % black
            backcolor=Color(0, 0, 0, 64),
            borderstyle=3,
            outline=8,
            shadow=0,
            alignment=Alignment.BOTTOM_CENTER,
            marginl=192,  # 10 % at the sides (EBU R 95), 5 % at the bottom
            marginr=192,
            marginv=54,
        )
        for colour in dict.fromkeys(cue.colour for cue in cues):
            if _name_style(colour) == "Default":
                continue
            style = document.styles["Default"].copy()
            style.primarycolor = Color(*bytes.fromhex(COLOURS[colour][1:]))
            document.styles[_name_style(colour)] = style
        for cue in cues:
            document.append(
                SSAEvent(
                    start=_round_to_hundredths(cue.start),
                    end=_round_to_hundredths(cue.end),
                    style=_name_style(cue.colour),
                    name=clean(cue.speaker).replace(",", " "),
                    text=_escape("\n".join(map(clean, cue.shown_lines))),
                )
            )
        return document.to_string("ass", header_notice="")


def _name_style(colour: str) -> str:
    return colour.capitalize() if colour not in ("", "white") else "Default"


def _escape(text: str) -> str:
    text = _BRACE.sub(_FULLWIDTH, _BACKSLASH.sub(r"\g<0>" + GUARD, text))
    return text.replace("\n", r"\N")


def _round_to_hundredths(ms: int) -> int:
    return (ms + 5) // 10 * 10
