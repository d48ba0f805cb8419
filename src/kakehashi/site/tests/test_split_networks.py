"""The whole road on two databases that never connect: only the bytes of bundles pass between the halves."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from conftest import use_database
from django.db import connection
from PIL import Image

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.services import decide_proposal, install_rule_pack, issue_proposal, submit_proposal
from kakehashi.cases.models import Case, Message
from kakehashi.eforms.selectors import latest_version
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.testing import Half, pair
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.files.services import store_file
from kakehashi.governments.models import Government, RoomSwitch
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.logs import JsonFormatter
from kakehashi.notices.models import Notice
from kakehashi.people.testing import two_towns
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.names import FILE_PURPOSE_ANSWER
from kakehashi.procedures.models import Application, Draft, FilingTally, IssuedDocument, Procedure
from kakehashi.procedures.services import (
    Disposition,
    accept_application,
    answer_correction,
    open_document,
    propose_application,
    purge_public_copies,
    request_correction,
    submit_application,
    write_to_applicant,
)
from kakehashi.procedures.services.carrying.tallies import unsent_tallies
from kakehashi.procedures.services.filing_tallies import count_filings
from kakehashi.procedures.testing import an_online_procedure, good_answers

ROOMS = ["procedures", "approvals", "records", "desk", "plans"]


@pytest.fixture
def halves(cluster, django_db_setup, django_db_blocker, worker_id, tmp_path):
    """A staff side with the cast, and a public side that knows nothing but the town's code."""
    names = {side: f"{side}_{worker_id}" for side in Side}
    with django_db_blocker.unblock():
        for name in names.values():
            cluster.clone(name)
        use_database(names[Side.STAFF])
        town = two_towns(ROOMS).hibari
        use_database(names[Side.PUBLIC])
        government = Government.objects.create(
            code=town.government.code, name="ひばり町", kana="ひばりちょう", kind=town.government.kind, slug="hibari",
            is_tenant=True,
        )  # fmt: skip
        RoomSwitch.objects.create(government=government, room="procedures", is_on=True)
        ids = {Side.STAFF: town.id, Side.PUBLIC: government.id}
        made = {
            side: Half(side, tmp_path / side, lambda side=side: use_database(names[side]), ids[side]) for side in Side
        }
        pair(made[Side.PUBLIC], made[Side.STAFF])
        try:
            yield made[Side.PUBLIC], made[Side.STAFF], town
        finally:
            use_database(f"test_{worker_id}")
            with cluster.locked(), cluster.admin() as connection:
                for name in names.values():
                    connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def carry(one: Half, other: Half) -> None:
    """Carry one bundle from one half to the other, and hand it over twice. What was just done waits ten seconds."""
    with clock.frozen(clock.now() + dt.timedelta(seconds=30)):
        bundle = one.write()
    receipt = other.read(bundle)
    assert (receipt.outcome, receipt.refused) == ("read", 0), receipt
    assert other.read(bundle).outcome == "already"


def photograph() -> bytes:
    """A photograph that tells where it was taken."""
    exif, made = Image.Exif(), io.BytesIO()
    exif[0x010F] = "SECRET-CAMERA"
    Image.new("RGB", (20, 10), "navy").save(made, "JPEG", exif=exif.tobytes())
    return made.getvalue()


def file_application(half: Half) -> Application:
    with half.open():
        procedure = Procedure.objects.get(stage="online")
        actor = AnonymousActor(government_id=half.government_id, label="申請者")
        photo = store_file(actor=actor, name="見積書.jpg", content=photograph(), purpose=FILE_PURPOSE_ANSWER)
        attached = {"paper_1": [{"id": str(photo.id), "name": photo.name, "size": photo.size}]}
        return submit_application(
            actor=actor,
            procedure=procedure,
            version=latest_version(procedure.form),
            answers=good_answers(procedure) | attached,
            accepts_electronic_notice=True,
            government_code="990019",
            idempotency_key=uuid7(),
        )


def decide(town, application: Application) -> Proposal:
    draft = Disposition(result=Result.PERMITTED, reason="要綱第4条の基準に適合するため。")
    proposal = propose_application(actor=town.clerk, application=application, draft=draft)
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        return issue_proposal(actor=town.clerk, proposal=proposal)


def the_public_copy_goes_and_the_staffs_stays(public: Half, staff: Half, filed: Application) -> None:
    """By its own clock, and only what the staff side has; nothing of it travels back."""
    tomorrow = clock.today() + dt.timedelta(days=1)
    with public.open():
        assert purge_public_copies(clock.today(), 10) == 0
        assert purge_public_copies(tomorrow, 10) == 1
        gone = Application.objects.get(id=filed.id)
        assert (gone.answers, gone.applicant_email, gone.result) == ({}, "", "permitted")
    with staff.open():
        assert purge_public_copies(tomorrow, 10) == 0
    carry(public, staff)
    with staff.open():
        assert Application.objects.get(id=filed.id).applicant_email == filed.applicant_email


