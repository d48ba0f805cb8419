"""Paying in the browser: before the application arrives, after it was examined, and what staff see of it."""

from __future__ import annotations

from collections.abc import Callable

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.models import Application, Payment
from kakehashi.procedures.services.fee_settings import set_fee
from kakehashi.procedures.services.payments import request_payment
from kakehashi.procedures.testing import an_accepted_with_fee, with_fees
from kakehashi.procedures.tests.test_apply_pages import begin, fill


def local(url: str) -> str:
    return url.removeprefix("/hibari")


def the_payment(cast: Cast) -> Payment:
    with tenant_scope(cast.hibari.id):
        return Payment.objects.select_related("application").get()


def test_paid_before_it_arrives(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = with_fees(cast.hibari, FeeWhen.BEFORE)
    client = client_for(cast.hibari)
    draft = begin(client, procedure)
    fill(client, draft)
    pay = local(client.post(f"{draft}/submit/", {"way": "electronic"}).url)
    assert local(client.post(f"{draft}/submit/", {"way": "electronic"}).url) == pay
    with tenant_scope(cast.hibari.id):
        assert Application.objects.count() == 0
    assert "300円" in client.get(pay).content.decode()
    trial = local(client.post(f"{pay}start/", {"provider": "trial"}).url)
    assert "お試し" in client.get(trial).content.decode()
    back = local(client.post(f"{trial}act/", {"act": "pay", "notices": "twice"}).url)
    done = client.get(local(client.get(back).url))
    assert "支払いを確かめました" in done.content.decode()
    assert "受付番号を見る" in done.content.decode()
    payment = the_payment(cast)
    assert payment.application.accepts_electronic_notice
    assert client.get(f"/procedures/mine/{payment.application_id}/receipt/").status_code == 200
    with tenant_scope(cast.hibari.id):
        assert Application.objects.count() == 1


def test_a_failed_payment_leaves_the_draft_and_may_be_tried_again(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = with_fees(cast.hibari, FeeWhen.BEFORE)
    client = client_for(cast.hibari)
    draft = begin(client, procedure)
    fill(client, draft)
    pay = local(client.post(f"{draft}/submit/").url)
    trial = local(client.post(f"{pay}start/", {"provider": "trial"}).url)
    client.get(local(client.post(f"{trial}act/", {"act": "fail"}).url))
    assert "できませんでした" in client.get(pay).content.decode()
    again = local(client.post(f"{draft}/submit/").url)
    assert again != pay
    assert client.post(f"{again}start/", {"provider": "paypay"}, follow=True).status_code == 200


def test_paid_after_examination(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        application = an_accepted_with_fee(cast.hibari)
    clerk = client_for(cast.hibari.clerk)
    case = clerk.get(f"/staff/procedures/applications/{application.id}/", follow=True).content.decode()
    assert "手数料の支払いを依頼する" in case
    asked = clerk.post(f"/staff/procedures/applications/{application.id}/fee/")
    page = local(asked.url)
    assert "支払い待ち" in clerk.get(page).content.decode()
    assert clerk.post(f"{page}counter/", {"receipt_number": "", "paid_on": "x"}).status_code == 422
    day = clock.today().isoformat()
    assert clerk.post(f"{page}counter/", {"receipt_number": "第1号", "paid_on": day}).status_code == 302
    assert "返金する" in clerk.get(page).content.decode()
    assert clerk.post(f"{page}refund/", {"reason": "多い", "amount": "9999"}).status_code == 422
    assert clerk.post(f"{page}refund/", {"reason": "通数の減", "amount": "100"}).status_code == 302
    assert "支払い済み（100円を返金）" in clerk.get(page).content.decode()
    assert clerk.post(f"{page}refund/", {"reason": "二度押し", "amount": "100", "before": "0"}).status_code == 422
    assert clerk.post(f"{page}refund/", {"reason": "取下げのため", "before": "100"}).status_code == 302
    listed = clerk.get("/staff/procedures/fees/").content.decode()
    assert "返金済み" in listed
    reference = the_payment(cast).reference
    assert reference not in clerk.get("/staff/procedures/fees/", {"text": "ffff"}).content.decode()
    assert page in clerk.get("/staff/procedures/fees/", {"text": reference}).content.decode()
    assert "第1号" in clerk.get("/staff/procedures/fees/?format=csv").content.decode("utf-8-sig")
    assert client_for(cast.misaki.clerk).get(page).status_code == 404


def test_notices_knock_at_a_door_without_a_session(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        request_payment(actor=cast.hibari.clerk, application=an_accepted_with_fee(cast.hibari))
    client = client_for(cast.hibari)
    door = "/procedures/pay/notice/trial/"
    assert client.post(door, b"{}", content_type="application/json").status_code == 400
    assert client.post("/procedures/pay/notice/gmo/", b"x", content_type="text/plain").status_code == 404
    assert client.get(door).status_code == 405
    assert client.get("/procedures/pay/00000000000000000000/").status_code == 404


def test_the_fee_and_the_contracts_are_set_by_staff(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = with_fees(cast.hibari)
        set_fee(actor=cast.hibari.officer, procedure=procedure, when=FeeWhen.NONE, yen=None)
    officer = client_for(cast.hibari.officer)
    path = f"/staff/procedures/inventory/{procedure.id}/fee/"
    assert officer.get(path).status_code == 200
    assert officer.post(path, {"when": "before", "yen": "450"}).status_code == 302
    assert "450円" in officer.get(f"/staff/procedures/inventory/{procedure.id}/").content.decode()
    providers = "/staff/procedures/fees/providers/"
    assert "PayPay" in officer.get(providers).content.decode()
    given = {"key": "k", "merchant": "m", "secret": "topsecret", "is_on": "on"}
    assert officer.post(f"{providers}paypay/", given | {"secret": ""}).status_code == 422
    assert officer.post(f"{providers}paypay/", given).status_code == 302
    assert "topsecret" not in officer.get(f"{providers}paypay/").content.decode()
    assert officer.get(f"{providers}nobody/").status_code == 404
