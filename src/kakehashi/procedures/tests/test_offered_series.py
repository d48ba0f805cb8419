"""A base form brings its letters, fee and 決裁事項; several forms are offered, taken and carried as a set."""

from __future__ import annotations

import pytest

from kakehashi.approvals.models import Matter
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.domain.letters import LetterText
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.models import FormOffer, TakenForm
from kakehashi.procedures.selectors.bases import base_here, base_of_file, newest_for, series_offered
from kakehashi.procedures.selectors.letters import letter_in_use
from kakehashi.procedures.services import offer_form, take_form
from kakehashi.procedures.services.base_files import receive_base_files
from kakehashi.procedures.services.fee_settings import set_fee
from kakehashi.procedures.services.letters import write_letter
from kakehashi.procedures.services.offering import export_series
from kakehashi.procedures.services.taking import accept_base, compare_with_base, take_series
from kakehashi.procedures.testing import a_procedure, an_offered_form

SET = "住まいの手続一式"
LETTER = LetterText(
    "補助金の交付決定通知書", "【申請者の氏名】様の申請を決定しました。", remark="領収書を添えてください。"
)


@pytest.fixture
def offered(cast: Cast) -> FormOffer:
    """ひばり町 offers a form of a set, with a letter, a fee and a 決裁事項."""
    officer = cast.hibari.officer
    with tenant_scope(cast.hibari.id):
        offer = an_offered_form(cast.hibari, matter_code="grant")
        write_letter(actor=officer, procedure=offer.procedure, outcome="granted", letter=LETTER)
        set_fee(actor=officer, procedure=offer.procedure, when=FeeWhen.AFTER, yen=300)
        return offer_form(actor=officer, procedure=offer.procedure, audience="all", note="通知書", series=SET)


def test_letters_fee_and_road_come_along(cast: Cast, offered: FormOffer) -> None:
    with tenant_scope(cast.misaki.id):
        Matter.objects.create(code="grant", name="交付決定", class_code="A")
        row = take_form(actor=cast.misaki.officer, base=base_here(offered.id))
        used = letter_in_use(row.procedure, "granted")
        assert used is not None
        assert (used.title, used.remark) == (LETTER.title, LETTER.remark)
        assert (row.procedure.fee_when, row.procedure.fee_yen, row.procedure.matter_code) == ("after", 300, "grant")


def test_what_the_town_has_stays_and_a_matter_it_does_not_know_is_left_out(cast: Cast, offered: FormOffer) -> None:
    officer = cast.misaki.officer
    with tenant_scope(cast.misaki.id):
        mine = a_procedure(officer, "住宅の補助金")
        set_fee(actor=officer, procedure=mine, when=FeeWhen.AFTER, yen=500)
        row = take_form(actor=officer, base=base_here(offered.id), procedure=mine)
        assert (row.procedure.fee_yen, row.procedure.matter_code) == (500, "")


def test_the_three_way_comparison_shows_letters_and_fees(cast: Cast, offered: FormOffer) -> None:
    officer = cast.misaki.officer
    with tenant_scope(cast.misaki.id):
        row = take_form(actor=officer, base=base_here(offered.id))
        own = LetterText("わが町の決定通知書", LETTER.text, remark=LETTER.remark)
        write_letter(actor=officer, procedure=row.procedure, outcome="granted", letter=own)
    with tenant_scope(cast.hibari.id):
        letter = LetterText("新しい決定通知書", LETTER.text, remark=LETTER.remark)
        write_letter(actor=cast.hibari.officer, procedure=offered.procedure, outcome="granted", letter=letter)
        set_fee(actor=cast.hibari.officer, procedure=offered.procedure, when=FeeWhen.AFTER, yen=400)
        offer_form(actor=cast.hibari.officer, procedure=offered.procedure, audience="all", note="改正", series=SET)
    with tenant_scope(cast.misaki.id):
        row = TakenForm.objects.select_related("procedure__form").get(id=row.id)
        newest = newest_for(row)
        assert newest is not None
        merge = compare_with_base(row, newest)
        told = {one.about: one.is_conflict for one in merge.told_procedure}
        assert told == {"手数料の手数料の額（円）": False, "通知書（交付決定）の題名": True}
        choices = {point.id: "base" for point in merge.open_points}
        accept_base(
            actor=officer,
            taken=row,
            revision=newest.revision,
            choices=choices,
            expected_revision=row.procedure.form.revision,
        )
        used = letter_in_use(row.procedure, "granted")
        row.procedure.refresh_from_db()
        assert used is not None
        assert (used.title, row.procedure.fee_yen) == ("新しい決定通知書", 400)


def test_a_set_is_taken_as_a_whole_once(cast: Cast, offered: FormOffer) -> None:
    with tenant_scope(cast.hibari.id):
        second = an_offered_form(cast.hibari, legal_basis="要綱")
        offer_form(actor=cast.hibari.officer, procedure=second.procedure, audience="all", series=SET)
    with tenant_scope(cast.misaki.id):
        assert [(one["series"], one["count"]) for one in series_offered()] == [(SET, 2)]
        made = take_series(actor=cast.misaki.officer, origin_code="990019", series=SET)
        assert len(made) == 2
        assert take_series(actor=cast.misaki.officer, origin_code="990019", series=SET) == []
        with pytest.raises(DomainError, match="提供されていません"):
            take_series(actor=cast.misaki.officer, origin_code="990019", series="ほかのセット")


def test_a_set_travels_as_a_package_of_signed_files(cast: Cast, offered: FormOffer) -> None:
    with tenant_scope(cast.hibari.id):
        package = export_series(actor=cast.hibari.officer, series=SET)
        with pytest.raises(DomainError, match="提供していません"):
            export_series(actor=cast.hibari.officer, series="")
    with tenant_scope(cast.misaki.id):
        (row,) = receive_base_files(actor=cast.misaki.officer, content=package)
        assert base_of_file(row.id).body.content.letters["granted"]["title"] == LETTER.title
        with pytest.raises(DomainError, match="開けません"):
            receive_base_files(actor=cast.misaki.officer, content=b"PK\x03\x04broken")
