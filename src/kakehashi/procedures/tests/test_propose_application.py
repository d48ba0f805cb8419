"""propose_application and what 決裁・施行 bring back: staff never grant or refuse alone."""

import datetime as dt
from typing import Any

import pytest

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import (
    decide_proposal,
    endorse_step,
    issue_proposal,
    recall_proposal,
    submit_proposal,
)
from kakehashi.approvals.testing import with_rules
from kakehashi.cases.models import Case
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.wareki import format_wareki
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.names import EVENTS
from kakehashi.procedures.models import Application
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.proposal_pages import describe
from kakehashi.procedures.services import (
    Disposition,
    accept_application,
    choose_delivery_way,
    open_document,
    propose_application,
    record_outside_decision,
)
from kakehashi.procedures.testing import an_application, an_online_procedure

PERMIT = Disposition(Result.PERMITTED, "要件を満たすため。")


def accepted(town: Town, kind: Kind = Kind.DISPOSITION) -> Application:
    application = get_application(an_application(with_rules(town), an_online_procedure(town, kind)).id)
    return accept_application(actor=town.clerk, application=application)


def walked(town: Town, application: Application, draft: Disposition = PERMIT) -> Proposal:
    """Propose, circulate to the manager, and decide where the rules say the manager decides."""
    proposal = propose_application(actor=town.clerk, application=application, draft=draft)
    return submit_proposal(actor=town.clerk, proposal=proposal)


def again(application: Application) -> Application:
    return get_application(application.id)


def test_one_click_makes_one_draft(town: Town) -> None:
    application = accepted(town)
    first = propose_application(actor=town.clerk, application=application, draft=PERMIT)
    second = propose_application(actor=town.clerk, application=again(application), draft=PERMIT)
    assert first.id == second.id
    assert again(application).state == "accepted"
    assert first.notice["addressee"] == "田中 めぐみ 様"
    assert "審査請求" in first.notice["instructions"][0][1]


def test_days_in_the_frozen_proposal_are_written_as_everywhere_else(town: Town) -> None:
    application = accepted(town)
    facts = dict(describe(application.id)[0][1])
    assert facts["到達"] == format_wareki(application.arrived_on)
    assert facts["到達"].startswith("令和")


@pytest.mark.parametrize(("way", "said"), [(Way.ELECTRONIC, "電子"), (Way.POST, "郵送"), (Way.COUNTER, "窓口で渡す")])
def test_who_decides_sees_the_way_that_the_applicant_chose(town: Town, client_for: Any, way: Way, said: str) -> None:
    application = accepted(town)
    choose_delivery_way(actor=town.clerk, application=application, way=way)
    proposal = propose_application(actor=town.clerk, application=again(application), draft=PERMIT)
    page = client_for(town.clerk).get(f"/staff/approvals/{proposal.id}/").content.decode()
    assert f"<dt>通知の方法</dt><dd>{said}" in page


def test_the_road_to_the_notice(town: Town) -> None:
    application = accepted(town)
    proposal = walked(town, application)
    assert again(application).state == "deciding"
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    decided = again(application)
    assert (decided.state, decided.result, decided.days_to_decision) == ("decided", "permitted", 0)
    with clock.frozen(clock.now() + dt.timedelta(seconds=30)):
        issue_proposal(actor=town.manager, proposal=proposal)
    done = again(application)
    assert (done.state, Case.objects.get(id=done.case_id).phase) == ("completed", "done")
    document = done.documents.get()
    assert document.document_number
    assert Notice.objects.filter(subject__contains="結果の通知").count() == 1


def test_who_did_not_ask_for_the_electronic_notice_gets_it_by_post(town: Town) -> None:
    application = accepted(town)
    Application.objects.update(accepts_electronic_notice=False)
    proposal = walked(town, again(application))
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    with clock.frozen(clock.now() + dt.timedelta(seconds=30)):
        issue_proposal(actor=town.manager, proposal=proposal)
    assert again(application).documents.get().by_post
    assert (again(application).state, Case.objects.get(id=application.case_id).phase) == ("delivering", "working")
    assert events_for(application.id).get(code="procedures.document.delivered").payload["way"] == "post"
    assert Notice.objects.filter(subject__contains="郵送します").count() == 1


