"""Input shapes of the desk's pages."""

from kakehashi.desk.forms.consultations import (
    GROUPS,
    ConsultationForm,
    CycleForm,
    DeclineForm,
    PublishForm,
    PurposeForm,
    ReasonForm,
    ResolveForm,
    ReuseForm,
    SolvedCaseForm,
    SupporterForm,
    WaitForm,
)

__all__ = [
    "GROUPS",
    "ConsultationForm",
    "CycleForm",
    "DeclineForm",
    "PublishForm",
    "PurposeForm",
    "ReasonForm",
    "ResolveForm",
    "ReuseForm",
    "SolvedCaseForm",
    "SupporterForm",
    "WaitForm",
]
