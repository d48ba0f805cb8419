"""Tables of the room."""

from kakehashi.procedures.models.application import AnswerVersion, Application, Channel, Correction, IssuedDocument
from kakehashi.procedures.models.batch import Batch, BatchRow, BatchSource, BatchState, RememberedColumn, RowState
from kakehashi.procedures.models.draft import Draft
from kakehashi.procedures.models.exclusion import ExclusionRule
from kakehashi.procedures.models.procedure import Procedure, ProcedureText, Stage
from kakehashi.procedures.models.review import FormReview
from kakehashi.procedures.models.waiting import WaitingTime

__all__ = [
    "AnswerVersion",
    "Application",
    "Batch",
    "BatchRow",
    "BatchSource",
    "BatchState",
    "Channel",
    "Correction",
    "Draft",
    "ExclusionRule",
    "FormReview",
    "IssuedDocument",
    "Procedure",
    "ProcedureText",
    "RememberedColumn",
    "RowState",
    "Stage",
    "WaitingTime",
]
