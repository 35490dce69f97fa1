"""`narrate themes`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from narrate.cli.console import console, print_findings, print_json

if TYPE_CHECKING:
    from narrate.layout import Corner, Layout
    from narrate.slides.theme_sheet import Sampled


def themes(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Built-in themes, or theme files. Default: all built-in ones."),
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Draw sample slides in all of them on one sheet, a PNG.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Draw each sample slide at full size into this folder."),
    ] = None,
    lipreadable: Annotated[
        bool, typer.Option("--lipreadable", help="Draw them as in the lip-readable video.")
    ] = False,
    size: Annotated[str, typer.Option(help="The size of the video.")] = "1920x1080",
    json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the themes, and draw slides in them to choose one.

    narrate themes --sheet themes.png

    Write the name into course.yaml or into a lesson's front matter, such as
    'theme: paper'. A course may have a theme file of its own:
    'narrate schema theme' describes it.
    """
    from narrate.pipeline.lesson_themes import sample_theme
    from narrate.slides.themes import ORDER

    chosen: list[Sampled] = []
    for name in names or ORDER:
        sampled, findings = sample_theme(name)
        print_findings(findings, stderr=json)
        chosen.append(sampled)
    if sheet is not None or out is not None:
        _draw(chosen, sheet, out, size, lipreadable=lipreadable)
    elif not json:
        _list(chosen)
    if json:
        print_json([_describe(sampled) for sampled in chosen])


def _describe(sampled: Sampled) -> dict[str, object]:
    from narrate.slides.palettes import find_least_contrast
    from narrate.slides.themes import describe_theme

    face = sampled.theme.typeface
    return {
        "name": sampled.theme.name,
        "description": describe_theme(sampled.theme.name),
        "fonts": list(dict.fromkeys((face.title, face.text, face.code))),
        "contrast": round(find_least_contrast(sampled.theme), 2),
    }


def _list(chosen: Iterable[Sampled]) -> None:
    for told in map(_describe, chosen):
        fonts = told["fonts"]
        assert isinstance(fonts, list)
        console().print(f"{told['name']:<10}{told['description']}", markup=False)
        console().print(
            f"{'':<10}{', '.join(fonts)}; contrast {told['contrast']:.1f}:1 or more", markup=False
        )


def _draw(
    chosen: Sequence[Sampled], sheet: Path | None, out: Path | None, size: str, *, lipreadable: bool
) -> None:
    from foundation.files import write_whole
    from lessons.course.setting_layers import Assignments, read_any
    from narrate.errors import UsageError
    from narrate.layout import lay_out_lecture, lay_out_lipreadable
    from narrate.pipeline.store.refusals import storing
    from narrate.slides.theme_sheet import draw_samples, draw_sheet

    pixels = read_any(Assignments((f"video.size={size}",)), UsageError).video.size

    def lay_out(corner: Corner) -> Layout:
        return lay_out_lipreadable(pixels) if lipreadable else lay_out_lecture(pixels, True, corner)

    if sheet is not None:
        png = draw_sheet(chosen, lay_out)
        with storing(sheet.parent, elsewhere="name another file with --sheet"):
            sheet.parent.mkdir(parents=True, exist_ok=True)
            write_whole(sheet, png)
        console().print(f"made  {sheet}", markup=False)
    for sampled in chosen if out is not None else ():
        assert out is not None
        for name, png in draw_samples(sampled, lay_out(sampled.theme.presenter)):
            file = out / f"{sampled.theme.name}-{name}.png"
            with storing(out):
                out.mkdir(parents=True, exist_ok=True)
                write_whole(file, png)
            console().print(f"made  {file}", markup=False)
