"""`narrate say`: speaks a line and prints how each word is pronounced."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from narrate.cli.console import (
    check_output_file,
    console,
    findings_as_data,
    print_findings,
    print_json,
)
from narrate.cli.exit_status import FailOnOption, parse_fail_on, status_of

if TYPE_CHECKING:
    from lessons.course.settings import Settings
    from lessons.model import Slide
    from lessons.speakable import Lexicon
    from narrate.speech.spoken_line import SaidLine, SaidWord, Timer
    from narrate.vocabulary import Narration


TextArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TEXT", help="What to say. Without it, or with '-', standard input is read."
    ),
]
VoiceOption = Annotated[
    str | None,
    typer.Option(
        "--voice", "-v", help="The voice, such as hibari/heart. 'narrate voices' lists them."
    ),
]


def say(
    text: TextArgument = None,
    voice: VoiceOption = None,
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="The language, such as en-GB or de.")
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(min=0.5, max=2.0, help="How fast to speak. 1 is the voice's own pace."),
    ] = None,
    course: Annotated[
        Path | None, typer.Option("--course", "-c", help="Use this course's settings and lexicon.")
    ] = None,
    lexicon: Annotated[
        Path | None, typer.Option(help="Use this lexicon.yaml instead of the course's.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write a .wav file instead of playing.")
    ] = None,
    fail_on: FailOnOption = None,
    mute: Annotated[
        bool, typer.Option("--mute", help="Print the table, but play no sound.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON, and play no sound.")
    ] = False,
) -> None:
    """Say a line, and print how and when each of its words is spoken.

    This helps to write a lexicon. For each word you see what is spoken, its
    sounds in IPA (as the lexicon accepts them), when it starts and ends in
    seconds, and which entry decided its pronunciation. Markdown and SSML work
    as in a lesson:

    narrate say "Ask Huygens about <emphasis>light</emphasis>."

    narrate say --course optics --out line.wav < paragraph.txt
    """
    from narrate.player import play
    from narrate.speech.spoken_line import say_line

    counted = parse_fail_on(fail_on)
    _check_sound_file(out)
    settings, words = _read_settings(course, lexicon, voice, language, speed)
    line = _read_text(text)
    if not line.strip():
        raise typer.BadParameter('Say what to speak: narrate say "Hello."', param_hint="TEXT")
    said = say_line(line, settings, words, _make_timer(settings), named=voice is not None)
    if out is not None:
        _write_sound(said, out)
    print_findings(said.line.findings, stderr=True)
    if json:
        print_json(_as_data(said, out))
    else:
        _print(said, out)
    if out is None and not mute and not json:
        play(said.narration.samples)
    raise typer.Exit(status_of(said.line.findings, counted))


def _make_timer(settings: Settings) -> Timer:
    """What finds the words of a voice that tells no times. Loads the recogniser only then."""

    def find_times(slide: Slide, narration: Narration) -> Narration:
        from narrate.align.voice_timing import time_narration

        model = settings.whisper or None
        return time_narration(slide, narration, language=settings.language, model=model)

    return find_times


def _check_sound_file(out: Path | None) -> None:
    """Check --out before the work begins. Raises typer.BadParameter."""
    if out is None:
        return
    if out.suffix.lower() != ".wav":
        raise typer.BadParameter(f"{out} is not a .wav file.", param_hint="--out")
    check_output_file(out)


def _write_sound(said: SaidLine, out: Path) -> None:
    from narrate.pipeline.store.refusals import storing
    from narrate.speech.sound_file import write_sound

    with storing(out.absolute().parent):
        write_sound(out, said.narration.samples)


def _read_text(arguments: list[str] | None) -> str:
    if arguments and arguments != ["-"]:
        return " ".join(arguments)
    if not arguments and sys.stdin.isatty():
        raise typer.BadParameter('Say what to speak: narrate say "Hello."', param_hint="TEXT")
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise typer.BadParameter("Standard input is not UTF-8 text.", param_hint="TEXT") from error


def _read_settings(
    course: Path | None,
    lexicon: Path | None,
    voice: str | None,
    language: str | None,
    speed: float | None,
) -> tuple[Settings, Lexicon]:
    from foundation.languages import same_language
    from lessons.course.lexicon_file import read_lexicon
    from lessons.course.reading import course_settings
    from lessons.course.setting_layers import merge, read_values
    from lessons.speakable import Lexicon
    from narrate.errors import UsageError
    from narrate.user_settings import read_user_settings

    own, words = read_user_settings(), Lexicon()
    if course is not None:
        own, words = course_settings(course, own)
    if lexicon is not None:
        words = read_lexicon(lexicon, str(lexicon))
    given = {"voice": voice, "language": language, "speed": speed}
    flags = {name: value for name, value in given.items() if value is not None}
    settings = merge(own, read_values(flags, "", UsageError))
    if voice is not None:  # --voice is stronger than the course's voices for its languages
        rest = {
            tag: name
            for tag, name in settings.voices.items()
            if not same_language(tag, settings.language)
        }
        settings = settings.model_copy(update={"voices": rest})
    return settings, words


def _print(said: SaidLine, out: Path | None) -> None:
    from rich.markup import escape
    from rich.table import Table

    from narrate.clock import samples_to_seconds

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("written", "spoken", "sounds", "start", "end", "decided by"):
        right = column in ("start", "end")
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    for w in said.words:
        table.add_row(
            escape(w.token.written),
            escape(w.token.spoken),
            escape(w.ipa),
            f"{samples_to_seconds(w.word.start):.2f}",
            f"{samples_to_seconds(w.word.end):.2f}",
            escape(_explain(w)),
        )
    shown = console()
    shown.print(table)
    seconds = samples_to_seconds(len(said.narration.samples))
    where = f", written to {out}" if out is not None else ""
    shown.print(f"\n{seconds:.2f} s by {', '.join(said.voices)}{where}", markup=False)


def _explain(word: SaidWord) -> str:
    """What in the lexicon or the script decided how a word is spoken; empty for most words."""
    token = word.token
    parts = []
    if word.entry is not None:
        parts.append(f"lexicon line {word.entry.line}: {word.entry.key}")
    elif token.phones is not None:
        parts.append("<phoneme>")
    if token.emphasis:
        parts.append(f"{token.emphasis} emphasis")
    if token.rate != 1.0:
        parts.append(f"rate {token.rate:g}")
    if token.language:
        parts.append(token.language)
    return ", ".join(parts)


def _as_data(said: SaidLine, out: Path | None) -> dict[str, Any]:
    from narrate.clock import samples_to_seconds

    def at(sample: int) -> float:
        return round(samples_to_seconds(sample), 4)

    return {
        "voices": list(said.voices),
        "seconds": at(len(said.narration.samples)),
        "out": str(out) if out is not None else None,
        "words": [
            {
                "written": w.token.written,
                "spoken": w.token.spoken,
                "ipa": w.ipa,
                "start": at(w.word.start),
                "end": at(w.word.end),
                "phones": [
                    {
                        "symbol": p.symbol,
                        "stress": p.stress,
                        "start": at(p.start),
                        "end": at(p.end),
                    }
                    for p in w.phones
                ],
                "utterance": w.word.utterance,
                "entry": w.entry and {"key": w.entry.key, "line": w.entry.line},
                "given": w.token.phones,
                "rate": w.token.rate,
                "emphasis": w.token.emphasis,
                "language": w.token.language,
            }
            for w in said.words
        ],
        "findings": findings_as_data(said.line.findings),
    }
