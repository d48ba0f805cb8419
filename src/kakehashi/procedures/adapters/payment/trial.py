"""お試しの支払い: a complete provider that runs in this program, for demo towns and for tests.

It has a page of its own to pay on, keeps its own books (`TrialCharge`), signs its notices (HMAC-SHA256 over the body), sends them twice or
not at all when asked to, and refunds. No money moves.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.json_text import read_json
from kakehashi.procedures.adapters.payment.base import (
    Charge,
    Notice,
    NoticeRefused,
    ProviderTrouble,
    Standing,
    Started,
    short,
)
from kakehashi.procedures.domain.payments import Told
from kakehashi.procedures.models import TrialCharge

__all__ = ["SIGNATURE", "TrialProvider"]

SIGNATURE = "X-Trial-Signature"


@dataclass(frozen=True)
class TrialProvider:
    """One town's contract with the trial provider: a secret that signs notices."""

    secret: str
    government_id: UUID
    code: ClassVar[str] = "trial"

    def start(self, charge: Charge) -> Started:
        """Write the charge into the provider's books and send the payer to its page."""
        TrialCharge.objects.get_or_create(
            reference=charge.reference,
            defaults={"amount": charge.amount, "title": charge.title[:200], "return_url": charge.return_url},
        )
        return Started(absolute_url(get_government(self.government_id), "procedures:trial-pay", charge.reference))

    def ask(self, reference: str, provider_reference: str) -> Standing:
        """What the provider's books say."""
        found = TrialCharge.objects.filter(reference=reference).first()
        if found is None:
            return Standing(Told.PENDING)
        return Standing(Told(found.state), found.amount, f"trial-{found.id.hex[:12]}")

    def refund(
        self, reference: str, provider_reference: str, amount: int, *, left: int = 0, number: int = 1
    ) -> Standing:
        """Give back what was paid, or a part; a second time changes nothing."""
        told = Told.REFUNDED if left == 0 else Told.PAID
        changed = TrialCharge.objects.filter(reference=reference, state__in=[Told.PAID, Told.REFUNDED]).update(
            state=told
        )
        if not changed:
            raise ProviderTrouble("この支払いは、まだ済んでいません。")
        return Standing(told, amount)

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A signed JSON notice."""
        told = hmac.new(self.secret.encode(), short(body), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(told, str(headers.get(SIGNATURE, ""))):
            raise NoticeRefused("wrong signature")
        try:
            given = read_json(body)
            return Notice(str(given["notice"])[:100], str(given["reference"]))
        except (ValueError, KeyError, TypeError) as error:
            raise NoticeRefused("not a notice") from error

    def answer_to_notice(self) -> tuple[str, str]:
        """It asks for an empty JSON object."""
        return "{}", "application/json"

    def notice_about(self, reference: str) -> tuple[dict[str, str], bytes]:
        """Headers and body of a notice as this provider sends it."""
        body = json.dumps({"notice": uuid7().hex, "reference": reference}).encode()
        return {SIGNATURE: hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()}, body
