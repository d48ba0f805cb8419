"""職務代理・事務取扱・委任・補助執行: whole authority while the grant is in force, and the basis in the journal."""

import datetime as dt

import pytest

from kakehashi.approvals.domain.authority import GrantKind
from kakehashi.approvals.models import AuthorityGrant, Matter
from kakehashi.approvals.selectors import current_steps, proposals_waiting_for, stamps_of
from kakehashi.approvals.services import decide_proposal, end_grant, grant_authority, undo_decision
from kakehashi.approvals.testing import endorsed, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.notices.models import Notice
from kakehashi.people.models import Post
from kakehashi.people.testing import Town


def granted(town: Town, kind: GrantKind = GrantKind.STATUTORY_DEPUTY, matter: str = "") -> AuthorityGrant:
    """The officer exercises the mayor's authority."""
    return grant_authority(
        actor=town.administrator,
        kind=kind,
        post=Post.objects.get(id=town.mayor.post_id),
        acting_post=Post.objects.get(id=town.officer.post_id),
        clause="地方自治法第152条第1項",
        reason="町長が欠けたため",
        valid_from=clock.today(),
        matter=Matter.objects.get(code=matter) if matter else None,
    )


@pytest.mark.parametrize("kind", GrantKind)
def test_an_act_under_a_grant_names_its_basis_and_clause(town: Town, kind: GrantKind) -> None:
    with_rules(town)
    granted(town, kind)
    proposal = endorsed(town)
    assert list(proposals_waiting_for(town.officer)) == [proposal]
    assert Notice.objects.filter(kind="approvals.turn", person_id=town.officer.id).exists()
    proposal = decide_proposal(actor=town.officer, proposal=proposal, digest=proposal.digest)
    assert (proposal.state, proposal.basis) == ("decided", kind.value)
    authority = events_for(proposal.id).get(code="approvals.proposal.decided").payload["authority"]
    assert (authority["basis_label"], authority["clause"]) == (kind.label, "地方自治法第152条第1項")
    assert stamps_of(proposal)[1].mark == kind.label
    # Unlike 代決 it leaves no 後閲.
    assert not any(step.needs_post_review for step in current_steps(proposal))


def test_a_grant_for_another_matter_or_after_its_end_gives_nothing(town: Town) -> None:
    with_rules(town)
    grant = granted(town, matter="general.rules")
    proposal = endorsed(town)
    assert not proposals_waiting_for(town.officer).exists()
    with pytest.raises(PermissionRefused):
        decide_proposal(actor=town.officer, proposal=proposal, digest=proposal.digest)
    end_grant(actor=town.administrator, grant=grant)
    granted(town)
    with clock.frozen(clock.now() - dt.timedelta(days=2)), pytest.raises(PermissionRefused):
        decide_proposal(actor=town.officer, proposal=proposal, digest=proposal.digest)


def test_undoing_it_restores_the_basis_of_the_route(town: Town) -> None:
    with_rules(town)
    granted(town)
    proposal = endorsed(town)
    proposal = decide_proposal(actor=town.officer, proposal=proposal, digest=proposal.digest)
    assert undo_decision(actor=town.officer, proposal=proposal).basis == "head"


def test_what_is_not_said_is_refused(town: Town) -> None:
    with_rules(town)
    mayor = Post.objects.get(id=town.mayor.post_id)
    sent = {"kind": GrantKind.AUTHORITY_TRANSFER, "post": mayor, "acting_post": mayor, "valid_from": clock.today()}
    for words, field in ((("", "理由"), "clause"), (("第1条", ""), "reason"), (("第1条", "理由"), "acting_post")):
        with pytest.raises(DomainError) as info:
            grant_authority(actor=town.administrator, clause=words[0], reason=words[1], **sent)
        assert info.value.field == field


def test_who_does_not_keep_the_rules_grants_nothing(town: Town) -> None:
    from kakehashi.people.models import Role
    from kakehashi.people.selectors import staff_actor
    from kakehashi.people.testing import person_of

    Role.objects.update(permissions=[])
    with pytest.raises(PermissionRefused):
        end_grant(actor=staff_actor(person_of(town.clerk)), grant=AuthorityGrant())
