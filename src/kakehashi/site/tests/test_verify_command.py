"""`kakehashi verify --case`: the evidence of one case from the command line, verified by the program inside it alone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from kakehashi.approvals.testing import attached, with_rules
from kakehashi.journal.testing import own_keys
from kakehashi.people.testing import Town
from kakehashi.site.cli import verify


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database."""
    monkeypatch.setattr(verify, "django_and_database", lambda *_: nullcontext())


def test_the_evidence_of_one_case_is_written_and_stands_alone(town: Town, tmp_path: Path) -> None:
    path, program, slug = tmp_path / "case.zip", tmp_path / "verify.py", town.government.slug
    with own_keys(tmp_path):
        proposal = attached(with_rules(town))
        done = CliRunner().invoke(
            verify.command, ["--government", slug, "--case", proposal.number, "--export", str(path)]
        )
        assert done.exit_code == 0, done.output
    with zipfile.ZipFile(path) as archive:
        program.write_bytes(archive.read("verify.py"))
        assert "検証手順.txt" in archive.namelist()
    command = [sys.executable, "-I", "-S", str(program), str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stdout
    assert proposal.number in checked.stdout


def test_a_case_nobody_has_and_an_export_without_a_government_are_refused(town: Town, tmp_path: Path) -> None:
    path = str(tmp_path / "x.zip")
    with own_keys(tmp_path):
        wanted = ["--government", town.government.slug, "--case", "令和99-1", "--export", path]
        assert CliRunner().invoke(verify.command, wanted).exit_code != 0
        assert CliRunner().invoke(verify.command, ["--case", "令和99-1"]).exit_code != 0
