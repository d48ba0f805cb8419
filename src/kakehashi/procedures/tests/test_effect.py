"""効果: every figure is the sum of its rows; what nobody said is unknown and not zero."""

import datetime as dt
from decimal import Decimal

import pytest

from kakehashi.indicators.hooks import Period, RowPart
from kakehashi.indicators.selectors import compute, measure_now, rows_behind
from kakehashi.journal.models import AccessEntry, AccessSubject, Event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import PermissionRefused
from kakehashi.procedures.domain.handling_time import minutes_of
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application, DocumentDelivery, EffectAssumption, HandlingTime
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.effect import FIGURES, EffectScope, effects_by_procedure, figures_of, narrowed
from kakehashi.procedures.services import (
    clear_assumption,
    confirm_arrival,
    measure_handling,
    request_correction,
    set_assumption,
)
from kakehashi.procedures.testing import an_application, an_online_procedure

ASSUMED = {
    "minutes_before": 30, "minutes_online": 10, "visits_before": 2, "visits_online": 0, "sheets_before": 5,
    "sheets_online": 1,
}  # fmt: skip


def now() -> Period:
    return Period.containing(clock.today())


def finished(town, procedure=None, **changes) -> Application:
    procedure = procedure or an_online_procedure(town, Kind.NOTIFICATION)
    application = get_application(an_application(town, procedure).id)
    confirm_arrival(actor=town.clerk, application=application)
    if changes:
        Application.objects.filter(id=application.id).update(**changes)
    return application


def value(code: str) -> Decimal | None:
    return measure_now(f"procedures.{code}", now()).figure.value


def test_saved_is_the_sum_of_the_rows(town):
    first = finished(town)
    finished(town, first.procedure)
    finished(town, first.procedure, channel="counter")
    unknown = measure_now("procedures.minutes_saved", now()).figure
    assert (unknown.value, unknown.unknown_count) == (0, 2)
    set_assumption(actor=town.officer, kind=Kind.NOTIFICATION, values=ASSUMED, source="窓口で測った")
    assert (value("minutes_saved"), value("visits_avoided"), value("sheets_avoided")) == (40, 4, 8)
    set_assumption(
        actor=town.officer, procedure=first.procedure, values=ASSUMED | {"minutes_online": 40}, source="聞いた"
    )
    assert value("minutes_saved") == -20
    for name in ("minutes_saved", "visits_avoided", "sheets_avoided"):
        rows = rows_behind(FIGURES[f"procedures.{name}"], now())
        assert sum(row.saved for row in rows) == value(name)
    (line,) = effects_by_procedure(EffectScope(now()))
    assert (line.minutes, line.visits, line.sheets, line.online, line.finished) == (-20, 4, 8, 2, 3)


def test_who_fetched_at_the_counter_came_once(town):
    application = finished(town)
    set_assumption(actor=town.officer, kind=Kind.NOTIFICATION, values=ASSUMED, source="窓口で測った")
    DocumentDelivery.objects.create(
        application=application, document=application.documents.create(title="通知"), way="counter", standing="arrived",
        addressee="田中", arrived_on=clock.today(),
    )  # fmt: skip
    assert value("visits_avoided") == 1
    assert effects_by_procedure(EffectScope(now()))[0].visits == 1


def test_first_time_right_leaves_out_who_was_asked(town):
    first = finished(town)
    asked = get_application(an_application(town, first.procedure).id)
    request_correction(
        actor=town.clerk, application=asked, message="見積書", deadline=clock.today() + dt.timedelta(days=9)
    )
    asked.corrections.update(answered_at=clock.now(), answered_on=clock.today())
    Application.objects.filter(id=asked.id).update(state="completed", completed_at=clock.now(), days_to_decision=3)
    assert value("first_time_right") == Decimal("50.0")
    assert [row.id for row in rows_behind(FIGURES["procedures.first_time_right"], now())] == [first.id]
    assert effects_by_procedure(EffectScope(now()))[0].first_time_right == Decimal("50.0")


