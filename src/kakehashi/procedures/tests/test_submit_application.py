"""submit_application: one application, one case, one event, one mail, one statement."""

from collections.abc import Callable
from uuid import UUID

import pytest

from kakehashi.cases.models import Case
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town
from kakehashi.procedures.domain.receipt import normalise_receipt
from kakehashi.procedures.models import Application
from kakehashi.procedures.services import Incomplete, close_procedure
from kakehashi.procedures.testing import an_application, an_online_procedure, good_answers

KEY = UUID("01890000-0000-7000-8000-00000000abcd")


def test_everything_is_written_at_once(town: Town) -> None:
    procedure = an_online_procedure(town)
    application = an_application(town, procedure)
    case = Case.objects.get(source_id=application.id)
    assert normalise_receipt(application.receipt_label).startswith(town.government.code)
    assert (application.applicant_name, application.applicant_email) == ("田中 めぐみ", "megumi@example.jp")
    assert (case.subject, case.phase, case.department_id) == (
        "住宅改修補助金の交付申請（田中 めぐみ）", "new", town.department.id,
    )  # fmt: skip
    assert case.due_on is not None
    assert case.due_on > clock.today()
    assert [event.code for event in events_for(application.id)] == ["procedures.application.submitted"]
    assert application.receipt_label in Notice.objects.get(email="megumi@example.jp").body_text


def test_the_row_read_back_equals_what_was_made(town: Town) -> None:
    made = an_application(town, an_online_procedure(town))
    read = Application.objects.get(id=made.id)
    assert (read.answers, read.receipt_number, read.case_id) == (made.answers, made.receipt_number, made.case_id)


def test_it_is_one_statement(town: Town, django_assert_num_queries: Callable) -> None:
    procedure = an_online_procedure(town)
    answers = good_answers(procedure)
    version = procedure.form.versions.get()
    from kakehashi.kernel.actor import AnonymousActor
    from kakehashi.procedures.services import submit_application

    with django_assert_num_queries(1):
        submit_application(
            actor=AnonymousActor(government_id=town.id), procedure=procedure, version=version, answers=answers,
            government_code=town.government.code, idempotency_key=KEY,
        )  # fmt: skip


def test_the_same_key_makes_one_application(town: Town) -> None:
    from kakehashi.kernel.actor import AnonymousActor
    from kakehashi.procedures.services import submit_application

    procedure = an_online_procedure(town)
    given = {
        "actor": AnonymousActor(government_id=town.id), "procedure": procedure,
        "version": procedure.form.versions.get(), "answers": good_answers(procedure),
        "government_code": town.government.code, "idempotency_key": KEY,
    }  # fmt: skip
    first, second = submit_application(**given), submit_application(**given)
    assert first.id == second.id
    assert Application.objects.count() == Case.objects.count() == 1


def test_answers_are_judged_on_the_server(town: Town) -> None:
    procedure = an_online_procedure(town)
    with pytest.raises(Incomplete) as error:
        an_application(town, procedure, phone="<script>", agree=None)
    assert set(error.value.errors) == {"phone", "agree"}
    assert not Application.objects.exists()


def test_unknown_answers_are_dropped(town: Town) -> None:
    application = an_application(town, an_online_procedure(town), is_admin=True, state="decided")
    assert "is_admin" not in application.answers
    assert application.state == "submitted"


def test_a_closed_procedure_accepts_nothing(town: Town) -> None:
    procedure = close_procedure(actor=town.officer, procedure=an_online_procedure(town))
    with pytest.raises(DomainError) as error:
        an_application(town, procedure)
    assert error.value.code == "closed"
