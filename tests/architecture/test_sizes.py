"""Modules stay below 600 lines and functions below 80; the lists of exceptions may only shrink."""

from __future__ import annotations

import ast

from tests.architecture.floors import PACKAGE, sources

LONG_MODULES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()
DRAWERS = {"utils.py", "helpers.py", "common.py", "utils", "helpers", "common"}


def functions(text: str):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def too_long(text: str) -> bool:
    return text.count("\n") > 600


def too_long_functions(text: str) -> list[str]:
    return [name for name, length in functions(text) if length > 80]


def test_no_module_is_longer_than_600_lines():
    assert {str(p.relative_to(PACKAGE)) for p in sources(tests=True) if too_long(p.read_text())} == LONG_MODULES


def test_no_function_is_longer_than_80_lines():
    long = {
        f"{p.relative_to(PACKAGE)}:{name}" for p in sources(tests=True) for name in too_long_functions(p.read_text())
    }
    assert long == LONG_FUNCTIONS


def test_no_drawers():
    assert [p for p in PACKAGE.rglob("*") if p.name in DRAWERS] == []


def test_the_checks_can_fail():
    assert too_long("x = 1\n" * 601)
    assert too_long_functions("def long():\n" + "    x = 1\n" * 80) == ["long"]
    assert "utils.py" in DRAWERS
