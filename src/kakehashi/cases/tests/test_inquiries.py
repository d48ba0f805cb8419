"""照会: one section asks, another answers, the case waits and says for whom."""

from datetime import timedelta

import pytest

from kakehashi.cases.models import Case, Inquiry
from kakehashi.cases.services import answer_inquiry, ask_section, move_case, remind_sections, withdraw_inquiry
from kakehashi.cases.testing import sample_case
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.notices.models import Notice


def asked(town, case=None, **given):
    case = case or sample_case(town, phase="working", state_label="審査中")
    given = {"question": "納税の状況に支障はありませんか。", "due_on": clock.today() + timedelta(days=7)} | given
    return ask_section(actor=town.clerk, case=case, department=town.other_department, **given)


def test_the_case_waits_and_the_other_section_has_work(town):
    inquiry = asked(town)
    case, task = Case.objects.get(id=inquiry.case_id), inquiry.task
    assert (case.phase, case.waiting_on, case.state_label) == ("waiting", "総務課", "審査中")
    assert case.waiting_since is not None
    assert (task.kind, task.department_id, task.due_on) == ("cases.inquiry", town.other_department.id, inquiry.due_on)
    assert "田中" not in task.subject
    assert Notice.objects.filter(kind="cases.inquiry").exists()


def test_other_acts_do_not_make_it_forget_whom_it_waits_for(town):
    inquiry = asked(town)
    case = move_case(actor=town.clerk, case=inquiry.case, phase="working", state_label="受付・審査中")
    assert (case.phase, case.waiting_on) == ("waiting", "総務課")


def test_the_answer_lets_the_case_go_on(town):
    inquiry = answer_inquiry(actor=town.officer, inquiry=asked(town), stance="conditions", answer="納期限の確認を。")
    case = Case.objects.get(id=inquiry.case_id)
    assert (case.phase, case.waiting_on) == ("working", "")
    assert Case.objects.get(id=inquiry.task_id).phase == "done"
    with pytest.raises(Stale):
        answer_inquiry(actor=town.officer, inquiry=inquiry, stance="fine", answer="")


def test_only_the_asked_section_answers_and_objections_have_reasons(town):
    inquiry = asked(town)
    with pytest.raises(PermissionRefused):
        answer_inquiry(actor=town.manager, inquiry=inquiry, stance="fine", answer="")
    with pytest.raises(DomainError):
        answer_inquiry(actor=town.officer, inquiry=inquiry, stance="objects", answer=" ")


@pytest.mark.parametrize(("given", "field"), [({"question": " "}, "question"), ({"due_on": clock.today()}, "due_on")])
def test_a_question_needs_words_and_time(town, given, field):
    with pytest.raises(DomainError) as refused:
        asked(town, **given)
    assert refused.value.field == field


def test_a_section_is_asked_once_at_a_time(town):
    inquiry = asked(town)
    with pytest.raises(DomainError):
        asked(town, inquiry.case)
    withdraw_inquiry(actor=town.clerk, inquiry=inquiry)
    assert asked(town, Case.objects.get(id=inquiry.case_id)).is_open


def test_reminders_come_before_and_after_the_day(town):
    inquiry = asked(town)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert remind_sections(government_id=town.id) == 1
        assert remind_sections(government_id=town.id) == 0
    assert Notice.objects.filter(subject__contains="期限が過ぎました").count() == 1
    assert inquiry.is_open


def test_on_the_pages(town, client_for):
    case = sample_case(town, phase="working", state_label="審査中")
    given = {
        "department": str(town.other_department.id),
        "question": "支障は",
        "due_on": "2099-01-05",
        "scope": "question",
    }
    client_for(town.clerk).post(f"/staff/cases/{case.id}/inquiry/", given)
    inquiry = Inquiry.objects.get()
    theirs = client_for(town.officer)
    assert "照会：支障は" in theirs.get("/staff/cases/?tab=department").content.decode()
    assert "回答する" in theirs.get(f"/staff/cases/{inquiry.task_id}/").content.decode()
    page = theirs.get(f"/staff/cases/inquiries/{inquiry.id}/").content.decode()
    assert "支障は" in page
    assert "田中" not in page
    theirs.post(f"/staff/cases/inquiries/{inquiry.id}/", {"stance": "fine", "answer": ""})
    mine = client_for(town.clerk).get(f"/staff/cases/{case.id}/").content.decode()
    assert "支障なし" in mine
