"""審査の決まり: what the clock leaves out, how prompt a 補正 is, the 教示, refusals, duplicates, late ones."""

import datetime as dt

import pytest

from kakehashi.approvals.services import submit_proposal
from kakehashi.approvals.testing import with_rules
from kakehashi.cases.models import Case
from kakehashi.cases.services import answer_inquiry, ask_section
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.standard_period import Closings, Unit, read_clock, read_closings
from kakehashi.procedures.domain.teaching import Appeal, Decider, Review, is_taught, teaching_text
from kakehashi.procedures.models import Application, LateCount, Procedure
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.clocks import clock_of, promptness_of
from kakehashi.procedures.selectors.duplicates import duplicates_of
from kakehashi.procedures.services import (
    Disposition,
    accept_application,
    count_late,
    propose_application,
    record_outside_decision,
    request_correction,
    set_appeal_rule,
    set_period_rule,
)
from kakehashi.procedures.testing import an_application, an_online_procedure

MONDAY = dt.datetime(2026, 8, 3, 9, 0, tzinfo=clock.JST)
TOWN = Decider("ひばり町", "長")


def filed(town, kind=Kind.DISPOSITION, **changes):
    return get_application(an_application(town, an_online_procedure(town, kind), **changes).id)


def test_days_the_office_is_closed_do_not_count():
    closed = read_closings(["08-13/08-16", "12-28/01-04"])
    assert [closed.covers(dt.date(2026, *day)) for day in ((8, 13), (8, 17), (1, 2), (12, 31))] == [
        True,
        False,
        True,
        True,
    ]
    given = {"arrived_on": dt.date(2026, 8, 10), "today": dt.date(2026, 8, 18), "days": 5, "unit": Unit.CALENDAR}
    assert read_clock(**given).elapsed == 8
    assert (read_clock(**given, closings=closed).elapsed, read_clock(**given, closings=closed).due_on) == (
        4, dt.date(2026, 8, 19)
    )  # fmt: skip
    assert read_clock(**given, closings=Closings()).due_on == dt.date(2026, 8, 15)


