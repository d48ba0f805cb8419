"""Many cases at once: looked at before, run in pieces, taken back for ten seconds, two people at a time."""

from datetime import timedelta

import pytest

from kakehashi.cases.models import Case, CaseBatch, CaseBatchRow
from kakehashi.cases.services import (
    assign_case,
    close_case,
    plan_batch,
    resume_batches,
    run_piece,
    start_batch,
    undo_batch,
    write_label,
    write_template,
)
from kakehashi.cases.testing import sample_case
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.notices.models import Notice
from kakehashi.people.testing import person_of


@pytest.fixture
def three(town):
    cases = [sample_case(town, subject=f"届出{n}") for n in range(3)]
    assign_case(actor=town.manager, case=cases[0], handler=person_of(town.manager))
    return cases


def run_all(actor, batch, values=None):
    batch = start_batch(actor=actor, batch=batch, values=values or {})
    while batch.state == "running":
        batch = run_piece(actor=actor, batch=batch, size=2, seconds=60)
    return batch


def test_sharing_by_load_skips_with_reasons_and_is_taken_back(town, three):
    batch = plan_batch(actor=town.clerk, act="cases.share", case_ids=[case.id for case in three])
    batch = run_all(town.clerk, batch)
    skipped = CaseBatchRow.objects.get(batch=batch, state="skipped")
    assert (skipped.case_id, skipped.reason) == (three[0].id, "佐藤 一郎が担当しています")
    event = Event.objects.get(code="cases.batch.finished")
    assert (event.payload["done"], event.payload["skipped"], event.payload["digest"]) == (2, 1, batch.digest)
    assert undo_batch(actor=town.clerk, batch=batch) == 2
    assert Case.objects.filter(handler__isnull=True).count() == 2


def test_too_late_to_take_back(town, three):
    batch = run_all(town.clerk, plan_batch(actor=town.clerk, act="cases.share", case_ids=[three[1].id]))
    with clock.frozen(clock.now() + timedelta(seconds=11)), pytest.raises(DomainError, match="もう元に戻せません"):
        undo_batch(actor=town.clerk, batch=batch)


def test_a_batch_of_another_person_does_not_exist(town, three, client_for):
    batch = plan_batch(actor=town.clerk, act="cases.share", case_ids=[three[1].id])
    with pytest.raises(PermissionRefused):
        run_piece(actor=town.manager, batch=batch)
    assert client_for(town.manager).get(f"/staff/cases/batches/{batch.id}/").status_code == 404


def test_at_most_five_hundred_and_never_none(town):
    from kakehashi.kernel.ids import uuid7

    for ids in ([], [uuid7() for _ in range(501)]):
        with pytest.raises(DomainError):
            plan_batch(actor=town.clerk, act="cases.share", case_ids=ids)


def test_a_stopped_batch_is_resumed_by_the_worker(town, three):
    batch = plan_batch(actor=town.clerk, act="cases.share", case_ids=[case.id for case in three])
    start_batch(actor=town.clerk, batch=batch, values={})
    assert resume_batches(government_id=town.id) == 0
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        assert resume_batches(government_id=town.id) == 1
    batch.refresh_from_db()
    assert batch.state == "done"


def test_a_piece_ends_when_its_time_is_over(town, three):
    batch = plan_batch(actor=town.clerk, act="cases.share", case_ids=[case.id for case in three[1:]])
    batch = start_batch(actor=town.clerk, batch=batch, values={})
    batch = run_piece(actor=town.clerk, batch=batch, seconds=0, least=1)
    states = CaseBatchRow.objects.filter(batch=batch).order_by("position").values_list("state", flat=True)
    assert (batch.state, list(states)) == ("running", ["done", "waiting"])
    assert run_piece(actor=town.clerk, batch=batch, seconds=0, least=1).state == "done"


def test_pressing_twice_runs_once(town, three):
    batch = run_all(town.clerk, plan_batch(actor=town.clerk, act="cases.share", case_ids=[three[1].id]))
    again = run_all(town.clerk, batch)
    assert Event.objects.filter(code="cases.batch.finished").count() == 1
    assert again.state == "done"


def test_mails_wait_for_the_end_and_leave_afterwards(town, three):
    template = write_template(
        actor=town.clerk, name="確認", purpose="message", department=None, texts={"ja": "確認中です。"}
    )
    batch = plan_batch(actor=town.clerk, act="cases.message", case_ids=[case.id for case in three])
    started = start_batch(actor=town.clerk, batch=batch, values={"template": str(template.id)})
    run_piece(actor=town.clerk, batch=started, size=2, seconds=60)
    assert all(
        each.visible_from > clock.now() + timedelta(minutes=5) for each in Notice.objects.filter(kind="cases.message")
    )
    run_piece(actor=town.clerk, batch=started, size=2, seconds=60)
    assert all(
        each.visible_from < clock.now() + timedelta(seconds=11) for each in Notice.objects.filter(kind="cases.message")
    )


def test_the_pages_from_choosing_to_taking_back(town, three, client_for):
    close_case(actor=town.clerk, case=three[2])
    label = write_label(actor=town.clerk, name="急ぎ", tone="error", department=town.department)
    client = client_for(town.clerk)
    chosen = {"case": [str(case.id) for case in three], "act": "cases.label", "plan": "1", "tab": "all"}
    page = client.post("/staff/cases/batch/", chosen, follow=True)
    batch = CaseBatch.objects.get()
    assert "選んだ3件のうち、3件に行います。" in page.content.decode()
    done = client.post(f"/staff/cases/batches/{batch.id}/run/", {"label": str(label.id)}, follow=True).content.decode()
    assert "「ラベルを付ける」を3件に行いました。" in done
    assert 'data-undo-seconds="10"' in done
    assert (
        "3件を元に戻しました。" in client.post(f"/staff/cases/batches/{batch.id}/undo/", follow=True).content.decode()
    )


def test_everything_of_the_filter_is_chosen(town, three, client_for):
    client_for(town.clerk).post(
        "/staff/cases/batch/", {"every": "1", "act": "cases.share", "plan": "1", "tab": "department"}
    )
    assert CaseBatchRow.objects.count() == 3