def test_days_median_and_ninetieth(town):
    procedure = an_online_procedure(town, Kind.NOTIFICATION)
    for days in range(1, 11):
        finished(town, procedure, days_to_decision=days * 2)
    (line,) = effects_by_procedure(EffectScope(now()))
    assert (line.median_days, line.p90_days, line.within_share) == (10, 18, Decimal("70.0"))
    assert (value("days_to_decision_p90"), value("within_standard_period")) == (18, Decimal("70.0"))


def test_a_scope_narrows_figure_and_rows_alike(town):
    first = finished(town)
    finished(town, an_online_procedure(town, Kind.NOTIFICATION))
    for scope in (
        EffectScope(now(), procedure=first.procedure_id),
        EffectScope(now(), kind="disposition"),
        EffectScope(now(), department=town.department.id),
    ):
        for measure, figure in figures_of(scope):
            measured = narrowed(measure, scope)
            assert compute(measured, now()) == figure
        rows = rows_behind(narrowed(FIGURES["procedures.first_time_right"], scope), now(), RowPart.DENOMINATOR)
        assert rows.count() == {scope.procedure: 1}.get(first.procedure_id, 0 if scope.kind else 2)


def test_screens_are_measured_from_what_was_recorded(town):
    application = finished(town)
    for minutes in (-20, -19, -5):
        entry = AccessEntry.objects.create(
            actor_kind="staff", actor_id=town.clerk.id, actor_label="職員", page="p", purpose="審査", subject_count=1,
            accessed_at=clock.now() + dt.timedelta(minutes=minutes),
        )  # fmt: skip
        AccessSubject.objects.create(entry=entry, kind="procedures.application", subject_id=application.id)
    assert measure_handling() == 1
    assert measure_handling() == 0
    # One minute between the first two, one for each beginning, five until the arrival was confirmed.
    assert HandlingTime.objects.get().minutes == 8
    assert value("screen_minutes") == 8
    assert [row.application_id for row in rows_behind(FIGURES["procedures.screen_minutes"], now())] == [application.id]


def test_pauses_are_no_work():
    who, at = uuid7(), clock.now()
    moments = [(who, at), (who, at + dt.timedelta(minutes=9)), (who, at + dt.timedelta(hours=2))]
    assert minutes_of(moments) == 11
    assert minutes_of([(who, at), (uuid7(), at + dt.timedelta(minutes=5))]) == 2
    assert minutes_of([]) == 0


@pytest.mark.parametrize(
    ("values", "source", "field"),
    [
        ({"minutes_before": 30}, "x", "minutes_online"),
        ({"sheets_online": 0}, "x", "sheets_before"),
        ({}, "x", "minutes_before"),
        (ASSUMED, " ", "source"),
    ],
)
def test_half_an_assumption_is_refused(town, values, source, field):
    with pytest.raises(DomainError) as error:
        set_assumption(actor=town.officer, kind=Kind.REQUEST, values=values, source=source)
    assert error.value.field == field
    assert not EffectAssumption.objects.exists()


def test_an_assumption_is_written_and_taken_back(town):
    procedure = an_online_procedure(town)
    first = set_assumption(actor=town.officer, procedure=procedure, values=ASSUMED, source="令和8年9月に30件を測った")
    again = set_assumption(actor=town.officer, procedure=procedure, values=ASSUMED, source="もう一度測った")
    assert (first.id, EffectAssumption.objects.get().source) == (again.id, "もう一度測った")
    clear_assumption(actor=town.officer, assumption=again)
    assert not EffectAssumption.objects.exists()
    assert Event.objects.filter(code="procedures.effect.assumed").count() == 3
    with pytest.raises(PermissionRefused):
        set_assumption(actor=AnonymousActor(government_id=town.id), procedure=procedure, values=ASSUMED, source="x")