@pytest.mark.parametrize("text", ["8/13", "02-30", "08-13/08-99", "盆"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_closings([text])


@pytest.mark.parametrize(("leaves_out", "elapsed"), [(True, 1), (False, 8)])
def test_the_time_of_a_correction_counts_as_the_procedure_says(town, leaves_out, elapsed):
    with clock.frozen(MONDAY):
        application = filed(town)
        set_period_rule(
            actor=town.officer, procedure=application.procedure, leaves_out_corrections=leaves_out, leaves_out_inquiries=False
        )  # fmt: skip
    with clock.frozen(MONDAY + dt.timedelta(days=1)):
        request_correction(actor=town.clerk, application=application, message="見積書", deadline=dt.date(2026, 8, 20))
    with clock.frozen(MONDAY + dt.timedelta(days=12)):
        assert clock_of(application).elapsed == elapsed


def test_the_time_of_an_inquiry_is_left_out_where_the_procedure_says_so(town):
    with clock.frozen(MONDAY):
        application = filed(town)
        set_period_rule(
            actor=town.officer, procedure=application.procedure, leaves_out_corrections=True, leaves_out_inquiries=True
        )
        accept_application(actor=town.clerk, application=application)
        case = Case.objects.select_related("department").get(id=application.case_id)
        before = case.due_on
        asked = ask_section(
            actor=town.clerk,
            case=case,
            department=town.other_department,
            question="支障は",
            due_on=dt.date(2026, 8, 20),
        )
    with clock.frozen(MONDAY + dt.timedelta(days=4)):
        assert not clock_of(application).is_running
        answer_inquiry(actor=town.officer, inquiry=asked, stance="fine", answer="")
        case.refresh_from_db()
        assert (case.due_on - before).days >= 4
        assert clock_of(application).elapsed == 0


def test_a_correction_is_asked_promptly_and_says_on_what_it_rests(town):
    with clock.frozen(MONDAY):
        application = filed(town)
        assert promptness_of(application).law == "ひばり町行政手続条例（行政手続法第7条に当たる規定）"
        assert not promptness_of(application).is_late
    with clock.frozen(MONDAY + dt.timedelta(days=10)):
        assert promptness_of(application).is_late
        Procedure.objects.update(basis="law")
        assert promptness_of(get_application(application.id)).law == "行政手続法第7条"


def test_the_teaching_names_another_office_and_the_order(town):
    text = teaching_text_of(Appeal(Review.OTHER, "白鷺県知事", 3, comes_first=True))
    assert "白鷺県知事に対して審査請求" in text
    assert "裁決を経た後でなければ" in text
    none = teaching_text_of(Appeal(Review.NONE))
    assert "審査請求をすることができません" in none
    assert "ただし、１の" not in none
    assert is_taught(text)
    assert is_taught(none)
    assert not is_taught("不服があれば申し出てください。")


def teaching_text_of(appeal):
    from kakehashi.procedures.domain.teaching import teaching_paragraphs

    return "\n".join(teaching_paragraphs(TOWN, appeal))


def test_the_ordinary_teaching_is_unchanged():
    assert "３か月以内に、ひばり町長に対して審査請求" in teaching_text(TOWN)


def test_the_procedures_own_teaching_stands_in_the_notice(town):
    application = accept_application(actor=town.clerk, application=filed(with_rules(town)))
    set_appeal_rule(actor=town.officer, procedure=application.procedure, review="other", office="白鷺県知事")
    proposal = propose_application(
        actor=town.clerk, application=application, draft=Disposition(Result.REFUSED, "要件を満たさないため。")
    )
    assert "白鷺県知事に対して審査請求" in str(proposal.notice["instructions"])


@pytest.mark.parametrize("draft", [{"is_partial": True}, {"conditions": "令和9年3月末まで"}])
def test_the_part_that_is_not_granted_has_its_reason(town, draft):
    application = accept_application(actor=town.clerk, application=filed(with_rules(town)))
    proposal = propose_application(
        actor=town.clerk,
        application=application,
        draft=Disposition(Result.GRANTED, "上限額を超えるため。", amount=100_000, **draft),
    )
    assert proposal.notice["reason"] == "上限額を超えるため。"
    assert "行政手続条例" in proposal.notice["reason_heading"]


@pytest.mark.parametrize("lost", [{"reason": ""}, {"instructions": []}])
def test_a_refusal_that_lost_its_reason_or_teaching_does_not_leave_the_section(town, lost):
    application = accept_application(actor=town.clerk, application=filed(with_rules(town)))
    proposal = propose_application(
        actor=town.clerk, application=application, draft=Disposition(Result.REFUSED, "要件を満たさないため。")
    )
    proposal.body = proposal.body | {"notice": proposal.notice | lost}
    proposal.save(update_fields=["body"])
    with pytest.raises(DomainError, match="行政"):
        submit_proposal(actor=town.clerk, proposal=proposal)
    assert get_application(application.id).state == "accepted"


@pytest.mark.parametrize("result", [Result.REFUSED, Result.DISMISSED, Result.PARTLY])
def test_an_outside_refusal_says_its_reason_and_is_confirmed(town, result):
    application = accept_application(actor=town.clerk, application=filed(town))
    given = {
        "actor": town.clerk,
        "application": application,
        "result": result,
        "number": "1",
        "decided_on": clock.today(),
    }
    with pytest.raises(DomainError, match="理由") as error:
        record_outside_decision(**given, teaching_confirmed=True)
    assert error.value.field == "reason"
    with pytest.raises(DomainError, match="教示"):
        record_outside_decision(**given, reason="対象外のため。")
    record_outside_decision(**given, reason="対象外のため。", teaching_confirmed=True)
    assert get_application(application.id).refusal_text == "対象外のため。"


def test_the_same_person_twice_is_shown(town):
    procedure = an_online_procedure(town)
    first, second = (get_application(an_application(town, procedure).id) for _ in range(2))
    assert [(each.application.id, "同じ氏名" in each.reason) for each in duplicates_of(second)] == [(first.id, True)]
    Application.objects.filter(id=first.id).update(applicant_name="田中　めぐみ", applicant_email="")
    assert "同じ氏名" in duplicates_of(second)[0].reason
    Application.objects.filter(id=first.id).update(state="withdrawn", completed_at=clock.now())
    assert duplicates_of(second) == []


def test_late_ones_are_told_to_everybody(town, client_for):
    application = filed(town)
    Case.objects.filter(id=application.case_id).update(due_on=clock.today() - dt.timedelta(days=1))
    assert count_late() == 1
    assert (LateCount.objects.get().late, LateCount.objects.get().open) == (1, 1)
    page = client_for(town.clerk).get(f"/procedures/{application.procedure_id}/").content.decode()
    assert "1件のうち、1件が標準の日数を過ぎています" in page


@pytest.mark.parametrize(("days_after_due", "late"), [(0, 0), (1, 1)])
def test_what_was_decided_in_time_is_not_late_while_its_letter_waits(town, days_after_due, late):
    application = filed(town)
    due = clock.today() - dt.timedelta(days=5)
    Case.objects.filter(id=application.case_id).update(due_on=due)
    # Early in the day here, the day before in UTC.
    decided = dt.datetime.combine(due + dt.timedelta(days=days_after_due), dt.time(8, 0), tzinfo=clock.JST)
    Application.objects.filter(id=application.id).update(state="delivering", decided_at=decided)
    count_late()
    assert (LateCount.objects.get().late, LateCount.objects.get().open) == (late, 1)


def test_the_rules_are_written_on_the_page(town, client_for):
    procedure, client = an_online_procedure(town), client_for(town.officer)
    address = f"/staff/procedures/inventory/{procedure.id}/handling/"
    assert client.post(address, {"what": "period", "closings": "盆"}).status_code == 422
    assert (
        client.post(address, {"what": "period", "leaves_out_inquiries": "on", "closings": "08-13/08-16"}).status_code
        == 302
    )
    assert client.post(address, {"what": "appeal", "review": "other", "months": "3"}).status_code == 422
    client.post(
        address, {"what": "appeal", "review": "other", "office": "白鷺県知事", "months": "3", "comes_first": "on"}
    )
    page = client.get(address).content.decode()
    assert "白鷺県知事に対して審査請求" in page
    assert "08-13/08-16" in page
