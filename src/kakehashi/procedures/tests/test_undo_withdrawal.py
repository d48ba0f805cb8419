"""元に戻す of one's own 取下げ: within ten seconds the application stands where it stood."""

from __future__ import annotations

import datetime as dt

import pytest

from kakehashi.cases.models import Case
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, AnonymousActor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.people.testing import Town
from kakehashi.procedures.models import Application, Correction
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import accept_application, request_correction, undo_withdrawal, withdraw_application
from kakehashi.procedures.testing import an_application, an_online_procedure


def applicant(town: Town) -> Actor:
    return AnonymousActor(government_id=town.id, label="申請者")


def withdrawn(town: Town, application: Application) -> Application:
    withdraw_application(actor=applicant(town), application=application, reason="書きまちがえました")
    return get_application(application.id)


def test_it_stands_where_it_stood_and_its_correction_is_open_again(town: Town) -> None:
    application = get_application(an_application(town, an_online_procedure(town)).id)
    accept_application(actor=town.clerk, application=application)
    day = clock.today() + dt.timedelta(days=9)
    asked = request_correction(
        actor=town.clerk, application=application, message="写真を足してください。", deadline=day
    )
    application = withdrawn(town, get_application(application.id))
    assert Correction.objects.get(id=asked.id).answered_at is not None
    undo_withdrawal(actor=applicant(town), application=application)
    application = get_application(application.id)
    assert (application.state, application.completed_at) == ("correcting", None)
    assert Correction.objects.get(id=asked.id).answered_at is None
    case = Case.objects.get(id=application.case_id)
    assert (case.phase, case.closed_at, case.state_label) == ("waiting", None, "補正待ち")
    assert events_for(application.id).last().payload == {"undone": "procedures.application.withdrawn"}
    with pytest.raises(Stale):
        undo_withdrawal(actor=applicant(town), application=application)


def test_after_ten_seconds_it_stays_withdrawn(town: Town) -> None:
    application = withdrawn(town, get_application(an_application(town, an_online_procedure(town)).id))
    later = clock.now() + dt.timedelta(seconds=11)
    with clock.frozen(later), pytest.raises(DomainError, match="新しく申請"):
        undo_withdrawal(actor=applicant(town), application=application)
    assert get_application(application.id).state == "withdrawn"


def test_staff_do_not_take_back_what_the_applicant_did(town: Town) -> None:
    application = withdrawn(town, get_application(an_application(town, an_online_procedure(town)).id))
    with pytest.raises(Stale):
        undo_withdrawal(actor=town.clerk, application=application)
