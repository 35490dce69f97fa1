"""Finds the theme of each lesson: a built-in one, or a file with its fonts and its logo.

A theme file comes from anyone. What of it cannot be used is left out, with a finding, and the
lesson is built with what remains. Nothing is read out of the folder that the course opens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from foundation.files import bytes_digest, read_bounded
from foundation.near_words import find_near
from foundation.problem import Place, Problem, ProblemError
from foundation.shortening import brief
from lessons.course.picture_files import read_picture_file
from lessons.course.settings import DEFAULTS, Settings
from lessons.course.text_files import explain, opening, read_text
from lessons.errors import MediaError
from lessons.model import Finding, Palette
from narrate.errors import DecodingError, SettingsError
from narrate.pipeline.course_files import CourseFiles
from narrate.pipeline.step import Artefact
from narrate.pipeline.steps.picture import MediaFile
from narrate.slides.imported_themes import (
    LARGEST_OFFICE_FILE,
    make_imported_theme,
    read_office_theme,
)
from narrate.slides.own_templates import OwnTemplates, read_own_templates
from narrate.slides.pictures.process import try_font
from narrate.slides.pictures.reading import load_picture
from narrate.slides.theme import Theme, Typeface
from narrate.slides.theme_files import FONT_PARTS, find_line, make_theme, parse_theme
from narrate.slides.theme_fonts import EMBEDDED, PACKAGED, is_installed
from narrate.slides.theme_keys import is_font_file
from narrate.slides.theme_sheet import Sampled
from narrate.slides.themes import THEMES, find_theme

THEME_SUFFIXES = (".toml", ".thmx", ".pptx", ".potx")
LARGEST_FONT = 20_000_000
"""Bytes. The fonts of Chinese, Japanese and Korean are the largest, with 16 MB."""


@dataclass(frozen=True, slots=True)
class LessonTheme:
    """A theme, and the files that it needs, of which the logo is shown on slides as a picture.
    `templates` are the user's own."""

    theme: Theme
    fonts: tuple[Artefact, ...] = ()
    logo: MediaFile | None = None
    templates: OwnTemplates = ()


@dataclass(frozen=True, slots=True)
class _Files:
    """Where the files of a theme are: `root` is the folder of the theme, `opened` the one out of
    which none is read, and `name` what the theme file is called before people."""

    root: Path
    opened: Path
    name: str


