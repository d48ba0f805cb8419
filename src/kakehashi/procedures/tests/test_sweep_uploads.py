"""Attachments go with the draft that named them, unless they were handed in."""

from __future__ import annotations

import datetime as dt

from kakehashi.eforms.selectors import latest_version
from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.procedures.domain.names import FILE_PURPOSE_ANSWER
from kakehashi.procedures.models import Application, Draft
from kakehashi.procedures.services import discard_draft, sweep_drafts
from kakehashi.procedures.services.uploads import sweep_uploads, uploads_in
from kakehashi.procedures.testing import an_application, an_online_procedure

TEXT = "住民票の写し".encode()


def an_upload(town: Town) -> dict[str, object]:
    kept = store_file(actor=town.clerk, name="a.txt", content=TEXT, purpose=FILE_PURPOSE_ANSWER)
    return {"id": str(kept.id), "name": kept.name, "size": kept.size}


def a_draft(town: Town, procedure: object, *uploads: dict[str, object], **values: object) -> Draft:
    return Draft.objects.create(
        procedure=procedure, form_version=latest_version(procedure.form), typed={"paper": list(uploads)},  # type: ignore[attr-defined]
        **{"idempotency_key": uuid7(), "expires_at": clock.now() - dt.timedelta(days=1)} | values,
    )  # fmt: skip


def test_what_a_dropped_draft_named_goes_with_it(town: Town) -> None:
    procedure = an_online_procedure(town)
    draft = a_draft(town, procedure, an_upload(town))
    discard_draft(actor=town.clerk, draft_id=draft.id)
    assert not StoredFile.objects.exists()
    a_draft(town, procedure, an_upload(town))
    assert sweep_drafts() == 1
    assert not StoredFile.objects.exists()


def test_what_was_handed_in_stays(town: Town) -> None:
    procedure, upload = an_online_procedure(town), an_upload(town)
    application = an_application(town, procedure)
    Application.objects.filter(id=application.id).update(answers={"paper": [upload]})
    a_draft(town, procedure, upload, an_upload(town), idempotency_key=application.idempotency_key)
    sweep_drafts()
    assert [str(each) for each in StoredFile.objects.values_list("id", flat=True)] == [upload["id"]]


def test_what_nobody_names_any_more_is_found_later(town: Town) -> None:
    procedure, kept, drafted = an_online_procedure(town), an_upload(town), an_upload(town)
    an_upload(town)
    application = an_application(town, procedure)
    Application.objects.filter(id=application.id).update(answers={"paper": [kept]})
    a_draft(town, procedure, drafted)
    assert sweep_uploads(actor=town.clerk) == 0
    with clock.frozen(clock.now() + dt.timedelta(days=40)):
        assert sweep_uploads(actor=town.clerk) == 1
    assert {str(each) for each in StoredFile.objects.values_list("id", flat=True)} == {kept["id"], drafted["id"]}


def test_ids_are_found_wherever_they_stand() -> None:
    assert uploads_in({"a": [{"rows": [{"id": "x", "name": "n", "size": 1}]}], "b": {"id": "no"}}) == {"x"}
