"""The import contracts hold, and they are able to fail."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.architecture.floors import PACKAGE, ROOT


@pytest.fixture
def copy(tmp_path):
    """A copy of the sources, to spoil."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    only_python = shutil.ignore_patterns("static", "templates", "locale", "__pycache__", "tests", "content", "*.json")
    shutil.copytree(PACKAGE, tmp_path / "kakehashi", ignore=only_python)
    return tmp_path


def broken(folder) -> str:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode != 0
    return told.stdout + told.stderr


def test_an_import_upwards_is_refused(copy):
    (copy / "kakehashi" / "kernel" / "spoiled.py").write_text("import kakehashi.people.models\n")
    (copy / "kakehashi" / "desk" / "domain" / "spoiled.py").write_text("import kakehashi.desk.models\n")
    told = broken(copy)
    assert "kakehashi.kernel is not allowed to import kakehashi.people" in told
    assert "kakehashi.desk.domain is not allowed to import kakehashi.desk.models" in told


def test_a_room_without_a_floor_is_refused(copy):
    (copy / "kakehashi" / "attic").mkdir()
    (copy / "kakehashi" / "attic" / "__init__.py").write_text("")
    assert "attic" in broken(copy)
