"""The table of journeys names tests that exist: a journey that loses its walk is noticed."""

from __future__ import annotations

import re

import pytest

from tests.architecture.floors import PACKAGE

TABLE = (PACKAGE.parents[1] / "docs" / "develop" / "journeys.md").read_text()
WALKS = sorted(set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", TABLE)))


@pytest.mark.parametrize(("file", "test"), WALKS, ids=[test for _, test in WALKS])
def test_the_walk_of_a_journey_is_there(file: str, test: str) -> None:
    source = (PACKAGE / "site" / "tests" / "browser" / file).read_text()
    assert f"def {test}(" in source
    assert "pytest.mark.browser" in source


def test_every_row_has_a_walk() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith("| journey")]
    assert len(rows) > 20
    assert [row for row in rows if "::test_" not in row] == []
