"""The pages of 様式の共有: each works, refuses, and is closed to other towns and to those without the permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kakehashi.eforms.domain.edits import change_field
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.people.testing import Cast
from kakehashi.procedures.models import FormOffer, KnownSigner, Procedure, ReceivedBase, TakenForm
from kakehashi.procedures.selectors.bases import base_here
from kakehashi.procedures.services import export_offer, offer_form, take_form
from kakehashi.procedures.testing import an_offered_form, an_online_procedure, changed_form

STAFF = "/staff/procedures/"
BASES = f"{STAFF}bases/"


@pytest.fixture
def offered(cast: Cast) -> FormOffer:
    """ひばり町 offers a form to all."""
    with tenant_scope(cast.hibari.id):
        return an_offered_form(cast.hibari)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_offering_by_the_pages(cast: Cast, client_for: Callable[..., Client]) -> None:
    client = client_for(cast.hibari.officer)
    with tenant_scope(cast.hibari.id):
        procedure = an_online_procedure(cast.hibari)
    page = f"{STAFF}inventory/{procedure.id}/offer/"
    assert "提供する" in text(client.get(page))
    assert client.post(page, {"audience": "named"}).status_code == 422
    assert client.post(page, {"audience": "all", "description": "県内で使う"}).status_code == 302
    assert "第1版" in text(client.get(f"{STAFF}offers/"))
    assert "ほかの団体に提供しています（第1版）" in text(client.get(f"{STAFF}inventory/{procedure.id}/"))
    file = client.post(f"{page}file/")
    assert (file.status_code, b"kakehashi.base-form" in file.content) == (200, True)
    assert client.post(f"{page}withdraw/", {"reason": "廃止"}).status_code == 302
    assert "取り下げた" in text(client.get(page))
    assert client.post(f"{page}file/").status_code == 302
    assert client.get(f"{page}file/").status_code == 405


def test_taking_and_following_by_the_pages(cast: Cast, offered: FormOffer, client_for: Callable[..., Client]) -> None:
    client = client_for(cast.misaki.officer)
    assert "ひばり町" in text(client.get(BASES))
    assert "当てはまる様式はありません" in text(client.get(f"{BASES}?q=ない様式"))
    page = f"{BASES}here/{offered.id}/"
    assert "住宅改修補助金の交付申請" in text(client.get(page))
    assert client.post(f"{page}take/", {"procedure": "nothing"}).status_code == 422
    assert client.post(f"{page}take/", {"procedure": ""}).status_code == 302
    with tenant_scope(cast.misaki.id):
        row = TakenForm.objects.select_related("procedure__form").get()
        changed_form(cast.misaki.officer, row.procedure.form, say_help("町の説明"), publishes=False)
    taken = f"{BASES}taken/{row.id}/"
    assert "最新" in text(client.get(taken))
    move_on(cast, offered)
    assert "新しい版があります" in text(client.get(BASES))
    shown = text(client.get(taken))
    assert "どちらにするか決めるところ（1）" in shown
    refused = client.post(taken, {"base": "2", "revision": "2"})
    assert (refused.status_code, "まだ選んでいない" in text(refused)) == (422, True)
    point = shown.split('name="p-')[1].split('"')[0]
    kept = client.post(taken, {"base": "2", "revision": "2", f"p-{point}": "both"}, follow=True)
    assert "公開するまで、住民の画面は変わりません" in text(kept)
    assert "最新" in text(client.get(taken))


def say_help(words: str) -> Callable[[Any], Any]:
    return lambda old: change_field(old, old.steps[0].fields[0].key, help=words)


def move_on(cast: Cast, offered: FormOffer) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = Procedure.objects.select_related("form").get(id=offered.procedure_id)
        changed_form(cast.hibari.officer, procedure.form, say_help("県の説明"))
        offer_form(actor=cast.hibari.officer, procedure=procedure, audience="all", note="説明を足した")


def test_a_file_by_the_pages(cast: Cast, offered: FormOffer, client_for: Callable[..., Client]) -> None:
    with tenant_scope(cast.hibari.id):
        content = export_offer(actor=cast.hibari.officer, offer=offered)
    client = client_for(cast.misaki.officer)
    assert client.post(f"{BASES}receive/", {}).status_code == 422
    broken = SimpleUploadedFile("a.json", content.replace("補助金".encode(), "助成金".encode()))
    refused = client.post(f"{BASES}receive/", {"file": broken})
    assert (refused.status_code, "途中で書きかえられた" in text(refused)) == (422, True)
    sent = client.post(f"{BASES}receive/", {"file": SimpleUploadedFile("a.json", content)}, follow=True)
    assert "まだだれも確かめていません" in text(sent)
    with tenant_scope(cast.misaki.id):
        row = ReceivedBase.objects.get()
    page = f"{BASES}received/{row.id}/confirm/"
    assert client.post(page, {"how": "電話"}).status_code == 422
    assert client.post(page, {"how": "電話", "is_same": "on"}).status_code == 302
    assert client.post(f"{BASES}file/{row.id}/take/", {"procedure": ""}).status_code == 302
    assert "取り入れています" in text(client.get(f"{BASES}file/{row.id}/"))
    with tenant_scope(cast.misaki.id):
        known = KnownSigner.objects.get()
    assert "電話" in text(client.get(f"{BASES}signers/"))
    assert client.post(f"{BASES}signers/{known.id}/forget/").status_code == 302


def test_closed_to_others(cast: Cast, offered: FormOffer, client_for: Callable[..., Client]) -> None:
    with tenant_scope(cast.misaki.id):
        row = take_form(actor=cast.misaki.officer, base=base_here(offered.id))
    ours = client_for(cast.hibari.officer)
    for path in (f"bases/taken/{row.id}/", f"bases/here/{offered.id}/", f"bases/elsewhere/{offered.id}/"):
        assert ours.get(f"{STAFF}{path}").status_code == 404
    with tenant_scope(cast.hibari.id):
        role = Role.objects.get(code="staff")
        role.permissions = [
            one
            for one in role.permissions
            if ":take" not in one and "procedures.offer" not in one and ":trust" not in one
        ]
        role.save()
    clerk = client_for(cast.hibari.officer)
    paths = (
        "bases/",
        "offers/",
        "bases/signers/",
        f"bases/taken/{row.id}/",
        f"inventory/{offered.procedure_id}/offer/",
    )
    assert [clerk.get(f"{STAFF}{path}").status_code for path in paths] == [403] * 5
