"""Tables of the consultation desk."""

from kakehashi.desk.models.consultations import AdoptionStep, Consultation, ConsultationDesk, OodaCycle
from kakehashi.desk.models.effects import EffectCheck, StillSo
from kakehashi.desk.models.solved_cases import CaseReuse, PublishedCase, ReuseResult, Scope, SolvedCase, SolvedCaseState

__all__ = [
    "AdoptionStep",
    "CaseReuse",
    "Consultation",
    "ConsultationDesk",
    "EffectCheck",
    "OodaCycle",
    "PublishedCase",
    "ReuseResult",
    "Scope",
    "SolvedCase",
    "SolvedCaseState",
    "StillSo",
]
