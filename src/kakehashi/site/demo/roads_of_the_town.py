"""Proposals on every other road, to look at: 仮決裁, 供覧, 差戻し, 代決 with a 後閲 that waits, and three to decide together."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from kakehashi.approvals.domain.route_edits import NamedPost, RouteEdit
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.models import Proposal, Purpose
from kakehashi.approvals.services import (
    Extras,
    act_for_decider,
    decide_provisionally,
    draft_proposal,
    endorse_step,
    return_proposal,
    submit_proposal,
)
from kakehashi.kernel import clock
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.ids import uuid7
from kakehashi.people.domain.deputies import first_able
from kakehashi.people.models import Person, Post
from kakehashi.people.selectors import StaffActor, deputy_line, holder_of, posts_of, staff_actor
from kakehashi.people.services import record_absence
from kakehashi.site.demo.organisation import Body


def show_roads(body: Body) -> None:
    """One sample of each; the government's scope must be open, its rules and deputies made."""
    clerk = body.actor("staff", "31")
    other = _post_of(body.person("manager", "21"))
    for days, make in ((6, _acted_for), (4, _returned), (3, _provisional), (2, _shown), (1, _three_together)):
        with clock.frozen(_moment(days)):
            make(body, clerk, other)


def _moment(days_ago: int) -> datetime:
    day = add_business_days(clock.today(), -days_ago)
    return datetime.combine(day, time(10, 0), tzinfo=clock.JST)


def _post_of(person: Person) -> Post:
    return posts_of(person, clock.today())[0]


def _draft(clerk: StaffActor, subject: str, request: str, *, matter: str = "general.reply", extras: Extras) -> Proposal:
    drafted = draft_proposal(
        actor=clerk,
        matter_code=matter,
        subject=subject,
        request=request,
        reason="見本の起案です。",
        extras=extras,
        idempotency_key=uuid7(),
    )
    return submit_proposal(actor=clerk, proposal=drafted)


def _walk_to(proposal: Proposal, kind: StepKind) -> tuple[Proposal, StaffActor]:
    """Every endorser before the first box of this kind agrees; then whose turn it is."""
    for _ in range(10):
        step = proposal.steps.filter(round=proposal.round, state=StepState.ACTIVE).select_related("post").first()
        holder = holder_of(step.post, clock.today()) if step else None
        if step is None or holder is None or StepKind(step.kind) is kind:
            break
        actor = staff_actor(holder, post_id=step.post_id)
        proposal = endorse_step(actor=actor, proposal=proposal, digest=proposal.digest)
    assert step is not None
    assert holder is not None
    return proposal, staff_actor(holder, post_id=step.post_id)


def _provisional(body: Body, clerk: StaffActor, other: Post) -> None:
    edit = RouteEdit(
        consults=(NamedPost(id=other.id, label=other.name),), provisional=True, reason="窓口の案内が変わるため。"
    )
    proposal = _draft(
        clerk,
        "【見本】空き家相談の窓口を週に一度、住民の窓口と合わせることについて",
        "次のとおり、窓口を合わせて開いてよろしいか伺います。",
        extras=Extras(route_edit=edit),
    )
    proposal, decider = _walk_to(proposal, StepKind.PROVISIONAL)
    decide_provisionally(actor=decider, proposal=proposal, digest=proposal.digest)


def _shown(body: Body, clerk: StaffActor, other: Post) -> None:
    readers = (NamedPost(id=other.id, label=other.name),)
    _draft(
        clerk,
        "【見本】県の説明会の資料について（供覧）",
        "県の説明会で配られた資料を供覧します。",
        extras=Extras(purpose=Purpose.READING, route_edit=RouteEdit(readers=readers, reason="供覧")),
    )


def _returned(body: Body, clerk: StaffActor, other: Post) -> None:
    proposal = _draft(
        clerk,
        "【見本】現地確認の写真の扱いについて",
        "次のとおり回答してよろしいか伺います。",
        extras=Extras(),
    )
    proposal, decider = _walk_to(proposal, StepKind.DECIDE)
    return_proposal(actor=decider, proposal=proposal, reason="回答の期限と、相手方の名を書き足してください。")


def _acted_for(body: Body, clerk: StaffActor, other: Post) -> None:
    proposal = _draft(
        clerk,
        "【見本】資材置場の使用の承諾について",
        "申出のとおり承諾してよろしいか伺います。",
        matter="disposition",
        extras=Extras(),
    )
    proposal, head = _walk_to(proposal, StepKind.DECIDE)
    now = clock.now()
    record_absence(
        actor=head,
        person=Person.objects.get(id=head.id),
        starts_at=now,
        ends_at=now + timedelta(hours=7),
        reason="出張",
    )
    step = proposal.steps.get(round=proposal.round, kind=StepKind.DECIDE)
    able = first_able(deputy_line(step.post, clock.today(), now))
    if able is None or able.person_id is None:
        return
    deputy = staff_actor(Person.objects.get(id=able.person_id), post_id=able.post_id)
    act_for_decider(
        actor=deputy, proposal=proposal, digest=proposal.digest, exception_reason="本日が承諾の期限であるため。"
    )


def _three_together(body: Body, clerk: StaffActor, other: Post) -> None:
    for asked in ("統計調査の照会", "道路台帳の照会", "公園の件数の照会"):
        _draft(
            clerk,
            f"【見本】{asked}への回答について",
            "次のとおり回答してよろしいか伺います。",
            extras=Extras(),
        )
