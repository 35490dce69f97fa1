"""`narrate transcribe`: a recording to a lesson draft."""

from __future__ import annotations

import os
import sys
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer

from foundation.problem import Place
from narrate.cli.console import console, count


def transcribe(
    recording: Annotated[Path, typer.Argument(help="A sound file, or a video with sound.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the draft to this file."),
    ] = None,
    language: Annotated[str, typer.Option(help="What is spoken, such as en-GB or de.")] = "en-US",
    title: Annotated[str | None, typer.Option(help="The lesson's title.")] = None,
    whisper: Annotated[
        str, typer.Option(help="Recognition model: a name in the model folder, or a path.")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print words and phones with their times as JSON.")
    ] = False,
) -> None:
    """Write down a recorded talk as the draft of a lesson, with times.

    The draft is printed, or written with --out. In the course that
    holds the recording it builds as it is: the recording is the voice.
    Correct the words first, and give the slides their titles; comments
    name the words that the recogniser is unsure of.
    """
    from narrate.align.talk import hear_talk
    from narrate.align.whisper import RATE
    from narrate.clock import format_clock
    from narrate.documents.talk_lesson import UNSURE, write_talk_lesson
    from narrate.errors import DecodingError
    from narrate.speech.sound_file import read_sound
    from narrate.user_settings import read_user_settings

    if not recording.is_file():
        raise typer.BadParameter(f"There is no recording {recording}.", param_hint="RECORDING")
    if out is not None and out.exists() and not force:
        raise typer.BadParameter(
            f"{out} is there already: name another file, or add --force.", param_hint="--out"
        )
    if out is not None and out.is_dir():
        raise typer.BadParameter(f"{out} is a folder: name a file.", param_hint="--out")
    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"There is no folder {out.parent}.", param_hint="--out")
    model = whisper or read_user_settings().whisper
    sound = read_sound(recording, RATE)
    lines = console(stderr=True)
    lines.print(f"Listening to {recording.name}, {format_clock(len(sound) / RATE)} …", markup=False)
    talk = hear_talk(sound, language, model=model or None, jobs=min(4, os.cpu_count() or 1))
    name = title or recording.stem.replace("_", " ").replace("-", " ").strip().capitalize()
    if not talk.words and not json:
        raise DecodingError(
            "No words were recognised in this recording.",
            remedy="Check that it is the right file, that it is loud enough, and --language.",
            place=Place(str(recording)),
        )
    place = _place_in_course(recording, out)
    if json:
        document = dumps(_as_data(talk), indent=2, ensure_ascii=False) + "\n"
    else:
        document = write_talk_lesson(talk.words, title=name, recording=place, language=language)
    if out is None:
        sys.stdout.write(document)
        return
    from foundation.files import write_whole
    from narrate.pipeline.store import storing

    with storing(out.parent):
        write_whole(out, document.encode())
    unsure = sum(word.probability < UNSURE for word in talk.words)
    lines.print(
        f"Wrote {out}: {count(len(talk.words), 'word')} of {format_clock(talk.seconds)}, "
        f"{unsure} of them unsure.",
        markup=False,
    )
    if not place and not json:
        lines.print(
            "To build it with the recording as its voice, copy the recording into the course and "
            "write 'voice: recording' and 'recording: …' into the draft's front matter.",
            markup=False,
        )


def _place_in_course(recording: Path, out: Path | None) -> str:
    """The recording's path in the course that the draft is written into; empty if it lies
    elsewhere."""
    from lessons.course import COURSE_FILE

    if out is None:
        return ""
    file = out.resolve()
    course = next((p for p in file.parents if (p / COURSE_FILE).is_file()), None)
    if course is None or not recording.resolve().is_relative_to(course):
        return ""
    return recording.resolve().relative_to(course).as_posix()


def _as_data(talk: Any) -> dict[str, Any]:
    return {
        "seconds": round(talk.seconds, 3),
        "words": [
            {
                "text": w.text,
                "start": round(w.start, 3),
                "end": round(w.end, 3),
                "probability": round(w.probability, 3),
            }
            for w in talk.words
        ],
        "phones": [
            {
                "symbol": p.symbol,
                "start": round(p.start, 3),
                "end": round(p.end, 3),
                "stress": p.stress,
            }
            for p in talk.phones
        ],
    }
