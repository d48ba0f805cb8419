"""Tables of the room."""

from kakehashi.cases.models.batch import BatchState, CaseBatch, CaseBatchRow, RowState
from kakehashi.cases.models.case import Case, CaseCounter, Message, MessageFile, SavedFilter, Thread
from kakehashi.cases.models.inquiry import Inquiry, InquiryFile, Scope, Stance
from kakehashi.cases.models.labels import CaseLabel, Follow, Label, Pin, Tone
from kakehashi.cases.models.templates import MessageTemplate, Purpose, TemplateText

__all__ = [
    "BatchState",
    "Case",
    "CaseBatch",
    "CaseBatchRow",
    "CaseCounter",
    "CaseLabel",
    "Follow",
    "Inquiry",
    "InquiryFile",
    "Label",
    "Message",
    "MessageFile",
    "MessageTemplate",
    "Pin",
    "Purpose",
    "RowState",
    "SavedFilter",
    "Scope",
    "Stance",
    "TemplateText",
    "Thread",
    "Tone",
]