def nothing_sings(half: Half, lines: str, filed: Application) -> None:
    """No line of a log and no task of this half holds a word of the applicant."""
    with half.open(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(j::text, ' '), '') FROM procrastinate_jobs j")
        lines += str(cursor.fetchone())
    words = [filed.applicant_name, filed.applicant_email, "見積書.jpg", "SECRET-CAMERA", "手すり", "直しました"]
    assert [word for word in words if word and word in lines] == []


def test_how_far_people_came_is_told_to_the_staffs_side(halves):
    """Counted on the public side, told once a day, in place of what was told before; no word of a person in it."""
    public, staff, town = halves
    with staff.open():
        an_online_procedure(town)
    carry(staff, public)
    with public.open():
        procedure = Procedure.objects.get()
        version = latest_version(procedure.form)
        for done in ([], ["page_1"]):
            Draft.objects.create(
                procedure=procedure, form_version=version, answers={}, typed={}, idempotency_key=uuid7(), done_steps=done,
                expires_at=clock.now() + dt.timedelta(days=30),
            )  # fmt: skip
        count_filings()
    carry(public, staff)
    with public.open():
        assert unsent_tallies().count() == 0
    for day in (1, 9):
        # After a week without a word both count as given up; the staff's own count leaves what arrived alone.
        with clock.frozen(clock.now() + dt.timedelta(days=day)):
            with public.open():
                count_filings()
            carry(public, staff)
            with staff.open():
                count_filings()
                (row,) = FilingTally.objects.all()
                assert (row.open, row.stopped, row.submitted) == ((2, 0, 0) if day == 1 else (0, 2, 0))
                assert row.steps["page_1"] == ([0, 0, 1] if day == 1 else [2, 1, 0])


def test_the_whole_road_runs_on_two_databases_that_never_connect(halves, monkeypatch, caplog):
    caplog.set_level("INFO")
    public, staff, town = halves
    with staff.open():
        install_rule_pack(actor=town.administrator, pack="town")
        monkeypatch.setattr("kakehashi.procedures.services.inventory._named_attachments", lambda procedure: ["見積書"])
        an_online_procedure(town)
    carry(staff, public)

    filed = file_application(public)
    carry(public, staff)
    with staff.open():
        here = Application.objects.get(id=filed.id)
        assert here.receipt_number == filed.receipt_number
        assert here.arrived_at == filed.arrived_at
        assert Case.objects.get(source_id=here.id).department_id == town.department.id
        attachment = read_file(StoredFile.objects.get(id=here.answers["paper_1"][0]["id"]))
        assert attachment.startswith(b"\xff\xd8")
        assert b"SECRET-CAMERA" not in attachment
        assert "作り直した" in Message.objects.get(case__source_id=here.id, thread="internal").body
        accept_application(actor=town.clerk, application=here)
        write_to_applicant(actor=town.clerk, application=here, body="見積書を確かめています。")
        tomorrow = clock.today() + dt.timedelta(days=14)
        request_correction(
            actor=town.clerk, application=here, message="見積書の日付を書いてください。", deadline=tomorrow
        )
        assert Notice.objects.filter(email=filed.applicant_email).count() == 0
    carry(staff, public)

    with public.open():
        there = Application.objects.get(id=filed.id)
        assert there.state == "correcting"
        assert Message.objects.get(case__source_id=there.id).body == "見積書を確かめています。"
        kinds = set(Notice.objects.filter(email=filed.applicant_email).values_list("kind", flat=True))
        assert {"procedures.received", "procedures.correction", "cases.message"} <= kinds
        correction = there.corrections.get()
        applicant = AnonymousActor(government_id=public.government_id, label="申請者")
        answer_correction(
            actor=applicant, correction=correction, answers=there.answers | {"content": "玄関の手すり（見積 11月3日）"}
        )
        write_to_applicant(actor=applicant, application=there, body="直しました。")
    carry(public, staff)

    with staff.open():
        here = Application.objects.get(id=filed.id)
        assert (here.state, here.answers_number) == ("accepted", 2)
        assert here.older_answers.count() == 1
        decide(town, here)
    carry(staff, public)

    with public.open():
        there = Application.objects.get(id=filed.id)
        assert (there.state, there.result) == ("completed", "permitted")
        document = there.documents.get()
        pdf = read_file(open_document(actor=applicant, document=document))
        assert pdf.startswith(b"%PDF-")
        assert Notice.objects.filter(kind="procedures.result", email=filed.applicant_email).count() == 1
    carry(public, staff)
    with staff.open():
        assert IssuedDocument.objects.get().first_opened_at is not None
    carry(staff, public)
    the_public_copy_goes_and_the_staffs_stays(public, staff, filed)
    lines = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    for half in (public, staff):
        nothing_sings(half, lines, filed)
