"""hand_over_action; minutes approved by 起案; where other rooms' pages tell of meetings."""

from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.services import decide_proposal, return_proposal, submit_proposal, undo_decision
from kakehashi.approvals.testing import with_rules
from kakehashi.cases.models import Case
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.related import mentions_of
from kakehashi.meetings import services
from kakehashi.meetings.models import AgendaItem, Meeting, MeetingBody, Minutes
from kakehashi.meetings.selectors.materials import may_read_minutes
from kakehashi.meetings.testing import closed_small_meeting, open_small_meeting
from kakehashi.notices.models import Notice
from kakehashi.people.testing import person_of
from kakehashi.records.models import Document


def action_of(town, sitting, item=None):
    return services.assign_action(
        actor=town.officer,
        meeting=sitting.meeting,
        title="窓口の表を直す",
        owner=person_of(town.clerk),
        due_on=clock.today(),
        idempotency_key=uuid7(),
        item=item,
    )


def test_an_action_goes_on_with_its_case_and_the_new_owner_is_told(town):
    action = action_of(town, open_small_meeting(town))
    case = Case.objects.get(source_id=action.id)
    with pytest.raises(PermissionRefused):
        services.hand_over_action(actor=town.manager, action=action, owner=person_of(town.manager), reason="x")
    with pytest.raises(DomainError):
        services.hand_over_action(actor=town.clerk, action=action, owner=person_of(town.manager), reason=" ")
    moved = services.hand_over_action(
        actor=town.clerk, action=action, owner=person_of(town.manager), reason="異動のため"
    )
    case.refresh_from_db()
    assert (moved.owner_id, case.handler_id, case.source_id) == (town.manager.id, town.manager.id, action.id)
    assert Notice.objects.filter(person_id=town.manager.id, kind="meetings.assigned").exists()
    services.finish_action(actor=town.manager, action=moved, result="直した")
    with pytest.raises(Stale):
        services.hand_over_action(actor=town.officer, action=moved, owner=person_of(town.clerk), reason="x")


def test_the_page_hands_over_to_whoever_holds_a_post(town, client_for):
    action = action_of(town, open_small_meeting(town))
    url = reverse("meetings-staff:hand-over-action", args=[action.id])
    client = client_for(town.clerk)
    assert client.post(url, {"reason": "異動のため"}).status_code == 422
    assert client.post(url, {"reason": "異動のため", "post": str(town.manager.post_id)}).status_code == 302
    action.refresh_from_db()
    assert action.owner_id == town.manager.id
    assert client.get(url).status_code in {403, 404}


@pytest.fixture
def drafted(town):
    with_rules(town)
    sitting = closed_small_meeting(town)
    AgendaItem.objects.filter(id=sitting.secret.id).update(is_confidential=False)
    MeetingBody.objects.filter(id=sitting.body.id).update(secretariat=town.department)
    services.draft_minutes(actor=town.clerk, meeting=Meeting.objects.get(id=sitting.meeting.id))
    return sitting


def asked(town, sitting, actor=None):
    minutes = Minutes.objects.get(meeting=sitting.meeting)
    proposal = services.propose_minutes(
        actor=actor or town.clerk,
        meeting=Meeting.objects.get(id=sitting.meeting.id),
        revision=minutes.revision,
        matter_code="common.meeting",
        idempotency_key=uuid7(),
    )
    return submit_proposal(actor=actor or town.clerk, proposal=proposal)


def test_a_decision_approves_and_files_the_minutes(town, drafted):
    proposal = asked(town, drafted)
    minutes = Minutes.objects.get(meeting=drafted.meeting)
    assert any(minutes.text in text for _, rows in proposal.sections for _, text in rows)
    with pytest.raises(DomainError, match="途中"):
        services.write_minutes(
            actor=town.clerk, meeting=Meeting.objects.get(id=drafted.meeting.id), text="直す", revision=minutes.revision
        )
    with pytest.raises(DomainError, match="途中"):
        services.approve_minutes(actor=town.mayor, meeting=drafted.meeting, revision=minutes.revision)
    decided = decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
    minutes.refresh_from_db()
    assert proposal.number in minutes.approved_by_label
    assert Document.objects.get(source_kind="meetings.minutes").id == minutes.document_id
    assert Meeting.objects.get(id=drafted.meeting.id).state == "minuted"
    with pytest.raises(DomainError):
        undo_decision(actor=town.manager, proposal=decided)


def test_a_returned_proposal_lets_the_minutes_be_corrected(town, drafted):
    proposal = asked(town, drafted)
    return_proposal(actor=town.manager, proposal=proposal, reason="出席者が違います")
    minutes = Minutes.objects.get(meeting=drafted.meeting)
    services.write_minutes(
        actor=town.clerk, meeting=Meeting.objects.get(id=drafted.meeting.id), text="直した", revision=minutes.revision
    )
    again = submit_proposal(actor=town.clerk, proposal=Proposal.objects.get(id=proposal.id))
    assert any("直した" in text for _, rows in again.sections for _, text in rows)


def test_minutes_for_members_only_go_round_and_are_read_by_those_allowed(town, client_for):
    with_rules(town)
    sitting = closed_small_meeting(town)
    minutes = services.draft_minutes(actor=town.officer, meeting=sitting.meeting)
    with pytest.raises(PermissionRefused):
        asked(town, sitting, town.administrator)
    MeetingBody.objects.filter(id=sitting.body.id).update(secretariat=town.department)
    Meeting.objects.filter(id=sitting.meeting.id).update(clerk=person_of(town.clerk))
    proposal = asked(town, sitting)
    frozen = str(Proposal.objects.get(id=proposal.id).body)
    assert "夜間窓口を週一日設ける" not in frozen
    assert hashlib.sha256(minutes.text.encode()).hexdigest() in frozen
    page = reverse("approvals-staff:proposal", args=[proposal.id])
    for actor, sees in ((town.clerk, True), (town.mayor, True), (town.officer, False)):
        assert ("夜間窓口を週一日設ける" in client_for(actor).get(page).content.decode()) is sees
    decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
    minutes.refresh_from_db()
    assert Document.objects.get(source_kind="meetings.minutes").id == minutes.document_id
    assert may_read_minutes(town.mayor, minutes.stored_file)
    assert not may_read_minutes(town.officer, minutes.stored_file)


def test_another_rooms_page_tells_the_meeting_to_those_who_may_know(town, client_for):
    with_rules(town)
    sitting = open_small_meeting(town)
    proposal = services.propose_decision(
        actor=town.clerk,
        decision=services.record_decision(
            actor=town.officer, item=sitting.item, outcome="decided", text="週一日設ける", quorum_reason="緊急"
        ),
        matter_code="general.reply",
        idempotency_key=uuid7(),
    )
    services.link_item(actor=town.officer, item=sitting.item, kind="approvals.proposal", target_id=proposal.id)
    action_of(town, sitting, sitting.item)
    (told,) = mentions_of(town.clerk, "approvals.proposal", proposal.id)
    assert "決定：週一日設ける" in told.outcome
    assert "課題：窓口の表を直す" in told.outcome
    page = client_for(town.clerk).get(reverse("approvals-staff:proposal", args=[proposal.id]))
    assert "会議で取り上げたこと" in page.content.decode()
    AgendaItem.objects.filter(id=sitting.item.id).update(is_confidential=True)
    assert mentions_of(town.administrator, "approvals.proposal", proposal.id) == []
