"""`narrate transcribe`: turns a recording into the draft of a lesson."""

from __future__ import annotations

import os
import sys
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foundation.languages import normalize_tag
from foundation.problem import Place
from lessons.course.settings import DEFAULTS
from lessons.course.text_files import is_file
from narrate.cli.console import check_output_file, console, count
from narrate.errors import DecodingError

if TYPE_CHECKING:
    from rich.console import Console

    from narrate.align.talk import Talk


WhisperOption = Annotated[
    str,
    typer.Option(help="The speech recognition model: its name in the model folder, or its path."),
]


def transcribe(
    recording: Annotated[Path, typer.Argument(help="A sound file, or a video with sound.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the draft to this file.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            help="The language that is spoken, such as en-GB or de. Default: the one that is heard."
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="The lesson's title. Default: from the file's name.")
    ] = None,
    whisper: WhisperOption = "",
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that exists already.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print words and phones with their times as JSON.")
    ] = False,
) -> None:
    """Turn a recorded talk into the draft of a lesson, with the times of its words.

    The draft is printed, or written to the file --out. If that file is in the
    course that holds the recording, the lesson can be built at once, with the
    recording as its voice. Correct its words first, and give its slides their
    titles. Comments in the draft name the words that may be wrong.
    """
    from narrate.align.talk import hear_talk
    from narrate.align.whisper import RATE
    from narrate.clock import format_clock
    from narrate.documents.talk_lesson import write_talk_lesson
    from narrate.speech.sound_file import read_sound
    from narrate.user_settings import read_user_settings

    if not is_file(recording):
        raise typer.BadParameter(f"There is no recording {recording}.", param_hint="RECORDING")
    if out is not None:
        check_output_file(out, force=force)
    try:
        language = normalize_tag(language) if language else None
    except ValueError as error:
        raise typer.BadParameter(
            f"{language!r} is not a language tag. Write one such as en-GB or de.",
            param_hint="--language",
        ) from error
    model = whisper or read_user_settings().whisper
    sound = read_sound(recording, RATE)
    lines = console(stderr=True)
    lines.print(f"Listening to {recording.name}, {format_clock(len(sound) / RATE)} …", markup=False)
    talk = hear_talk(sound, language, model=model or None, jobs=min(4, os.cpu_count() or 1))
    _tell_language(lines, talk, told=language)
    name = title or recording.stem.replace("_", " ").replace("-", " ").strip().capitalize()
    if not talk.words and not json:
        raise DecodingError(
            "No words were recognised in this recording.",
            remedy="Check that it is the right file, that it is loud enough, and that --language "
            "is the language spoken in it.",
            place=Place(str(recording)),
        )
    place = _place_in_course(recording, out)
    if json:
        document = dumps(_as_data(talk), indent=2, ensure_ascii=False) + "\n"
    else:
        document = write_talk_lesson(
            talk.words, title=name, recording=place, language=talk.language
        )
    if out is None:
        sys.stdout.write(document)
    else:
        _write(document, out, talk, explain_voice=not place and not json)


def _tell_language(lines: Console, talk: Talk, *, told: str | None) -> None:
    """Say which language is heard, if it is not the one that was expected."""
    heard = talk.heard
    if heard is None or not heard.differs_from(told or DEFAULTS.language):
        return
    sure = f"{round(100 * min(heard.probability, 0.99))} % sure"
    if told is None:
        text = (
            f"The language that is heard is '{heard.tag}' ({sure}), and the draft is written in "
            "it. If that is wrong, give the right one with --language."
        )
    else:
        text = (
            f"The language that is heard is '{heard.tag}' ({sure}), not '{told}', so most words of "
            f"the draft are probably wrong. Try again with --language {heard.tag}."
        )
    lines.print(text, markup=False)


def _write(document: str, out: Path, talk: Talk, *, explain_voice: bool) -> None:
    """Write the draft, and say what it contains and what to do next."""
    from foundation.files import write_whole
    from narrate.clock import format_clock
    from narrate.documents.talk_lesson import UNSURE
    from narrate.pipeline.store.refusals import storing

    with storing(out.absolute().parent):
        write_whole(out, document.encode())
    unsure = sum(word.probability < UNSURE for word in talk.words)
    lines = console(stderr=True)
    lines.print(
        f"Wrote {out}: {count(len(talk.words), 'word')} in {format_clock(talk.seconds)}, "
        f"{unsure} of them uncertain.",
        markup=False,
    )
    if explain_voice:
        lines.print(
            "To build it with the recording as its voice, copy the recording into the course and "
            "write 'voice: recording' and 'recording: …' into the draft's front matter.",
            markup=False,
        )


def _place_in_course(recording: Path, out: Path | None) -> str:
    """The recording's path in the course that the draft is written to; empty if the recording is
    not in that course."""
    from lessons.course.reading import find_course_folder

    course = find_course_folder(out) if out is not None else None
    if course is None or not recording.resolve().is_relative_to(course):
        return ""
    return recording.resolve().relative_to(course).as_posix()


def _as_data(talk: Talk) -> dict[str, Any]:
    return {
        "seconds": round(talk.seconds, 3),
        "language": talk.language,
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
