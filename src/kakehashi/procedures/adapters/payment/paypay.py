"""PayPay (Open Payment API, ウェブペイメント): a code is created, the payer is redirected, a webhook tells of the transaction.

Source: https://www.paypay.ne.jp/opa/doc/jp/v1.0/webcashier and its page on HMAC authentication: the hash covers path, method,
nonce, epoch, content type and the MD5 of content type and body, each on a line of its own. Webhooks are not signed (they come from listed
addresses); what they say is therefore asked again (`GET /v2/codes/payments/{merchantPaymentId}`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from kakehashi.kernel import clock
from kakehashi.kernel.json_text import read_json
from kakehashi.procedures.adapters.payment.base import (
    Charge,
    Notice,
    NoticeRefused,
    ProviderTrouble,
    Send,
    Standing,
    Started,
    ask_json,
    short,
)
from kakehashi.procedures.domain.payments import Told

__all__ = ["PayPayProvider", "authorization"]

LIVE, TEST = "https://api.paypay.ne.jp", "https://stg-api.sandbox.paypay.ne.jp"
_JSON = "application/json"
_OK = 300
_NOT_THERE = 404
_TOLD = {
    "CREATED": Told.PENDING,
    "AUTHORIZED": Told.PENDING,
    "COMPLETED": Told.PAID,
    "REFUNDED": Told.REFUNDED,
    "FAILED": Told.FAILED,
    "CANCELED": Told.CANCELLED,
    "EXPIRED": Told.CANCELLED,
}


def authorization(*, key: str, secret: str, method: str, path: str, body: bytes | None, nonce: str, epoch: int) -> str:
    """The Authorization header of one request."""
    media, digest = "empty", "empty"
    if body:
        media = _JSON
        # Not a protection: the provider's protocol names MD5 for this part, and the whole is under an HMAC.
        digest = base64.b64encode(hashlib.md5(media.encode() + body, usedforsecurity=False).digest()).decode()
    signed = "\n".join((path, method, nonce, str(epoch), media, digest))
    mac = base64.b64encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()).decode()
    return f"hmac OPA-Auth:{key}:{mac}:{nonce}:{epoch}:{digest}"


@dataclass(frozen=True)
class PayPayProvider:
    """One merchant's contract: API key, its secret, merchant id."""

    key: str
    secret: str
    merchant: str
    is_live: bool = False
    sender: Send | None = None
    code: ClassVar[str] = "paypay"

    def start(self, charge: Charge) -> Started:
        """Create a code and send the payer to its page."""
        given = {
            "merchantPaymentId": charge.reference,
            "amount": {"amount": charge.amount, "currency": "JPY"},
            "codeType": "ORDER_QR",
            "orderDescription": charge.title[:255],
            "isAuthorization": False,
            "redirectUrl": charge.return_url,
            "redirectType": "WEB_LINK",
            "requestedAt": int(clock.now().timestamp()),
        }
        data = self._call("POST", "/v2/codes", given)
        return Started(str(data["url"]), str(data.get("codeId", "")))

    def ask(self, reference: str, provider_reference: str) -> Standing:
        """Get payment details."""
        data = self._call("GET", f"/v2/codes/payments/{quote(reference, safe='')}", may_be_missing=True)
        return _standing(data) if data else Standing(Told.PENDING)

    def refund(
        self, reference: str, provider_reference: str, amount: int, *, left: int = 0, number: int = 1
    ) -> Standing:
        """Refund the payment or a part; our name of the refund is derived from charge and number, so a second one is the same."""
        paid = self._call("GET", f"/v2/codes/payments/{quote(reference, safe='')}")
        given = {
            "merchantRefundId": f"r{reference}" if number == 1 else f"r{reference}-{number}",
            "paymentId": str(paid.get("paymentId", "")),
            "amount": {"amount": amount, "currency": "JPY"},
            "requestedAt": int(clock.now().timestamp()),
            "reason": "手数料の返金",
        }
        self._call("POST", "/v2/refunds", given)
        return Standing(Told.REFUNDED if left == 0 else Told.PAID, amount)

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A transaction webhook: `merchant_order_id` is our reference."""
        try:
            told = read_json(short(body))
            reference, merchant = str(told["merchant_order_id"]), str(told["merchant_id"])
        except (ValueError, KeyError, TypeError) as error:
            raise NoticeRefused("not a transaction notice") from error
        if merchant != self.merchant:
            raise NoticeRefused("another merchant")
        return Notice(f"{told.get('order_id', '')}:{told.get('state', '')}"[:100], reference)

    def answer_to_notice(self) -> tuple[str, str]:
        """Any 200 will do."""
        return "{}", _JSON

    def _call(
        self, method: str, path: str, given: dict[str, Any] | None = None, *, may_be_missing: bool = False
    ) -> dict[str, Any]:
        body = json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode() if given is not None else None
        header = authorization(
            key=self.key, secret=self.secret, method=method, path=path, body=body,
            nonce=secrets.token_hex(4), epoch=int(clock.now().timestamp()),
        )  # fmt: skip
        headers = {"Authorization": header, "X-ASSUME-MERCHANT": self.merchant}
        if body is not None:
            headers["Content-Type"] = _JSON
        host = LIVE if self.is_live else TEST
        status, answer = ask_json(self.sender, f"{host}{path}", method=method, headers=headers, body=body)
        if status == _NOT_THERE and may_be_missing:
            return {}
        if status >= _OK or not isinstance(answer, dict) or not isinstance(answer.get("data"), dict):
            raise ProviderTrouble("PayPayが、この支払いを受け付けませんでした。設定と加盟店の契約を確かめてください。")
        data: dict[str, Any] = answer["data"]
        return data


def _standing(data: Mapping[str, Any]) -> Standing:
    told = _TOLD.get(str(data.get("status", "")), Told.PENDING)
    amount = data.get("amount")
    value = amount.get("amount") if isinstance(amount, Mapping) else None
    return Standing(told, value if isinstance(value, int) else None, str(data.get("paymentId", ""))[:100])
