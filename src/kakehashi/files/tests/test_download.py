"""Handing a file over."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.signing import TimestampSigner

from kakehashi.files.models import ScanState, StoredFile
from kakehashi.files.services import store_file
from kakehashi.files.testing import PDF, PURPOSE
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town

Clients = Callable[..., Any]


def stored_in(town: Town) -> StoredFile:
    with tenant_scope(town.id):
        return store_file(actor=town.clerk, name="住民票の写し.pdf", content=PDF, purpose=PURPOSE)


@pytest.fixture
def stored(cast: Cast) -> StoredFile:
    return stored_in(cast.hibari)


def test_staff_whom_the_purpose_lets_in_get_an_attachment(cast: Cast, client_for: Clients, stored: StoredFile) -> None:
    response = client_for(cast.hibari.clerk).get(f"/staff/files/{stored.id}")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition).endswith("住民票の写し.pdf")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_stranger_finds_nothing(cast: Cast, client_for: Clients, stored: StoredFile) -> None:
    assert client_for(cast.hibari).get(f"/files/{stored.id}").status_code == 404


def test_a_signed_pass_lets_a_resident_in(cast: Cast, client_for: Clients, stored: StoredFile) -> None:
    pass_ = TimestampSigner(salt="files.download").sign(f"{stored.government_id}/{stored.id}")
    client = client_for(cast.hibari)
    response = client.get(f"/files/{stored.id}", {"pass": pass_})
    assert response.status_code == 200
    assert response.getvalue() == PDF
    assert client.get(f"/files/{stored.id}", {"pass": pass_ + "x"}).status_code == 404


def test_a_pass_is_good_for_one_file_only(cast: Cast, client_for: Clients, stored: StoredFile) -> None:
    other = stored_in(cast.hibari)
    pass_ = TimestampSigner(salt="files.download").sign(f"{other.government_id}/{other.id}")
    assert client_for(cast.hibari).get(f"/files/{stored.id}", {"pass": pass_}).status_code == 404


def test_the_neighbour_town_gets_404(cast: Cast, client_for: Clients, stored: StoredFile) -> None:
    assert client_for(cast.misaki.clerk).get(f"/staff/files/{stored.id}").status_code == 404
    assert client_for(cast.misaki.clerk, at=cast.hibari).get(f"/staff/files/{stored.id}").status_code == 404


def test_a_file_that_waits_for_the_scanner_stays_inside(cast: Cast, client_for: Clients, stored: StoredFile) -> None:
    with tenant_scope(cast.hibari.id):
        StoredFile.objects.update(scan_state=ScanState.WAITING)
    assert client_for(cast.hibari.clerk).get(f"/staff/files/{stored.id}").status_code == 409


def test_nothing_but_reading_is_possible(cast: Cast, client_for: Clients, stored: StoredFile) -> None:
    assert client_for(cast.hibari.clerk).post(f"/staff/files/{stored.id}").status_code == 405
