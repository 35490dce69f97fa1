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
    r"(?:^Problem$|^BadParameter$|[a-z]Error$"
    r"|^_?(?:refuse|remark|wrong|finding|problem|unfit|report|error|warn|add_finding|make_error)$)"
)
_MESSAGE_FIRST = re.compile(r"^Problem$|^BadParameter$|[a-z]Error$")
_NOT_OURS = frozenset(
    {"OSError", "ValueError", "TypeError", "KeyError", "RuntimeError", "AssertionError",
     "NotRegularError", "TooLargeError", "PermissionError", "FileExistsError", "AttributeError",
     "MarkedYAMLError", "ModuleNotFoundError", "NotStrictError",
     "TransientError"}  # completes a sentence of its own module
)  # fmt: skip
_TABLES = {"_PLAIN_WORDS": "The YAML is not correct: {}."}
"""Tables of rows (pattern, part of a message, remedy), and the sentence that the part is put in."""

_UNKNOWN = "{…}"

Branch = tuple[int, str]
"""A statement that chooses (its `id`), and which of its parts is meant."""


@dataclass(frozen=True, slots=True)
class Message:
    """`remedy` is None where there is none, and "{…}" where it is not written in the module."""

    file: str
    line: int
    maker: str
    text: str
    remedy: str | None


@dataclass(frozen=True, slots=True)
class _Assigned:
    line: int
    name: str
    value: ast.expr
    branches: frozenset[Branch]


Texts = dict[str, list[str]]
"""The texts that each name may stand for."""


def find_messages(source: str, file: str) -> Iterator[Message]:
    """The messages that are written out in a module's source."""
    tree = ast.parse(source)
    constants = _constant_texts(tree)
    remedies = _own_remedies(tree, constants)
    yield from _tabled_messages(tree, file, constants)
    for scope in ast.walk(tree):
        if not isinstance(scope, ast.FunctionDef | ast.Module):
            continue
        nodes = list(_own_nodes(scope))
        assigned = sorted(_assignments(nodes), key=lambda a: a.line)
        for node, branches in nodes:
            if isinstance(node, ast.Call):
                named = {**constants, **_reaching_texts(node, branches, assigned, constants)}
                yield from _messages(node, named, file, remedies)


def all_messages() -> list[Message]:
    files = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
    return [
        message
        for path in files
        for message in find_messages(path.read_text(), path.relative_to(ROOT).as_posix())
    ]


def _own_nodes(scope: ast.AST) -> Iterator[tuple[ast.AST, frozenset[Branch]]]:
    """All nodes of a function, each with the branches it is in, but not functions inside it."""
    waiting: list[tuple[ast.AST, frozenset[Branch]]] = [
        (child, frozenset()) for child in ast.iter_child_nodes(scope)
    ]
    while waiting:
        node, branches = waiting.pop()
        yield node, branches
        if isinstance(node, ast.FunctionDef):
            continue
        for part, value in ast.iter_fields(node):
            children = value if isinstance(value, list) else [value]
            for position, child in enumerate(children):
                if not isinstance(child, ast.AST):
                    continue
                inside = branches
                if isinstance(node, ast.If) and part in ("body", "orelse"):
                    inside = branches | {(id(node), part)}
                elif isinstance(node, ast.Match) and part == "cases":
                    inside = branches | {(id(node), str(position))}
                elif isinstance(node, ast.For | ast.While) and part == "body":
                    inside = branches | {(id(node), part)}
                waiting.append((child, inside))


def _assignments(nodes: list[tuple[ast.AST, frozenset[Branch]]]) -> Iterator[_Assigned]:
    for node, branches in nodes:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield _Assigned(node.lineno, node.target.id, node.value, branches)
        if not isinstance(node, ast.Assign):
            continue
        target = node.targets[0]
        if isinstance(target, ast.Name):
            yield _Assigned(node.lineno, target.id, node.value, branches)
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for name, value in zip(target.elts, node.value.elts, strict=False):
                if isinstance(name, ast.Name):
                    yield _Assigned(node.lineno, name.id, value, branches)


def _constant_texts(tree: ast.Module) -> Texts:
    """The texts of a module's constants; those of a mapping are its values."""
    texts: Texts = {}
    for assigned in _assignments([(node, frozenset()) for node in tree.body]):
        value = assigned.value
        options = value.values if isinstance(value, ast.Dict) else [value]
        if found := [text for option in options for text in _texts(option, texts)]:
            texts[assigned.name] = found
    return texts


