"""受付, 補正 and 起案 for many at once: skipped with reasons, taken back while nothing has left, never after."""

import datetime as dt

import pytest

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.testing import with_rules
from kakehashi.cases.models import CaseBatchRow
from kakehashi.cases.services import plan_batch, run_piece, start_batch, undo_batch
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.notices.models import Notice
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application, Correction
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import accept_application, withdraw_application
from kakehashi.procedures.testing import an_application, an_online_procedure


@pytest.fixture
def four(town):
    """Three open applications for one 処分, and a 届出."""
    procedure = an_online_procedure(with_rules(town))
    filed = [an_application(town, procedure) for _ in range(3)]
    return [*filed, an_application(town, an_online_procedure(town, Kind.NOTIFICATION))]


def run_all(town, act, rows, **values):
    batch = plan_batch(actor=town.clerk, act=act, case_ids=[row.case_id for row in rows])
    return run_piece(actor=town.clerk, batch=start_batch(actor=town.clerk, batch=batch, values=values), seconds=60)


def states(rows):
    return [Application.objects.get(id=row.id).state for row in rows]


def test_accepting_many_skips_what_cannot_be_and_is_taken_back(town, four):
    accept_application(actor=town.manager, application=get_application(four[0].id))
    batch = run_all(town, "procedures.accept", four)
    skipped = list(
        CaseBatchRow.objects.filter(batch=batch, state="skipped").order_by("position").values_list("reason", flat=True)
    )
    assert skipped == ["いまの状態は「受付・審査中」です", "届出です（到達の確認で完了します）"]
    assert undo_batch(actor=town.clerk, batch=batch) == 2
    assert states(four) == ["accepted", "submitted", "submitted", "submitted"]
    assert [event.code for event in events_for(four[1].id)][-1] == "procedures.application.undone"


def test_what_has_moved_on_stays(town, four):
    batch = run_all(town, "procedures.accept", four[:2])
    withdraw_application(actor=town.clerk, application=get_application(four[0].id))
    assert undo_batch(actor=town.clerk, batch=batch) == 1
    assert states(four[:2]) == ["withdrawn", "submitted"]


def test_corrections_are_filled_in_and_their_mails_held(town, four):
    deadline = (clock.today() + dt.timedelta(days=14)).isoformat()
    batch = run_all(town, "procedures.correct", four[:2], message="{申請者名}様、見積書を。", deadline=deadline)
    assert set(Correction.objects.values_list("message", flat=True)) == {"田中 めぐみ様、見積書を。"}
    mails = Notice.objects.filter(kind="procedures.correction")
    assert mails.filter(visible_from__gt=clock.now()).count() == 2
    assert undo_batch(actor=town.clerk, batch=batch) == 2
    assert not Correction.objects.exists()
    assert mails.filter(cancelled_at__isnull=True).count() == 0


def test_a_mail_that_has_left_is_not_taken_back(town, four):
    deadline = (clock.today() + dt.timedelta(days=14)).isoformat()
    batch = run_all(town, "procedures.correct", four[:2], message="見積書を。", deadline=deadline)
    left = Notice.objects.filter(kind="procedures.correction").order_by("id").first()
    Notice.objects.filter(id=left.id).update(attempts=1)
    assert undo_batch(actor=town.clerk, batch=batch) == 1
    assert "通知がもう出ています" in CaseBatchRow.objects.get(batch=batch, state="done").reason


def test_proposing_many_circulates_each_and_is_recalled(town, four):
    for row in four[:2]:
        accept_application(actor=town.clerk, application=get_application(row.id))
    batch = run_all(
        town, "procedures.propose", four, result="granted", reason="要件を満たすため。", amount="１００，０００円"
    )
    assert CaseBatchRow.objects.filter(batch=batch, state="done").count() == 2
    assert states(four[:2]) == ["deciding", "deciding"]
    assert undo_batch(actor=town.clerk, batch=batch) == 2
    assert states(four[:2]) == ["accepted", "accepted"]
    assert set(Proposal.objects.values_list("state", flat=True)) == {"draft"}


def test_nothing_is_proposed_to_the_lowest_decider_for_want_of_an_amount(town, four):
    accept_application(actor=town.clerk, application=get_application(four[0].id))
    batch = run_all(town, "procedures.propose", four[:1], result="granted", reason="要件を満たすため。")
    row = CaseBatchRow.objects.get(batch=batch)
    assert (row.state, Proposal.objects.count()) == ("skipped", 0)
    assert "金額を記入" in row.reason


def test_two_batches_over_the_same_cases_do_each_once(town, four):
    first = plan_batch(actor=town.clerk, act="procedures.accept", case_ids=[row.case_id for row in four[:3]])
    second = plan_batch(actor=town.manager, act="procedures.accept", case_ids=[row.case_id for row in four[:3]])
    for actor, batch in ((town.clerk, first), (town.manager, second)):
        run_piece(actor=actor, batch=start_batch(actor=actor, batch=batch, values={}), seconds=60)
    assert CaseBatchRow.objects.filter(batch=first, state="done").count() == 3
    assert CaseBatchRow.objects.filter(batch=second, state="skipped").count() == 3
