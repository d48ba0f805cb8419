"""決裁: who, on what, and what is written."""

import hashlib
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from kakehashi.approvals.models import Proposal, ProposalAttachment, ProposalStep
from kakehashi.approvals.selectors import current_digest, current_steps
from kakehashi.approvals.services import decide_proposal, endorse_step, install_rule_pack
from kakehashi.approvals.testing import decided, drafted, endorsed, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.errors import PermissionRefused, Stale
from kakehashi.people.testing import Town


def test_the_manager_decides_what_the_table_delegates(town: Town) -> None:
    with_rules(town)
    proposal = decided(town)
    assert proposal.state == "decided"
    assert proposal.basis == "standing_delegation"
    assert proposal.clause == "事務決裁規程別表第1第3項"
    assert proposal.number.endswith("第1号")


def test_the_mayor_decides_what_the_rules_reserve(town: Town) -> None:
    with_rules(town)
    proposal = endorsed(town)
    proposal = decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    assert (proposal.state, proposal.basis) == ("decided", "head")


def test_1_exactly_one_decider_act_per_decided_case(town: Town) -> None:
    with_rules(town)
    proposal = decided(town)
    with pytest.raises(Stale):
        decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    acts = [e for e in events_for(proposal.id) if e.code == "approvals.proposal.decided"]
    stamped = [s for s in current_steps(proposal) if s.state in {"decided", "acted_for"}]
    assert len(acts) == len(stamped) == 1


def test_2_no_act_on_a_stale_digest(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town)
    with pytest.raises(Stale):
        decide_proposal(actor=town.manager, proposal=proposal, digest="0" * 64)
    with pytest.raises(Stale):
        endorse_step(actor=town.manager, proposal=endorsed_draft(town), digest="")


def endorsed_draft(town: Town) -> Proposal:
    return submitted(town, matter_code="disposition.refuse")


def test_3_decided_body_bytes_never_change(town: Town) -> None:
    with_rules(town)
    proposal = decided(town)
    for change in ({"body": {}}, {"subject": "別の件名"}, {"digest": ""}, {"clause": ""}):
        with pytest.raises(DatabaseError, match="write-once"), transaction.atomic():
            Proposal.objects.filter(id=proposal.id).update(**change)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Proposal.objects.filter(id=proposal.id)._raw_delete("default")


def test_3_attachments_of_a_decided_proposal_never_change(town: Town) -> None:
    with_rules(town)
    proposal = decided(town)
    with pytest.raises(DatabaseError, match="only in a draft"), transaction.atomic():
        ProposalAttachment.objects.create(
            proposal=proposal, file_id=proposal.id, name="後から.pdf", sha256="0" * 64, size=1
        )


def test_4_every_attachment_digest_is_in_the_decision_event(town: Town) -> None:
    with_rules(town)
    proposal = drafted(town)
    ProposalAttachment.objects.create(proposal=proposal, file_id=proposal.id, name="図面.pdf", sha256="a" * 64, size=10)
    from kakehashi.approvals.services import submit_proposal

    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
    event = events_for(proposal.id).get(code="approvals.proposal.decided")
    assert event.payload["attachments"] == [{"sha256": "a" * 64}]
    assert event.payload["digest"] == current_digest(proposal)


def test_the_log_names_no_attachment_and_quotes_no_reason(town: Town) -> None:
    """What 廃棄 removes must not stand in the log, which is for ever."""
    with_rules(town)
    proposal = drafted(town)
    ProposalAttachment.objects.create(proposal=proposal, file_id=proposal.id, name="図面.pdf", sha256="a" * 64, size=10)
    from kakehashi.approvals.services import return_proposal, submit_proposal

    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    proposal = return_proposal(actor=town.manager, proposal=proposal, reason="氏名の字が違います")
    written = str([event.payload for event in events_for(proposal.id)])
    assert hashlib.sha256("氏名の字が違います".encode()).hexdigest() in written
    for word in ("図面.pdf", "氏名の字", proposal.subject):
        assert word not in written


def test_13_boxes_above_the_decider_are_not_required(town: Town) -> None:
    with_rules(town)
    steps = current_steps(decided(town))
    assert [(s.kind, s.state) for s in steps] == [("decide", "decided"), ("above", "not_required")]


def test_29_the_rule_that_justified_a_decision_is_retrievable(town: Town) -> None:
    with_rules(town)
    proposal = decided(town)
    from kakehashi.approvals.domain.packs import read_pack

    pack = read_pack("town")
    rows = [dict(row) for row in pack.rows("rules")]
    permit = next(row for row in rows if row["matter"] == "disposition.permit")
    permit |= {"decider": "町長", "clause": "第3条第9号", "text": "改正後"}
    install_rule_pack(actor=town.administrator, pack=pack.with_rows("rules", rows), valid_from=date(2026, 4, 1))
    rule = Proposal.objects.get(id=proposal.id).rule
    assert rule is not None
    assert (rule.clause, rule.valid_to is not None) == ("別表第1第3項", True)
    assert "基準の明らかな許可" in rule.text
    assert (rule.pack.number, rule.pack.valid_to) == (1, date(2026, 3, 31))


def test_only_the_holder_of_the_post_decides(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town)
    for other in (town.mayor, town.officer, town.clerk):
        with pytest.raises(PermissionRefused):
            decide_proposal(actor=other, proposal=proposal, digest=proposal.digest)
    assert not ProposalStep.objects.filter(proposal=proposal, state="decided").exists()
