"""元に戻す: within ten seconds, by whoever did it, and never once something has left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kakehashi.cases.models import Case
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.models import Application, Correction
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import (
    accept_application,
    confirm_arrival,
    record_outside_decision,
    request_correction,
    start_correction,
    undo_last_act,
)
from kakehashi.procedures.testing import an_application, an_online_procedure


def filed(town: Town, kind: Kind = Kind.DISPOSITION) -> Application:
    return get_application(an_application(town, an_online_procedure(town, kind)).id)


def undone(town: Town, application: Application) -> Application:
    undo_last_act(actor=town.clerk, application=get_application(application.id))
    return get_application(application.id)


def test_an_acceptance_is_given_back(town: Town) -> None:
    application = undone(town, accept_application(actor=town.clerk, application=filed(town)))
    assert (application.state, application.accepted_at) == ("submitted", None)
    case = Case.objects.get(id=application.case_id)
    assert (case.phase, case.handler_id) == ("new", None)
    assert events_for(application.id).last().code == "procedures.application.undone"
    accept_application(actor=town.manager, application=application)


def test_a_confirmed_arrival_opens_again_and_its_mail_stays(town: Town) -> None:
    application = undone(town, confirm_arrival(actor=town.clerk, application=filed(town, Kind.NOTIFICATION)))
    assert (application.state, application.result, application.completed_at) == ("submitted", "", None)
    assert Case.objects.get(id=application.case_id).closed_at is None
    assert Notice.objects.get(subject__contains="手続が終わりました").cancelled_at is not None
    confirm_arrival(actor=town.clerk, application=application)
    assert Notice.objects.filter(subject__contains="手続が終わりました", cancelled_at=None).count() == 1


def test_a_request_for_correction_is_taken_back_before_anybody_answers(town: Town) -> None:
    application = filed(town)
    day = clock.today() + dt.timedelta(days=9)
    request_correction(actor=town.clerk, application=application, message="見積書", deadline=day)
    assert undone(town, application).state == "submitted"
    assert not Correction.objects.exists()
    again = get_application(application.id)
    correction = request_correction(actor=town.clerk, application=again, message="見積書", deadline=day)
    start_correction(actor=town.clerk, correction=correction)
    with pytest.raises(DomainError):
        undone(town, application)


def test_a_decision_made_elsewhere_is_taken_back(town: Town) -> None:
    application = accept_application(actor=town.clerk, application=filed(town))
    record_outside_decision(
        actor=town.clerk, application=application, result=Result.PERMITTED, number="8住1", decided_on=clock.today()
    )
    application = undone(town, application)
    assert (application.state, application.outside_number, application.decided_at) == ("accepted", "", None)


def test_too_late_and_somebody_elses(town: Town) -> None:
    application = accept_application(actor=town.clerk, application=filed(town))
    with pytest.raises(Stale):
        undo_last_act(actor=town.manager, application=application)
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)), pytest.raises(DomainError):
        undo_last_act(actor=town.clerk, application=application)


def test_the_button_and_second_clicks(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        application = filed(cast.hibari, Kind.NOTIFICATION)
    clerk, address = client_for(cast.hibari.clerk), f"/staff/procedures/applications/{application.id}/"
    for _ in range(2):
        assert clerk.post(f"{address}confirm/").status_code == 302
    assert f"{address}undo/" in clerk.get(address, follow=True).content.decode()
    assert client_for(cast.hibari.manager).post(f"{address}confirm/").status_code == 409
    assert client_for(cast.misaki.clerk).post(f"{address}undo/").status_code == 404
    for _ in range(2):
        assert clerk.post(f"{address}undo/").status_code == 302
    with tenant_scope(cast.hibari.id):
        assert get_application(application.id).state == "submitted"
