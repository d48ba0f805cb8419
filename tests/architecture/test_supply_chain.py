"""What we are built from: hash-locked, licensed as we may, listed, and never called audited when it was not."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest

from tests.architecture.floors import ROOT

_spec = importlib.util.spec_from_file_location("supply", ROOT / "scripts" / "supply.py")
assert _spec is not None
assert _spec.loader is not None
supply = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(supply)


def test_every_file_of_the_lock_carries_its_digest():
    assert len(supply.packages()) > 100
    assert supply.without_hash(supply.packages()) == []


def test_a_file_without_a_digest_is_found():
    lock = [{"name": "x", "version": "1", "wheels": [{"url": "https://h/x.whl", "hash": "md5:0"}]}]
    assert supply.without_hash(lock) == ["x 1: x.whl"]


def test_installs_never_resolve_anew():
    """`--frozen` installs what the lock says and checks every digest; nothing else installs into the environment."""
    recipes = [line.strip() for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("\t")]
    installs = [line for line in recipes if re.search(r"\b(uv sync|pip install|uv pip)\b", line)]
    assert installs == ['uv sync --frozen --python "$$(scripts/choose_python)"']


def test_licences_are_those_we_may_use():
    assert supply.licences() == []


@pytest.mark.parametrize(
    ("licence", "is_wrong"),
    [
        ("AGPL-3.0-or-later", True),
        ("GPL-2.0-only", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License v3", True),
        ("", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("Apache-2.0 OR BSD-3-Clause", False),
        ("MPL-2.0", False),
    ],
)
def test_the_gate_knows_the_families(licence, is_wrong):
    assert (supply.licence_finding("x", licence, {}) is not None) is is_wrong
    assert supply.licence_finding("X_y", licence, {"x-y": "a reason"}) is None


def what_the_tool_tells(*command, run=supply._run):
    """The environment as the tool draws it; the tool itself takes half a minute and runs in `make supply`."""
    if "cyclonedx" not in command[0]:
        return run(*command)
    names = sorted({supply.normal(each.metadata["Name"]) for each in metadata.distributions()})
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [{"bom-ref": name, "name": name} for name in names],
        "dependencies": [{"ref": name, "dependsOn": names} for name in ["root", *names]],
    }
    return subprocess.CompletedProcess([], 0, json.dumps(bill))


def test_the_bill_lists_what_is_shipped_and_vendored(monkeypatch):
    monkeypatch.setattr(supply, "SBOM", ROOT / "var" / "test" / "sbom.cdx.json")
    monkeypatch.setattr(supply, "_run", what_the_tool_tells)
    assert supply.sbom() == []
    bill = json.loads(supply.SBOM.read_text())
    names = {supply.normal(one["name"]) for one in bill["components"]}
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {"django", "psycopg", "granian", "htmx"} <= names
    assert names & {"pytest", "djlint", "pip-audit"} == set()
    assert all("pytest" not in one["dependsOn"] for one in bill["dependencies"])
    files = next(one for one in bill["components"] if one["name"] == "htmx")["components"]
    assert any(one["name"].endswith("htmx.min.js") and len(one["hashes"][0]["content"]) == 64 for one in files)


def test_a_database_out_of_reach_is_never_a_silent_pass(monkeypatch, capsys):
    nothing = SimpleNamespace(stdout="", stderr="trace\nno route to the database", returncode=1)
    monkeypatch.setattr(supply, "_audit_of", lambda *_: nothing)
    monkeypatch.setattr(sys, "argv", ["supply.py", "audit"])
    assert supply.main() == 0
    said = capsys.readouterr().out
    assert "NOT AUDITED" in said
    assert "nothing wrong" not in said
    assert said.splitlines()[-1] == (
        "!! audit: NOT DONE (pypi: no route to the database; osv: no route to the database)"
    )
    monkeypatch.setattr(sys, "argv", ["supply.py", "audit", "--must-audit"])
    assert supply.main() == 1


def test_what_the_audit_finds_or_skips_is_a_finding(monkeypatch):
    report = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": [{"id": "GHSA-x", "fix_versions": ["2"]}]},
            {"name": "b", "skip_reason": "not on the index"},
            {"name": "c", "version": "3", "vulns": []},
        ]
    }
    done = supply.subprocess.CompletedProcess([], 1, stdout=json.dumps(report), stderr="")
    monkeypatch.setattr(supply, "_why_silent", lambda _: "")
    monkeypatch.setattr(supply, "_run", lambda *_, **__: done)
    assert supply.audit() == ["b: not on the index", "a 1: GHSA-x (fixed in 2)"]


def test_a_known_vulnerability_is_a_finding_until_it_is_accepted(monkeypatch, tmp_path, capsys):
    """The second database is asked where the first is out of reach; what it knows fails the step, unless it was accepted."""
    known = {"dependencies": [{"name": "x", "version": "1", "vulns": [{"id": "GHSA-1", "fix_versions": ["2"]}]}]}

    def answer(requirements, service):
        return SimpleNamespace(stdout=json.dumps(known) if service == "osv" else "no route", stderr="", returncode=1)

    monkeypatch.setattr(supply, "_audit_of", answer)
    assert supply.audit() == ["x 1: GHSA-1 (fixed in 2)"]
    assert "osv" in capsys.readouterr().out
    rules = tmp_path / "supply.toml"
    rules.write_text('[vulnerabilities]\n"GHSA-1" = "not reached, until 2027-01-31"\n')
    monkeypatch.setattr(supply, "RULES", rules)
    assert supply.audit() == []
