"""Which modules of ours a module reaches by its imports, found by reading the sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from narrate.pipeline.sources import find_parents
from narrate.pipeline.step import Step

ROOMS = ("foundation", "lessons", "avatar", "narrate")
DECLARATIONS = "narrate.pipeline.packages"
"""This file names packages only for steps to declare them; it imports none."""
FACE = "narrate"
"""The public face loads names when they are asked for; no step asks it for one."""


def reach(module: str) -> frozenset[str]:
    """The module, all modules of ours that it imports, here or inside of functions, and so on, with
    the packages that they are in."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found or name == FACE or not _is_module(name):
            continue
        found.add(name)
        waiting += _read_imports(name)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
    return frozenset(found)


@cache
def _is_module(name: str) -> bool:
    try:
        return name.partition(".")[0] in ROOMS and find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def _read_imports(module: str) -> tuple[str, ...]:
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None
    if module == DECLARATIONS:
        return ()
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    found: list[str] = []
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            assert node.module is not None
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # Modules that are loaded by name, as in "narrate.speech.kokoro.engine:KokoroEngine".
            name = node.value.partition(":")[0]
            if name.partition(".")[0] in ROOMS and name.count(".") and name.isascii():
                found.append(name)
    return tuple(found)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a tree, but for what only type checkers read, and what steps declare."""
    if isinstance(node, ast.keyword) and node.arg == "packages":
        return
    yield node
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for child in node.orelse:
            yield from _walk(child)
        return
    for below in ast.iter_child_nodes(node):
        yield from _walk(below)


def find_forgotten(step: Step) -> list[str]:
    """The modules that a step reaches and whose files are not in its keys."""
    packages = step.sources

    def is_covered(module: str) -> bool:
        within = any(module == p or module.startswith(f"{p}.") for p in packages)
        return within or any(module in find_parents(p) for p in packages)

    return [module for module in sorted(reach(step.module)) if not is_covered(module)]
