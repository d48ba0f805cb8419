"""Tables of the room."""

from kakehashi.procedures.models.application import AnswerVersion, Application, Channel, Correction, IssuedDocument
from kakehashi.procedures.models.draft import Draft
from kakehashi.procedures.models.procedure import Procedure, ProcedureText, Stage
from kakehashi.procedures.models.waiting import WaitingTime

__all__ = [
    "AnswerVersion",
    "Application",
    "Channel",
    "Correction",
    "Draft",
    "IssuedDocument",
    "Procedure",
    "ProcedureText",
    "Stage",
    "WaitingTime",
]
