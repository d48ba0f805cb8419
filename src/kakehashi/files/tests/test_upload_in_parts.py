"""Large files in parts: in order, resumable, bounded, judged as a whole, and only with the page's ticket."""

import io
import os
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings as configured

from kakehashi.files.domain.parts import PART_BYTES, PartsStream, part_count
from kakehashi.files.models import ScanState, StoredFile, Upload
from kakehashi.files.selectors import content_store, purpose_of_ticket, read_file, upload_ticket, uploaded_file
from kakehashi.files.services import begin_upload, finish_upload, sweep_uploads, take_part
from kakehashi.files.testing import PDF, PURPOSE
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town

LARGE = PDF + os.urandom(PART_BYTES + 500_000)
PARTS = [LARGE[:PART_BYTES], LARGE[PART_BYTES:]]


def begun(town: Town, content: bytes = LARGE, name: str = "図面.pdf") -> Upload:
    return begin_upload(actor=town.clerk, purpose=PURPOSE, name=name, size=len(content))


def send(town: Town, upload: Upload, number: int, data: bytes) -> Upload:
    return take_part(actor=town.clerk, upload_id=upload.id, number=number, data=data)


def test_parts_become_one_file(town: Town) -> None:
    upload = begun(town)
    assert [send(town, upload, number, data).parts for number, data in enumerate(PARTS)] == [1, 2]
    stored = finish_upload(actor=town.clerk, upload_id=upload.id)
    assert read_file(stored) == LARGE
    assert (stored.name, stored.size) == ("図面.pdf", len(LARGE))
    # Asked again after a lost answer, it is the same file.
    assert finish_upload(actor=town.clerk, upload_id=upload.id) == stored
    assert StoredFile.objects.count() == 1


def test_a_repeated_part_changes_nothing_and_one_out_of_turn_is_refused(town: Town) -> None:
    upload = begun(town)
    with pytest.raises(Stale):
        send(town, upload, 1, PARTS[1])
    send(town, upload, 0, PARTS[0])
    assert send(town, upload, 0, b"something else").parts == 1
    with pytest.raises(DomainError, match="欠けています"):
        send(town, upload, 1, PARTS[1][:-1])
    with pytest.raises(Stale, match="全部"):
        finish_upload(actor=town.clerk, upload_id=upload.id)


@pytest.mark.parametrize("size", [0, -1, 2_000_001])
def test_what_is_too_large_is_refused_before_anything_comes(town: Town, size: int) -> None:
    with pytest.raises(DomainError, match="大きすぎます"):
        begin_upload(actor=town.clerk, purpose=PURPOSE, name="a.pdf", size=size)


def test_the_whole_is_judged_by_its_content(town: Town) -> None:
    page = b"<svg onload=alert(1)>" + b" " * PART_BYTES
    upload = begun(town, page, "図.pdf")
    for number in range(2):
        send(town, upload, number, page[number * PART_BYTES : (number + 1) * PART_BYTES])
    with pytest.raises(DomainError, match="SVG"):
        finish_upload(actor=town.clerk, upload_id=upload.id)


def test_what_was_begun_is_forgotten_after_a_day(town: Town) -> None:
    upload = begun(town)
    send(town, upload, 0, PARTS[0])
    assert sweep_uploads() == 0
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert sweep_uploads() == 1
    with pytest.raises(FileNotFoundError):
        content_store().open_part(town.id, upload.id, 0)


def test_parts_are_read_as_one_and_only_one_is_open() -> None:
    content = os.urandom(10)
    opened: list[io.BytesIO] = []

    def open_part(number: int) -> io.BytesIO:
        assert all(one.closed for one in opened)
        opened.append(io.BytesIO(content[number * 4 : number * 4 + 4]))
        return opened[-1]

    assert b"".join(iter(lambda: stream.read(3), b"")) == content if (stream := PartsStream(open_part, 3)) else False
    assert [part_count(size) for size in (1, PART_BYTES, PART_BYTES + 1)] == [1, 1, 2]


def test_a_ticket_cannot_be_made_up(town: Town) -> None:
    ticket = upload_ticket(PURPOSE)
    assert purpose_of_ticket(ticket) == PURPOSE
    for wrong in (ticket[:-1], ticket.replace("files.test", "files.rest"), ""):
        with pytest.raises(NotFound):
            purpose_of_ticket(wrong)


def test_the_requests_of_the_script(cast, client_for, django_capture_on_commit_callbacks) -> None:
    with tenant_scope(cast.hibari.id):
        ticket = {"HTTP_X_UPLOAD_TICKET": upload_ticket(PURPOSE)}
    client = client_for(cast.hibari)
    begun = client.post("/files/uploads/", {"name": "図面.pdf", "size": len(LARGE)}, **ticket).json()
    address = f"/files/uploads/{begun['id']}/"
    raw = {"content_type": "application/octet-stream", **ticket}
    assert client.post(f"{address}0/", PARTS[0], **raw).json()["next"] == 1
    # The line broke: a new page asks how far it got.
    assert client.get(address, **ticket).json() == {"id": begun["id"], "next": 1, "part_bytes": PART_BYTES}
    assert client.post(f"{address}1/", LARGE, **raw).status_code == 413
    assert client.post(f"{address}1/", PARTS[1], **raw).json()["next"] == 2
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{address}finish/", **ticket).json()
    assert (done["name"], done["state"]) == ("図面.pdf", ScanState.UNSCANNED)
    with tenant_scope(cast.hibari.id):
        assert uploaded_file(done["receipt"], PURPOSE).size == len(LARGE)
        assert uploaded_file(done["receipt"], "another.purpose") is None
        assert uploaded_file(done["receipt"] + "x", PURPOSE) is None
        with pytest.raises(FileNotFoundError):
            content_store().open_part(cast.hibari.id, UUID(begun["id"]), 0)


def test_without_a_ticket_nothing_is_taken(cast, client_for) -> None:
    client = client_for(cast.hibari)
    assert client.post("/files/uploads/", {"name": "a.pdf", "size": 10}).status_code == 404
    assert client.get(f"/files/uploads/{uuid7()}/").status_code == 404
    with tenant_scope(cast.misaki.id):
        foreign = {"HTTP_X_UPLOAD_TICKET": upload_ticket(PURPOSE)}
    assert client.post("/files/uploads/", {"name": "a.pdf", "size": 10}, **foreign).status_code == 404
    assert configured.DATA_UPLOAD_MAX_MEMORY_SIZE > PART_BYTES
