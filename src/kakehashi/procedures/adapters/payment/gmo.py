"""GMOペイメントゲートウェイ type (リンクタイプPlus): a page address is asked for, the payer is redirected, 結果通知プログラム tells of the result.

Shapes of the public documentation: `GetLinkplusUrlPayment.json`, `SearchTradeMulti.json`, `AlterTran.json`; a 結果通知 is a form
with ShopID, OrderID, Status, AccessID … that must be answered with 「0」. It is not signed, so the state is asked for again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import parse_qs

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

__all__ = ["GmoProvider"]

LIVE, TEST = "https://p01.mul-pay.jp", "https://pt01.mul-pay.jp"
_OK = 300
_TOLD = {
    "UNPROCESSED": Told.PENDING,
    "AUTHENTICATED": Told.PENDING,
    "REQSUCCESS": Told.PENDING,
    "CAPTURE": Told.PAID,
    "SALES": Told.PAID,
    "PAYSUCCESS": Told.PAID,
    "PAYFAIL": Told.FAILED,
    "EXPIRED": Told.CANCELLED,
    "CANCEL": Told.CANCELLED,
    "VOID": Told.REFUNDED,
    "RETURN": Told.REFUNDED,
    "RETURNX": Told.REFUNDED,
}


@dataclass(frozen=True)
class GmoProvider:
    """One shop's contract: shop id, its password, the configuration of the payment page."""

    shop: str
    password: str
    configuration: str = ""
    is_live: bool = False
    sender: Send | None = None
    code: ClassVar[str] = "gmo"

    def start(self, charge: Charge) -> Started:
        """Ask for the address of the payment page."""
        given = {
            "geturlparam": {"ShopID": self.shop, "ShopPass": self.password},
            "configid": self.configuration,
            "transaction": {
                "OrderID": charge.reference,
                "Amount": str(charge.amount),
                "Tax": "0",
                "RetUrl": charge.return_url,
                "NotifyUrl": charge.notify_url,
                "Overview": charge.title[:100],
                "PayMethods": ["credit"],
            },
            "credit": {"JobCd": "CAPTURE"},
        }
        answer = self._call("GetLinkplusUrlPayment", given)
        return Started(str(answer["LinkUrl"]))

    def ask(self, reference: str, provider_reference: str) -> Standing:
        """Search the trade by our order number."""
        found = self._call(
            "SearchTradeMulti", self._who() | {"orderID": reference, "payType": "0"}, may_be_missing=True
        )
        if not found:
            return Standing(Told.PENDING)
        amount = str(found.get("amount", ""))
        access = f"{found.get('accessID', '')}:{found.get('accessPass', '')}"
        return Standing(
            _TOLD.get(str(found.get("status", "")), Told.PENDING),
            int(amount) if amount.isascii() and amount.isdigit() else None,
            access[:100] if len(access) > 1 else "",
        )

    def refund(
        self, reference: str, provider_reference: str, amount: int, *, left: int = 0, number: int = 1
    ) -> Standing:
        """Return the trade, or change its amount to what stays; one that stands so already counts as done."""
        access = self.ask(reference, provider_reference)
        if access.told is Told.REFUNDED or (left and access.amount == left):
            return access
        identity, _, word = access.provider_reference.partition(":")
        who = self._who() | {"accessID": identity, "accessPass": word}
        if left:
            self._call("ChangeTran", who | {"jobCd": "CAPTURE", "amount": str(left), "tax": "0"})
            return Standing(Told.PAID, left, access.provider_reference)
        self._call("AlterTran", who | {"jobCd": "RETURN"})
        return Standing(Told.REFUNDED, amount, access.provider_reference)

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A 結果通知: a form; `OrderID` is our reference."""
        try:
            told = {
                name: values[0] for name, values in parse_qs(short(body).decode("ascii"), max_num_fields=200).items()
            }
            shop, reference = told["ShopID"], told["OrderID"]
        except (UnicodeDecodeError, ValueError, KeyError) as error:
            raise NoticeRefused("not a result notice") from error
        if shop != self.shop:
            raise NoticeRefused("another shop")
        parts = (told.get("AccessID", ""), told.get("Status", ""), told.get("TranID", ""), told.get("TranDate", ""))
        return Notice(hashlib.sha256("|".join((reference, *parts)).encode()).hexdigest(), reference)

    def answer_to_notice(self) -> tuple[str, str]:
        """「0」 says that the notice was taken; anything else is sent again."""
        return "0", "text/plain"

    def _who(self) -> dict[str, str]:
        return {"shopID": self.shop, "shopPass": self.password}

    def _call(self, name: str, given: Mapping[str, Any], *, may_be_missing: bool = False) -> dict[str, Any]:
        host = LIVE if self.is_live else TEST
        body = json.dumps(given, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json;charset=UTF-8"}
        status, answer = ask_json(self.sender, f"{host}/payment/{name}.json", method="POST", headers=headers, body=body)
        found = answer[0] if isinstance(answer, list) and answer else answer
        if not isinstance(found, dict) or status >= _OK or "errCode" in found or "ErrCode" in found:
            if may_be_missing:
                return {}
            raise ProviderTrouble(
                "決済の事業者が、この支払いを受け付けませんでした。設定と加盟店の契約を確かめてください。"
            )
        return found
