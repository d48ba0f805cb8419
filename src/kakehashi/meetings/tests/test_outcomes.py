"""record_attendance, record_decision, propose_decision, link_item, assign_action, finish_action."""

from datetime import timedelta

import pytest

from kakehashi.approvals.models import Matter, Proposal
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.services import submit_proposal
from kakehashi.approvals.testing import drafted, with_rules
from kakehashi.cases.models import Case
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings import selectors, services
from kakehashi.meetings.domain.states import Presence
from kakehashi.meetings.models import Action, AgendaLink, Attendance, Decision
from kakehashi.meetings.selectors.handover import handover_section, vacant_seats
from kakehashi.meetings.services import Mark
from kakehashi.meetings.testing import open_small_meeting, with_quorum
from kakehashi.notices.models import Notice
from kakehashi.people.hooks import LosingPost
from kakehashi.people.testing import person_of

INDEX = "/staff/meetings/"


@pytest.fixture
def sitting(town):
    return open_small_meeting(town)


def decide(town, sitting, **changes):
    given = {"outcome": "decided", "text": "夜間窓口を週一日設ける。"} | changes
    return services.record_decision(actor=town.officer, item=sitting.item, **given)


def act(town, sitting, owner=None, **changes):
    given = {"title": "案内を作る", "due_on": clock.today() + timedelta(days=14), "idempotency_key": uuid7()} | changes
    return services.assign_action(
        actor=town.officer, meeting=sitting.meeting, owner=owner or person_of(town.clerk), **given
    )


def test_attendance_counts_with_the_rule(town, sitting):
    quorum = with_quorum(town, sitting.meeting)
    assert (quorum.counted, quorum.required, quorum.is_met) == (2, 2, True)
    payload = Event.objects.get(code="meetings.attendance.recorded").payload
    assert [change["presence"] for change in payload["changes"]] == ["present", "online"]
    with_quorum(town, sitting.meeting)
    assert Event.objects.filter(code="meetings.attendance.recorded").count() == 1


def test_a_proxy_has_a_name_and_reads_what_the_member_would(town, sitting):
    row = Attendance.objects.get(meeting=sitting.meeting, post_id=town.manager.post_id)
    with pytest.raises(DomainError, match="代理の人"):
        services.record_attendance(actor=town.officer, meeting=sitting.meeting, marks={row.id: Mark(Presence.PROXY)})
    administrator = person_of(town.administrator)
    services.record_attendance(
        actor=town.officer, meeting=sitting.meeting, marks={row.id: Mark(Presence.PROXY, administrator)}
    )
    seat = selectors.seat_of(town.administrator, sitting.meeting)
    assert (seat.is_member, seat.sees(sitting.secret)) == (True, True)


def test_a_member_answers_for_themselves(town, sitting):
    services.answer_attendance(actor=town.manager, meeting=sitting.meeting, mark=Mark(Presence.ABSENT, note="出張"))
    row = Attendance.objects.get(meeting=sitting.meeting, post_id=town.manager.post_id)
    assert (row.presence, row.note) == ("absent", "出張")
    with pytest.raises(NotFound):
        services.answer_attendance(actor=town.officer, meeting=sitting.meeting, mark=Mark(Presence.PRESENT))
    with pytest.raises(PermissionRefused):
        services.record_attendance(actor=town.manager, meeting=sitting.meeting, marks={})


def test_without_a_quorum_nothing_is_decided_but_with_a_reason(town, sitting):
    with pytest.raises(DomainError) as caught:
        decide(town, sitting)
    assert (caught.value.field, "必要な2人に達していません" in caught.value.message) == ("quorum_reason", True)
    decision = decide(town, sitting, quorum_reason="緊急のため、次の会議で追認する。")
    assert (decision.had_quorum, decision.quorum_reason) == (False, "緊急のため、次の会議で追認する。")
    assert Event.objects.get(code="meetings.decision.recorded").payload["rule"].startswith("構成員の過半数")


def test_a_decision_is_corrected_with_what_stood_there(town, sitting):
    with_quorum(town, sitting.meeting)
    decide(town, sitting, quorum_reason="いらない理由")
    decision = decide(town, sitting, text="夜間窓口を週二日設ける。")
    assert (Decision.objects.count(), decision.had_quorum, decision.quorum_reason) == (1, True, "")
    before = Event.objects.get(code="meetings.decision.corrected").payload["before"]
    assert before["text"] == "夜間窓口を週一日設ける。"


def test_members_do_not_record_decisions(town, sitting):
    with pytest.raises(PermissionRefused):
        services.record_decision(actor=town.manager, item=sitting.item, outcome="decided", text="x")


