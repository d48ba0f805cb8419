"""証明一式 of a proposal: everything in one zip, and three ways to verify it without this program."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from openpyxl import Workbook

from kakehashi.approvals.testing import attached, issued, with_rules
from kakehashi.journal.models import Event
from kakehashi.journal.services import export_dossier
from kakehashi.journal.testing import own_keys
from kakehashi.journal.tests.local_tsa import LocalTsa
from kakehashi.journal.tests.test_stamp_checkpoint import stamped_by
from kakehashi.kernel.errors import NotFound, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.people.models import Role, RoleGrant
from kakehashi.people.testing import SINCE, Town, person_of

KIND = "approvals.proposal"
Files = dict[str, bytes]


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[None]:
    with own_keys(tmp_path):
        yield


def taken(town: Town, proposal: Any, path: Path) -> Files:
    with path.open("wb") as target:
        export_dossier(actor=town.administrator, target=target, kind=KIND, subject_id=proposal.id)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verified(path: Path, *options: str) -> tuple[int, str]:
    with zipfile.ZipFile(path) as archive:
        program = path.with_name("verify.py")
        program.write_bytes(archive.read("verify.py"))
    command = [sys.executable, "-I", "-S", str(program), str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert not done.stderr
    return done.returncode, done.stdout


def test_the_dossier_is_whole_and_verified_by_our_single_file(town: Town, keys: None, tmp_path: Path) -> None:
    with_rules(town)
    proposal = attached(town)
    files = taken(town, proposal, tmp_path / "d.zip")
    names = " ".join(files)
    for part in (
        "原議.pdf",
        "施行文書.pdf",
        "規程.txt",
        "決めた内容.json",
        "添付/01_",
        "検証手順.txt",
        "経過.txt",
        "verify.py",
    ):
        assert part in names
    status, text = verified(tmp_path / "d.zip")
    assert status == 0, text
    assert f"{proposal.number}：書類・添付・規程は、封印された記録のとおりです。" in text


def test_an_office_file_goes_with_a_copy_that_any_pdf_reader_opens(town: Town, keys: None, tmp_path: Path) -> None:
    with_rules(town)
    book, made = Workbook(), io.BytesIO()
    book.worksheets[0].append(["工程", "4月"])
    book.save(made)
    files = taken(town, attached(town, name="工程.xlsx", content=made.getvalue()), tmp_path / "d.zip")
    (copy,) = (data for name, data in files.items() if name.endswith("01_工程.xlsx（閲覧用の写し）.pdf"))
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert pdf.open_metadata().pdfa_status == "2A"
    assert any(name.endswith("添付/01_工程.xlsx") for name in files)
    status, text = verified(tmp_path / "d.zip")
    assert status == 0, text


def test_plain_openssl_runs_every_command_of_the_instructions(
    town: Town, keys: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rules(town)
    tsa = LocalTsa(tmp_path / "tsa")
    stamped_by(tsa, monkeypatch)
    files = taken(town, attached(town), tmp_path / "d.zip")
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        archive.extractall(folder)
    commands = [line.strip() for line in files["検証手順.txt"].decode().splitlines() if line.startswith("    ")]
    shell = [line for line in commands if not line.startswith("python3")]
    done = subprocess.run(["sh", "-e", "-c", "\n".join(shell)], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Signature Verified Successfully" in done.stdout
    assert done.stdout.count("OK ") == 4
    assert tsa.asked == 1
    assert "Verification: OK" in done.stdout + done.stderr
    for name, data in files.items():
        if name.endswith(".pdf"):
            assert hashlib.sha256(data).hexdigest() in done.stdout


def test_any_pdf_reader_sees_what_was_decided_inside_the_pdf_a(town: Town, keys: None, tmp_path: Path) -> None:
    with_rules(town)
    proposal = attached(town)
    files = taken(town, proposal, tmp_path / "d.zip")
    name = next(name for name in files if name.endswith("原議.pdf"))
    with pikepdf.open(io.BytesIO(files[name])) as pdf:
        inside = pdf.attachments["decided.json"].get_file().read_bytes()
    assert hashlib.sha256(inside).hexdigest() == proposal.digest
    assert json.loads(inside)["body"]["request"] == proposal.request


def test_the_pdf_a_structure_of_the_decided_document_holds(town: Town, keys: None, tmp_path: Path) -> None:
    with_rules(town)
    files = taken(town, issued(town), tmp_path / "d.zip")
    content = next(data for name, data in files.items() if name.endswith("原議.pdf"))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        about, root = pdf.open_metadata(), pdf.Root
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("3", "A")
        assert about["dc:title"] == "公園使用の許可について"
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/DestOutputProfile" in root.OutputIntents[0]
        assert root.MarkInfo.Marked
        assert str(root.Lang).startswith("ja")
        assert "/K" in root.StructTreeRoot
        (inside,) = root.AF
        assert (inside.AFRelationship, inside.EF.F.Subtype) == ("/Source", "/application/json")
        assert not pdf.is_encrypted
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root.keys())
        fonts = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(each.keys()) for each in fonts)
        assert b"/JavaScript" not in content


def test_taking_it_is_recorded_with_the_digest_of_every_paper(town: Town, keys: None, tmp_path: Path) -> None:
    with_rules(town)
    proposal = issued(town)
    files = taken(town, proposal, tmp_path / "d.zip")
    event = Event.objects.filter(code="journal.dossier.exported").get()
    assert event.subject_id == proposal.id
    assert {name: hashlib.sha256(files[name]).hexdigest() for name in event.payload["files"]} == event.payload["files"]


def test_who_may_not_gets_nothing(town: Town, keys: None) -> None:
    with_rules(town)
    proposal = issued(town)
    with pytest.raises(PermissionRefused):
        export_dossier(actor=town.clerk, target=io.BytesIO(), kind=KIND, subject_id=proposal.id)
    for kind, subject_id in ((KIND, uuid7()), ("people.person", proposal.id)):
        with pytest.raises(NotFound):
            export_dossier(actor=town.administrator, target=io.BytesIO(), kind=kind, subject_id=subject_id)


def test_the_page_gives_the_zip_and_refuses_others(town: Town, keys: None, client_for: Callable[..., Any]) -> None:
    with_rules(town)
    address = f"/staff/journal/dossier/{KIND}/{issued(town).id}/"
    client = client_for(town.manager)
    give(town, town.manager)
    assert client.get(address).status_code == 200
    zipped = client.post(address)
    assert zipped["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(zipped.streaming_content))) as archive:
        assert "verify.py" in archive.namelist()
    for close in zipped._resource_closers:
        close()
    assert client_for(town.clerk).get(address).status_code == 403


def give(town: Town, actor: Any) -> None:
    """The permission to take evidence, as an administrator grants it."""
    role = Role.objects.create(code="evidence", name="証明", permissions=["journal.dossier:take"])
    RoleGrant.objects.create(person=person_of(actor), role=role, valid_from=SINCE)
