"""様式を確認した: without a person's look at this version nothing is published."""

from collections.abc import Callable

import pytest

from kakehashi.eforms.services import publish_form
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.people.testing import Town
from kakehashi.procedures.models import Stage
from kakehashi.procedures.services import close_procedure, open_procedure, review_form, start_form
from kakehashi.procedures.testing import a_procedure, an_online_procedure


def test_reviewed_then_opened(town: Town) -> None:
    procedure = a_procedure(town.officer)
    start_form(actor=town.officer, procedure=procedure)
    with pytest.raises(DomainError, match="確認できる様式がありません"):
        review_form(actor=town.officer, procedure=procedure)
    publish_form(actor=town.officer, form=procedure.form)
    first = review_form(actor=town.officer, procedure=procedure)
    assert review_form(actor=town.officer, procedure=procedure).id == first.id
    assert procedure.stage == Stage.REVIEWED
    codes = [event.code for event in events_for(procedure.id)]
    assert codes.count("procedures.form.reviewed") == 1


def test_a_newer_version_is_checked_anew(town: Town) -> None:
    procedure = an_online_procedure(town)
    close_procedure(actor=town.officer, procedure=procedure)
    procedure.refresh_from_db()
    procedure.form.draft["steps"][0]["title"] = "あなたのこと"
    procedure.form.save()
    publish_form(actor=town.officer, form=procedure.form)
    with pytest.raises(DomainError, match="人が確認"):
        open_procedure(actor=town.officer, procedure=procedure)


def test_it_takes_the_permission(town: Town) -> None:
    with pytest.raises(PermissionRefused):
        review_form(actor=AnonymousActor(government_id=town.id), procedure=a_procedure(town.officer))


def test_by_the_page(town: Town, client_for: Callable) -> None:
    procedure = a_procedure(town.officer)
    start_form(actor=town.officer, procedure=procedure)
    publish_form(actor=town.officer, form=procedure.form)
    client, address = client_for(town.officer), f"/staff/procedures/inventory/{procedure.id}/"
    assert "様式を確認した" in client.get(address).content.decode()
    assert client.post(f"{address}review/").status_code == 302
    assert "が確認しました" in client.get(address).content.decode()
