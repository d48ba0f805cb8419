"""標準処理期間 of one application, read today."""

from __future__ import annotations

from kakehashi.kernel import clock
from kakehashi.procedures.domain.standard_period import Clock, Stop, Unit, read_clock
from kakehashi.procedures.models import Application, Correction

__all__ = ["clock_of"]


def clock_of(application: Application) -> Clock:
    """The clock of an application with its 補正 as stops. Asked anew each time: an act may have just answered one."""
    stops = Correction.objects.filter(application_id=application.id)
    ended = application.completed_at or application.decided_at
    return read_clock(
        arrived_on=application.arrived_on,
        today=clock.today(),
        days=application.procedure.standard_processing_days,
        unit=Unit(application.procedure.standard_processing_unit),
        stops=[Stop(each.asked_on, each.answered_on) for each in stops],
        ended_on=ended.astimezone(clock.JST).date() if ended else None,
    )