def test_a_decision_opens_a_proposal_that_shows_it(town, sitting, client_for):
    with_rules(town)
    with_quorum(town, sitting.meeting)
    decision, key = decide(town, sitting), uuid7()
    matter = Matter.objects.get(code="common.meeting").code
    for _ in range(2):
        proposal = services.propose_decision(
            actor=town.clerk, decision=decision, matter_code=matter, idempotency_key=key
        )
    assert (Proposal.objects.count(), proposal.subject) == (1, "新年度の窓口")
    submitted = submit_proposal(actor=town.clerk, proposal=proposal)
    frozen = dict(dict(submitted.body["source"])["会議"])
    assert (frozen["結果"], "第1回庁議" in frozen["会議"]) == ("決定：夜間窓口を週一日設ける。", True)
    assert current_digest(submitted) == submitted.digest
    line = selectors.proposals_from(town.mayor, selectors.DECISION, [decision.id])[decision.id][0]
    assert (line.number, bool(line.url)) == (submitted.number, True)


def test_a_confidential_decision_tells_approvals_nothing(town, sitting):
    from kakehashi.meetings.selectors.offers import describe_decision, load_decision

    with_quorum(town, sitting.meeting)
    decision = services.record_decision(actor=town.officer, item=sitting.secret, outcome="decided", text="秘密の内容")
    assert load_decision(decision.id) is None
    assert "秘密の内容" not in str(describe_decision(decision.id))


def test_links_to_a_proposal(town, sitting):
    with_rules(town)
    proposal = drafted(town)
    for _ in range(2):
        services.link_item(actor=town.clerk, item=sitting.item, kind="approvals.proposal", target_id=proposal.id)
    link = AgendaLink.objects.get()
    assert proposal.subject in link.label
    with pytest.raises(DomainError):
        services.link_item(actor=town.clerk, item=sitting.item, kind="approvals.proposal", target_id=uuid7())
    with pytest.raises(PermissionRefused):
        services.link_item(actor=town.mayor, item=sitting.item, kind="approvals.proposal", target_id=proposal.id)
    services.unlink_item(actor=town.clerk, link=link)
    codes = Event.objects.filter(code__startswith="meetings.item.").values_list("code", flat=True)
    assert sorted(codes) == ["meetings.item.linked", "meetings.item.unlinked"]


def test_an_action_lies_in_the_owners_inbox(town, sitting):
    key = uuid7()
    action = act(town, sitting, idempotency_key=key)
    assert act(town, sitting, idempotency_key=key) == action
    case = Case.objects.get(kind="meetings.action", source_id=action.id)
    assert (case.subject, case.handler_id, case.due_on) == ("案内を作る", town.clerk.id, action.due_on)
    assert case.department_id == town.department.id
    assert Notice.objects.filter(kind="meetings.assigned", person_id=town.clerk.id).count() == 1


def test_finishing_closes_the_case(town, sitting):
    action = act(town, sitting)
    with pytest.raises(DomainError, match="結果"):
        services.finish_action(actor=town.clerk, action=action, result=" ")
    with pytest.raises(PermissionRefused):
        services.finish_action(actor=town.manager, action=action, result="勝手に")
    services.finish_action(actor=town.clerk, action=action, result="配った")
    assert Case.objects.get(source_id=action.id).phase == "done"
    with pytest.raises(Stale):
        services.finish_action(actor=town.officer, action=action, result="もう一度")


def test_an_action_of_a_confidential_item_keeps_its_words(town, sitting):
    action = act(town, sitting, item=sitting.secret, title="異動の案を作る")
    assert "異動" not in Case.objects.get(source_id=action.id).subject


def test_actions_need_a_coming_day(town, sitting):
    with pytest.raises(DomainError) as caught:
        act(town, sitting, due_on=clock.today() - timedelta(days=1))
    assert caught.value.field == "due_on"


@pytest.fixture
def held(cast):
    with tenant_scope(cast.hibari.id):
        sitting = open_small_meeting(cast.hibari)
        with_rules(cast.hibari)
        return sitting


def test_pages_of_attendance_and_decision(cast, client_for, held):
    town, client = cast.hibari, client_for(cast.hibari.officer)
    page, item = f"{INDEX}{held.meeting.id}/", f"{INDEX}items/{held.item.id}/"
    assert "まま記録する理由" in client.get(f"{item}decision/").content.decode()
    sent = {"outcome": "decided", "text": "夜間窓口を週一日設ける。"}
    refused = client.post(f"{item}decision/", sent)
    assert (refused.status_code, "夜間窓口を週一日" in refused.content.decode()) == (422, True)
    assert client.get(f"{page}attendance/").status_code == 200
    with tenant_scope(town.id):
        rows = list(Attendance.objects.filter(meeting=held.meeting))
    marks = {f"presence_{row.id}": "present" for row in rows}
    assert client.post(f"{page}attendance/", marks | {f"presence_{rows[0].id}": "proxy"}).status_code == 422
    assert client.post(f"{page}attendance/", marks).status_code == 302
    assert client.post(f"{item}decision/", sent).status_code == 302
    shown = client.get(page).content.decode()
    assert "必要な2人に達しています" in shown
    assert "この決定から起案する" in shown
    assert "夜間窓口" in client.get(f"{INDEX}decisions/?q=夜間&outcome=decided").content.decode()
    assert "夜間窓口" not in client.get(f"{INDEX}decisions/?q=道路").content.decode()
    assert "attachment" in client.get(f"{INDEX}decisions/?format=csv")["Content-Disposition"]
    assert "夜間窓口" not in client_for(cast.misaki.officer).get(f"{INDEX}decisions/").content.decode()
    with tenant_scope(town.id):
        decision = Decision.objects.get()
    assert client.get(f"{INDEX}decisions/{decision.id}/propose/").status_code == 200
    made = client.post(
        f"{INDEX}decisions/{decision.id}/propose/", {"matter": "common.meeting", "idempotency_key": uuid7()}
    )
    assert made.url.endswith("/edit/")
    assert "起案中" in client.get(page).content.decode()
    assert client_for(cast.misaki.clerk).get(f"{INDEX}decisions/{decision.id}/propose/").status_code == 404


