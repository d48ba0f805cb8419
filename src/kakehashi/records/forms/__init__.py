"""Input shapes of the records pages."""

from kakehashi.records.forms.disclosures import DecisionForm, MarkForm, OutcomeForm, RequestForm
from kakehashi.records.forms.disposals import AcceptanceForm, ListForm
from kakehashi.records.forms.mails import AsideForm, MailboxForm, MailFileForm
from kakehashi.records.forms.receipts import (
    ClassForm,
    CompletionForm,
    CorrectionForm,
    DistributionForm,
    LinkForm,
    MoveForm,
    OriginalForm,
    PaperForm,
    ReceiptForm,
    VoidForm,
)
from kakehashi.records.forms.record_files import (
    DescriptionForm,
    EventForm,
    LeaveForm,
    NewDocumentForm,
    NewFileForm,
    ReassignForm,
    StartForm,
)
from kakehashi.records.forms.registry import ExtensionForm, HoldForm

__all__ = [
    "AcceptanceForm",
    "AsideForm",
    "ClassForm",
    "CompletionForm",
    "CorrectionForm",
    "DecisionForm",
    "DescriptionForm",
    "DistributionForm",
    "EventForm",
    "ExtensionForm",
    "HoldForm",
    "LeaveForm",
    "LinkForm",
    "ListForm",
    "MailFileForm",
    "MailboxForm",
    "MarkForm",
    "MoveForm",
    "NewDocumentForm",
    "NewFileForm",
    "OriginalForm",
    "OutcomeForm",
    "PaperForm",
    "ReassignForm",
    "ReceiptForm",
    "RequestForm",
    "StartForm",
    "VoidForm",
]
