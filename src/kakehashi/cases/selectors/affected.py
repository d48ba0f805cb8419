"""What of this room a reorganisation of departments moves or breaks."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from kakehashi.cases.models import Case, Inquiry, Label, MessageTemplate
from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.hooks import Affected, HandoverItem, Subject


def _open_cases() -> QuerySet[Case]:
    return Case.objects.filter(closed_at__isnull=True)


def _case_item(case: Case) -> HandoverItem:
    due = f"・期限 {format_wareki(case.due_on)}" if case.due_on else ""
    return HandoverItem(
        f"{case.number or '番号待ち'} {case.subject}",
        reverse("cases-staff:case", args=[case.id]),
        f"{case.state_label}{due}",
    )


def _open_inquiries() -> QuerySet[Inquiry]:
    return Inquiry.objects.filter(answered_on__isnull=True, withdrawn_at__isnull=True).select_related("case")


OPEN_CASES = Affected(
    label="処理中の案件",
    subject=Subject.DEPARTMENT,
    rows=_open_cases,
    path="department_id",
    item=_case_item,
    moves="当日の朝、担当者はそのままで{heir}の案件になります。",
    breaks="どの課の「今日の仕事」にも出なくなります。",
)

OPEN_INQUIRIES = Affected(
    label="回答していない照会",
    subject=Subject.DEPARTMENT,
    rows=_open_inquiries,
    path="department_id",
    item=lambda row: HandoverItem(
        row.case.subject,
        reverse("cases-staff:inquiry", args=[row.id]),
        f"{row.asked_from}から・期限 {format_wareki(row.due_on)}",
    ),
    moves="当日の朝、{heir}が答える照会になります。",
    breaks="答える課がなくなります。",
    unique=("case_id",),
)

LABELS = Affected(
    label="案件のラベル",
    subject=Subject.DEPARTMENT,
    rows=lambda: Label.objects.filter(retired_at__isnull=True),
    path="department_id",
    item=lambda row: HandoverItem(row.name, reverse("cases-staff:labels")),
    moves="当日の朝、{heir}のラベルになります（同じ名があれば、そちらを使います）。",
    breaks="新しい案件に付けられなくなります。",
    stops=False,
    unique=("name",),
)

TEMPLATES = Affected(
    label="連絡の文例",
    subject=Subject.DEPARTMENT,
    rows=lambda: MessageTemplate.objects.filter(retired_at__isnull=True),
    path="department_id",
    item=lambda row: HandoverItem(row.name, reverse("cases-staff:template", args=[row.id])),
    moves="当日の朝、{heir}の文例になります（同じ名があれば、そちらを使います）。",
    breaks="使われなくなります。",
    stops=False,
    unique=("purpose", "name"),
)
