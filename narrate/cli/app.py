"""The commands, and how each error ends them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import typer

import narrate
from foundation.problem import ProblemError
from narrate.cli import (
    consent,
    course,
    machine,
    make,
    speak,
    store,
    themes,
    transcribe,
    translations,
)
from narrate.cli.console import fail
from narrate.cli.exit_status import DONE, FAILED, INTERRUPTED, TERMINATED
from narrate.cli.failing import as_problem_error, status_of_error

app = typer.Typer(
    name="narrate",
    help="Turn Markdown lessons into narrated, captioned lecture videos that everyone can follow.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"narrate {narrate.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    pass


MAKE, COURSE, MACHINE = "Make videos and texts", "Write and check a course", "This machine"

app.command("build", rich_help_panel=MAKE)(make.build)
app.command("preview", rich_help_panel=MAKE)(make.preview)
app.add_typer(make.export, name="export", rich_help_panel=MAKE)
app.command("init", rich_help_panel=COURSE)(course.init)
app.command("import", rich_help_panel=COURSE)(course.import_)
app.command("check", rich_help_panel=COURSE)(course.check)
app.command("translations", rich_help_panel=COURSE)(translations.translations)
app.command("rules", rich_help_panel=COURSE)(course.rules)
app.command("schema", rich_help_panel=COURSE)(course.schema)
app.command("themes", rich_help_panel=COURSE)(themes.themes)
app.command("transcribe", rich_help_panel=COURSE)(transcribe.transcribe)
app.command("say", rich_help_panel=COURSE)(speak.say)
app.add_typer(consent.app, name="consent", rich_help_panel=COURSE)
app.command("doctor", rich_help_panel=MACHINE)(machine.doctor)
app.command("voices", rich_help_panel=MACHINE)(machine.voices)
app.add_typer(machine.models, name="models", rich_help_panel=MACHINE)
app.add_typer(store.app, name="store", rich_help_panel=MACHINE)
app.command("measure", rich_help_panel=MACHINE)(machine.measure)


def run(argv: Sequence[str]) -> int:
    """Run the command with these arguments. No mistake of a user raises an exception."""
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:  # it was closed before the command began
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, stream, nowhere)
    usual = signal.signal(signal.SIGTERM, _terminate) if _in_main_thread() else None
    try:
        app(list(argv), prog_name="narrate", standalone_mode=True)
    except SystemExit as end:
        usual_end = DONE if end.code is None else FAILED
        code = end.code if isinstance(end.code, int) else usual_end
        if code in (INTERRUPTED, TERMINATED):  # Typer makes the first of Ctrl-C
            print("\nStopped. What is finished is kept; the next build continues from there.",
                  file=sys.stderr)  # fmt: skip
        return code
    except BrokenPipeError:
        # The program that reads the output, such as `head`, has ended.
        sys.stderr.close()
        return FAILED
    except OSError as error:
        told = as_problem_error(error)
        if told is None:
            raise
        fail(told)
        return FAILED
    except ProblemError as error:
        fail(error)
        return status_of_error(error)
    finally:
        if usual is not None:
            signal.signal(signal.SIGTERM, usual)
    return DONE


def _terminate(number: int, frame: object) -> None:
    """End as on Ctrl-C: workers are ended and temporary files are deleted."""
    raise SystemExit(TERMINATED)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
