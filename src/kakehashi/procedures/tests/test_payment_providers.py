"""The adapters speak as the providers' public documents say; the fakes here answer in the same shapes. No network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from kakehashi.kernel.outbound import Answer, NoAnswer
from kakehashi.procedures.adapters.payment import (
    Charge,
    GmoProvider,
    NoticeRefused,
    PayPayProvider,
    ProviderTrouble,
)
from kakehashi.procedures.adapters.payment.paypay import authorization
from kakehashi.procedures.domain.payments import Told

CHARGE = Charge("abc123", 300, "所得証明書 手数料", "https://town.example/return", "https://town.example/notice")


def answer(content: Any, status: int = 200) -> Answer:
    return Answer(status, "application/json", json.dumps(content).encode())


class PayPay:
    """A merchant's side of the provider: codes, details, refunds; every request must carry a right HMAC."""

    def __init__(self) -> None:
        self.payments: dict[str, dict[str, Any]] = {}
        self.refunds: list[str] = []

    def __call__(
        self, url: str, *, method: str, body: bytes | None, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        path = url.removeprefix("https://stg-api.sandbox.paypay.ne.jp")
        _, mac = headers["Authorization"].split("OPA-Auth:")
        key, _, nonce, epoch, _ = mac.split(":")
        wanted = authorization(
            key=key, secret="word", method=method, path=path, body=body, nonce=nonce, epoch=int(epoch)
        )
        assert headers["Authorization"] == wanted
        given = json.loads(body) if body else {}
        if path == "/v2/codes":
            self.payments[given["merchantPaymentId"]] = {"status": "CREATED", "amount": given["amount"]}
            return answer({"data": {"url": "https://qr.example/x", "codeId": "c1"}}, 201)
        if path == "/v2/refunds":
            self.refunds.append(given["merchantRefundId"])
            return answer({"data": {"status": "REFUNDED"}}, 201)
        found = self.payments.get(path.rpartition("/")[2])
        return answer({"data": found | {"paymentId": "p9"}}) if found else answer({"resultInfo": {}}, 404)


def test_the_header_is_the_one_of_the_documentation() -> None:
    body = (
        b'{\n"merchantPaymentId": "TEST_QR_Payment",\n"amount": {\n"amount":10,\n"currency": "JPY"\n},\n'
        b'"codeType": "ORDER_QR",\n"isAuthorization":false,\n"redirectUrl":"https://about.paypay.ne.jp/",\n'
        b'"redirectType":"WEB_LINK"\n}'
    )
    header = authorization(
        key="sample_key", secret="sample_secret", method="POST", path="/v2/codes", body=body, nonce="fedaa4",
        epoch=1743138611,
    )  # fmt: skip
    assert header.startswith("hmac OPA-Auth:sample_key:")
    assert header.split(":")[3:5] == ["fedaa4", "1743138611"]
    plain = authorization(key="k", secret="s", method="GET", path="/v2/codes/payments/x", body=None, nonce="n", epoch=1)
    assert plain.endswith(":n:1:empty")


def test_paypay_from_the_code_to_the_refund() -> None:
    there = PayPay()
    provider = PayPayProvider("key", "word", "m1", sender=there)
    assert provider.ask("abc123", "").told is Told.PENDING
    assert provider.start(CHARGE).url == "https://qr.example/x"
    assert provider.ask("abc123", "").told is Told.PENDING
    there.payments["abc123"]["status"] = "COMPLETED"
    paid = provider.ask("abc123", "")
    assert (paid.told, paid.amount, paid.provider_reference) == (Told.PAID, 300, "p9")
    body = json.dumps({"merchant_id": "m1", "merchant_order_id": "abc123", "order_id": "9", "state": "COMPLETED"})
    notice = provider.read_notice({}, body.encode())
    assert (notice.reference, notice.key) == ("abc123", "9:COMPLETED")
    assert provider.refund("abc123", "p9", 300).told is Told.REFUNDED
    provider.refund("abc123", "p9", 300)
    assert there.refunds == ["rabc123", "rabc123"]
    assert provider.refund("abc123", "p9", 100, left=200, number=2).told is Told.PAID
    assert there.refunds[-1] == "rabc123-2"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"merchant_id": "other", "merchant_order_id": "abc123"}', b"x" * 70_000]
)
def test_what_is_no_notice_of_the_merchant_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeRefused):
        PayPayProvider("key", "word", "m1").read_notice({}, body)
    with pytest.raises(NoticeRefused):
        GmoProvider("shop", "word").read_notice({}, body)


def test_nobody_answers() -> None:
    def silent(url: str, **more: Any) -> Answer:
        raise NoAnswer("nobody")

    def broken(url: str, **more: Any) -> Answer:
        return Answer(500, "text/html", b"<html>")

    for sender in (silent, broken):
        for provider in (PayPayProvider("k", "s", "m", sender=sender), GmoProvider("shop", "pw", sender=sender)):
            with pytest.raises(ProviderTrouble):
                provider.start(CHARGE)


class Gmo:
    """A shop's side of the other provider."""

    def __init__(self) -> None:
        self.status, self.amount = "", "300"

    def __call__(self, url: str, *, method: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Answer:
        given, name = json.loads(body), url.rpartition("/")[2]
        if name == "GetLinkplusUrlPayment.json":
            assert given["geturlparam"] == {"ShopID": "shop", "ShopPass": "pw"}
            self.status = "UNPROCESSED"
            return answer({"OrderID": given["transaction"]["OrderID"], "LinkUrl": "https://link.example/p"})
        assert (given["shopID"], given["shopPass"]) == ("shop", "pw")
        if name == "AlterTran.json":
            assert given["accessID"] == "A"
            self.status = given["jobCd"]
            return answer({"accessID": "A"})
        if name == "ChangeTran.json":
            assert (given["accessID"], given["accessPass"], given["jobCd"]) == ("A", "B", "CAPTURE")
            self.amount = given["amount"]
            return answer({"accessID": "A"})
        if not self.status:
            return answer([{"errCode": "E01", "errInfo": "E01110002"}])
        return answer({"status": self.status, "amount": self.amount, "accessID": "A", "accessPass": "B"})


def test_gmo_from_the_link_to_the_return() -> None:
    there = Gmo()
    provider = GmoProvider("shop", "pw", "conf", sender=there)
    assert provider.ask("abc123", "").told is Told.PENDING
    assert provider.start(CHARGE).url == "https://link.example/p"
    there.status = "CAPTURE"
    paid = provider.ask("abc123", "")
    assert (paid.told, paid.amount) == (Told.PAID, 300)
    form = urlencode({"ShopID": "shop", "OrderID": "abc123", "Status": "CAPTURE", "AccessID": "A", "TranID": "1"})
    first, second = (provider.read_notice({}, form.encode()) for _ in range(2))
    assert first == second
    assert first.reference == "abc123"
    assert provider.answer_to_notice()[0] == "0"
    for _ in range(2):
        part = provider.refund("abc123", "", 100, left=200)
        assert (part.told, part.amount, there.amount) == (Told.PAID, 200, "200")
    assert provider.refund("abc123", "", 300).told is Told.REFUNDED
    assert provider.refund("abc123", "", 300).told is Told.REFUNDED
