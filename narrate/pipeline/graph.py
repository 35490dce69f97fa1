"""The graph of steps: which tasks a course needs, and what each takes from those before it.

Only this module knows the order of the steps. A plan is made from the script, the settings and the
digests of the course's files, so every key is known before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from foundation.languages import direction
from foundation.problem import ProblemError, collect_errors, join_errors
from lessons.course.settings import Settings
from lessons.model import Course, Finding, Lesson
from narrate import align, speech
from narrate.errors import SettingsError
from narrate.layout import (
    Corner,
    Layout,
    LayoutName,
    find_portrait_size,
    lay_out_lecture,
    lay_out_lipreadable,
    mirror,
)
from narrate.pipeline.course_files import CourseFiles
from narrate.pipeline.keys import Keyed, make_key
from narrate.pipeline.lesson_graph import LessonPlanner, Shared
from narrate.pipeline.lesson_themes import LessonTheme
from narrate.pipeline.plan import VIDEOS, LessonPlan, Output, Plan, Wanted
from narrate.pipeline.presenter import Portrayed
from narrate.pipeline.step import Task
from narrate.pipeline.steps.portrait import plan_portrait
from narrate.pipeline.steps.report import (
    HTML,
    JSON,
    LessonArtefacts,
    ReportedLesson,
    ReportSettings,
    plan_report,
)

REPORT = "report"


def plan_course(
    course: Course,
    lessons: Sequence[tuple[Lesson, Settings]],
    wanted: Wanted,
    portrayed: Portrayed | None,
    files: CourseFiles,
    findings: Sequence[Finding] = (),
    *,
    themes: Mapping[str, LessonTheme],
    listened: bool = True,
) -> Plan:
    """Plan some lessons of a course. `findings` are those that reading it gave, and `themes` those
    of the lessons by their paths.

    Raises VoiceError, SettingsError, PerformanceError and RigError for what cannot be built.
    """
    videos = tuple(v for v in VIDEOS if v in wanted.parts)
    _require_usable(lessons, videos, portrayed)
    portrait = _plan_portrait(lessons, portrayed) if portrayed and videos else None
    shared = Shared(course, wanted, portrayed, portrait.made[0] if portrait else None, files)
    made = tuple(
        LessonPlanner(
            shared,
            lesson,
            settings,
            choose_layouts(
                settings, videos, portrayed is not None, themes[lesson.path].theme.presenter
            ),
            themes[lesson.path],
        ).plan()
        for lesson, settings in lessons
    )
    report = _plan_report(course, made, wanted, findings, listened=listened)
    reports = tuple(
        Output(f"{REPORT}.{name}", REPORT, name, "", report.output(name)) for name in (JSON, HTML)
    )
    return Plan(course, made, portrayed, portrait, report, reports, files)


def choose_layouts(
    settings: Settings,
    videos: Sequence[LayoutName],
    has_presenter: bool,
    corner: Corner = "lower right",
) -> dict[LayoutName, Layout]:
    """The layout of each video. There is no lip-readable video without a presenter."""
    found: dict[LayoutName, Layout] = {}
    if "lecture" in videos:
        found["lecture"] = lay_out_lecture(settings.video.size, has_presenter, corner)
    if "lipreadable" in videos and has_presenter:
        if settings.signer not in ("none", "reserve"):
            raise SettingsError(
                "A video of a sign-language interpreter cannot be added to the picture yet.",
                remedy="Write 'signer: reserve' to keep space for it.",
            )
        found["lipreadable"] = lay_out_lipreadable(
            settings.video.size, "reserve" if settings.signer == "reserve" else "none"
        )
    if direction(settings.language) == "rtl":
        return {name: mirror(layout) for name, layout in found.items()}
    return found


def _require_usable(
    lessons: Sequence[tuple[Lesson, Settings]],
    videos: Sequence[LayoutName],
    portrayed: Portrayed | None,
) -> None:
    """Raise all errors that the lessons' settings have, at once."""
    errors: list[ProblemError] = []
    for _, settings in lessons:
        with collect_errors(errors), _naming_setting(settings, "voice", "language"):
            speech.voice_version(speech.voice_map_of(settings).speaker(), settings.language)
        with collect_errors(errors), _naming_setting(settings, "whisper"):
            align.aligner_version(settings.whisper or None)
        with collect_errors(errors), _naming_setting(settings, "signer"):
            choose_layouts(settings, videos, portrayed is not None)
    if errors:
        raise join_errors(list({str(error): error for error in errors}.values()))


@contextmanager
def _naming_setting(settings: Settings, *names: str) -> Iterator[None]:
    """Add to an error about a setting the place where the setting is written."""
    try:
        yield
    except ProblemError as error:
        error.within(settings.place_of(*names))
        raise


def _plan_portrait(lessons: Sequence[tuple[Lesson, Settings]], portrayed: Portrayed) -> Task | None:
    """One rig for the course, at the size of the largest panel of both videos even if only one
    video is wanted: the presenter looks the same in both and is prepared once."""
    panels = [
        layout
        for _, settings in lessons
        for layout in choose_layouts(settings, VIDEOS, True).values()
    ]
    size = find_portrait_size(panels)
    return plan_portrait(portrayed.photo, portrayed.gate, size) if size else None


def _plan_report(
    course: Course,
    lessons: Sequence[LessonPlan],
    wanted: Wanted,
    findings: Sequence[Finding],
    *,
    listened: bool,
) -> Task:
    paths = {plan.lesson.path: plan for plan in lessons}
    own: dict[str, list[Finding]] = {path: [] for path in paths}
    rest: list[Finding] = []
    for finding in findings:
        own.get(finding.place.path, rest).append(finding)
    told = tuple(
        ReportedLesson(
            lesson=Keyed(
                plan.lesson,
                make_key(plan.lesson.id, plan.lesson.title, plan.lesson.path, plan.lesson.original),
            ),
            timed=plan.timed,
            lines=tuple((s.slide.line, *(u.line for u in s.slide.utterances)) for s in plan.slides),
            findings=tuple(own[plan.lesson.path]),
            listened=listened,
            captions="captions" in wanted.parts,
            transcript="transcript" in wanted.parts,
        )
        for plan in lessons
    )
    made = [
        LessonArtefacts(
            tuple(s.checked for s in plan.slides),
            tuple(tuple(t.output("findings") for _, t in s.pictures) for s in plan.slides),
        )
        for plan in lessons
    ]
    language = lessons[0].settings.language if lessons else ""
    return plan_report(ReportSettings(course.id, course.title, language, told, tuple(rest)), made)
