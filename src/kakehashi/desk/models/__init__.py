"""Tables of the consultation desk."""

from kakehashi.desk.models.consultations import AdoptionStep, Consultation, ConsultationDesk, OodaCycle
from kakehashi.desk.models.effects import EffectCheck, StillSo
from kakehashi.desk.models.exchange import CaseFeed, CaseSigner, ReceivedCase, ReturnedResult
from kakehashi.desk.models.funding import FundingScheme, FundingState, FundingUse, SchemeKind
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
from kakehashi.desk.models.manuals import BusinessManual, ManualDuty, ManualRevision
from kakehashi.desk.models.sharing import FigureSharing, SharedFigures
from kakehashi.desk.models.solved_cases import (
    CaseReuse,
    CaseRevision,
    PublishedCase,
    ReuseResult,
    Scope,
    SolvedCase,
    SolvedCaseState,
)
from kakehashi.desk.models.trials import (
    PulseAnswer,
    PulseRound,
    PulseTicket,
    ToolTrial,
    TrialDecision,
    TrialMember,
)
from kakehashi.desk.models.wishes import ANSWERS, OPEN_WISHES, Wish, WishCircle, WishKind, WishState, WishSupport

__all__ = [
    "ANSWERS",
    "OPEN_WISHES",
    "AdoptionStep",
    "Arrival",
    "ArrivalFile",
    "ArrivalState",
    "BusinessManual",
    "CaseFeed",
    "CaseReuse",
    "CaseRevision",
    "CaseSigner",
    "Channel",
    "Consultation",
    "ConsultationDesk",
    "ConsultationFile",
    "EffectCheck",
    "FigureSharing",
    "FundingScheme",
    "FundingState",
    "FundingUse",
    "Intake",
    "Mailbox",
    "ManualDuty",
    "ManualRevision",
    "OodaCycle",
    "PublishedCase",
    "PulseAnswer",
    "PulseRound",
    "PulseTicket",
    "ReceivedCase",
    "ReturnedResult",
    "ReuseResult",
    "SchemeKind",
    "Scope",
    "SharedFigures",
    "SolvedCase",
    "SolvedCaseState",
    "StillSo",
    "ToolTrial",
    "TrialDecision",
    "TrialMember",
    "Wish",
    "WishCircle",
    "WishKind",
    "WishState",
    "WishSupport",
    "Zone",
]