def test_the_pdf_is_made_when_first_opened(town: Town) -> None:
    application = accepted(town)
    proposal = walked(town, application)
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    with clock.frozen(clock.now() + dt.timedelta(seconds=30)):
        issue_proposal(actor=town.manager, proposal=proposal)
    document = again(application).documents.get()
    by_staff = open_document(actor=town.clerk, document=document)
    document.refresh_from_db()
    assert document.first_opened_at is None
    by_resident = open_document(actor=AnonymousActor(town.id), document=document)
    document.refresh_from_db()
    assert by_staff.id == by_resident.id
    assert by_staff.media_type == "application/pdf"
    assert document.first_opened_at is not None


def test_recalled_goes_back_to_the_section_and_can_go_again(town: Town) -> None:
    application = accepted(town)
    proposal = walked(town, application)
    proposal = recall_proposal(actor=town.clerk, proposal=proposal, reason="金額の確認")
    assert again(application).state == "accepted"
    submit_proposal(actor=town.clerk, proposal=proposal)
    assert again(application).state == "deciding"


@pytest.mark.parametrize("result", [Result.REFUSED, Result.DISMISSED])
def test_a_refusal_needs_reasons_and_goes_to_the_head(town: Town, result: Result) -> None:
    application = accepted(town)
    with pytest.raises(DomainError, match="行政手続法"):
        propose_application(actor=town.clerk, application=application, draft=Disposition(result, " "))
    draft = Disposition(result, "工事が対象外のため。")
    proposal = propose_application(actor=town.clerk, application=application, draft=draft)
    assert proposal.matter_code == "disposition.refuse"
    assert proposal.notice["reason"] == "工事が対象外のため。"
    assert proposal.notice["reason_heading"] == "処分の理由（ひばり町行政手続条例）"


@pytest.mark.parametrize(
    ("kind", "result", "matter"),
    [
        (Kind.REQUEST, Result.APPROVED, "standing.request"),
        (Kind.CERTIFICATE, Result.ISSUED, "standing.certificate"),
        (Kind.DISPOSITION, Result.GRANTED, "disposition.grant"),
    ],
)
def test_each_kind_has_its_matter(town: Town, kind: Kind, result: Result, matter: str) -> None:
    draft = Disposition(result, "基準に合うため。", amount=100_000)
    proposal = propose_application(actor=town.clerk, application=accepted(town, kind), draft=draft)
    assert proposal.matter_code == matter
    assert bool(proposal.notice["instructions"]) is (kind is Kind.DISPOSITION)


def test_a_result_of_another_kind_is_refused(town: Town) -> None:
    with pytest.raises(DomainError):
        propose_application(
            actor=town.clerk, application=accepted(town, Kind.REQUEST), draft=Disposition(Result.PERMITTED, "理由")
        )


def test_not_before_it_is_accepted(town: Town) -> None:
    application = get_application(an_application(with_rules(town), an_online_procedure(town)).id)
    with pytest.raises(Stale):
        propose_application(actor=town.clerk, application=application, draft=PERMIT)


def test_a_decision_made_elsewhere_is_recorded(town: Town) -> None:
    application = record_outside_decision(
        actor=town.clerk, application=accepted(town), result=Result.PERMITTED, number="8住第12号",
        decided_on=clock.today(),
    )  # fmt: skip
    assert (application.state, application.outside_number) == ("completed", "8住第12号")


def test_the_manager_endorses_what_the_head_decides(town: Town) -> None:
    application = accepted(town)
    proposal = walked(town, application, Disposition(Result.REFUSED, "対象外のため。"))
    proposal = endorse_step(actor=town.manager, proposal=proposal, digest=proposal.digest)
    decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    assert again(application).result == "refused"


def test_a_notice_that_still_waits_is_not_called_handed_over(town: Town) -> None:
    application = accepted(town)
    choose_delivery_way(actor=town.clerk, application=application, way=Way.COUNTER)
    proposal = walked(town, again(application))
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    with clock.frozen(clock.now() + dt.timedelta(seconds=30)):
        issue_proposal(actor=town.manager, proposal=proposal)
    assert again(application).state == "delivering"
    said = [EVENTS[event.code] for event in events_for(application.id) if event.code in EVENTS]
    assert any("結果の通知" in each for each in said)
    assert not any("お渡しし" in each for each in said)
