"""The modules of `lessons` import each other in one direction only."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]


def find_imports(path: Path) -> set[str]:
    """The modules of `lessons` that a file imports, inside of functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lessons"):
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                inside = (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()
                found.add(name if inside else node.module)
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    imports = {}
    for path in (ROOT / "lessons").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        imports[".".join(parts).removesuffix(".__init__")] = find_imports(path)
    assert len(imports) > 40
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle
