"""What approvals lets be counted: the paperless rate and the days to a decision."""

from __future__ import annotations

from django.db.models import DurationField, ExpressionWrapper, F, FloatField, QuerySet
from django.db.models.functions import Extract
from django.urls import reverse

from kakehashi.approvals.models import Proposal
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