def _reaching_texts(
    call: ast.Call, branches: frozenset[Branch], assigned: list[_Assigned], constants: Texts
) -> Texts:
    """The texts that names may stand for at a call, from the assignments before it."""
    found: Texts = {}
    complete: set[str] = set()
    seen: dict[str, set[Branch]] = {}
    for one in reversed([a for a in assigned if a.line < call.lineno]):
        if one.name in complete or _exclude_each_other(one.branches, branches):
            continue
        found[one.name] = [*_texts(one.value, constants), *found.get(one.name, [])]
        own = one.branches - branches
        seen.setdefault(one.name, set()).update(own)
        both = all((place, other) in seen[one.name] for place, _ in own for other in _SIDES)
        if both:  # also where the assignment is under no condition of its own
            complete.add(one.name)
    return found


_SIDES = ("body", "orelse")


def _exclude_each_other(one: frozenset[Branch], other: frozenset[Branch]) -> bool:
    return any(place == where and part != side for place, part in one for where, side in other)


def _own_remedies(tree: ast.Module, constants: Texts) -> Texts:
    """The remedies that a module's own makers of problems give if a call has none."""
    remedies: Texts = {}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or not _MAKERS.search(function.name):
            continue
        arguments = function.args
        required = len(arguments.args) - len(arguments.defaults)
        for argument, default in zip(arguments.args[required:], arguments.defaults, strict=True):
            if argument.arg == "remedy":
                remedies[function.name] = _texts(default, constants) or [_UNKNOWN]
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and _MAKERS.search(_called(node)):
                for keyword in node.keywords:
                    if keyword.arg == "remedy" and (found := _texts(keyword.value, constants)):
                        remedies.setdefault(function.name, found)
    return remedies


def _tabled_messages(tree: ast.Module, file: str, constants: Texts) -> Iterator[Message]:
    for assigned in _assignments([(node, frozenset()) for node in tree.body]):
        if assigned.name in _TABLES and isinstance(assigned.value, ast.Tuple):
            for row in assigned.value.elts:
                assert isinstance(row, ast.Tuple)
                _, (part,), (remedy,) = (_texts(cell, constants) for cell in row.elts)
                text = _TABLES[assigned.name].format(part.replace("{}", _UNKNOWN))
                yield Message(file, row.lineno, assigned.name, text, remedy)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _messages(call: ast.Call, named: Texts, file: str, remedies: Texts) -> Iterator[Message]:
    """The messages of one call: several if it chooses between texts."""
    name = _called(call)
    if not _MAKERS.search(name) or name in _NOT_OURS:
        return
    arguments = [[text for text in _texts(a, named) if " " in text] for a in call.args]
    if _MESSAGE_FIRST.search(name) and not (arguments and arguments[0]):
        return  # the message is a parameter of the function
    written = [texts for texts in arguments if texts]
    if not written:
        return
    given = written[1] if len(written) > 1 else []
    for keyword in call.keywords:
        if keyword.arg == "remedy":
            given = _texts(keyword.value, named) or [_UNKNOWN]
    if not given and name in remedies:
        given = remedies[name]
    if not given and name != "BadParameter" and _may_be_a_remedy(call.args, arguments):
        given = [_UNKNOWN]
    for n in range(max(len(written[0]), len(given))):
        text = written[0][min(n, len(written[0]) - 1)]
        remedy = given[min(n, len(given) - 1)] if given else None
        yield Message(file, call.lineno, name, text, remedy)


def _may_be_a_remedy(given: list[ast.expr], texts: list[list[str]]) -> bool:
    """Whether the argument after the message is a variable."""
    after = next(n for n, found in enumerate(texts) if found) + 1
    return after < len(given) and isinstance(given[after], ast.Name)


def _texts(node: ast.AST, named: Texts) -> list[str]:
    """The texts that an expression may give, with {…} for what is filled in."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        parts = [str(p.value) if isinstance(p, ast.Constant) else _UNKNOWN for p in node.values]
        return ["".join(parts)] if parts != [_UNKNOWN] else []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _texts(node.left, named), _texts(node.right, named)
        if not left and not right:
            return []
        return [a + b for a in left or [_UNKNOWN] for b in right or [_UNKNOWN]]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body, named), *_texts(node.orelse, named)]
    if isinstance(node, ast.Subscript):
        return _texts(node.value, named)
    if isinstance(node, ast.Name):
        return named.get(node.id, [])
    return []


def main() -> int:
    print("where", "made by", "message", "remedy", sep="\t")
    for message in all_messages():
        where = f"{message.file}:{message.line}"
        text = " ".join(message.text.split())
        print(where, message.maker, text, " ".join((message.remedy or "-").split()), sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
