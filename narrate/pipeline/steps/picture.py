"""The step that draws a slide for one of the videos: visuals and pictures -> one PNG a step."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.problem import Place, Problem
from lessons.errors import MediaError
from lessons.model import Slide
from narrate.layout import Layout
from narrate.pipeline.frame_files import save_frames
from narrate.pipeline.keys import Keyed
from narrate.pipeline.slide_files import save_drawing_findings
from narrate.pipeline.step import Artefact, Job, Needs, Step, Task
from narrate.slides import script_fonts
from narrate.slides.pictures import diagram_sources
from narrate.slides.theme import Theme
from narrate.slides.theme_fonts import FONT_DISTRIBUTIONS

MEDIA, FONTS = "media", "fonts"
PAGES, FINDINGS = "pages", "findings"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture of the course, as `lessons.model.Picture` names it. `file` holds its bytes; without
    it, the picture cannot be read, as `message` and `remedy` say."""

    path: str
    part: str
    file: Artefact | None = None
    message: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """`footer` is the course's title, `provenance` the line that says who speaks. The first slide
    of a lesson may be a title page. `templates` are the user's own, each with its name."""

    slide: Keyed[Slide]
    first: bool
    layout: Layout
    theme: Theme
    language: str
    footer: str
    provenance: str
    media: tuple[MediaFile, ...]
    templates: tuple[tuple[str, str], ...] = ()


def plan_picture(
    settings: PictureSettings, fonts: tuple[Artefact, ...], name: str, place: Place
) -> Task:
    """Draw the slide with this name. `fonts` are those of its theme that are files."""
    return STEP.task(
        settings,
        {MEDIA: tuple(m.file for m in settings.media if m.file), FONTS: fonts},
        outputs={PAGES: ".pages", FINDINGS: ".json"},
        label=f"drawing {name}",
        cost=0.5,
        place=place,
        needs=Needs(memory=1 << 30),
    )


def _run(job: Job) -> None:
    from narrate.slides.drawing import SlideLook, draw_slide

    settings: PictureSettings = job.settings
    look = SlideLook(
        settings.layout,
        settings.theme,
        settings.language,
        footer=settings.footer,
        provenance=settings.provenance,
        fonts=tuple(path.read_bytes() for path in job.inputs[FONTS]),
        templates=settings.templates,
    )
    media = dict(zip([m for m in settings.media if m.file], job.inputs[MEDIA], strict=True))
    named = {(m.path, m.part): m for m in settings.media}

    def read(path: str, part: str) -> bytes:
        wanted = named[path, part]
        if wanted not in media:
            raise MediaError.of([Problem(wanted.message, wanted.remedy)])
        return media[wanted].read_bytes()

    drawn = draw_slide(settings.slide.value, look, read=read)
    if PAGES in job.outputs:
        save_frames(job.outputs[PAGES], drawn.frames)
    if FINDINGS in job.outputs:
        save_drawing_findings(job.outputs[FINDINGS], drawn.findings)


STEP = Step(
    __name__,
    _run,
    packages=(
        "lessons.course.drawings",
        "lessons.course.foreign_text",
        "lessons.course.picture_files",
        "lessons.course.setting_declarations",
        "lessons.course.text_files",
        "lessons.errors",
        "narrate.clock",
        "narrate.pipeline.frame_files",
        "narrate.pipeline.heard_slide",
        "narrate.pipeline.slide_files",
        "narrate.typography",
        "narrate.layout",
        "narrate.slides",
        "narrate.vocabulary",
        "narrate.words",
    ),
    templates=("slides",),
    releases=(
        "typst",
        "ziamath",
        "latex2mathml",
        "pillow",
        "numpy",
        "opencv-contrib-python",
        *FONT_DISTRIBUTIONS,
        *script_fonts.DISTRIBUTIONS,
        *diagram_sources.DISTRIBUTIONS,
    ),
)