@dataclass(slots=True)
class ThemeFinder:
    """Finds the themes of a course's lessons, each once. `root` is the course folder, and `opened`
    the one out of which no file is read. `findings` grows."""

    root: Path
    opened: Path
    files: CourseFiles
    findings: list[Finding] = field(default_factory=list)
    _found: dict[str, LessonTheme] = field(default_factory=dict)
    _templates: dict[str, OwnTemplates] = field(default_factory=dict)

    def find(self, settings: Settings, palette: Palette | None = None) -> LessonTheme:
        """The theme of a lesson with these settings. `palette` is used if they name no theme.

        Raises SettingsError if the user's own templates cannot be read.
        """
        if palette and "theme" not in settings.model_fields_set:
            found = self._import(palette)
        else:
            found = self._find_named(settings.theme, settings.place_of("theme"))
        if settings.templates:
            found = replace(found, templates=self._read_templates(settings))
        return found

    def _find_named(self, name: str, place: Place) -> LessonTheme:
        if name not in self._found:
            if name in THEMES:
                self._found[name] = LessonTheme(THEMES[name])
            elif name.lower().endswith(".toml"):
                self._found[name] = self._read(name, place)
            else:
                self._found[name] = self._read_office(name, place)
        return self._found[name]

    def _import(self, palette: Palette, typeface: Typeface | None = None) -> LessonTheme:
        theme, findings = make_imported_theme(palette, THEMES, typeface)
        self.findings.extend(findings)
        return LessonTheme(theme)

    def _read_office(self, name: str, place: Place) -> LessonTheme:
        """The theme of a PowerPoint file."""
        try:
            path, _ = self._locate(name, place)
            data = read_bounded(path, LARGEST_OFFICE_FILE)
            return self._import(*read_office_theme(data, name))
        except OSError as error:
            why = explain(error)
            message = f"The theme {brief(name)} cannot be read: {why}. 'light' is used instead."
            problem = Problem(message, "Check that it is a file of less than 100 MB.", place)
            self.findings.append(Finding("theme-unusable", "warning", problem))
            return self._find_named(DEFAULTS.theme, place)
        except ProblemError as error:
            return self._refuse(error, place)

    def _refuse(self, error: ProblemError, place: Place) -> LessonTheme:
        """The usual theme, in place of one that cannot be read."""
        message = f"{error.message} The theme 'light' is used instead."
        problem = replace(error.problem, message=message).within(place)
        self.findings.append(Finding("theme-unusable", "warning", problem))
        return self._find_named(DEFAULTS.theme, place)

    def _locate(self, name: str, place: Place) -> tuple[Path, Path]:
        """Where a theme file is, and the folder out of which nothing is read. Raises
        SettingsError."""
        with opening(name, place, SettingsError):
            path = Path(name).expanduser()
            opened = path.parent if path.is_absolute() else self.opened
            path = self.root / path
            inside = path.resolve(strict=True).is_relative_to(opened.resolve())
        if not inside:
            raise SettingsError(
                f"The theme {brief(name)} is outside the course folder.",
                remedy="Copy it into the course folder, with its fonts and its logo.",
                place=place,
            )
        return path, opened

    def _read_templates(self, settings: Settings) -> OwnTemplates:
        folder = settings.templates
        if folder not in self._templates:
            self._templates[folder] = read_own_templates(folder, settings.place_of("templates"))
        return self._templates[folder]

    def _read(self, name: str, place: Place) -> LessonTheme:
        try:
            path, opened = self._locate(name, place)
            text = read_text(path, name, SettingsError)
        except ProblemError as error:
            return self._refuse(error, place)
        read = parse_theme(text, name)
        theme, findings = make_theme(read, Path(name).stem, name, text, THEMES)
        self.findings.extend(findings)
        return self._add_files(theme, _Files(path.parent, opened, name), text)

    def _add_files(self, theme: Theme, files: _Files, text: str) -> LessonTheme:
        """The theme with its fonts and its logo, without those that cannot be used."""
        families: dict[str, str] = {}
        fonts: list[Artefact] = []
        for name in theme.font_files:
            place = _find_place(files, text, "fonts", name)
            if made := self._try_font(name, files, place):
                families[name], artefact = made
                fonts.append(artefact)
        typeface = self._choose_fonts(theme.typeface, families, files, text)
        logo = self._try_logo(theme.logo, files, text) if theme.logo else None
        theme = replace(theme, typeface=typeface, font_files=(), logo=logo.path if logo else "")
        return LessonTheme(theme, tuple(fonts), logo)

    def _try_font(self, name: str, files: _Files, place: Place) -> tuple[str, Artefact] | None:
        try:
            data = read_picture_file(files.root / name, root=files.opened)
            if len(data) > LARGEST_FONT:
                raise DecodingError(
                    f"The font {brief(name)} is larger than {LARGEST_FONT // 10**6} MB.",
                    remedy="Keep only the characters that you need in it.",
                )
            family = _try_once(data, name)
            media = self.files.add_beside(files.root / name, files.opened, name)
        except ProblemError as error:
            message = f"{error.message} Another font is used.".replace("The picture", "The font")
            problem = replace(error.problem, message=message, place=place)
            self.findings.append(Finding("theme-font-unusable", "warning", problem))
            return None
        return (family, media.file) if media.file else None

    def _choose_fonts(
        self, typeface: Typeface, families: Mapping[str, str], files: _Files, text: str
    ) -> Typeface:
        """The typeface with families that there are."""
        chosen: dict[str, Any] = {}
        for part in FONT_PARTS:
            name = getattr(typeface, part)
            if is_font_file(name):
                chosen[part] = families.get(name, getattr(Typeface(), part))
            elif is_installed(name) or name in families.values():
                continue
            else:
                chosen[part] = getattr(Typeface(), part)
                known = [*EMBEDDED, *(font.family for font in PACKAGED)]
                near = find_near(name, known, nearest=0.75)
                remedy = f"Did you mean {near!r}? " if near else ""
                problem = Problem(
                    f"There is no font {brief(name)}, so {chosen[part]} is used.",
                    f"{remedy}Write the name of a font file beside the theme, or one of "
                    f"{', '.join(known)}.",
                    _find_place(files, text, "fonts", part),
                )
                self.findings.append(Finding("theme-font-unusable", "warning", problem))
        return replace(typeface, **chosen)

    def _try_logo(self, name: str, files: _Files, text: str) -> MediaFile | None:
        place = Place(files.name, find_line(text, ("logo",)), key="logo")
        media = self.files.add_beside(files.root / name, files.opened, f"logo of {files.name}")
        try:
            if media.file is None:
                raise MediaError.of([Problem(media.message, media.remedy)])
            data = read_picture_file(files.root / name, root=files.opened)
            load_picture(data, Path(name).name, within=(1040, 260))
        except ProblemError as error:
            message = f"{error.message} The logo is left out."
            problem = replace(error.problem, message=message, place=place)
            self.findings.append(Finding("theme-logo-unusable", "warning", problem))
            return None
        return media


def sample_theme(name: str) -> tuple[Sampled, tuple[Finding, ...]]:
    """A built-in theme or that of a file, to be drawn, and what could not be used of it.

    Raises SettingsError if there is neither.
    """
    if Path(name).suffix.lower() not in THEME_SUFFIXES:
        return Sampled(find_theme(name)), ()
    path = Path(name)
    if not path.is_file():
        message = f"There is no theme file {brief(name)}."
        raise SettingsError(message, remedy="Check its path.", place=Place(name))
    folder = path.resolve().parent
    files = CourseFiles(folder)
    finder = ThemeFinder(folder, folder, files)
    found = finder.find(Settings.model_construct(theme=path.name))
    fonts = tuple(files.find_path(font).read_bytes() for font in found.fonts)
    logo = files.find_path(found.logo.file).read_bytes() if found.logo and found.logo.file else None
    return Sampled(found.theme, fonts, logo), tuple(finder.findings)


def _find_place(files: _Files, text: str, table: str, name: str) -> Place:
    """Where a theme file names a font: by its key, or in a value."""
    line = find_line(text, (table, name)) if not is_font_file(name) else None
    if line is None:
        lines = text.splitlines()
        line = next((n for n, written in enumerate(lines, 1) if name in written), None)
    return Place(files.name, line, key=table)


_families: dict[str, str | DecodingError] = {}
"""What fonts were tried in this program, by their digests."""


def _try_once(data: bytes, name: str) -> str:
    digest = bytes_digest(data)
    if digest not in _families:
        try:
            _families[digest] = try_font(data, brief(Path(name).name))
        except DecodingError as error:
            _families[digest] = error
    found = _families[digest]
    if isinstance(found, DecodingError):
        raise DecodingError(found.message, remedy=found.remedy)
    return found
