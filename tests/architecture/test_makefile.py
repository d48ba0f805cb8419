"""What `make` starts is started alike wherever it is typed."""

import re
from pathlib import Path

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"


def test_every_run_of_the_tests_may_keep_what_python_compiled():
    """Where PYTHONDONTWRITEBYTECODE is set, each process of the tests would compile every module again."""
    runs = [line.strip() for line in MAKEFILE.read_text().splitlines() if re.search(r"^\t.*\bpytest -n", line)]
    assert len(runs) == 3
    assert [line for line in runs if "env -u PYTHONDONTWRITEBYTECODE pytest" not in line] == []