def test_answering_and_linking_on_the_page(cast, client_for, held):
    page = f"{INDEX}{held.meeting.id}/"
    member = client_for(cast.hibari.manager)
    assert member.get(f"{page}answer/").status_code == 200
    assert member.post(f"{page}answer/", {"presence": "proxy"}).status_code == 422
    assert member.post(f"{page}answer/", {"presence": "online", "note": "自宅から"}).status_code == 302
    assert "自宅から" in member.get(page).content.decode()
    assert member.post(f"{page}attendance/").status_code == 403
    with tenant_scope(cast.hibari.id):
        proposal = drafted(cast.hibari)
    presenter, link = client_for(cast.hibari.clerk), f"{INDEX}items/{held.item.id}/link/"
    assert proposal.subject in presenter.get(f"{link}?q={proposal.subject[:3]}").content.decode()
    assert presenter.post(link, {"linked": f"approvals.proposal {proposal.id}"}).status_code == 302
    assert f"/staff/approvals/{proposal.id}/" in presenter.get(page).content.decode()
    with tenant_scope(cast.hibari.id):
        made = AgendaLink.objects.get()
    assert client_for(cast.misaki.clerk).post(f"{INDEX}links/{made.id}/remove/").status_code == 404
    assert presenter.post(f"{INDEX}links/{made.id}/remove/").status_code == 302


def test_pages_of_actions(cast, client_for, held):
    town, client = cast.hibari, client_for(cast.hibari.officer)
    path = f"{INDEX}{held.meeting.id}/actions/new/"
    assert client.get(f"{path}?item={held.item.id}").status_code == 200
    sent = {
        "title": "案内を作る",
        "owner": town.clerk.id,
        "due_on": "R20.4.1",
        "item": held.item.id,
        "idempotency_key": uuid7(),
    }
    assert client.post(path, sent | {"due_on": ""}).status_code == 422
    for _ in range(2):
        assert client.post(path, sent).status_code == 302
    with tenant_scope(town.id):
        action = Action.objects.get()
    owner, page = client_for(town.clerk), f"{INDEX}actions/{action.id}/"
    assert "案内を作る" in owner.get("/staff/cases/").content.decode()
    assert "案内を作る" in owner.get(f"{INDEX}actions/").content.decode()
    assert "案内を作る" not in client.get(f"{INDEX}actions/").content.decode()
    assert "案内を作る" in client.get(f"{INDEX}actions/?tab=open").content.decode()
    assert "attachment" in client.get(f"{INDEX}actions/?tab=all&format=xlsx")["Content-Disposition"]
    assert owner.get(f"{page}propose/").status_code == 200
    sent = {"matter": "common.meeting", "idempotency_key": uuid7()}
    assert owner.post(f"{page}propose/", sent).status_code == 302
    assert owner.post(page, {"result": ""}).status_code == 422
    assert "配りました" in owner.post(page, {"result": "配りました"}).content.decode()
    assert client_for(town.manager).post(page, {"result": "x"}).status_code == 403
    assert client_for(cast.misaki.clerk).get(page).status_code == 404
    with tenant_scope(town.id):
        case = Case.objects.get(kind="meetings.action")
    assert "第1回庁議" in owner.get(f"/staff/cases/{case.id}/").content.decode()


def test_a_personnel_change_knows_seats_and_actions(town, sitting):
    action, manager = act(town, sitting), town.manager
    losing = LosingPost(manager.post_id, "住民課長", None, manager.id, manager.name, None, vacant=True)
    assert [one.message for one in vacant_seats([losing], clock.today())] == [
        "住民課長が欠員になり、庁議の構成員が一人欠けます。"
    ]
    section = handover_section(town.clerk.post_id, town.clerk.id, clock.today())
    assert ([one.label for one in section.items], section.total) == ([action.title], 1)
