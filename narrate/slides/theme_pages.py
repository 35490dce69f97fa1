"""What a theme puts on a slide besides its content: the page of a title alone, and the logo."""

from __future__ import annotations

from dataclasses import dataclass, replace

from foundation.problem import Place, ProblemError
from lessons.model import Finding, Paragraph, Slide
from narrate.slides.blocks import Material, choose_plate
from narrate.slides.pictures.reading import load_picture
from narrate.slides.printable import make_one_line
from narrate.slides.theme import CoverPage, Theme

SUBTITLE = 90  # characters under the title of the first slide that still make it a title page

_FOOT_LOGO = (220, 40)  # pixels at 1080p that a logo has at most
_TITLE_LOGO = (520, 130)


@dataclass(frozen=True, slots=True)
class LogoFile:
    """The file of a logo, and its sizes in pixels at the foot and on the title page."""

    file: str
    foot_width: float
    foot_height: float
    title_width: float
    title_height: float
    plate: str = ""


def choose_cover_page(slide: Slide, theme: Theme) -> CoverPage | None:
    """How a page with a title alone is composed; None for an ordinary one.

    The first slide of a lesson is its title page if at most a short text is below its title. Any
    other slide with a title and nothing else begins a section.
    """
    if not make_one_line(slide.title).strip():
        return None
    if slide.number == 1 and (not slide.visuals or 0 < _count_characters(slide) <= SUBTITLE):
        return theme.title_page
    return None if slide.visuals else theme.section


def _count_characters(slide: Slide) -> int:
    """Count the characters on a slide that has only paragraphs; 0 for any other slide."""
    found = 0
    for visual in slide.visuals:
        if not isinstance(visual, Paragraph):
            return 0
        found += sum(len(run.text) or 4 for run in visual.content)
    return found


def add_logo(material: Material) -> LogoFile | None:
    """Add the theme's logo to the files of a slide. One that cannot be shown is left out, with a
    finding."""
    theme, unit = material.theme, material.layout.unit
    if not theme.logo:
        return None
    within = (round(_TITLE_LOGO[0] * unit * 2), round(_TITLE_LOGO[1] * unit * 2))
    try:
        picture = load_picture(material.read(theme.logo, ""), theme.logo, within=within)
    except ProblemError as error:
        message = f"{error.message} The logo is left out."
        problem = replace(error.problem, message=message, place=Place(theme.logo))
        material.findings.append(Finding("theme-logo-unusable", "warning", problem))
        return None
    name = f"logo-{len(material.files)}.png"
    material.files[name] = picture.png
    size = (picture.width, picture.height)
    return LogoFile(
        name,
        *_fit(size, _FOOT_LOGO, unit),
        *_fit(size, _TITLE_LOGO, unit),
        choose_plate(picture.ink, theme),
    )


def _fit(size: tuple[int, int], most: tuple[int, int], unit: float) -> tuple[float, float]:
    """The size of a picture that fills a box."""
    scale = min(most[0] / size[0], most[1] / size[1]) * unit
    return round(size[0] * scale, 2), round(size[1] * scale, 2)
