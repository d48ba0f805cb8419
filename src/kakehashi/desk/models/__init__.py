"""Tables of the consultation desk."""

from kakehashi.desk.models.consultations import AdoptionStep, Consultation, ConsultationDesk, OodaCycle
from kakehashi.desk.models.solved_cases import CaseReuse, PublishedCase, ReuseResult, Scope, SolvedCase, SolvedCaseState

__all__ = [
    "AdoptionStep",
    "CaseReuse",
    "Consultation",
    "ConsultationDesk",
    "OodaCycle",
    "PublishedCase",
    "ReuseResult",
    "Scope",
    "SolvedCase",
    "SolvedCaseState",
]
