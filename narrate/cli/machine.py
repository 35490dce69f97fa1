"""`narrate doctor`, `voices`, `models` and `measure`: what this machine can do, and how well."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from narrate.cli.console import console, print_json
from narrate.cli.exit_status import DONE, FAILED

if TYPE_CHECKING:
    from rich.console import Console

    from narrate.speech import VoiceInfo

MOST_TAGS = 8  # a line's worth of languages
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def doctor(json: JsonOption = False) -> None:
    """Check that everything a build needs is installed and works."""
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
    raise typer.Exit(DONE if all(c.ok or c.optional for c in checks) else FAILED)


def voices(
    language: Annotated[
        str, typer.Option(help="List only voices for this language, such as de or en-GB.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """List the voices, their languages, and what is missing to use them."""
    from narrate.speech import voices as known
    from narrate.speech.base import speaks

    found = [v for v in known() if not language or speaks(v.languages, language)]
    if json:
        print_json([_as_data(v) for v in found])
        return
    out = console()
    here = [v for v in found if v.available]
    for v in here:
        out.print(v.id, style="bold", markup=False)
        _lines(out, _speaks(v, language), _sound(v))
    if len(here) < len(found):
        out.print("\nNot ready on this machine:" if here else "Not ready on this machine:")
    for v in found:
        if not v.available:
            out.print(f"{v.id} {v.problem}", style="bold", markup=False)
            _lines(out, _speaks(v, language), _sound(v), v.missing)
    if not found:
        out.print(f"No voice speaks {language}.", markup=False)


def _as_data(voice: VoiceInfo) -> dict[str, object]:
    problem = "" if voice.available else voice.problem
    capabilities = sorted(voice.capabilities)
    known = {"capabilities": capabilities, "problem": problem, "available": voice.available}
    return {**asdict(voice), **known}


def _lines(out: Console, *lines: str) -> None:
    """Indented, and wrapped between words where there is a terminal to wrap for."""
    from textwrap import fill

    for line in lines:
        width = out.width if out.is_terminal else 10_000
        indent = "    "
        out.print(
            fill(
                line,
                width,
                initial_indent=indent,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            ),
            markup=False,
        )


def _speaks(voice: VoiceInfo, language: str) -> str:
    """`en-US · Apache-2.0`, and the model's licence where it is another's."""
    from narrate.speech.base import speaks

    tags = [t for t in voice.languages if not language or speaks((t,), language)]
    some = ", ".join("any language" if t == "*" else t for t in tags[:MOST_TAGS])
    more = f" and {len(tags) - MOST_TAGS} more" if len(tags) > MOST_TAGS else ""
    model = f" (engine), {voice.model_licence} (voice)" if voice.model_licence else ""
    return f"{some}{more} · {voice.licence}{model}"


def _sound(voice: VoiceInfo) -> str:
    """`24 kHz · times from the engine · supports speed, emphasis`."""
    from narrate.speech.base import CAPABILITY_NAMES

    times = {
        "engine": "times from the engine",
        "recognition": "times from recognition",
        "estimated": "times estimated",
    }
    names = [
        name for capability, name in CAPABILITY_NAMES.items() if capability in voice.capabilities
    ]
    capabilities = f"supports {', '.join(names)}" if names else "supports no changes of speech"
    return (
        f"{voice.sample_rate / 1000:g} kHz · {times.get(voice.times, voice.times)} · {capabilities}"
    )


models = typer.Typer(help="List and download models.", no_args_is_help=True)


@models.command("list")
def models_list(json: JsonOption = False) -> None:
    """List the models that are installed, and those that can be downloaded."""
    from rich.table import Table

    from foundation.byte_sizes import format_size
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
        table.add_row(m.id, m.purpose, m.licence, format_size(m.bytes), here)
    console().print(table)
    console().print(f"The model folder is {model_folder()}", markup=False)


@models.command("fetch")
def models_fetch(
    name: Annotated[str, typer.Argument(help="The model's name, such as whisper/small.en.")],
) -> None:
    """Download a model into the model folder. No other command uses the network."""
    from narrate.models import fetch

    path = fetch(name)
    console().print(f"Fetched {name} to {path}", markup=False)


def measure(
    video: Annotated[Path, typer.Argument(help="A video of a speaking face.")],
    json: JsonOption = False,
) -> None:
    """Measure a talking face in a video: mouth, blinks, head, steadiness, sharpness."""
    from avatar.measure import measure_video

    if not video.is_file():
        raise typer.BadParameter(f"There is no video file {video}.", param_hint="VIDEO")
    measured = measure_video(video)
    if json:
        print_json(measured.to_json())
    else:
        console().print(measured.table(), markup=False)
