"""受付の期間と件数: setting them, and taking one of a limited number of places."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.domain.reception import Reception
from kakehashi.procedures.models import Procedure, ReceptionWindow
from kakehashi.procedures.permissions import ProceduresPermission

__all__ = ["check_reception", "give_place_back", "set_reception", "take_place"]


@service
def set_reception(
    *,
    actor: Actor,
    procedure: Procedure,
    opens_on: dt.date | None = None,
    closes_on: dt.date | None = None,
    places: int | None = None,
) -> ReceptionWindow | None:
    """Say when and how many; with nothing said the limits are gone, what was counted included.

    Raises DomainError for days in the wrong order and for fewer places than are taken already.
    """
    require(actor, ProceduresPermission.OPEN_PROCEDURE)
    if opens_on and closes_on and closes_on < opens_on:
        raise DomainError("受付を終える日が、始める日より前になっています。", field="closes_on")
    rows = ReceptionWindow.objects.filter(procedure=procedure)
    row: ReceptionWindow | None = rows.select_for_update().first()
    if row is not None and places is not None and places < row.taken:
        raise DomainError(f"もう{row.taken:,}件を受け付けています。それより少ない件数にはできません。", field="places")
    if opens_on is None and closes_on is None and places is None:
        rows.delete()
        row = None
    else:
        row = ReceptionWindow.objects.update_or_create(
            procedure=procedure, defaults={"opens_on": opens_on, "closes_on": closes_on, "places": places}
        )[0]
    days = {"opens_on": str(opens_on or ""), "closes_on": str(closes_on or ""), "places": places}
    record_event(
        actor=actor,
        code="procedures.reception.set",
        subject_kind=PROCEDURE,
        subject_id=procedure.id,
        payload=days,
    )
    return row


def check_reception(reception: Reception | None) -> None:
    """Raise DomainError, in the reader's language, when applications are not taken today."""
    if reception is None:
        return
    today = clock.today()
    if reception.is_early(today) and reception.opens_on is not None:
        day = format_wareki(reception.opens_on)
        raise DomainError(gettext("受付は%(day)sからです。") % {"day": day}, code="early")
    if reception.is_over(today) and reception.closes_on is not None:
        day = format_wareki(reception.closes_on)
        raise DomainError(gettext("受付は%(day)sで終わりました。") % {"day": day}, code="over")


def take_place(reception: Reception | None) -> bool:
    """Take one of the places if there is a limit; the row stays locked until the application is accepted or not.

    True when one was taken. Raises DomainError when none is left.
    """
    if reception is None or reception.places is None:
        return False
    rows = ReceptionWindow.objects.filter(id=reception.id, taken__lt=F("places"))
    if not rows.update(taken=F("taken") + 1):
        # What is remembered of a procedure may be a moment old: a limit that was lifted meanwhile stops nobody.
        if not ReceptionWindow.objects.filter(id=reception.id, places__isnull=False).exists():
            return False
        raise DomainError(gettext("先着の件数に達したため、受付を終わりました。"), code="full")
    return True


def give_place_back(reception: Reception | None) -> None:
    """What was taken for an application that had been accepted before."""
    if reception is not None:
        ReceptionWindow.objects.filter(id=reception.id, taken__gt=0).update(taken=F("taken") - 1)
