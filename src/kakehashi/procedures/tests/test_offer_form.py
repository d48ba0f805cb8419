"""様式を提供する: offered, moved on, narrowed, withdrawn."""

from __future__ import annotations

import pytest

from kakehashi.eforms.domain.edits import add_field
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.models import OfferedForm, OfferedRevision
from kakehashi.procedures.selectors.bases import offered_to_us, revisions_of
from kakehashi.procedures.services import offer_form, start_form, withdraw_offer
from kakehashi.procedures.testing import a_procedure, an_offered_form, changed_form


def test_offered_to_all_and_read_elsewhere(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        offer = an_offered_form(cast.hibari, standard_processing_days=14)
        assert [event.code for event in events_for(offer.id)] == ["procedures.offer.published"]
        assert not offered_to_us().exists()
    with tenant_scope(cast.misaki.id):
        offered = offered_to_us().get()
        assert (offered.origin_name, offered.title, offered.revision) == ("ひばり町", "住宅改修補助金の交付申請", 1)
        body = OfferedRevision.objects.get(offer_id=offered.id).body
        assert body["content"]["procedure"]["standard_processing_days"] == 14
        assert "contact" not in body["content"]["procedure"]
        assert body["content"]["texts"]["en"]["name"] == "Home improvement grant"


def test_named_governments_alone_see_it(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        offer = an_offered_form(cast.hibari)
        with pytest.raises(DomainError, match="団体を選んで"):
            offer_form(actor=cast.hibari.officer, procedure=offer.procedure, audience="named")
        offer_form(actor=cast.hibari.officer, procedure=offer.procedure, audience="named", named=["990019"])
    with tenant_scope(cast.misaki.id):
        assert not offered_to_us().exists()
    with tenant_scope(cast.hibari.id):
        offer_form(actor=cast.hibari.officer, procedure=offer.procedure, audience="named", named=["990027"])
        assert [event.code for event in events_for(offer.id)][-1] == "procedures.offer.changed"
    with tenant_scope(cast.misaki.id):
        assert offered_to_us().get().revision == 1


def test_a_new_revision_says_why_and_nothing_new_makes_none(town: Town) -> None:
    offer = an_offered_form(town)
    form = offer.procedure.form
    again = offer_form(actor=town.officer, procedure=offer.procedure, audience="all")
    assert again.revision == 1
    changed_form(town.officer, form, lambda old: add_field(old, old.steps[0].key, "text", label="建築年")[0])
    with pytest.raises(DomainError, match="何がなぜ"):
        offer_form(actor=town.officer, procedure=offer.procedure, audience="all")
    second = offer_form(actor=town.officer, procedure=offer.procedure, audience="all", note="国の様式が変わったため")
    assert [(row.revision, row.note) for row in revisions_of(second)] == [(2, "国の様式が変わったため"), (1, "")]


def test_withdrawn_with_a_reason_and_offered_again(town: Town) -> None:
    offer = an_offered_form(town)
    with pytest.raises(DomainError, match="理由"):
        withdraw_offer(actor=town.officer, offer=offer, reason=" ")
    withdraw_offer(actor=town.officer, offer=offer, reason="要綱を廃止したため")
    withdraw_offer(actor=town.officer, offer=offer, reason="もう一度")
    assert OfferedForm.objects.get(id=offer.id).withdrawn_reason == "要綱を廃止したため"
    offer_form(actor=town.officer, procedure=offer.procedure, audience="all")
    assert OfferedForm.objects.get(id=offer.id).withdrawn_at is None


def test_what_cannot_be_offered(town: Town) -> None:
    procedure = a_procedure(town.officer)
    start_form(actor=town.officer, procedure=procedure)
    with pytest.raises(DomainError, match="公開した様式だけ"):
        offer_form(actor=town.officer, procedure=procedure, audience="all")
    offer = an_offered_form(town)
    with pytest.raises(DomainError, match="都道府県が登録されていない"):
        offer_form(actor=town.officer, procedure=offer.procedure, audience="prefecture")
    with pytest.raises(PermissionRefused):
        offer_form(actor=AnonymousActor(town.id), procedure=offer.procedure, audience="all")
    with pytest.raises(PermissionRefused):
        withdraw_offer(actor=AnonymousActor(town.id), offer=offer, reason="だめ")
