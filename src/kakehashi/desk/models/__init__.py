"""Tables of the consultation desk."""

from kakehashi.desk.models.consultations import AdoptionStep, Consultation, ConsultationDesk, OodaCycle
from kakehashi.desk.models.effects import EffectCheck, StillSo
from kakehashi.desk.models.intake import (
    Arrival,
    ArrivalFile,
    ArrivalState,
    Channel,
    ConsultationFile,
    Intake,
    Mailbox,
    Zone,
)
from kakehashi.desk.models.solved_cases import CaseReuse, PublishedCase, ReuseResult, Scope, SolvedCase, SolvedCaseState

__all__ = [
    "AdoptionStep",
    "Arrival",
    "ArrivalFile",
    "ArrivalState",
    "CaseReuse",
    "Channel",
    "Consultation",
    "ConsultationDesk",
    "ConsultationFile",
    "EffectCheck",
    "Intake",
    "Mailbox",
    "OodaCycle",
    "PublishedCase",
    "ReuseResult",
    "Scope",
    "SolvedCase",
    "SolvedCaseState",
    "StillSo",
    "Zone",
]
