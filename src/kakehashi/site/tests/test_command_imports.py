"""A command that loads Django imports nothing before that which needs it.

The other tests of commands run where Django is loaded long since, and would not notice.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

from kakehashi.site import cli

LOADERS = {"django_and_database", "setup"}


def calls_a_loader(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Call) and getattr(each.func, "id", getattr(each.func, "attr", "")) in LOADERS
        for each in ast.walk(node)
    )


def imported_before(function: ast.FunctionDef) -> set[str]:
    """What the function imports until the statement that loads Django."""
    found: set[str] = set()
    for statement in function.body:
        if calls_a_loader(statement):
            return found
        for each in ast.walk(statement):
            if isinstance(each, ast.ImportFrom) and each.module:
                found.add(each.module)
            elif isinstance(each, ast.Import):
                found.update(one.name for one in each.names)
    return set()


def test_a_command_imports_nothing_that_needs_django_before_django_is_loaded():
    modules = {
        name
        for path in Path(cli.__file__).parent.glob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for name in imported_before(function)
    }
    assert len(modules) > 3, modules
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    for name in sorted(modules):
        done = subprocess.run(
            [sys.executable, "-c", f"import {name}; from {name} import *"],
            env=bare,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (name, done.stderr[-300:])
