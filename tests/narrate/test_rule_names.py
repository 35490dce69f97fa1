"""The list of rules is complete: what `--fail-on` accepts is what findings have."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from foundation.problem import Problem
from lessons.model import Finding, Severity
from narrate.cli.exit_status import parse_fail_on, status_of
from narrate.rule_names import RULES

ROOT = Path(__file__).resolve().parents[2]
RULE = re.compile(r"[a-z]+(?:-[a-z]+)*")


def rules_in(source: str) -> set[str]:
    """The names that findings are made with: a literal first argument that is a rule's name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if not re.search(r"(?i)finding|warn|violation|report", name):
            continue
        for argument in node.args[:3]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found |= {argument.value} if RULE.fullmatch(argument.value) else set()
    return found - {"error", "warning", "note"}


def sources() -> str:
    files = [p for package in ("lessons", "narrate") for p in (ROOT / package).rglob("*.py")]
    return "\n".join(p.read_text() for p in files if p.name != "rule_names.py")


def test_every_rule_that_findings_name_is_listed() -> None:
    found: set[str] = set()
    for package in ("lessons", "narrate"):
        for path in (ROOT / package).rglob("*.py"):
            found |= rules_in(path.read_text())
    assert len(found) > 40
    assert found <= set(RULES), found - set(RULES)


def test_every_listed_rule_is_used() -> None:
    text = sources()
    assert [rule for rule in RULES if f'"{rule}"' not in text] == []


def test_a_rule_that_is_not_listed_is_seen() -> None:
    assert rules_in('yield Finding("new-rule", "note", p)') == {"new-rule"}
    assert rules_in('self.add_finding("other-rule", "It is wrong.", at)') == {"other-rule"}


def finding(rule: str, severity: Severity) -> Finding:
    return Finding(rule, severity, Problem("m"))


@pytest.mark.parametrize(
    ("severity", "fail_on", "status"),
    [
        ("error", [], 0),
        ("error", ["error"], 1),
        ("warning", ["error"], 0),
        ("warning", ["warning"], 1),
        ("error", ["warning"], 1),
        ("note", ["warning"], 0),
        ("note", ["note"], 1),
        ("note", ["title-long"], 1),
        ("error", ["slide-long"], 0),
        ("note", ["error", "title-long"], 1),
    ],
)
def test_findings_count_as_asked(severity: Severity, fail_on: list[str], status: int) -> None:
    found = [finding("title-long", severity)]
    assert status_of(found, parse_fail_on(fail_on)) == status
    assert status_of(found, parse_fail_on(fail_on), failed=True) == 1
