"""How long it takes to file a consultation: three minutes are promised, and counted."""

from __future__ import annotations

from typing import Any

from django.db.models import ExpressionWrapper, F, FloatField, QuerySet, Value
from django.db.models.functions import Extract
from django.urls import reverse

from kakehashi.desk.models import Channel, Consultation
from kakehashi.indicators.hooks import Column, Direction, Measure, Period, Statistic


def filed_on_screen(period: Period) -> QuerySet[Any]:
    """Return what was filed on the screen in the period, with `minutes` from the first key to filing.

    What was put aside as a draft for more than an hour tells nothing of the writing and is left out.
    """
    seconds = Extract(F("filed_at") - F("created_at"), "epoch")
    rows = Consultation.objects.filter(
        filed_at__gte=period.start_at, filed_at__lt=period.end_at, intakes__channel=Channel.FORM
    )
    return (
        rows.select_related("department")
        .annotate(minutes=ExpressionWrapper(seconds / Value(60.0), output_field=FloatField()))
        .filter(minutes__lte=60)
    )


MINUTES_TO_FILE = Measure(
    code="desk.minutes_to_file",
    label="相談を書くのにかかった時間",
    unit="分",
    direction=Direction.DOWN,
    formula_text="期間内に画面から出された相談について、書き始めから「相談する」までの時間（分）の中央値。1時間より長いものは含めません。",
    version=1,
    numerator=filed_on_screen,
    statistic=Statistic.MEDIAN,
    value="minutes",
    row_columns=(
        Column("業務", lambda row: row.task),
        Column("課", lambda row: row.department.name if row.department else ""),
        Column("相談した日", lambda row: row.filed_at),
        Column("分", lambda row: round(row.minutes, 1)),
    ),
    row_url=lambda row: reverse("desk-staff:consultation", args=[row.id]),
    department_path="department",
)
