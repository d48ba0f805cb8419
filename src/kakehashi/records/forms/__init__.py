"""Input shapes of the records pages."""

from kakehashi.records.forms.receipts import (
    ClassForm,
    CompletionForm,
    DistributionForm,
    LinkForm,
    OriginalForm,
    PaperForm,
    ReceiptForm,
)
from kakehashi.records.forms.registry import ExtensionForm, HoldForm

__all__ = [
    "ClassForm",
    "CompletionForm",
    "DistributionForm",
    "ExtensionForm",
    "HoldForm",
    "LinkForm",
    "OriginalForm",
    "PaperForm",
    "ReceiptForm",
]
