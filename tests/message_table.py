"""A table of all messages that the product can give, for reading them as a set.

    python tests/message_table.py > messages.tsv

A message is the first text of an error, a problem or a finding; its remedy is the next. Values
that are filled in are shown as {…}.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("foundation", "lessons", "avatar", "narrate")

_MAKERS = re.compile(
    r"(?:^Problem$|[a-z]Error$|^_?(?:refuse|remark|wrong|finding|problem|unfit|report|error)$)"
)
_NOT_OURS = frozenset(
    {"OSError", "ValueError", "TypeError", "KeyError", "RuntimeError", "AssertionError",
     "NotRegularError", "TooLargeError", "PermissionError", "FileExistsError", "AttributeError",
     "MarkedYAMLError", "NotStrictError"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """`remedy` is None where the call gives none, and "{…}" where it is a variable."""

    file: str
    line: int
    maker: str
    text: str
    remedy: str | None


def find_messages(source: str, file: str) -> Iterator[Message]:
    """The messages that are written out in a module's source."""
    tree = ast.parse(source)
    for scope in ast.walk(tree):
        if not isinstance(scope, ast.FunctionDef | ast.Module):
            continue
        assigned = _assigned_texts(scope)
        for node in _own_nodes(scope):
            if isinstance(node, ast.Call):
                # Of several texts with one name, the last one before the call is meant.
                named = {name: text for line, name, text in assigned if line < node.lineno}
                if found := _message(node, named, file):
                    yield found


def all_messages() -> list[Message]:
    files = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
    return [
        message
        for path in files
        for message in find_messages(path.read_text(), path.relative_to(ROOT).as_posix())
    ]


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a function, but not those of functions inside it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _assigned_texts(scope: ast.AST) -> list[tuple[int, str, str]]:
    """The texts that a function gives names to: line, name and text, in the order of lines."""
    found: list[tuple[int, str, str]] = []
    for node in _own_nodes(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = _text(node.value, {})
            if text and text != "{…}":
                found.append((node.lineno, node.targets[0].id, text))
    return sorted(found)


def _message(call: ast.Call, named: dict[str, str], file: str) -> Message | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    name = call.func.id if isinstance(call.func, ast.Name) else name
    if not _MAKERS.search(name) or name in _NOT_OURS:
        return None
    texts = [text for a in call.args if (text := _text(a, named)) is not None and " " in text]
    if not texts:
        return None
    given = {k.arg: _text(k.value, named) for k in call.keywords if k.arg}
    remedy = given.get("remedy") or (texts[1] if len(texts) > 1 else None)
    if remedy is None and any(k.arg == "remedy" for k in call.keywords):
        remedy = "{…}"
    if remedy is None and len(call.args) > 1 and not isinstance(call.args[1], ast.Constant):
        remedy = "{…}"
    return Message(file, call.lineno, name, texts[0], remedy)


def _text(node: ast.AST, named: dict[str, str]) -> str | None:
    """A text that is written out, with {…} for what is filled in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = (_text(node.left, named), _text(node.right, named))
        return None if parts == (None, None) else "".join(p or "{…}" for p in parts)
    if isinstance(node, ast.IfExp):
        return _text(node.body, named)
    if isinstance(node, ast.Name):
        return named.get(node.id)
    return None


def main() -> int:
    print("where", "made by", "message", "remedy", sep="\t")
    for message in all_messages():
        where = f"{message.file}:{message.line}"
        text = " ".join(message.text.split())
        print(where, message.maker, text, " ".join((message.remedy or "-").split()), sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
