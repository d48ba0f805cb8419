"""Tables of the room."""

from kakehashi.procedures.models.application import AnswerVersion, Application, Channel, Correction, IssuedDocument
from kakehashi.procedures.models.batch import Batch, BatchRow, BatchSource, BatchState, RememberedColumn, RowState
from kakehashi.procedures.models.batch_form import BatchForm
from kakehashi.procedures.models.certificate import CarriedCertificate, Certificate
from kakehashi.procedures.models.delivery import DeliveryWish, DocumentDelivery, DraftWish
from kakehashi.procedures.models.draft import Draft
from kakehashi.procedures.models.effect import EffectAssumption, FilingTally, HandlingTime, ProcessingTime
from kakehashi.procedures.models.exclusion import ExclusionRule
from kakehashi.procedures.models.handling import AppealRule, LateCount, PeriodRule, Routed, RoutingRule
from kakehashi.procedures.models.import_work import ImportWork, WorkState, WorkVerb
from kakehashi.procedures.models.intake import Bringer, Manner, PaperIntake, PaperScan
from kakehashi.procedures.models.letter import LetterUse, LetterVersion
from kakehashi.procedures.models.parties import Consent, ConsentState, CoSigning, FilingRule, Proxy, Role
from kakehashi.procedures.models.payment import Payment, PaymentAccount, PaymentNotice, TrialCharge
from kakehashi.procedures.models.procedure import Procedure, ProcedureText, Stage
from kakehashi.procedures.models.reception import ReceptionWindow
from kakehashi.procedures.models.reuse import ReuseConsent
from kakehashi.procedures.models.review import FormReview
from kakehashi.procedures.models.sharing import (
    Audience,
    FormOffer,
    FormTaking,
    KnownSigner,
    OfferedForm,
    OfferedRevision,
    ReceivedBase,
    TakenForm,
)
from kakehashi.procedures.models.taken import TakenOver
from kakehashi.procedures.models.waiting import WaitingTime

__all__ = [
    "AnswerVersion",
    "AppealRule",
    "Application",
    "Audience",
    "Batch",
    "BatchForm",
    "BatchRow",
    "BatchSource",
    "BatchState",
    "Bringer",
    "CarriedCertificate",
    "Certificate",
    "Channel",
    "CoSigning",
    "Consent",
    "ConsentState",
    "Correction",
    "DeliveryWish",
    "DocumentDelivery",
    "Draft",
    "DraftWish",
    "EffectAssumption",
    "ExclusionRule",
    "FilingRule",
    "FilingTally",
    "FormOffer",
    "FormReview",
    "FormTaking",
    "HandlingTime",
    "ImportWork",
    "IssuedDocument",
    "KnownSigner",
    "LateCount",
    "LetterUse",
    "LetterVersion",
    "Manner",
    "OfferedForm",
    "OfferedRevision",
    "PaperIntake",
    "PaperScan",
    "Payment",
    "PaymentAccount",
    "PaymentNotice",
    "PeriodRule",
    "Procedure",
    "ProcedureText",
    "ProcessingTime",
    "Proxy",
    "ReceivedBase",
    "ReceptionWindow",
    "RememberedColumn",
    "ReuseConsent",
    "Role",
    "Routed",
    "RoutingRule",
    "RowState",
    "Stage",
    "TakenForm",
    "TakenOver",
    "TrialCharge",
    "WaitingTime",
    "WorkState",
    "WorkVerb",
]
