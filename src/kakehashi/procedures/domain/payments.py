"""手数料の支払い: states of a payment and what a provider's word changes, as data.

Money that has come is a fact: a provider's 「paid」 wins over everything but a refund, in whatever order notices arrive and however
often. A late 「failed」 or 「cancelled」 never takes a payment back. Amounts are whole yen.
"""

from __future__ import annotations

import enum
import secrets

__all__ = ["SETTLED", "STATE_LABELS", "FeeWhen", "PaymentState", "Told", "after_told", "make_reference"]

_REFERENCE_BYTES = 10


class FeeWhen(enum.StrEnum):
    """When the fee of a procedure is paid; the value is stored. NONE: there is none, or it is not paid here."""

    NONE = ""
    BEFORE = "before"
    WITH = "with"
    AFTER = "after"

    @property
    def label(self) -> str:
        """What staff choose."""
        return _WHEN_LABELS[self]


_WHEN_LABELS = {
    FeeWhen.NONE: "オンラインでは納めない",
    FeeWhen.BEFORE: "支払ってから申請が届く（前払い）",
    FeeWhen.WITH: "申請が届いてから、すぐに支払う",
    FeeWhen.AFTER: "審査のあとで支払う（事後決済）",
}


class PaymentState(enum.StrEnum):
    """Where a payment stands; the value is stored."""

    REQUESTED = "requested"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    EXEMPT = "exempt"


STATE_LABELS = {
    PaymentState.REQUESTED: "支払い待ち",
    PaymentState.PAID: "支払い済み",
    PaymentState.FAILED: "支払いができなかった",
    PaymentState.CANCELLED: "取消し",
    PaymentState.REFUNDED: "返金済み",
    PaymentState.EXEMPT: "減免",
}
SETTLED = frozenset({PaymentState.PAID, PaymentState.EXEMPT})
"""With one of these nothing more is owed."""


class Told(enum.StrEnum):
    """What a provider says of a charge."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


_LEADS_TO = {
    Told.PAID: PaymentState.PAID,
    Told.FAILED: PaymentState.FAILED,
    Told.CANCELLED: PaymentState.CANCELLED,
    Told.REFUNDED: PaymentState.REFUNDED,
}


def after_told(state: PaymentState, told: Told) -> PaymentState:
    """The state after a provider's word; the same state when the word is old, repeated or says nothing new."""
    if told is Told.PENDING or state is PaymentState.REFUNDED:
        return state
    if told is Told.REFUNDED:
        return PaymentState.REFUNDED if state is PaymentState.PAID else state
    if told is Told.PAID:
        return PaymentState.PAID
    return _LEADS_TO[told] if state is PaymentState.REQUESTED else state


def make_reference() -> str:
    """Our name of a charge towards a provider: 80 random bits in 20 characters that every provider takes."""
    return secrets.token_hex(_REFERENCE_BYTES)
