"""標準処理期間 of one application, read today, and how promptly a 補正 is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kakehashi.cases.models import Inquiry
from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.business_days import business_days_between
from kakehashi.kernel.shared_reads import read_once
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.standard_period import Clock, Closings, Stop, Unit, read_clock, read_closings
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.domain.teaching import ORDINARY, Appeal, Basis, Review, law_of_correction
from kakehashi.procedures.models import AppealRule, Application, Correction, PeriodRule, Procedure

__all__ = ["PROMPT_DAYS", "Promptness", "appeal_of", "clock_of", "closings_known", "period_rule_of", "promptness_of"]

PROMPT_DAYS = 5
"""Business days after arrival in which what is missing is looked for; later the page warns (「速やかに」, 行政手続法7条)."""


@read_once
def period_rule_of(procedure: Procedure) -> PeriodRule:
    """What the procedure's clock leaves out; the ordinary rule, unsaved, where nothing was written."""
    found: PeriodRule | None = PeriodRule.objects.filter(procedure=procedure).first()
    return found or PeriodRule(procedure=procedure)


def closings_known(procedure: Procedure) -> Closings:
    """The closings that were read along with a remembered procedure: the hot path asks nothing."""
    return read_closings(procedure.__dict__.get("closings") or ())


def clock_of(application: Application, *, corrections: Iterable[Correction] | None = None) -> Clock:
    """The clock of an application with what its procedure leaves out.

    Asked anew each time, because an act may have just answered a 補正; a page that only shows gives the `corrections` it has read.
    """
    rule = period_rule_of(application.procedure)
    stops: list[Stop] = []
    if rule.leaves_out_corrections:
        if corrections is None:
            corrections = Correction.objects.filter(application_id=application.id)
        stops += [Stop(each.asked_on, each.answered_on) for each in corrections]
    if rule.leaves_out_inquiries and application.case_id is not None:
        inquiries = Inquiry.objects.filter(case_id=application.case_id)
        stops += [Stop(each.asked_on, each.answered_on) for each in inquiries]
    ended = application.completed_at or application.decided_at
    return read_clock(
        arrived_on=application.arrived_on,
        today=clock.today(),
        days=application.procedure.standard_processing_days,
        unit=Unit(application.procedure.standard_processing_unit),
        stops=stops,
        ended_on=ended.astimezone(clock.JST).date() if ended else None,
        closings=read_closings(rule.closings),
    )


@dataclass(frozen=True, slots=True)
class Promptness:
    """How long ago it arrived (business days), the rule a 補正 rests on, and whether asking now is no longer prompt."""

    days: int
    law: str
    is_late: bool


def promptness_of(application: Application) -> Promptness | None:
    """For an application that nobody has asked a 補正 of and that is still looked at; None otherwise."""
    if application.state not in (State.SUBMITTED, State.ACCEPTED):
        return None
    procedure = application.procedure
    days = business_days_between(application.arrived_on, clock.today()) if clock.today() > application.arrived_on else 0
    law = law_of_correction(
        is_disposition=procedure.kind == Kind.DISPOSITION,
        basis=Basis(procedure.basis),
        government_name=get_government(application.government_id).name,
    )
    was_asked = any(True for _ in application.corrections.all())
    return Promptness(days, law, days > PROMPT_DAYS and not was_asked and procedure.kind == Kind.DISPOSITION)


@read_once
def appeal_of(procedure: Procedure) -> Appeal:
    """How one objects to a decision of the procedure; the ordinary way where nothing was written."""
    rule: AppealRule | None = AppealRule.objects.filter(procedure=procedure).first()
    if rule is None:
        return ORDINARY
    return Appeal(Review(rule.review), rule.review_office, rule.review_months, rule.review_comes_first)
