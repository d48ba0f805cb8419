"""What every payment provider offers, and what we tell it.

A notice only says that something happened to a charge: what has happened is asked of the provider itself (`ask`), over our own
connection. So a forged notice can at most make us ask, and a provider whose notices carry no signature is as safe as one whose do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from kakehashi.kernel.json_text import read_json
from kakehashi.kernel.outbound import Answer, NoAnswer, OutboundRefused, send
from kakehashi.procedures.domain.payments import Told

__all__ = [
    "Charge",
    "Notice",
    "NoticeRefused",
    "PaymentProvider",
    "ProviderTrouble",
    "Send",
    "Standing",
    "Started",
    "ask_json",
]

Send = Callable[..., Answer]
_SECONDS = 10.0
_MOST_FOR_NOTICE = 64 * 1024


class ProviderTrouble(Exception):
    """The provider did not answer, or with a refusal; the message is Japanese and names no secret."""


class NoticeRefused(Exception):
    """What came in is not a notice of this provider: wrong shape, wrong signature, another shop."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What is to be paid: our reference, whole yen, a title the payer reads, where the browser and the notice come back to."""

    reference: str
    amount: int
    title: str
    return_url: str
    notify_url: str


@dataclass(frozen=True, slots=True)
class Started:
    """Where the payer goes to pay."""

    url: str
    provider_reference: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the provider says of a charge now; `amount` is None when it does not say."""

    told: Told
    amount: int | None = None
    provider_reference: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: `key` is the same each time the same notice is sent, `reference` is ours."""

    key: str
    reference: str


class PaymentProvider(Protocol):
    """One provider with one town's contract."""

    code: ClassVar[str]

    def start(self, charge: Charge) -> Started:
        """Open a charge; the same reference again gives the same charge. Raises ProviderTrouble."""

    def ask(self, reference: str, provider_reference: str) -> Standing:
        """What became of a charge. Raises ProviderTrouble."""

    def refund(
        self, reference: str, provider_reference: str, amount: int, *, left: int = 0, number: int = 1
    ) -> Standing:
        """Give `amount` back; `left` is what stays with us afterwards, `number` counts the refunds of this charge from 1.

        The same number again is the same refund. Raises ProviderTrouble.
        """

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Read what came in. Raises NoticeRefused."""

    def answer_to_notice(self) -> tuple[str, str]:
        """Body and media type that tell the provider that its notice was taken."""


def ask_json(
    sender: Send | None, url: str, *, method: str, headers: Mapping[str, str], body: bytes | None = None
) -> tuple[int, Any]:
    """One request and the JSON that came back. Raises ProviderTrouble when nobody answers or in another language."""
    try:
        answer = (sender or send)(url, method=method, body=body, headers=headers, seconds=_SECONDS)
    except (NoAnswer, OutboundRefused) as error:
        raise ProviderTrouble("支払いの事業者につながりません。しばらくしてからもう一度お試しください。") from error
    try:
        return answer.status, read_json(answer.body)
    except ValueError as error:
        raise ProviderTrouble("支払いの事業者から、読み取れない答えが返りました。") from error


def short(body: bytes) -> bytes:
    """The body of a notice. Raises NoticeRefused when it is larger than any notice."""
    if len(body) > _MOST_FOR_NOTICE:
        raise NoticeRefused("too large")
    return body
