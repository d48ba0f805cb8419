"""What of this room a reorganisation moves or breaks: proposals on their road, boxes of posts, rules that name posts, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from kakehashi.approvals.domain.numbering import ResetPolicy, SeriesKind, period_of
from kakehashi.approvals.domain.packs import deciding
from kakehashi.approvals.domain.packs.findings import Organisation, PostFact
from kakehashi.approvals.domain.packs.lint import lint
from kakehashi.approvals.domain.states import EDITABLE, ProposalState, StepState
from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import AuthorityConsult, AuthorityGrant, NumberSeries, Proposal, ProposalStep, Reader
from kakehashi.approvals.selectors.packs import document_of, organisation_on, pack_on
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.people.hooks import (
    Affected,
    Finding,
    HandoverItem,
    Reorganised,
    Subject,
    register_affected,
    register_reorganisation_check,
)
from kakehashi.people.models import Post

_UNDER_WAY = [
    state.value for state in (*EDITABLE, ProposalState.IN_CIRCULATION, ProposalState.READING, ProposalState.DECIDED)
]


def _proposal_item(row: Proposal) -> HandoverItem:
    return HandoverItem(
        row.subject,
        reverse("approvals-staff:proposal", args=[row.id]),
        f"{row.state_enum.label}・{row.drafter_label}の起案",
    )


def _step_item(row: ProposalStep) -> HandoverItem:
    turn = "この職の番" if row.state == StepState.ACTIVE.value else "前の人の番"
    return HandoverItem(
        row.proposal.subject,
        reverse("approvals-staff:proposal", args=[row.proposal_id]),
        f"{row.kind_enum.label}・{turn}",
    )


def _open_steps() -> QuerySet[ProposalStep]:
    rows = ProposalStep.objects.filter(
        state__in=[StepState.WAITING.value, StepState.ACTIVE.value],
        round=F("proposal__round"),
        proposal__state=ProposalState.IN_CIRCULATION.value,
    )
    return rows.select_related("proposal")


def _owed_reviews() -> QuerySet[ProposalStep]:
    """後閲 that a post owes whoever holds it."""
    rows = ProposalStep.objects.filter(
        needs_post_review=True, post_reviewed_at__isnull=True, post_reviewer_id__isnull=True
    )
    return rows.select_related("proposal")


def _living_grants() -> QuerySet[AuthorityGrant]:
    living = Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())
    return AuthorityGrant.objects.filter(living).select_related("post", "acting_post")


def _grant_item(row: AuthorityGrant) -> HandoverItem:
    return HandoverItem(
        f"{row.post.name} ← {row.acting_post.name}（{row.get_kind_display()}）",
        reverse("approvals-staff:grants"),
        row.clause,
    )


def _carry_steps(rows: QuerySet[ProposalStep], heir_id: UUID) -> int:
    """The open boxes become the successor's; each proposal's journal says so. Who acted before keeps post and name."""
    heir = Post.objects.get(id=heir_id)
    steps = list(rows)
    for step in steps:
        record_event(
            actor=system_actor(step.government_id, "改組の引継ぎ"),
            code="approvals.proposal.rerouted",
            subject_kind=PROPOSAL,
            subject_id=step.proposal_id,
            payload={"from": step.post_label, "to": heir.name, "kind": step.kind},
        )
    ProposalStep.objects.filter(id__in=[step.id for step in steps]).update(post=heir, post_label=heir.name)
    return len(steps)


UNDER_WAY = Affected(
    label="起案（施行していないもの）",
    subject=Subject.DEPARTMENT,
    rows=lambda: Proposal.objects.filter(state__in=_UNDER_WAY),
    path="department_id",
    item=_proposal_item,
    moves="当日の朝、{heir}の起案になります。その日より後に施行すると、文書番号は{heir}の記号で付きます。",
    breaks="施行するときの文書番号の列がなくなります。",
)

DRAFTERS = Affected(
    label="起案者としての職",
    subject=Subject.POST,
    rows=lambda: Proposal.objects.filter(
        state__in=[*(state.value for state in EDITABLE), ProposalState.IN_CIRCULATION.value]
    ),
    path="drafter_post_id",
    item=_proposal_item,
    moves="当日の朝、{heir}の起案として経路を引きます。",
    breaks="差し戻されたときに、経路を引けなくなります。",
    stops=False,
)

STEPS = Affected(
    label="これから回る起案の枠",
    subject=Subject.POST,
    rows=_open_steps,
    path="post_id",
    item=_step_item,
    moves="当日の朝、{heir}の番になります。済んだ承認は、そのときの職と名のまま残ります。",
    breaks="起案がそこで止まります。",
    carry=_carry_steps,
)

READERS = Affected(
    label="まだ見ていない供覧",
    subject=Subject.POST,
    rows=lambda: (
        Reader.objects.filter(read_at__isnull=True).exclude(proposal__state="withdrawn").select_related("proposal")
    ),
    path="post_id",
    item=lambda row: HandoverItem(row.proposal.subject, reverse("approvals-staff:proposal", args=[row.proposal_id])),
    moves="当日の朝、{heir}への供覧になります。",
    breaks="供覧が終わらなくなります。",
    unique=("proposal_id", "round"),
)

REVIEWS = Affected(
    label="済んでいない後閲",
    subject=Subject.POST,
    rows=_owed_reviews,
    path="post_id",
    item=_step_item,
    moves="引き上げられた枠の後閲は、当日の朝、{heir}の仕事になります。",
    breaks="後閲が残ったままになります。",
    stops=False,
)

GRANTS_OF = Affected(
    label="職務代理・事務取扱などの記録（される職）",
    subject=Subject.POST,
    rows=_living_grants,
    path="post_id",
    item=_grant_item,
    moves="移しません。{heir}について、記録し直してください。",
    breaks="当日で意味がなくなります。",
    stops=False,
    carries=False,
)

GRANTS_ACTING = Affected(
    label="職務代理・事務取扱などの記録（する職）",
    subject=Subject.POST,
    rows=_living_grants,
    path="acting_post_id",
    item=_grant_item,
    moves="移しません。{heir}が代わるなら、記録し直してください。",
    breaks="代わる職がなくなります。",
    stops=False,
    carries=False,
)

CONSULTS = Affected(
    label="手で加えた合議先の行",
    subject=Subject.POST,
    rows=lambda: AuthorityConsult.objects.filter(
        Q(rule__valid_to__isnull=True) | Q(rule__valid_to__gte=clock.today())
    ).select_related("rule", "rule__matter"),
    path="post_id",
    item=lambda row: HandoverItem(f"{row.rule.matter.name}（{row.rule.clause}）", reverse("approvals-staff:rules")),
    moves="当日の朝、{heir}への合議になります。",
    breaks="その合議がなくなります。",
    stops=False,
    unique=("rule_id",),
)

KINDS = {
    "approvals.under_way": UNDER_WAY,
    "approvals.drafters": DRAFTERS,
    "approvals.steps": STEPS,
    "approvals.readers": READERS,
    "approvals.reviews": REVIEWS,
    "approvals.grants_of": GRANTS_OF,
    "approvals.grants_acting": GRANTS_ACTING,
    "approvals.consults": CONSULTS,
}


def broken_rules(change: Reorganised) -> Sequence[Finding]:
    """What the linter says of the version in force on the day against the new organisation, and did not say before."""
    pack = pack_on(change.on)
    if pack is None:
        return ()
    document = document_of(pack)
    after = Organisation(
        tuple(PostFact(post.name, post.department, post.rank, post.is_held) for post in change.posts_after),
        frozenset(word for each in change.departments_after for word in (each.name, each.code)),
    )
    known = {(each.code, each.sentence) for each in lint(document, organisation_on(clock.today()))}
    url = reverse("approvals-staff:rule-pack", args=[pack.id])
    return [
        Finding(
            sentence=f"規程パック：{each.sentence}",
            proposal=_mend(each.mend, change),
            is_broken=True,
            items=(HandoverItem(f"{pack.label}（{pack.title}）", url),),
        )
        for each in lint(document, after)
        if (each.code, each.sentence) not in known
    ]


def _mend(mend: str, change: Reorganised) -> str:
    return f"{mend}改組に合わせた版を作り、{change.on.month}月{change.on.day}日から施行してください。"


def moved_numbers(change: Reorganised) -> Sequence[Finding]:
    """文書記号 that change: a new series begins at 1, in the middle of the year where the series does not restart that day."""
    found = []
    pack = pack_on(change.on)
    document = document_of(pack) if pack else None
    running = _running(change)
    for department_id, heir in change.departments.items():
        symbol, name = change.symbols.get(department_id, ""), change.labels[department_id]
        series = running.get(symbol, []) if symbol else []
        if heir is None or heir.symbol == symbol or not series:
            continue
        line = deciding.series_of(document, SeriesKind.DOCUMENT.value, [heir.name]) if document else None
        policy = ResetPolicy(line.reset) if line else ResetPolicy.FISCAL
        restarts = period_of(policy, change.on) != period_of(policy, clock.today())
        found.append(
            Finding(
                sentence=f"{name}の文書記号「{symbol}」が「{heir.symbol or 'なし'}」になり、番号の列が変わります。",
                proposal="新しい記号の第1号から始まります。"
                + (
                    "年度の変わり目なので、続き番号にはなりません。"
                    if restarts
                    else "年度の途中なので、その年に二つの列ができます。"
                ),
                is_broken=not heir.symbol,
                count=len(series),
                items=[
                    HandoverItem(
                        f"{each.symbol}（{SERIES_LABELS.get(each.kind, each.kind)}）",
                        note=f"今の番号 第{each.last_number}号",
                    )
                    for each in series
                ],
            )
        )
    return found


SERIES_LABELS = {"proposal": "起案番号", "document": "文書番号", "receipt": "収受番号"}


def _running(change: Reorganised) -> dict[str, list[NumberSeries]]:
    """The series of this year by the symbol of the department they belong to."""
    periods = {period_of(policy, clock.today()) for policy in ResetPolicy if policy is not ResetPolicy.SESSION}
    rows: Any = NumberSeries.objects.filter(period__in=periods, last_number__gt=0).order_by("kind", "symbol")
    found: dict[str, list[NumberSeries]] = {}
    for row in rows:
        # A series' own symbol may wrap the department's: 総, 総起, ひ総.
        for symbol in {each for each in change.symbols.values() if each and each in row.symbol}:
            found.setdefault(symbol, []).append(row)
    return found


def register() -> None:
    """Tell the simulator of reorganisations."""
    for code, kind in KINDS.items():
        register_affected(code, kind)
    register_reorganisation_check("approvals.rules", broken_rules)
    register_reorganisation_check("approvals.numbers", moved_numbers)
