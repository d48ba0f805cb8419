"""A town with rules and a proposal on its road, for tests of this room and those above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from kakehashi.approvals.domain.route_edits import NamedPost, RouteEdit
from kakehashi.approvals.models import Matter, Proposal
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.services import (
    Extras,
    NoticeDraft,
    attach_original,
    decide_proposal,
    draft_proposal,
    endorse_step,
    install_rule_pack,
    issue_proposal,
    record_paper_decision,
    submit_proposal,
)
from kakehashi.files.services import store_file
from kakehashi.files.testing import PDF
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.models import Absence, DeputyRule, Post
from kakehashi.people.selectors import StaffActor
from kakehashi.people.testing import Town, person_of
from kakehashi.people.testing.replay import Written, record_written

NOTICE = NoticeDraft(
    title="許可通知書",
    addressee="田中 めぐみ 様",
    text="申請のあった件について、次のとおり許可します。",
    rows=(("許可の内容", "公園の使用"),),
    reason="条例第5条の基準に適合するため。",
    instructions=(("教示", "この処分に不服があるときは、3か月以内に審査請求をすることができます。"),),
)


def with_rules(town: Town) -> Town:
    """The town with the standard rule pack: installed once by the service, then written again in one statement.

    A town that has rules, other posts than it was first done with, or a held clock gets the service itself.
    """
    found = _found_in(town)
    known = _written.get(tuple(sorted(found)))
    if Matter.objects.exists() or clock.is_frozen():
        install_rule_pack(actor=town.administrator, pack="town")
    elif known is None:
        _written[tuple(sorted(found))] = record_written(
            lambda: install_rule_pack(actor=town.administrator, pack="town"), found
        )
    else:
        known.replay(found)
    return town


_written: dict[tuple[str, ...], Written] = {}


def _found_in(town: Town) -> dict[str, UUID]:
    """What the rule pack looks for in a town, by name."""
    posts = Post.objects.values_list("department__code", "name", "valid_from", "valid_to", "id")
    actor = town.administrator
    return {
        "government": town.id,
        "administrator": actor.id,
        **({"post": actor.post_id} if actor.post_id else {}),
        **{f"{code}/{name}/{since}/{until}": one for code, name, since, until, one in posts},
    }


def drafted(
    town: Town,
    *,
    matter_code: str = "disposition.permit",
    notice: NoticeDraft | None = NOTICE,
    extras: Extras | None = None,
) -> Proposal:
    """A draft of the clerk: 課長専決 by default, 町長決裁 with `disposition.refuse`."""
    return draft_proposal(
        actor=town.clerk,
        matter_code=matter_code,
        subject="公園使用の許可について",
        request="次のとおり許可してよろしいか伺います。",
        reason="条例第5条の基準に適合するため。",
        notice=notice,
        extras=extras,
        idempotency_key=uuid7(),
    )


def submitted(town: Town, *, matter_code: str = "disposition.permit", extras: Extras | None = None) -> Proposal:
    """A proposal that lies with the first box of its route."""
    return submit_proposal(actor=town.clerk, proposal=drafted(town, matter_code=matter_code, extras=extras))


def edited_route(
    town: Town, *, consults: Sequence[StaffActor] = (), readers: Sequence[StaffActor] = (), provisional: bool = False
) -> Extras:
    """What the drafter adds to the rule's route, with a reason."""
    chosen = [tuple(_named(actor) for actor in actors) for actors in (consults, readers)]
    edit = RouteEdit(consults=chosen[0], readers=chosen[1], provisional=provisional, reason="関係する課であるため")
    return Extras(route_edit=edit)


def _named(actor: StaffActor) -> NamedPost:
    post = Post.objects.get(id=actor.post_id)
    return NamedPost(id=post.id, label=post.name)


def on_paper(town: Town) -> Proposal:
    """A proposal that circulates on paper, for a reason of the list."""
    return submitted(town, extras=Extras(paper_route_code="large"))


def decided_on_paper(town: Town) -> Proposal:
    """A proposal stamped on paper, whose scan is attached and whose decision is registered."""
    proposal = on_paper(town)
    scan = store_file(actor=town.clerk, name="原本.pdf", content=PDF, purpose="approvals.attachment")
    attach_original(actor=town.clerk, proposal=proposal, file=scan, location="書庫1-3")
    return record_paper_decision(actor=town.clerk, proposal=proposal, digest=proposal.digest, decided_on=clock.today())


def decided(town: Town) -> Proposal:
    """A proposal the manager decided just now."""
    proposal = submitted(town)
    return decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))


def endorsed(town: Town) -> Proposal:
    """A proposal for the mayor that the manager approved."""
    proposal = submitted(town, matter_code="disposition.refuse")
    return endorse_step(actor=town.manager, proposal=proposal, digest=current_digest(proposal))


def issued(town: Town) -> Proposal:
    """A proposal that was issued eleven seconds after its decision, and so is filed."""
    proposal = decided(town)
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        return issue_proposal(actor=town.clerk, proposal=proposal)


def away(actor: StaffActor) -> Absence:
    """An absence of the person that covers this moment."""
    now = clock.now()
    return Absence.objects.create(
        person=person_of(actor),
        starts_at=now - dt.timedelta(hours=1),
        ends_at=now + dt.timedelta(hours=8),
        reason="出張",
    )


def deputy(post_of: StaffActor, by: StaffActor, order: int = 1) -> DeputyRule:
    """A line of the deputy order: `by` acts for the post of `post_of`."""
    return DeputyRule.objects.create(
        post=Post.objects.get(id=post_of.post_id), deputy_post=Post.objects.get(id=by.post_id), order=order
    )


def attached(town: Town, *, name: str = "図面 1.pdf", content: bytes = PDF) -> Proposal:
    """An issued proposal with an attachment."""
    file = store_file(actor=town.clerk, name=name, content=content, purpose="approvals.attachment")
    proposal = draft_proposal(
        actor=town.clerk,
        matter_code="disposition.permit",
        subject="公園使用の許可について",
        request="次のとおり許可してよろしいか伺います。",
        reason="条例第5条の基準に適合するため。",
        notice=NOTICE,
        files=[file],
        idempotency_key=uuid7(),
    )
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        return issue_proposal(actor=town.clerk, proposal=proposal)
