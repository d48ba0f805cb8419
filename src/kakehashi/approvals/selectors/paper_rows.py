"""Rows and boxes of the printed 原議."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kakehashi.approvals.domain.stamps import StampFact, stamp_sheet
from kakehashi.approvals.domain.states import StepState
from kakehashi.approvals.models import Proposal, ProposalStep
from kakehashi.kernel import clock
from kakehashi.kernel.documents import StampBox
from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.models import Post
from kakehashi.people.selectors import holder_of, valid_on
from kakehashi.records.selectors import document_for


def head_of(on: dt.date) -> tuple[str, str]:
    """Title and name of the head on a day: the notice goes out in this name whoever decided inside."""
    post = Post.objects.filter(valid_on(on), department__isnull=True).order_by("rank").first()
    if post is None:
        return "", ""
    holder = holder_of(post, on)
    return post.name, holder.name if holder else ""


def stamp_boxes(steps: Sequence[ProposalStep]) -> tuple[StampBox, ...]:
    """The boxes of the sheet with name, time and mark."""
    sheet = stamp_sheet(
        [
            StampFact(
                kind=step.kind_enum,
                state=step.state_enum,
                post_label=step.post_label,
                person_name=step.person_name,
                acted_at=step.acted_at,
                post_reviewed_at=step.post_reviewed_at,
                basis=step.authority,
            )
            for step in steps
        ]
    )
    return tuple(
        StampBox(
            post=stamp.post_label,
            name=stamp.name if stamp.is_stamped else "",
            acted_at=_time(step.acted_at) if stamp.is_stamped else "",
            mark=_mark(step, stamp.mark),
        )
        for step, stamp in zip(steps, sheet, strict=True)
    )


def _mark(step: ProposalStep, mark: str) -> str:
    if not mark and step.kind == "consult":
        return "合議"
    return "" if step.state_enum is StepState.RETURNED_HERE else mark


def _time(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(clock.JST)
    return f"{local.year}.{local.month}.{local.day}\n{local:%H:%M}"


def _day(moment: dt.datetime | dt.date | None) -> str:
    if moment is None:
        return "—"
    if isinstance(moment, dt.datetime):
        local = moment.astimezone(clock.JST)
        return f"{format_wareki(local.date())} {local:%H:%M}"
    return format_wareki(moment)


def decision_rows(proposal: Proposal) -> tuple[tuple[str, str], ...]:
    """The table of the 原議: what, by whom, by which clause, and how long it is kept."""
    rows = [
        ("件名", proposal.subject),
        ("起案者", proposal.drafter_label),
        ("起案日", _day(proposal.submitted_at)),
        ("決裁日", _day(proposal.decided_at)),
        ("決裁区分", f"{proposal.get_basis_display()}（{proposal.clause}）"),
    ]
    if proposal.raised_because:
        rows.append(("上位決裁の理由", proposal.raised_because))
    rows += [("文書番号", proposal.document_number or "—"), ("施行日", _day(proposal.issued_on))]
    document = document_for("approvals.proposal", proposal.id)
    if document is not None:
        record_file = document.record_file
        rows += [
            ("分類", f"{record_file.record_class}（{record_file.name}）"),
            ("保存期間", record_file.period_label),
            ("起算日", _day(record_file.starts_on)),
            ("満了日", _day(record_file.expires_on)),
        ]
    rows.append(("公開区分", proposal.get_disclosure_display()))
    if proposal.paper_route_reason:
        rows.append(("紙による決裁の理由", proposal.paper_route_reason))
    return tuple(rows)
