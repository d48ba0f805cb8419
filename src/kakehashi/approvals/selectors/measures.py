"""What approvals lets be counted: the paperless rate and the days to a decision."""

from __future__ import annotations

from django.db.models import DurationField, ExpressionWrapper, F, FloatField, QuerySet
from django.db.models.functions import Extract
from django.urls import reverse

from kakehashi.approvals.domain.states import StepKind
from kakehashi.approvals.models import Opinion, OpinionKind, Proposal, ProposalStep
from kakehashi.indicators.hooks import Column, Direction, Measure, Period, Statistic

SECONDS_A_DAY = 86_400.0

COLUMNS = (
    Column("起案番号", lambda row: row.number),
    Column("件名", lambda row: row.subject),
    Column("起案日", lambda row: row.submitted_at),
    Column("決裁日", lambda row: row.decided_at),
    Column("決裁区分", lambda row: row.get_basis_display()),
    Column("紙による理由", lambda row: row.paper_route_reason),
)


def decided_in(period: Period) -> QuerySet[Proposal]:
    """Proposals decided in a period, on paper or not."""
    return Proposal.objects.filter(decided_at__gte=period.start_at, decided_at__lt=period.end_at).select_related(
        "department"
    )


def decided_electronically_in(period: Period) -> QuerySet[Proposal]:
    """Those of them that needed no paper."""
    return decided_in(period).filter(paper_route_reason="")


def decided_with_days(period: Period) -> QuerySet[Proposal]:
    """Decided proposals with `days`: from submission to decision, as a decimal number of days."""
    took = ExpressionWrapper(F("decided_at") - F("submitted_at"), output_field=DurationField())
    return decided_in(period).annotate(
        days=ExpressionWrapper(Extract(took, "epoch") / SECONDS_A_DAY, output_field=FloatField())
    )


def _row_url(row: Proposal) -> str:
    return reverse("approvals-staff:proposal", args=[row.id])


PAPERLESS_RATE = Measure(
    code="approvals.paperless_rate",
    label="電子決裁率",
    unit="%",
    direction=Direction.UP,
    formula_text="紙を使わずに決裁した件数 ÷ 決裁した件数（紙で決裁したものは理由を付けて登録する）",
    version=1,
    numerator=decided_electronically_in,
    denominator=decided_in,
    row_columns=COLUMNS,
    row_url=_row_url,
    department_path="department",
    numerator_label="電子で決裁した件数",
    denominator_label="決裁した件数",
)

DAYS_TO_DECISION = Measure(
    code="approvals.days_to_decision",
    label="決裁日数（中央値）",
    unit="日",
    direction=Direction.DOWN,
    formula_text="回議に出してから決裁までの日数の中央値（休日を含む）",
    version=1,
    numerator=decided_with_days,
    statistic=Statistic.MEDIAN,
    value="days",
    row_columns=(*COLUMNS, Column("日数", lambda row: round(row.days, 1))),
    row_url=_row_url,
    department_path="department",
)


def returned_in(period: Period) -> QuerySet[Proposal]:
    """Decided proposals that came back at least once on their road."""
    return decided_in(period).filter(id__in=Opinion.objects.filter(kind=OpinionKind.RETURN).values("proposal_id"))


RETURNED_RATE = Measure(
    code="approvals.returned_rate",
    label="差戻しのあった割合",
    unit="%",
    direction=Direction.DOWN,
    formula_text="一度でも差し戻された件数 ÷ 決裁した件数",
    version=1,
    numerator=returned_in,
    denominator=decided_in,
    row_columns=COLUMNS,
    row_url=_row_url,
    department_path="department",
    numerator_label="差し戻された件数",
    denominator_label="決裁した件数",
)


def consulted_in(period: Period) -> QuerySet[ProposalStep]:
    """Boxes of 合議 on proposals decided in a period."""
    return ProposalStep.objects.filter(
        kind=StepKind.CONSULT.value,
        acted_at__isnull=False,
        carried_round__isnull=True,
        proposal__decided_at__gte=period.start_at,
        proposal__decided_at__lt=period.end_at,
    ).select_related("proposal")


def consulted_in_silence(period: Period) -> QuerySet[ProposalStep]:
    """Those of them where nothing was said."""
    said = Opinion.objects.filter(step_id__isnull=False, step__kind=StepKind.CONSULT.value).values("step_id")
    return consulted_in(period).exclude(id__in=said)


SILENT_CONSULTS = Measure(
    code="approvals.silent_consults",
    label="意見の付かなかった合議の割合",
    unit="%",
    direction=Direction.DOWN,
    formula_text="意見の付かなかった合議の枠 ÷ 合議の枠（供覧で足りる合議を見つける手がかり。職や人の評価ではない）",
    version=1,
    numerator=consulted_in_silence,
    denominator=consulted_in,
    row_columns=(
        Column("起案番号", lambda row: row.proposal.number),
        Column("件名", lambda row: row.proposal.subject),
        Column("合議先の職", lambda row: row.post_label),
        Column("合議した日", lambda row: row.acted_at),
    ),
    row_url=lambda row: reverse("approvals-staff:proposal", args=[row.proposal_id]),
    department_path="proposal__department",
    numerator_label="意見の付かなかった合議の枠",
    denominator_label="合議の枠",
)
