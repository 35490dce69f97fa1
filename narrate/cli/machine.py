"""`narrate doctor`, `voices`, `models` and `measure`: what this machine can do, and how well."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from narrate.cli.console import console, print_json

JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def doctor(json: JsonOption = False) -> None:
    """Check that everything a build needs is here and works."""
    from narrate.doctor import examine

    checks = examine()
    if json:
        rows = [{"name": c.name, "ok": c.ok, "found": c.found, "remedy": c.remedy} for c in checks]
        print_json({"checks": rows})
    else:
        out = console()
        for c in checks:
            mark, style = ("ok     ", "green") if c.ok else ("missing", "bold red")
            if c.optional and not c.ok:
                mark, style = "absent ", "dim"
            out.print(mark, style=style, end="  ")
            out.print(f"{c.name}: {c.found}", markup=False)
            if c.remedy and not c.ok:
                out.print(f"         {c.remedy}", markup=False)
    raise typer.Exit(0 if all(c.ok or c.optional for c in checks) else 1)


def voices(json: JsonOption = False) -> None:
    """List the voices, the languages they speak, and what each lacks here."""
    from narrate.speech import voices as known

    found = known()
    if json:
        print_json(
            [
                {
                    "id": v.id,
                    "languages": list(v.languages),
                    "licence": v.licence,
                    "sample_rate": v.sample_rate,
                    "honours": sorted(v.honours),
                    "available": v.available,
                    "missing": v.missing,
                }
                for v in found
            ]
        )
        return
    from rich.table import Table

    def tags(languages: tuple[str, ...]) -> str:
        return ", ".join(languages[:6]) + (" …" if len(languages) > 6 else "")

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("voice", "languages", "licence", "times from"):
        table.add_column(column, overflow="fold")
    for v in found:
        if v.available:
            table.add_row(v.id, tags(v.languages), v.licence, v.times)
    out = console()
    out.print(table)
    absent = [v for v in found if not v.available]
    if absent:
        out.print("\nNot on this machine:", style="bold")
    for v in absent:
        out.print(f"{v.id} ({tags(v.languages)}, {v.licence}). {v.missing}", markup=False)


models = typer.Typer(help="The models on this machine.", no_args_is_help=True)


@models.command("list")
def models_list(json: JsonOption = False) -> None:
    """List the models that are here, and those that can be fetched."""
    from dataclasses import asdict

    from rich.table import Table

    from narrate.cli.console import size
    from narrate.models import list_models, model_folder

    found = list_models()
    if json:
        print_json([{**asdict(m), "path": str(m.path) if m.path else None} for m in found])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("model", "for", "licence", "size", "here"):
        table.add_column(column, overflow="fold")
    for m in found:
        here = "yes" if m.path else f"narrate models fetch {m.id}"
        table.add_row(m.id, m.purpose, m.licence, size(m.bytes), here)
    console().print(table)
    console().print(f"The model folder is {model_folder()}", markup=False)


@models.command("fetch")
def models_fetch(
    name: Annotated[str, typer.Argument(help="The model, such as whisper/small.en.")],
) -> None:
    """Download a model into the model folder. Nothing else ever uses the network."""
    from narrate.models import fetch

    path = fetch(name)
    console().print(f"Fetched {name} to {path}", markup=False)


def measure(
    video: Annotated[Path, typer.Argument(help="A video with a speaking face.")],
    json: JsonOption = False,
) -> None:
    """Measure a talking face: mouth, blinks, head, steadiness, sharpness."""
    from avatar.measure import measure_video

    if not video.is_file():
        raise typer.BadParameter(f"There is no video {video}.", param_hint="VIDEO")
    measured = measure_video(video)
    if json:
        print_json(measured.to_json())
    else:
        console().print(measured.table(), markup=False)
