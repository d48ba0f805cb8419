"""Replies of the past weeks, so that 時間の使われ方 has returns, a 合議 that never says a word and papers to show; next April's 改組."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime, time

from kakehashi.approvals.domain.route_edits import NamedPost, RouteEdit
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import (
    Extras,
    attach_original,
    consent_step,
    decide_proposal,
    draft_proposal,
    endorse_step,
    record_paper_decision,
    return_proposal,
    see_proposal,
    skip_issue,
    submit_proposal,
)
from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.documents import ReceiptDocument, render_pdf
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.ids import uuid7
from kakehashi.people.domain.shares import EVERY
from kakehashi.people.models import Post, Reorganisation
from kakehashi.people.selectors import StaffActor, holder_of, posts_of, staff_actor
from kakehashi.people.services import confirm_columns, proposed_columns, share_out, start_reorganisation
from kakehashi.site.demo.organisation import Body

_REPLIES = (
    ("橋の点検の計画についての照会", "", ""),
    ("公園の遊具の数についての照会", "", ""),
    ("空き家の現況についての照会", "相手方の求める数え方（棟・戸）を確かめて、書き直してください。", ""),
    ("道路の舗装の延長についての照会", "", ""),
    ("除雪の体制についての照会", "回答の期限と、問い合わせ先を書き足してください。", ""),
    ("河川の清掃についての照会", "", ""),
    ("水路の境界についての照会", "", "counterpart"),
    ("地籍図の写しについての照会", "", "large"),
)
_FIRST_DAY, _APART = 60, 6
_NEXT_APRIL = """所属コード,所属,文書記号,旧所属コード,職,順位
11,総務課,総,11,総務課長,40
11,総務課,総,11,総務課係長,50
11,総務課,総,11,総務課DX担当,60
21,住民課,住,21,住民課長,40
21,住民課,住,21,住民課主事,60
22,福祉こども課,福,21,福祉こども課長,40
32,まちづくり課,ま,31,まちづくり課長,40
32,まちづくり課,ま,31,まちづくり課主任,55
"""


def pass_a_season(body: Body) -> None:
    """Each reply on its own days, asked of another section; two come back once, two are stamped on paper. Scope must be open."""
    clerk = body.actor("staff", "31")
    other = posts_of(body.person("manager", "21"), clock.today())[0]
    for at, (subject, back, paper) in enumerate(_REPLIES):
        day = add_business_days(clock.today(), at * _APART - _FIRST_DAY)
        with _at(day, 9):
            proposal = _sent(clerk, other, subject, paper)
        day = _stamped(body, clerk, proposal, day) if paper else _walked(clerk, proposal, back, day)
        with _at(day, 17):
            skip_issue(actor=clerk, proposal=Proposal.objects.get(id=proposal.id))


def _at(day: date, hour: int, minute: int = 0) -> AbstractContextManager[datetime]:
    return clock.frozen(datetime.combine(day, time(hour, minute), tzinfo=clock.JST))


def _sent(clerk: StaffActor, other: Post, subject: str, paper: str) -> Proposal:
    asked = RouteEdit(consults=(NamedPost(id=other.id, label=other.name),), reason="住民の窓口に関わるため。")
    drafted = draft_proposal(
        actor=clerk,
        matter_code="general.reply",
        subject=f"【見本】{subject}への回答について",
        request="次のとおり回答してよろしいか伺います。",
        reason="見本の起案です。",
        extras=Extras(paper_route_code=paper) if paper else Extras(route_edit=asked),
        idempotency_key=uuid7(),
    )
    return submit_proposal(actor=clerk, proposal=drafted)


def _walked(clerk: StaffActor, proposal: Proposal, back: str, day: date) -> date:
    """Every box is opened on the next morning and stamped before noon, the decider's of what comes back only in the afternoon."""
    for _ in range(12):
        step = proposal.steps.filter(round=proposal.round, state=StepState.ACTIVE).select_related("post").first()
        holder = holder_of(step.post, day) if step else None
        if step is None or holder is None:
            break
        day, actor, kind = add_business_days(day, 1), staff_actor(holder, post_id=step.post_id), StepKind(step.kind)
        with _at(day, 10):
            see_proposal(actor=actor, proposal=proposal)
        if kind is StepKind.DECIDE and back:
            with _at(day, 15):
                proposal = return_proposal(actor=actor, proposal=proposal, reason=back)
            with _at(day, 16):
                proposal, back = submit_proposal(actor=clerk, proposal=proposal), ""
            continue
        act = {StepKind.DECIDE: decide_proposal, StepKind.CONSULT: consent_step}.get(kind, endorse_step)
        with _at(day, 10, 40):
            proposal = act(actor=actor, proposal=proposal, digest=proposal.digest)
    return day


def _stamped(body: Body, clerk: StaffActor, proposal: Proposal, day: date) -> date:
    """Round on paper for three days; then the scan is registered."""
    day = add_business_days(day, 3)
    with _at(day, 14):
        page = ReceiptDocument(
            title="原議（見本）",
            issued_on="",
            addressee="",
            issuer=body.government.name,
            issuer_name=body.government.name,
            text="押印した原議の写しの見本です。",
            rows=(("件名", proposal.subject),),
        )
        scan = render_pdf(page, made_at=clock.now())
        file = store_file(actor=clerk, name="押印した原議.pdf", content=scan, purpose="approvals.attachment")
        attach_original(actor=clerk, proposal=proposal, file=file, location="文書庫B-1")
        record_paper_decision(actor=clerk, proposal=proposal, digest=proposal.digest, decided_on=day)
    return day


def try_next_april(body: Body) -> Reorganisation:
    """A 改組 that is tried out: 住民課 gives its welfare to a new section, 建設課 gets another name. Nothing is applied."""
    keeper = body.actor("administrator")
    day = date(fiscal_year(clock.today()) + 1, 4, 1)
    content = _NEXT_APRIL.encode()
    made = start_reorganisation(
        actor=keeper, title="来年度の改組（試算）", effective_on=day, file_name="来年度の組織.csv", content=content
    )
    made = confirm_columns(actor=keeper, reorganisation=made, columns=proposed_columns(made))
    giver = body.departments["21"]
    share_out(
        actor=keeper,
        reorganisation=made,
        code=EVERY,
        subject_id=giver.id,
        subject_label=giver.name,
        heir="22",
        words="児童",
    )
    return made
