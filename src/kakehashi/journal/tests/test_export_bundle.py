"""Exporting evidence: whole, of one subject, only with the permission, and written into the journal itself."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from kakehashi.journal.domain.bundles import VERIFIER
from kakehashi.journal.models import Event
from kakehashi.journal.services import export_bundle, seal_events
from kakehashi.journal.testing import START, record_some
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor, system_actor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope

SUBJECT = ("journal.log", uuid7())


@pytest.fixture
def bundle(government_id: UUID, log: list[UUID], keys: Path) -> Path:
    """The evidence of one subject with three events among fifteen."""
    record_some(government_id, 3, at=START + timedelta(hours=2), subject_id=SUBJECT[1])
    path = keys / "subject.zip"
    with tenant_scope(government_id), clock.frozen(START + timedelta(hours=2, minutes=1)):
        seal_events()
        with path.open("wb") as target:
            export_bundle(actor=system_actor(government_id), target=target, subject=SUBJECT)
    return path


def test_the_evidence_of_a_subject_holds_its_events_only(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        events = [json.loads(line) for line in archive.read("events.jsonl").splitlines()]
        assert "leaves.txt" not in archive.namelist()
    assert [event["index"] for event in events] == [12, 13, 14]
    assert all(json.loads(event["record"])["subject_id"] == str(SUBJECT[1]) for event in events)


def test_the_evidence_of_a_subject_is_verified_offline(bundle: Path) -> None:
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_export_is_an_event(government_id: UUID, bundle: Path) -> None:
    with tenant_scope(government_id):
        event = Event.objects.filter(subject_id=SUBJECT[1]).order_by("id").last()
    assert event is not None
    assert event.code == "journal.bundle.exported"
    assert event.payload["size"] == 15


def test_an_export_needs_the_permission(government_id: UUID, log: list[UUID]) -> None:
    with tenant_scope(government_id), pytest.raises(PermissionRefused):
        export_bundle(actor=AnonymousActor(), target=io.BytesIO())


def test_nothing_sealed_is_said_so(government_id: UUID) -> None:
    with tenant_scope(government_id), pytest.raises(DomainError, match="封印"):
        export_bundle(actor=system_actor(government_id), target=io.BytesIO())
