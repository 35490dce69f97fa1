"""TTML in the IMSC 1.1 text profile, restricted to what EBU-TT-D (Tech 3380) allows.

This means that times are media times such as `00:00:02.345`, every paragraph has an `xml:id` and a
region, text is in spans, styles are only referred to, lengths are percentages, and colours are
hexadecimal numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape  # enough for XML; xml.sax.saxutils would import an HTTP client

from narrate.captions.formats.base import Format, clean
from narrate.captions.speakers import COLOURS
from narrate.clock import format_timestamp
from narrate.vocabulary import Cue

# White on 75 % black has a contrast of more than 4.5:1 (WCAG 1.4.3) on any picture. The region
# keeps 10 % of the picture free at its edges (EBU R 95). The padding of 0.5c makes the box wider
# than the text.
_HEAD = """\
  <head>
    <metadata>
      <ttm:title>{title}</ttm:title>
      <ebuttm:documentMetadata>
        <ebuttm:conformsToStandard>urn:ebu:tt:distribution:2018-04</ebuttm:conformsToStandard>
        <ebuttm:conformsToStandard>http://www.w3.org/ns/ttml/profile/imsc1.1/text\
</ebuttm:conformsToStandard>
      </ebuttm:documentMetadata>
    </metadata>
    <styling>
      <style xml:id="text" tts:fontFamily="proportionalSansSerif" tts:fontSize="100%" \
tts:lineHeight="125%" tts:textAlign="center" ebutts:linePadding="0.5c"/>
      <style xml:id="box" tts:color="#FFFFFF" tts:backgroundColor="#000000C0"/>{colours}
    </styling>
    <layout>
      <region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" \
tts:displayAlign="after" tts:overflow="visible"/>
    </layout>
  </head>"""


class Ttml(Format):
    name = "ttml"

    def write(self, cues: Sequence[Cue], *, language: str, title: str = "") -> str:
        """Write a TTML file. EBU-TT-D has no attribute for speakers: colours or names in the text
        tell them apart."""
        used = dict.fromkeys(cue.colour for cue in cues if cue.colour not in ("", "white"))
        colours = "".join(
            f'\n      <style xml:id="{colour}" tts:color="{COLOURS[colour]}" '
            'tts:backgroundColor="#000000C0"/>'
            for colour in used
        )
        head = _HEAD.format(title=escape(clean(title), quote=False), colours=colours)
        paragraphs = "\n".join(_write_paragraph(number, cue) for number, cue in enumerate(cues, 1))
        division = f"\n    <div>\n{paragraphs}\n    </div>\n  " if cues else "<div/>"
        return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" \
xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" \
xmlns:ebuttm="urn:ebu:tt:metadata" xmlns:ebutts="urn:ebu:tt:style" ttp:timeBase="media" \
ttp:cellResolution="32 15" xml:lang="{escape(clean(language))}">
{head}
  <body>{division}</body>
</tt>
"""


def _write_paragraph(number: int, cue: Cue) -> str:
    texts = [escape(clean(line), quote=False) for line in cue.shown_lines]
    style = "box" if cue.colour in ("", "white") else cue.colour
    lines = "<br/>".join(f'<span style="{style}">{text}</span>' for text in texts)
    return (
        f'      <p xml:id="c{number}" region="bottom" style="text" '
        f'begin="{format_timestamp(cue.start)}" end="{format_timestamp(cue.end)}">{lines}</p>'
    )
