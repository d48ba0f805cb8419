"""Modules stay below 600 lines and functions below 80; the lists of exceptions may only shrink."""

from __future__ import annotations

import ast

from tests.architecture.floors import PACKAGE, sources

LONG_MODULES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_longer_than_600_lines():
    long = {str(p.relative_to(PACKAGE)) for p in sources(tests=True) if p.read_text().count("\n") > 600}
    assert long == LONG_MODULES


def test_no_function_is_longer_than_80_lines():
    long = {
        f"{p.relative_to(PACKAGE)}:{name}" for p in sources(tests=True) for name, length in functions(p) if length > 80
    }
    assert long == LONG_FUNCTIONS


def test_no_drawers():
    drawers = {"utils.py", "helpers.py", "common.py", "utils", "helpers", "common"}
    assert [p for p in PACKAGE.rglob("*") if p.name in drawers] == []
