"""はじめる前の質問: an exit page that says why, and nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.domain.edits import change_whole
from kakehashi.eforms.domain.whole_form import Fee, ScreeningQuestion
from kakehashi.eforms.services import publish_form, save_draft
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.models import Draft, Procedure
from kakehashi.procedures.services import set_reception
from kakehashi.procedures.testing import an_online_procedure

LIVES = ScreeningQuestion(
    key="check_1",
    label="町内に住んでいますか",
    stops_on="no",
    why="この補助は、町内に住んでいる方のためのものです。",
    elsewhere="お住まいの市町村の窓口に聞いてください。",
)


@pytest.fixture
def asked(cast: Cast) -> Procedure:
    """A procedure whose form asks one question before it begins, and 300 yen in the end."""
    town = cast.hibari
    with tenant_scope(town.id):
        procedure = an_online_procedure(town)
        form = procedure.form
        changed = change_whole(from_json(form.draft), screening=(LIVES,), fee=Fee(yen=300))
        save_draft(actor=town.officer, form=form, definition=changed, expected_revision=form.revision)
        form.refresh_from_db()
        publish_form(actor=town.officer, form=form)
        return procedure


def drafts(cast: Cast) -> int:
    with tenant_scope(cast.hibari.id):
        return Draft.objects.count()


def test_the_way_leads_past_the_questions(cast: Cast, client_for: Callable[..., Any], asked: Procedure) -> None:
    client = client_for(cast.hibari)
    start = f"/procedures/{asked.id}/start/"
    response = client.post(start)
    assert response.status_code == 302
    assert response.url.endswith(f"/procedures/{asked.id}/check/")
    assert "町内に住んでいますか" in client.get(f"/procedures/{asked.id}/check/").content.decode()
    empty = client.post(start, {"_check": "1"})
    assert (empty.status_code, drafts(cast)) == (422, 0)
    assert "「はい」か「いいえ」を選んでください" in empty.content.decode()


def test_nobody_is_asked_when_nobody_can_begin(cast: Cast, client_for: Callable[..., Any], asked: Procedure) -> None:
    with tenant_scope(cast.hibari.id):
        set_reception(actor=cast.hibari.officer, procedure=asked, opens_on=clock.today() + timedelta(days=3))
    page = client_for(cast.hibari).get(f"/procedures/{asked.id}/check/", follow=True)
    assert [address.endswith(f"/procedures/{asked.id}/") for address, _ in page.redirect_chain] == [True]
    assert "受付は、まだ始まっていません" in page.content.decode()


def test_an_exit_is_kind_and_stores_nothing(cast: Cast, client_for: Callable[..., Any], asked: Procedure) -> None:
    page = client_for(cast.hibari).post(f"/procedures/{asked.id}/start/", {"_check": "1", "_check.check_1": "no"})
    html = page.content.decode()
    assert page.status_code == 200
    for said in (LIVES.why, LIVES.elsewhere, "どこにも保存していません", "住民課"):
        assert said in html
    assert drafts(cast) == 0


def test_who_passes_begins(cast: Cast, client_for: Callable[..., Any], asked: Procedure) -> None:
    client = client_for(cast.hibari)
    response = client.post(f"/procedures/{asked.id}/start/", {"_check": "1", "_check.check_1": "yes"})
    assert "/steps/page_1/" in response.url
    assert drafts(cast) == 1


@pytest.mark.parametrize("hostile", ["\x00", "maybe", "yes" * 500])
def test_a_hostile_answer_is_no_answer(
    cast: Cast, client_for: Callable[..., Any], asked: Procedure, hostile: str
) -> None:
    post = {"_check": "1", "_check.check_1": hostile}
    assert client_for(cast.hibari).post(f"/procedures/{asked.id}/start/", post).status_code == 422
