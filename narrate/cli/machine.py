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
        str, typer.Option("--language", "-l", help="Only voices for this language, such as de.")
    ] = "",
    voice: Annotated[
        str, typer.Option("--voice", "-v", help="Only this engine or voice, such as kokoro.")
    ] = "",
    play: Annotated[
        bool, typer.Option("--play", help="Let each of them that is ready say a sentence.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write what they say into this folder.")
    ] = None,
    test: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Test whether a voice, such as that of a plug-in of your own, does all that a "
            "build relies on. A speech server is asked about twenty times.",
        ),
    ] = "",
    json: JsonOption = False,
) -> None:
    """List the voices, their languages, and what is missing to use them.

    Listen to all that speak French, and choose one:

    narrate voices --language fr --play
    """
    if test:
        from narrate.cli.voice_test import print_test

        raise typer.Exit(print_test(test, language, as_json=json))
    from narrate.speech import SERVERS
    from narrate.speech import voices as known
    from narrate.speech.base import speaks

    found = [
        v
        for v in known()
        if (not language or speaks(v.languages, language))
        and (not voice or voice in (v.id, v.engine) or v.id.startswith(f"{voice}/"))
    ]
    if json:
        print_json([_as_data(v) for v in found])
        return
    out_console = console()
    here = [v for v in found if v.available]
    if play or out is not None:
        # A speech server costs money: it speaks only if it is named.
        heard = [v for v in here if v.engine != SERVERS or voice]
        _let_speak(heard, language, out, play=play)
        return
    for alike in _group(here):
        _print_group(out_console, alike, language)
    _print_defaults(out_console, here, language)
    absent = [v for v in found if not v.available]
    if absent:
        between = "\n" if here else ""
        out_console.print(f"{between}Not ready on this machine:")
    shown = absent if language or voice else _list_first(absent)
    for v in shown:
        out_console.print(f"{v.id} {v.problem}", style="bold", markup=False)
        known_of = [_speaks(v, language), _sound(v)] if v.languages else []
        _lines(out_console, *known_of, v.missing)
    if len(shown) < len(absent):
        more = len(absent) - len(shown)
        out_console.print(f"{more} more: narrate voices --language TAG shows those for a language.")
    if not found:
        sought = f"speaks {language}" if language else f"is called {voice}"
        out_console.print(f"No voice {sought}.", markup=False)


def _group(voices: list[VoiceInfo]) -> list[list[VoiceInfo]]:
    """The voices of one engine that differ in their languages alone, together."""
    groups: dict[tuple[str, str, str], list[VoiceInfo]] = {}
    for voice in voices:
        alone = voice.id == voice.engine or voice.model_licence
        groups.setdefault((voice.engine, _sound(voice), voice.id if alone else ""), []).append(
            voice
        )
    return list(groups.values())


def _print_group(out: Console, voices: list[VoiceInfo], language: str) -> None:
    first = voices[0]
    if len(voices) == 1:
        out.print(first.id, style="bold", markup=False)
        _lines(out, _speaks(first, language), _sound(first))
        return
    out.print(f"{first.engine}/…", style="bold", markup=False)
    by_language: dict[str, list[str]] = {}
    for voice in voices:
        by_language.setdefault(voice.languages[0], []).append(voice.id.partition("/")[2])
    _lines(out, *(f"{tag}: {', '.join(names)}" for tag, names in by_language.items()))
    _lines(out, f"{first.licence} · {_sound(first)}")


def _print_defaults(out: Console, voices: list[VoiceInfo], language: str) -> None:
    """Which voice speaks each language where nobody names one. That of the last resort is not told
    for each of its many languages."""
    from foundation.languages import name_language
    from narrate.speech import find_default_voice
    from narrate.speech.voice_fallback import LAST_RESORT

    others = [v for v in voices if v.engine != LAST_RESORT]
    tags = [language] if language else [t for v in others for t in v.languages if t != "*"]
    found = {tag: find_default_voice(tag) for tag in dict.fromkeys(tags)}
    listed = {v.id for v in voices}
    named = {tag: voice for tag, voice in found.items() if voice in listed}
    if not named:
        return
    out.print("\nWhere a lesson names no voice:", style="bold")
    _lines(out, *(f"{name_language(tag)}: {voice}" for tag, voice in named.items()))


