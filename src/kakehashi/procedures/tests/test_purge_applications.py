"""Personal data goes on the right day, what is held stays, and a tombstone without a name is left."""

from datetime import date, datetime, time, timedelta

import pytest

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.testing import drafted, with_rules
from kakehashi.cases.models import Message
from kakehashi.cases.services import post_message
from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.journal.models import Event
from kakehashi.journal.services import purge_expired, set_retention
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town, powerful
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import Application, Draft, Procedure
from kakehashi.procedures.services import start_draft
from kakehashi.procedures.services.purge import PURGED_NAME
from kakehashi.procedures.testing import an_application, an_online_procedure
from kakehashi.records.models import RecordFile
from kakehashi.records.services import file_document

DAY = date(2026, 3, 10)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.JST)


@pytest.fixture
def procedure(town: Town) -> Procedure:
    return an_online_procedure(town)


def ended(town: Town, procedure: Procedure, on: date = DAY) -> Application:
    """An application that ended on a day, with a message in its thread."""
    application = an_application(town, procedure)
    post_message(actor=town.clerk, case=application.case, thread="public", body="田中さんへ")
    Application.objects.filter(id=application.id).update(state=State.COMPLETED, completed_at=noon(on))
    return application


def purge_on(day: date) -> dict[str, int]:
    with clock.frozen(noon(day)):
        return purge_expired(wanted=lambda code: code.startswith("procedures."))


def test_an_application_goes_the_day_after_its_last_and_leaves_a_tombstone(town: Town, procedure: Procedure) -> None:
    application = ended(town, procedure)
    assert purge_on(date(2031, 3, 10))["procedures.application"] == 0
    assert purge_on(date(2031, 3, 11))["procedures.application"] == 1
    assert purge_on(date(2031, 3, 11))["procedures.application"] == 0
    left = Application.objects.select_related("case").get(id=application.id)
    assert (left.applicant_name, left.applicant_email, left.answers) == (PURGED_NAME, "", {})
    assert left.receipt_number == application.receipt_number
    assert (left.case.requester_name, Message.objects.count()) == ("", 0)
    assert "田中" not in left.case.subject
    event = Event.objects.get(code="procedures.application.purged")
    assert event.payload == {"receipt": application.receipt_number, "files": 0}


@pytest.mark.parametrize(
    ("state", "expires_on", "is_kept"),
    [("kept", None, True), ("kept", date(2031, 3, 10), True), ("destroyed", date(2031, 3, 10), False)],
)
@pytest.mark.parametrize("made_from", ["procedures.application", "approvals.proposal"])
def test_what_a_record_file_keeps_or_holds_is_not_purged(
    town: Town, procedure: Procedure, state: str, expires_on: date | None, is_kept: bool, made_from: str
) -> None:
    application, source = ended(with_rules(town), procedure), None
    if made_from == "approvals.proposal":
        source = drafted(town).id
        Proposal.objects.filter(id=source).update(source_kind="procedures.application", source_id=application.id)
    document = file_document(
        actor=town.officer, title="許可通知書", class_code="C-04", created_on=DAY, completed_on=DAY,
        department=town.department, source_kind=made_from, source_id=source or application.id,
    )  # fmt: skip
    RecordFile.objects.filter(id=document.record_file_id).update(state=state, expires_on=expires_on)
    purge_on(date(2031, 3, 11))
    application.refresh_from_db()
    assert (application.applicant_name != PURGED_NAME) is is_kept


def test_an_open_application_is_never_purged(town: Town, procedure: Procedure) -> None:
    an_application(town, procedure)
    assert purge_on(date(2060, 1, 1))["procedures.application"] == 0


def test_a_draft_goes_after_thirty_days_with_its_files_but_not_those_handed_in(
    town: Town, procedure: Procedure
) -> None:
    with clock.frozen(noon(DAY)):
        resident = AnonymousActor(government_id=town.id)
        lost, handed_in = (start_draft(actor=resident, procedure=procedure) for _ in range(2))
        files = [store_file(actor=resident, name=f"{n}.txt", content=b"x", purpose="procedures.answer") for n in "ab"]
        for draft, file in zip((lost, handed_in), files, strict=True):
            draft.answers = {"paper": [{"id": str(file.id), "name": file.name, "size": 1}]}
            draft.save()
        application = an_application(town, procedure)
        Application.objects.filter(id=application.id).update(
            idempotency_key=handed_in.idempotency_key, answers=handed_in.answers
        )
    assert purge_on(DAY + timedelta(days=30))["procedures.draft"] == 0
    assert purge_on(DAY + timedelta(days=31))["procedures.draft"] == 2
    assert not Draft.objects.exists()
    assert [one.id for one in StoredFile.objects.all()] == [files[1].id]


def test_a_body_sets_its_own_period_with_a_basis(town: Town, procedure: Procedure) -> None:
    application = ended(town, procedure)
    keeper = powerful(town.administrator)
    with pytest.raises(DomainError):
        set_retention(actor=keeper, code="procedures.application", amount=31, basis="規程")
    with pytest.raises(DomainError):
        set_retention(actor=keeper, code="procedures.application", amount=1, basis=" ")
    set_retention(actor=keeper, code="procedures.application", amount=1, basis="ひばり町文書管理規程 別表")
    assert Event.objects.filter(code="journal.retention.changed").exists()
    assert purge_on(date(2027, 3, 10))["procedures.application"] == 0
    assert purge_on(date(2027, 3, 11))["procedures.application"] == 1
    application.refresh_from_db()
    assert application.purged_at is not None
