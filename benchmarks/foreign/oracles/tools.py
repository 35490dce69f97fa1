"""Asks a tool how it reads a deck."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from .quarto import QuartoDeck, read_quarto
from .slides import OracleError, OracleSlide

HERE = Path(__file__).parent
FOLDER_VARIABLE = "FOREIGN_ORACLES"
TIMEOUT = 120.0  # s
PANDOC = Path("python", "pypandoc", "files", "pandoc")


def ask(
    tool: str, path: Path, *, folder: Path | None = None, timeout: float = TIMEOUT
) -> list[OracleSlide]:
    """The slides that `tool` makes of the deck at `path`, hidden ones included.

    `folder` is where setup installed the tools; the variable FOREIGN_ORACLES names it otherwise.
    Raises OracleError if the tool is not one of `TOOLS`, is not installed or fails.
    """
    if tool not in TOOLS:
        raise OracleError(f"No tool is named {tool}; there are {', '.join(TOOLS)}.")
    folder = folder or Path(os.environ.get(FOLDER_VARIABLE, ""))
    if folder == Path() or not (folder / "node_modules").is_dir():
        raise OracleError(f"Run setup, and let {FOLDER_VARIABLE} name the folder it filled.")
    return TOOLS[tool](path.resolve(), folder.resolve(), timeout)


def run(command: Sequence[str], folder: Path, timeout: float, given: str = "") -> str:
    """What a program prints that gets the text `given`. Raises OracleError if it fails."""
    environment = {**os.environ, FOLDER_VARIABLE: str(folder), "NODE_NO_WARNINGS": "1"}
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            env=environment,
            check=True,
            cwd=folder,
        )
    except FileNotFoundError as error:
        raise OracleError(f"There is no {error.filename}.") from error
    except subprocess.TimeoutExpired as error:
        raise OracleError(f"{command[0]} took more than {timeout:g} s.") from error
    except subprocess.CalledProcessError as error:
        raise OracleError(f"{command[0]} failed: {error.stderr.strip()[-2000:]}") from error
    return done.stdout


def _ask_node(
    arguments: Sequence[str], path: Path, folder: Path, timeout: float
) -> list[OracleSlide]:
    script, *kind = arguments
    told = run(["node", str(HERE / script), *kind, str(path)], folder, timeout)
    return [OracleSlide(**slide) for slide in json.loads(told)["slides"]]


def _witness(*arguments: str) -> Callable[[Path, Path, float], list[OracleSlide]]:
    def ask_it(path: Path, folder: Path, timeout: float) -> list[OracleSlide]:
        return _ask_node(arguments, path, folder, timeout)

    return ask_it


def _ask_reveal(path: Path, folder: Path, timeout: float) -> list[OracleSlide]:
    kind = "html" if path.suffix.lower() in {".html", ".htm"} else "external"
    return _ask_node(["reveal.mjs", kind], path, folder, timeout)


def _ask_pandoc(path: Path, folder: Path, timeout: float) -> list[OracleSlide]:
    deck = QuartoDeck(path.read_text("utf-8"), (f"--lua-filter={HERE / 'pandoc.lua'}",))
    return _show(deck, folder, timeout)


def _ask_quarto(path: Path, folder: Path, timeout: float) -> list[OracleSlide]:
    return _show(read_quarto(path), folder, timeout)


def _show(deck: QuartoDeck, folder: Path, timeout: float) -> list[OracleSlide]:
    command = [str(folder / PANDOC), "--from=markdown", "--to=revealjs", "--standalone"]
    page = run([*command, *deck.options], folder, timeout, deck.text)
    with tempfile.TemporaryDirectory() as work:
        file = Path(work, "deck.html")
        file.write_text(page, "utf-8")
        return _ask_node(["reveal.mjs", "html"], file, folder, timeout)


TOOLS: dict[str, Callable[[Path, Path, float], list[OracleSlide]]] = {
    "marp": _witness("marp.mjs"),
    "slidev": _witness("slidev.mjs"),
    "reveal": _ask_reveal,
    "reveal-md": _witness("reveal.mjs", "md"),
    "remark": _witness("remark.mjs", "remark"),
    "xaringan": _witness("remark.mjs", "xaringan"),
    "pandoc": _ask_pandoc,
    "quarto": _ask_quarto,
}