def _list_first(voices: list[VoiceInfo]) -> list[VoiceInfo]:
    """The first voice of each engine that is not ready for each reason."""
    first: dict[tuple[str, str], VoiceInfo] = {}
    for voice in voices:
        first.setdefault((voice.engine, voice.problem), voice)
    return list(first.values())


def _let_speak(voices: list[VoiceInfo], language: str, out: Path | None, *, play: bool) -> None:
    """Let each voice say a sentence of its language. Raises VoiceError and DecodingError."""
    from narrate.speech.audition import audition

    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    heard = 0
    for info in voices:
        if info.engine in ("recording", "silent"):
            continue
        path = out / f"{info.id.replace('/', '-')}.wav" if out is not None else None
        audition(info, language, path, play=play)
        console().print(info.id, style="bold", markup=False)
        heard += 1
    if not heard:
        of = f" for {language}" if language else ""
        console().print(f"No voice{of} is ready. `narrate voices` says what is missing.")


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
    from lessons.course.recordings import VOICE as RECORDING
    from narrate.speech.base import CAPABILITY_NAMES
    from narrate.speech.voice_fallback import SILENT

    times = {
        "engine": "times from the engine",
        "recognition": "times from recognition",
        "words": "times of words from the engine",
        "estimated": "times estimated",
    }
    names = [
        name for capability, name in CAPABILITY_NAMES.items() if capability in voice.capabilities
    ]
    capabilities = f" · supports {', '.join(names) or 'no changes of speech'}"
    if voice.engine in (RECORDING, SILENT):  # nobody speaks there who could be asked for them
        capabilities = ""
    return f"{voice.sample_rate / 1000:g} kHz · {times.get(voice.times, voice.times)}{capabilities}"


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
    name: Annotated[
        str, typer.Argument(help="'voices', or a model's name, such as whisper/small.en.")
    ],
    source: Annotated[
        Path | None,
        typer.Option("--from", help="A copy that you have: of voices, a .tgz file or a folder."),
    ] = None,
) -> None:
    """Download voices or a model into the model folder. No other command uses the network.

    'voices' brings 54 voices of Kokoro in nine languages (27 MB, Apache-2.0), from the npm package
    kokoro-js 1.2.1. Each file is checked before it is kept.
    """
    from narrate.models import fetch

    if name == "voices":
        _fetch_voices(source)
        return
    if source is not None:
        raise typer.BadParameter("Only 'voices' can be taken from a copy.", param_hint="--from")
    path = fetch(name)
    console().print(f"Fetched {name} to {path}", markup=False)


def _fetch_voices(source: Path | None) -> None:
    from foundation.languages import name_language
    from narrate.speech.kokoro.catalogue import PACKAGE, published_speakers
    from narrate.speech.kokoro.engine import KokoroEngine
    from narrate.speech.kokoro.fetching import fetch_speakers
    from narrate.speech.kokoro.files import style_folder

    new = fetch_speakers(source)
    out = console()
    if new:
        where = source or f"the npm package {PACKAGE}"
        out.print(
            f"Fetched {new} voices (Apache-2.0) from {where} to {style_folder()}.", markup=False
        )
    else:
        total = len(published_speakers())
        out.print(f"All {total} voices are in {style_folder()} already.", markup=False)
    for voice in KokoroEngine().voices():
        if not voice.available:
            named = ", ".join(map(name_language, voice.languages))
            out.print(f"To speak {named}: {voice.missing.removeprefix('Type: ')}", markup=False)


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
