"""What a reorganisation moves or breaks in the rooms that the simulator does not know: records, procedures, plans, desk and more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from kakehashi.desk.models import Consultation, ConsultationDesk, SolvedCase
from kakehashi.exchange.models import Webhook
from kakehashi.indicators.models import ManualMeasure
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.hooks import (
    Affected,
    Finding,
    HandoverItem,
    Reorganised,
    Subject,
    register_affected,
    register_reorganisation_check,
)
from kakehashi.plans.models import Initiative
from kakehashi.procedures.models import Procedure, ReceptionWindow, RoutingRule, Stage
from kakehashi.records.models import RecordFile

_SHOWN = 100


def _kind(label: str, rows: Any, item: Any, **more: Any) -> Affected:
    return Affected(label=label, subject=Subject.DEPARTMENT, rows=rows, path="department_id", item=item, **more)


def _living_files() -> QuerySet[RecordFile]:
    today = clock.today()
    return RecordFile.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today))


def _file_item(row: RecordFile) -> HandoverItem:
    return HandoverItem(
        f"{fiscal_year_label(row.record_fiscal_year)} {row.name}",
        reverse("records-staff:file", args=[row.id]),
        f"満了日 {format_wareki(row.expires_on)}" if row.expires_on else "満了日は未定",
    )


def _item(url_name: str, label: str = "") -> Any:
    def describe(row: Model) -> HandoverItem:
        return HandoverItem(str(getattr(row, label) if label else row), reverse(url_name, args=[row.pk]))

    return describe


FILES = _kind(
    "簿冊（保存中）",
    _living_files,
    _file_item,
    moves="当日の朝、{heir}の管理になります。起算日も満了日も変わりません（同じ年度・同じ標準ファイルの簿冊が{heir}にあるものは、元の所属の名のまま残ります）。",
    breaks="管理する課がなくなります。",
    unique=("standard_file_id", "record_fiscal_year"),
)

PROCEDURES = _kind(
    "手続",
    lambda: Procedure.objects.exclude(stage=Stage.EXCLUDED),
    _item("procedures-staff:procedure", "name"),
    moves="当日の朝、{heir}の所管になり、新しい申請は{heir}に届きます。",
    breaks="新しい申請を受け取る課がなくなります。",
)

ROUTING = _kind(
    "申請の振り分けの決まり",
    lambda: RoutingRule.objects.select_related("procedure"),
    lambda row: HandoverItem(row.procedure.name, reverse("procedures-staff:procedure", args=[row.procedure_id])),
    breaks="その答えの申請を受け取る課がなくなります。",
)

CONSULTATIONS = _kind(
    "終わっていない相談",
    lambda: Consultation.objects.filter(case__closed_at__isnull=True, case__isnull=False),
    _item("desk-staff:consultation", "task"),
    moves="当日の朝、{heir}からの相談になります。",
    breaks="どの課の相談か分からなくなります。",
    stops=False,
)

DESK = _kind(
    "相談窓口",
    ConsultationDesk.objects.all,
    lambda _row: HandoverItem("業務DX相談窓口", reverse("desk-staff:place")),
    moves="当日の朝、{heir}に置かれます。",
    breaks="新しい相談を受け取る課がなくなります。",
)

SOLVED = _kind(
    "解決事例",
    SolvedCase.objects.all,
    _item("desk-staff:case"),
    moves="当日の朝、{heir}の事例になります。",
    breaks="問い合わせる課がなくなります。",
    stops=False,
)

INITIATIVES = _kind(
    "計画の取組",
    Initiative.objects.all,
    _item("plans-staff:initiative", "title"),
    moves="当日の朝、{heir}の取組になります。",
    breaks="進み具合を報告する課がなくなります。",
)

MEASURES = _kind(
    "手で入れる指標",
    ManualMeasure.objects.all,
    lambda row: HandoverItem(row.label, reverse("indicators-staff:measure", args=[row.code])),
    moves="当日の朝、{heir}が入れる指標になります。過ぎた期間の値はそのままです。",
    breaks="値を入れる課がなくなります。",
    stops=False,
)

WEBHOOKS = _kind(
    "Webhookの送り先",
    Webhook.objects.all,
    _item("exchange-staff:webhook"),
    moves="当日の朝から、{heir}のものを送ります。",
    breaks="何も送られなくなります。",
    stops=False,
)

KINDS = {
    "records.files": FILES,
    "procedures.procedures": PROCEDURES,
    "procedures.routing": ROUTING,
    "desk.consultations": CONSULTATIONS,
    "desk.desk": DESK,
    "desk.solved_cases": SOLVED,
    "plans.initiatives": INITIATIVES,
    "indicators.measures": MEASURES,
    "exchange.webhooks": WEBHOOKS,
}


def old_names_on_pages(change: Reorganised) -> Sequence[Finding]:
    """問合せ先 that name a section which will not be called so any more: no program may rewrite what residents are told."""
    found = []
    for department_id, heir in change.departments.items():
        name = change.labels[department_id]
        if heir is not None and heir.name == name:
            continue
        named = list(
            Procedure.objects.filter(contact__contains=name).order_by("name").only("id", "name", "contact")[:_SHOWN]
        )
        if named:
            found.append(
                Finding(
                    sentence=f"問合せ先に「{name}」と書いた手続が{len(named)}件あります。",
                    proposal=f"当日までに「{heir.name}」に書き直してください。"
                    if heir
                    else "当日までに書き直してください。",
                    is_broken=True,
                    count=len(named),
                    items=[
                        HandoverItem(row.name, reverse("procedures-staff:procedure", args=[row.id]), row.contact)
                        for row in named
                    ],
                )
            )
    return found


def open_windows(change: Reorganised) -> Sequence[Finding]:
    """受付期間 that run across the day at a section that changes: what is filed before and after lands in two sections' hands."""
    rows = ReceptionWindow.objects.filter(procedure__department_id__in=list(change.departments)).filter(
        Q(opens_on__lt=change.on) | Q(opens_on__isnull=True), closes_on__gte=change.on
    )
    across = list(rows.select_related("procedure").order_by("closes_on")[:_SHOWN])
    if not across:
        return ()
    return [
        Finding(
            sentence=f"受付期間が{format_wareki(change.on)}をまたぐ様式が{len(across)}件あります。",
            proposal="受付は止まりません。前日までに届いた申請も、当日の朝に引継ぎ先へ移ります。窓口の案内を確かめてください。",
            is_broken=False,
            count=len(across),
            items=[
                HandoverItem(
                    row.procedure.name,
                    reverse("procedures-staff:procedure", args=[row.procedure_id]),
                    f"{format_wareki(row.closes_on)}まで",
                )
                for row in across
                if row.closes_on
            ],
        )
    ]


def register() -> None:
    """Tell the simulator what the rooms hold."""
    for code, kind in KINDS.items():
        register_affected(code, kind)
    register_reorganisation_check("procedures.contacts", old_names_on_pages)
    register_reorganisation_check("procedures.windows", open_windows)
