"""What a theme is: how the slides of a lesson look, apart from their layout and contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lessons.box_kinds import Tone
from narrate.layout import Corner

BASE_FONT = "Atkinson Hyperlegible"
BASE_CODE_FONT = "DejaVu Sans Mono"

Rule = Literal["short", "bar", "full", "double", "dots", "wave", "chalk", "none"]
Marker = Literal["square", "dot", "ring", "dash", "arrow", "dots"]
Border = Literal["plain", "top", "left", "frame", "margin", "stripes"]
TableStyle = Literal["striped", "lines", "grid"]
Emphasis = Literal["italic", "bold"]
Align = Literal["left", "centre"]
Ground = Literal["page", "cover"]


@dataclass(frozen=True, slots=True)
class ToneColours:
    """The colours of a box: its `edge`, the `fill` behind its text, and its `label`. A box inside a
    box has the theme's background as its fill."""

    edge: str
    fill: str
    label: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The colours of title pages and section pages whose `ground` is `cover`."""

    background: str
    text: str
    title: str
    muted: str
    accent: str
    panel: str
    line: str


@dataclass(frozen=True, slots=True)
class Typeface:
    """The fonts, by family, and how they are set.

    `size`, `title_size` and `leading` are shares of the usual size; `tracking` is that of titles,
    in em. Weights are those of CSS. `emphasis` says how emphasised text looks, since not every font
    has italics.
    """

    title: str = BASE_FONT
    text: str = BASE_FONT
    code: str = BASE_CODE_FONT
    text_weight: int = 400
    title_weight: int = 700
    size: float = 1.0
    title_size: float = 1.0
    leading: float = 1.0
    tracking: float = 0.0
    emphasis: Emphasis = "italic"


@dataclass(frozen=True, slots=True)
class Shape:
    """Corners and lines. `radius` is that of cards, in pixels at 1080p; `rule` is below titles,
    `marker` before the items of a list, `border` at the edges of the picture."""

    radius: float = 14.0
    rule: Rule = "short"
    marker: Marker = "square"
    border: Border = "plain"
    table: TableStyle = "striped"


@dataclass(frozen=True, slots=True)
class CoverPage:
    """How a page with a title alone is composed."""

    align: Align = "left"
    ground: Ground = "page"
    rule: Rule = "bar"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb`, type, shape, and what stands on every slide.

    `panel` is the background of code, formulas and every second row of a table. The `code_` colours
    are only used on `panel`, those of other text on `background`, `panel` and the fills of `tones`.
    `highlight_text` is only used on `highlight`. `border` is the colour of the picture's edges.

    `logo` and `font_files` are paths in the course. `footer` stands in place of the course's title.
    """

    name: str
    background: str
    text: str
    title: str
    muted: str
    accent: str
    panel: str
    line: str
    border: str
    code_keyword: str
    code_string: str
    code_number: str
    code_name: str
    code_comment: str
    highlight: str
    highlight_text: str
    tones: Mapping[Tone, ToneColours]
    cover: Cover
    captions: str = "#0b0f14"
    captions_text: str = "#ffffff"
    signer: str = "#2b3a4a"  # plain and fairly dark: hands and faces of every skin colour are clear
    typeface: Typeface = Typeface()
    shape: Shape = Shape()
    title_page: CoverPage = CoverPage()
    section: CoverPage = CoverPage()
    presenter: Corner = "lower right"
    footer: str = ""
    logo: str = ""
    font_files: tuple[str, ...] = ()
    least_contrast: float = 4.5  # WCAG 1.4.3

    def for_page(self, page: CoverPage | None) -> Theme:
        """The theme with the colours of such a page. An ordinary one (None) has the usual ones."""
        if page is None or page.ground == "page":
            return self
        cover = self.cover
        return replace(
            self, background=cover.background, text=cover.text, title=cover.title,
            muted=cover.muted, accent=cover.accent, panel=cover.panel, line=cover.line,
            border=cover.accent, code_keyword=cover.text, code_string=cover.text,
            code_number=cover.text, code_name=cover.text, code_comment=cover.text,
        )  # fmt: skip
