"""様式を取り入れる, and follow the base with one's own changes kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kakehashi.eforms.domain.definition import FormDefinition, from_json
from kakehashi.eforms.domain.edits import add_field, change_field
from kakehashi.eforms.models import FormVersion
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.actor import AnonymousActor, system_actor
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Cast
from kakehashi.procedures.models import FormOffer, FormTaking, Procedure, TakenForm
from kakehashi.procedures.selectors.bases import base_here, newest_for, newest_revisions, taken, takings_of
from kakehashi.procedures.services import (
    accept_base,
    offer_form,
    set_appeal_rule,
    take_form,
    tell_of_bases,
    update_procedure,
    withdraw_offer,
)
from kakehashi.procedures.services.taking import compare_with_base
from kakehashi.procedures.testing import a_procedure, an_offered_form, changed_form

Offered = Callable[..., FormOffer]


@pytest.fixture
def offered(cast: Cast) -> FormOffer:
    """ひばり町 offers a form, with a 教示 of its own."""
    with tenant_scope(cast.hibari.id):
        offer = an_offered_form(cast.hibari)
        set_appeal_rule(actor=cast.hibari.officer, procedure=offer.procedure, review="other", office="白鷺県知事")
        return offer_form(actor=cast.hibari.officer, procedure=offer.procedure, audience="all", note="教示を足した")


def first_key(form: FormDefinition) -> str:
    return form.steps[0].fields[0].key


def move_on(cast: Cast, offered: FormOffer) -> None:
    """The base changes a help and adds a question, and a value of the inventory."""
    officer = cast.hibari.officer
    with tenant_scope(cast.hibari.id):
        procedure = Procedure.objects.select_related("form").get(id=offered.procedure_id)
        update_procedure(actor=officer, procedure=procedure, values={"standard_processing_days": 20})
        changed_form(officer, procedure.form, lambda old: change_field(old, first_key(old), help="県の説明"))
        changed_form(officer, procedure.form, lambda old: add_field(old, old.steps[0].key, "text", label="建築年")[0])
        offer_form(actor=officer, procedure=procedure, audience="all", note="法改正のため")


def take(cast: Cast, offered: FormOffer) -> TakenForm:
    return take_form(actor=cast.misaki.officer, base=base_here(offered.id))


def test_taken_with_all_that_belongs_to_it(cast: Cast, offered: FormOffer) -> None:
    with tenant_scope(cast.misaki.id):
        row = take(cast, offered)
        procedure = row.procedure
        assert (row.origin_name, row.revision, procedure.stage, procedure.contact) == ("ひばり町", 2, "drafted", "")
        assert (procedure.name, procedure.standard_processing_days) == ("住宅改修補助金の交付申請", 14)
        assert {text.language for text in procedure.texts.all()} == {"ja", "ja-easy", "en"}
        definition = from_json(procedure.form.draft)
        assert definition.next_number == 5_001
        assert [event.code for event in events_for(procedure.id)][-1] == "procedures.base.taken"
        assert take(cast, offered).id == row.id
        assert Procedure.objects.count() == 1
    with tenant_scope(cast.hibari.id):
        assert [(each.taker_name, each.revision) for each in takings_of([offered.id])] == [("みさき市", 2)]


def test_taken_into_a_procedure_of_the_inventory(cast: Cast, offered: FormOffer) -> None:
    with tenant_scope(cast.misaki.id):
        mine = a_procedure(cast.misaki.officer, "住宅の補助金", legal_basis="みさき市の要綱")
        row = take_form(actor=cast.misaki.officer, base=base_here(offered.id), procedure=mine)
        assert (row.procedure_id, mine.name, mine.legal_basis) == (mine.id, "住宅の補助金", "みさき市の要綱")
        assert mine.standard_processing_days == 14


def test_what_cannot_be_taken(cast: Cast, offered: FormOffer) -> None:
    with tenant_scope(cast.misaki.id):
        base = base_here(offered.id)
        with pytest.raises(PermissionRefused):
            take_form(actor=AnonymousActor(cast.misaki.id), base=base)
        with pytest.raises(DomainError, match="取り下げられて"):
            take_form(actor=cast.misaki.officer, base=replace(base, withdrawn_at=base.come_at))
        with pytest.raises(DomainError, match="鍵を、先に"):
            take_form(actor=cast.misaki.officer, base=replace(base, is_trusted=False))
        first = take(cast, offered)
        with pytest.raises(DomainError, match="もう様式があります"):
            take_form(
                actor=cast.misaki.officer,
                base=replace(base, offer_id=base.body.content and first.id),
                procedure=first.procedure,
            )
    with tenant_scope(cast.hibari.id), pytest.raises(NotFound):
        base_here(offered.id)


def test_the_town_is_told_and_keeps_its_change(cast: Cast, offered: FormOffer) -> None:
    officer = cast.misaki.officer
    with tenant_scope(cast.misaki.id):
        row = take(cast, offered)
        form = row.procedure.form
        changed_form(
            officer,
            form,
            lambda old: change_field(old, first_key(old), label="町の質問", help="町の説明"),
            publishes=False,
        )
    move_on(cast, offered)
    with tenant_scope(cast.misaki.id):
        told = tell_of_bases(actor=system_actor(cast.misaki.id), government_id=cast.misaki.id)
        again = tell_of_bases(actor=system_actor(cast.misaki.id), government_id=cast.misaki.id)
        assert (told, again) == (1, 0)
        notice = Notice.objects.get(kind="procedures.base_moved")
        assert (notice.subject, notice.url) == (
            "基本様式の第3版が出ました：住宅改修補助金の交付申請", f"/misaki/staff/procedures/bases/taken/{row.id}/",
        )  # fmt: skip
        assert newest_revisions(taken()) == {row.id: 3}
        accepted(cast, row)
    with tenant_scope(cast.hibari.id):
        assert FormTaking.objects.get().revision == 3


def accepted(cast: Cast, row: TakenForm) -> None:
    officer, form = cast.misaki.officer, row.procedure.form
    newest = newest_for(row)
    assert newest is not None
    form.refresh_from_db()
    merge = compare_with_base(row, newest)
    assert [told.about for told in merge.told_form if told.is_conflict] == ["「町の質問」の説明"]
    assert [told.change for told in merge.told_procedure] == ["基本様式が変わりました：14日 → 20日"]
    values = {"actor": officer, "taken": row, "revision": 3, "expected_revision": form.revision}
    with pytest.raises(DomainError, match="まだ選んでいない"):
        accept_base(choices={}, **values)
    with pytest.raises(Stale):
        accept_base(choices={}, **values | {"revision": 2})
    choices = {point.id: "own" for point in merge.open_points}
    with pytest.raises(Stale):
        accept_base(choices=choices, **values | {"expected_revision": form.revision - 1})
    with pytest.raises(PermissionRefused):
        accept_base(choices=choices, **values | {"actor": AnonymousActor(cast.misaki.id)})
    after = accept_base(choices=choices, **values)
    form.refresh_from_db()
    definition = from_json(form.draft)
    field = definition.by_key[first_key(definition)]
    assert (field.label, field.help, after.revision) == ("町の質問", "町の説明", 3)
    assert "建築年" in [one.label for one in definition.by_key.values()]
    assert Procedure.objects.get(id=row.procedure_id).standard_processing_days == 20
    assert not FormVersion.objects.filter(form=form).exists()
    assert list(events_for(row.procedure_id))[-1].payload["own"] == 1


def test_a_withdrawn_base_is_told_once_and_not_followed(cast: Cast, offered: FormOffer) -> None:
    with tenant_scope(cast.misaki.id):
        row = take(cast, offered)
    with tenant_scope(cast.hibari.id):
        withdraw_offer(actor=cast.hibari.officer, offer=offered, reason="要綱の廃止")
    with tenant_scope(cast.misaki.id):
        for _ in range(2):
            tell_of_bases(actor=system_actor(cast.misaki.id), government_id=cast.misaki.id)
        assert "取り下げました" in Notice.objects.get().subject
        assert TakenForm.objects.get().told_withdrawn
        with pytest.raises(Stale):
            accept_base(actor=cast.misaki.officer, taken=row, revision=2, choices={}, expected_revision=1)
