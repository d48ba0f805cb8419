"""手数料: paid before, with or after the application; a notice that comes twice is one payment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections

from kakehashi.approvals.services import decide_proposal, submit_proposal
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Town, two_towns
from kakehashi.procedures.adapters.payment import NoticeRefused
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.payments import Told
from kakehashi.procedures.models import Payment, PaymentNotice, TrialCharge
from kakehashi.procedures.services import Disposition, propose_application
from kakehashi.procedures.services.fee_settings import propose_exemption, write_account
from kakehashi.procedures.services.payments import (
    ask_about_open_charges,
    begin_payment,
    cancel_payment,
    open_charge,
    pay_at_counter,
    refund_payment,
    request_payment,
    take_notice,
    trial_provider,
)
from kakehashi.procedures.testing import an_accepted_with_fee


def visitor(town: Town) -> AnonymousActor:
    return AnonymousActor(government_id=town.id, label="申請者")


def charged(town: Town, payment: Payment) -> Payment:
    open_charge(actor=visitor(town), payment=payment, method="trial")
    return Payment.objects.get(id=payment.id)


def told(payment: Payment, word: Told) -> None:
    TrialCharge.objects.filter(reference=payment.reference).update(state=word)


def notify(town: Town, payment: Payment, times: int = 1) -> None:
    headers, body = trial_provider().notice_about(payment.reference)
    for _ in range(times):
        take_notice(government_id=town.id, provider="trial", headers=headers, body=body)


def test_a_double_notice_is_one_payment(town: Town) -> None:
    application = an_accepted_with_fee(town)
    payment = charged(town, request_payment(actor=town.clerk, application=application))
    assert request_payment(actor=town.clerk, application=application).id == payment.id
    told(payment, Told.PAID)
    notify(town, payment, times=3)
    notify(town, payment)
    payment.refresh_from_db()
    assert (payment.state, payment.paid_amount, payment.trouble) == ("paid", 300, "")
    assert [each.code for each in events_for(payment.id)].count("procedures.fee.paid") == 1
    assert PaymentNotice.objects.count() == 2
    with pytest.raises(Stale):
        request_payment(actor=town.clerk, application=application)


def test_an_old_word_does_not_take_a_payment_back(town: Town) -> None:
    payment = charged(town, request_payment(actor=town.clerk, application=an_accepted_with_fee(town)))
    told(payment, Told.PAID)
    notify(town, payment)
    told(payment, Told.CANCELLED)
    notify(town, payment)
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_a_lost_notice_and_a_lost_browser_are_found_by_the_sweep(town: Town) -> None:
    payment = charged(town, request_payment(actor=town.clerk, application=an_accepted_with_fee(town)))
    told(payment, Told.PAID)
    assert ask_about_open_charges(actor=town.clerk) == 0
    with clock.frozen(clock.now() + dt.timedelta(minutes=5)):
        assert ask_about_open_charges(actor=town.clerk) == 1
        assert ask_about_open_charges(actor=town.clerk) == 0
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_forged_and_foreign_notices_are_refused(town: Town) -> None:
    payment = charged(town, request_payment(actor=town.clerk, application=an_accepted_with_fee(town)))
    told(payment, Told.PAID)
    headers, body = trial_provider().notice_about(payment.reference)
    with pytest.raises(NoticeRefused):
        take_notice(government_id=town.id, provider="trial", headers=headers, body=body + b" ")
    with pytest.raises(NotFound):
        take_notice(government_id=town.id, provider="paypay", headers=headers, body=body)
    other = trial_provider().notice_about("0" * 20)
    with pytest.raises(NotFound):
        take_notice(government_id=town.id, provider="trial", headers=other[0], body=other[1])
    payment.refresh_from_db()
    assert payment.state == "requested"


def test_what_is_granted_waits_for_the_fee_and_a_refusal_does_not(town: Town) -> None:
    application = an_accepted_with_fee(town)
    issue = Disposition(Result.ISSUED, "請求のとおり。")
    with pytest.raises(DomainError, match="300円"):
        propose_application(actor=town.clerk, application=application, draft=issue)
    payment = request_payment(actor=town.clerk, application=application)
    pay_at_counter(actor=town.clerk, payment=payment, receipt_number="第12号", paid_on=clock.today())
    assert propose_application(actor=town.clerk, application=application, draft=issue).id


def test_another_amount_than_was_asked_is_looked_into(town: Town) -> None:
    payment = charged(town, request_payment(actor=town.clerk, application=an_accepted_with_fee(town)))
    TrialCharge.objects.update(amount=200, state=Told.PAID)
    notify(town, payment)
    payment.refresh_from_db()
    assert payment.state == "paid"
    assert "200円" in payment.trouble


def test_a_refund_is_made_once(town: Town) -> None:
    payment = charged(town, request_payment(actor=town.clerk, application=an_accepted_with_fee(town)))
    with pytest.raises(Stale):
        refund_payment(actor=town.clerk, payment=payment, reason="誤り")
    told(payment, Told.PAID)
    notify(town, payment)
    with pytest.raises(DomainError, match="理由"):
        refund_payment(actor=town.clerk, payment=payment, reason=" ")
    with pytest.raises(PermissionRefused):
        refund_payment(actor=visitor(town), payment=payment, reason="誤り")
    assert refund_payment(actor=town.clerk, payment=payment, reason="請求の取消し").state == "refunded"
    with pytest.raises(Stale):
        refund_payment(actor=town.clerk, payment=payment, reason="もう一度")
    told(payment, Told.PAID)
    notify(town, payment)
    payment.refresh_from_db()
    assert payment.state == "refunded"


def test_a_part_is_given_back_with_its_reason(town: Town) -> None:
    payment = charged(town, request_payment(actor=town.clerk, application=an_accepted_with_fee(town)))
    told(payment, Told.PAID)
    notify(town, payment)
    with pytest.raises(DomainError, match="300円まで"):
        refund_payment(actor=town.clerk, payment=payment, reason="多い", amount=301)
    part = refund_payment(actor=town.clerk, payment=payment, reason="通数の減", amount=100)
    assert (part.state, part.left, part.state_words) == ("paid", 200, "支払い済み（100円を返金）")
    with pytest.raises(Stale, match="先に記録"):
        refund_payment(actor=town.clerk, payment=payment, reason="通数の減", amount=100)
    notify(town, payment)
    rest = refund_payment(actor=town.clerk, payment=payment, reason="取下げ", before=100)
    assert (rest.state, rest.left, rest.refunded_amount) == ("refunded", 0, 300)
    assert [(each["amount"], each["reason"]) for each in rest.refunds] == [(100, "通数の減"), (200, "取下げ")]


def test_money_for_a_cancelled_payment_is_seen(town: Town) -> None:
    application = an_accepted_with_fee(town)
    first = charged(town, request_payment(actor=town.clerk, application=application))
    cancel_payment(actor=town.clerk, payment=first)
    second = charged(town, request_payment(actor=town.clerk, application=application))
    told(second, Told.PAID)
    notify(town, second)
    told(first, Told.PAID)
    notify(town, first)
    first.refresh_from_db()
    assert (first.state, "2回" in first.trouble) == ("paid", True)


def test_an_exemption_is_decided_not_taken(town: Town) -> None:
    application = an_accepted_with_fee(town)
    proposal = propose_exemption(
        actor=town.clerk, application=application, reason="生活保護を受けているため（条例第4条）"
    )
    assert propose_exemption(actor=town.clerk, application=application, reason="もう一度").id == proposal.id
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    assert Payment.objects.get().state == "requested"
    decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    assert Payment.objects.get().state == "exempt"
    draft = Disposition(Result.ISSUED, "請求のとおり。")
    assert propose_application(actor=town.clerk, application=application, draft=draft).id


def test_the_trial_provider_is_for_demo_towns(town: Town) -> None:
    with pytest.raises(DomainError, match="見本の団体"):
        write_account(actor=town.administrator, provider="trial", values={}, secret="", is_on=True, is_live=False)
    with pytest.raises(DomainError, match="番号"):
        write_account(actor=town.administrator, provider="paypay", values={}, secret="x", is_on=True, is_live=False)
    account = write_account(
        actor=town.administrator, provider="gmo", values={"shop": "s1"}, secret="pw", is_on=True, is_live=False
    )
    assert "pw" not in account.secret_sealed


def test_two_clicks_at_once_make_one_payment_and_two_notices_one_receipt(swept_database: str) -> None:
    town = two_towns(settings.ROOMS).hibari
    with tenant_scope(town.id):
        application = an_accepted_with_fee(town)
    pressed = at_once(town.id, lambda: begin_payment(actor=visitor(town), amount=300, application=application).id)
    assert len(set(pressed)) == 1
    with tenant_scope(town.id):
        payment = charged(town, Payment.objects.get())
        told(payment, Told.PAID)
    at_once(town.id, lambda: notify(town, payment))
    with tenant_scope(town.id):
        codes = [each.code for each in events_for(payment.id)]
    assert codes.count("procedures.fee.paid") == 1


def at_once(town: UUID, press: Callable[[], object]) -> list[object]:
    def one(_: int) -> object:
        try:
            with tenant_scope(town):
                return press()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(one, range(4)))
