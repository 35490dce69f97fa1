"""Packages import each other in one direction only, and so do the modules inside each of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "foundation": {"foundation"},
    "lessons": {"foundation", "lessons"},
    "avatar": {"foundation", "avatar"},
    "narrate": {"foundation", "lessons", "avatar", "narrate"},
}
OURS = {*MAY_IMPORT, "benchmarks", "samples", "tests"}


def imported_names(source: str, module: str) -> Iterator[str]:
    """The full names that a module imports, inside functions too, such as `lessons.model.Slide`.

    `module` ends in `.__init__` for a package.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


class _WithoutTypes(ast.NodeTransformer):
    """Removes the imports that only a type checker sees."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def forbidden_imports(source: str, module: str) -> set[str]:
    """The packages that a module imports against the direction."""
    found = {name.partition(".")[0] for name in imported_names(source, module)}
    return (found & OURS) - MAY_IMPORT[module.partition(".")[0]]


def read_package(package: str) -> Iterator[tuple[str, str]]:
    """The name and the source of each module of a package."""
    for path in sorted((ROOT / package).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield module, path.read_text("utf-8")


def sort_modules(sources: dict[str, str]) -> None:
    """Raise CycleError, which names the modules, if they import each other in a circle."""
    known = {module.removesuffix(".__init__") for module in sources}
    graph: dict[str, set[str]] = {}
    for module, source in sources.items():
        running = ast.unparse(_WithoutTypes().visit(ast.parse(source)))
        names = imported_names(running, module)
        found = {n if n in known else n.rpartition(".")[0] for n in names}
        graph[module.removesuffix(".__init__")] = found & known
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("package", list(MAY_IMPORT))
def test_a_package_imports_only_those_below_it(package: str) -> None:
    modules = dict(read_package(package))
    assert len(modules) > 5
    found = {module: forbidden_imports(source, module) for module, source in modules.items()}
    assert {module: packages for module, packages in found.items() if packages} == {}


@pytest.mark.parametrize("package", list(MAY_IMPORT))
def test_no_module_imports_itself_through_others(package: str) -> None:
    sort_modules(dict(read_package(package)))


@pytest.mark.parametrize(
    ("source", "module", "packages"),
    [
        ("import lessons.course.media", "foundation.files", {"lessons"}),
        ("def f():\n    from narrate.errors import UsageError", "lessons.media", {"narrate"}),
        ("if True:\n    from lessons import media", "avatar.face.photo", {"lessons"}),
        ("from importlib import import_module\nimport_module('avatar.rig')", "lessons.a",
         {"avatar"}),
        ("import samples.draw_media", "narrate.api", {"samples"}),
        ("from . import problem\nfrom .files import replacing\nimport json", "foundation.a", set()),
        ("from lessons.course.media import inside\nimport avatar", "narrate.api", set()),
    ],
)  # fmt: skip
def test_a_forbidden_import_is_seen(source: str, module: str, packages: set[str]) -> None:
    assert forbidden_imports(source, module) == packages


def test_a_circle_is_seen() -> None:
    modules = {"a.__init__": "", "a.b": "from a import c", "a.c": "def f():\n    from .b import x"}
    with pytest.raises(CycleError):
        sort_modules(modules)
    sort_modules({**modules, "a.c": "import json"})
    sort_modules({**modules, "a.c": "if TYPE_CHECKING:\n    from .b import x"})
