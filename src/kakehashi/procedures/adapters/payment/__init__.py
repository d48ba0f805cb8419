"""Payment providers behind one interface: PayPay, GMO, and a trial provider that runs here."""

from kakehashi.procedures.adapters.payment.base import (
    Charge,
    Notice,
    NoticeRefused,
    PaymentProvider,
    ProviderTrouble,
    Standing,
    Started,
)
from kakehashi.procedures.adapters.payment.gmo import GmoProvider
from kakehashi.procedures.adapters.payment.paypay import PayPayProvider
from kakehashi.procedures.adapters.payment.trial import TrialProvider

__all__ = [
    "Charge",
    "GmoProvider",
    "Notice",
    "NoticeRefused",
    "PayPayProvider",
    "PaymentProvider",
    "ProviderTrouble",
    "Standing",
    "Started",
    "TrialProvider",
]
