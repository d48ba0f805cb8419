"""What a reorganisation breaks that is not a row of its own: names in texts, windows and reports that run across the day."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.hooks import Finding, HandoverItem, Reorganised
from kakehashi.plans.models import ReviewLine
from kakehashi.procedures.models import Procedure, ReceptionWindow

_SHOWN = 100


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


def reports_due(change: Reorganised) -> Sequence[Finding]:
    """見直し that were opened and not written by a section that ends: the section that follows writes of a time it did not see."""
    waiting = ReviewLine.objects.filter(
        written_at__isnull=True, review__closed_at__isnull=True, initiative__department_id__in=list(change.departments)
    )
    lines = list(
        waiting.select_related("review", "initiative__department").order_by("review__fiscal_year", "id")[:_SHOWN]
    )
    if not lines:
        return ()
    return [
        Finding(
            sentence=f"書いていない計画の見直しが{len(lines)}件あります。",
            proposal=f"{format_wareki(change.on)}の前日までに書くと、そのときの課の言葉で残ります。過ぎると、引継ぎ先の課が書きます。",
            is_broken=False,
            count=len(lines),
            items=[
                HandoverItem(
                    f"{line.review.label}　{line.initiative.title}",
                    reverse("plans-staff:review-line", args=[line.id]),
                    line.initiative.department.name if line.initiative.department else "",
                )
                for line in lines
            ],
        )
    ]
