"""Specially protected answers: sealed wherever they are kept, opened at one door, unreadable once their key is destroyed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from kakehashi.eforms.domain.definition import Field, from_json
from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.services import publish_form, save_draft
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import content_store, read_file
from kakehashi.journal.models import AccessEntry
from kakehashi.kernel import clock
from kakehashi.kernel.data_keys import key_ring
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.models import Application, Draft, Procedure
from kakehashi.procedures.selectors.proposal_pages import describe
from kakehashi.procedures.services import open_protected
from kakehashi.procedures.testing import REQUEST, YOU, an_online_procedure

SECRET, FILE = "身体障害1級", ("金糸雀.txt", b"secret-content", "text/plain")


@pytest.fixture
def keys(settings: object, tmp_path: Path) -> Path:
    settings.DATA_KEYS = tmp_path / "data-keys"  # type: ignore[attr-defined]
    return tmp_path / "data-keys"


@pytest.fixture
def procedure(cast: Cast, keys: Path) -> Procedure:
    """A procedure that asks for a grade of disability and its certificate, both marked. No scope is left open."""
    town = cast.hibari
    with tenant_scope(town.id):
        made = an_online_procedure(town)
        definition = from_json(made.form.draft)
        marked = (
            Field("grade", "text", "障害の等級", protected=True),
            Field("proof", "file", "手帳の写し", protected=True),
        )
        second = replace(definition.steps[1], fields=(*marked, *definition.steps[1].fields))
        changed = replace(definition, steps=(definition.steps[0], second, *definition.steps[2:]))
        form = save_draft(actor=town.officer, form=made.form, definition=changed, expected_revision=made.form.revision)
        publish_form(actor=town.officer, form=form)
        return made


@pytest.fixture
def filed(cast: Cast, client_for: Callable, procedure: Procedure) -> tuple[object, str, Application]:
    """The resident's client, the page of the application, and the application. No scope is left open."""
    client = client_for(cast.hibari)
    draft = client.post(f"/procedures/{procedure.id}/start/").url.split("/steps/")[0].removeprefix("/hibari")
    client.post(f"{draft}/steps/page_1/", YOU)
    more = {"grade": SECRET, "proof": SimpleUploadedFile(*FILE)}
    assert client.post(f"{draft}/steps/page_2/", REQUEST | more).url.endswith("/confirm/")
    assert SECRET in client.get(f"{draft}/confirm/").content.decode()
    assert SECRET in client.get(f"{draft}/steps/page_2/").content.decode()
    page = client.post(f"{draft}/submit/").url.removeprefix("/hibari").removesuffix("receipt/")
    with tenant_scope(cast.hibari.id):
        return client, page, Application.objects.select_related("form_version", "procedure").get()


def whole_database() -> str:
    """Every row of the tables that could hold an answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_the_database_and_the_disk_hold_neither_answer_nor_file_nor_its_name(cast: Cast, filed: tuple) -> None:
    with tenant_scope(cast.hibari.id):
        text = whole_database()
        stored = StoredFile.objects.get()
        kept = content_store().open(stored.government_id, stored.sha256)
        with kept:
            assert b"secret-content" not in kept.read()
        assert read_file(stored) == FILE[1]
        draft = Draft.objects.get()
    assert SECRET not in text
    assert "金糸雀" not in text
    assert "身体障害" not in json.dumps([draft.answers, draft.typed], ensure_ascii=False)


def test_staff_see_that_it_is_there_and_open_it_at_the_door(cast: Cast, client_for: Callable, filed: tuple) -> None:
    application = filed[2]
    clerk = client_for(cast.hibari.clerk)
    case = clerk.get(f"/staff/cases/{application.case_id}/").content.decode()
    assert "特に保護する項目" in case
    assert SECRET not in case
    sheet = clerk.get(f"/staff/procedures/applications/{application.id}/export/").content.decode("utf-8-sig")
    assert SECRET not in sheet
    door = f"/staff/procedures/applications/{application.id}/protected/"
    assert SECRET not in clerk.get(door).content.decode()
    assert clerk.post(door, {"reason": ""}).status_code == 422
    shown = clerk.post(door, {"reason": "等級を確かめるため"}).content.decode()
    assert SECRET in shown
    assert "金糸雀.txt" in shown
    link = shown.split('href="/hibari/staff/files/')[1].split('"')[0].replace("&amp;", "&")
    assert b"".join(clerk.get(f"/staff/files/{link}").streaming_content) == FILE[1]
    assert clerk.get(f"/staff/files/{link.split('?')[0]}").status_code == 404
    with tenant_scope(cast.hibari.id):
        assert [(e.act, e.reason) for e in AccessEntry.objects.filter(page="procedures-staff:protected")] == [
            ("unseal", "等級を確かめるため")
        ]
        assert SECRET not in str(describe(application.id))


def test_the_door_wants_permission_and_reason(cast: Cast, filed: tuple) -> None:
    town, application = cast.hibari, filed[2]
    with tenant_scope(town.id):
        kept = frozenset(one for one in town.clerk.permissions if one != "procedures.protected:read")
        with pytest.raises(PermissionRefused):
            open_protected(actor=replace(town.clerk, permissions=kept), application=application, reason="審査のため")
        with pytest.raises(DomainError):
            open_protected(actor=town.clerk, application=application, reason=" ")


def test_after_its_key_is_destroyed_everybody_is_told_so(cast: Cast, client_for: Callable, filed: tuple) -> None:
    """A restored backup brings back these very rows and files: they cannot be read, and pages say why."""
    resident, page, application = filed
    assert SECRET in resident.get(page).content.decode()
    unit = key_ring().keys(cast.hibari.id)[0].unit
    key_ring().destroy(cast.hibari.id, unit, by="伊藤", reason="保存期間の満了")
    clerk = client_for(cast.hibari.clerk)
    door = f"/staff/procedures/applications/{application.id}/protected/"
    opened = clerk.post(door, {"reason": "等級を確かめるため"}).content.decode()
    for shown in (resident.get(page).content.decode(), opened):
        assert SECRET not in shown
        assert "鍵を廃棄したため、読めません" in shown
        assert "保存期間の満了" in shown
    assert clerk.get(f"/staff/cases/{application.case_id}/").status_code == 200


def test_what_did_not_change_in_a_correction_keeps_its_envelope(cast: Cast, filed: tuple) -> None:
    from kakehashi.eforms.selectors import open_answers, seal_answers

    with tenant_scope(cast.hibari.id):
        application = Application.objects.get(id=filed[2].id)
        version = FormVersion.objects.get(id=application.form_version_id)
        plain = open_answers(application.answers)
        again = seal_answers(version, plain, application.answers)
        assert again["grade"] == application.answers["grade"]
        assert seal_answers(version, plain | {"grade": "2級"}, application.answers)["grade"] != again["grade"]
        with clock.frozen(clock.now() + timedelta(days=400)):
            later = seal_answers(version, plain)
        assert later["grade"]["sealed"].split(".")[0] != again["grade"]["sealed"].split(".")[0]
