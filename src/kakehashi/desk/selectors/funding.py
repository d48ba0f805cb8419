"""Reads of funding schemes and of where they are used."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kakehashi.desk.domain.funding import matching
from kakehashi.desk.models import Consultation, FundingScheme, FundingUse
from kakehashi.kernel import clock
from kakehashi.kernel.errors import NotFound

FUNDING_TABS = {"open": "使える", "closed": "受付終了", "retired": "使わない", "all": "すべて"}


def schemes(tab: str = "all", query: str = "") -> QuerySet[FundingScheme]:
    """Return schemes by tab and by a part of what they say; `use_count` counts our uses."""
    rows: QuerySet[FundingScheme] = FundingScheme.objects.annotate(use_count=Count("uses"))
    today = clock.today()
    wanted = {
        "open": Q(retired_at__isnull=True) & (Q(apply_until__isnull=True) | Q(apply_until__gte=today)),
        "closed": Q(retired_at__isnull=True, apply_until__lt=today),
        "retired": Q(retired_at__isnull=False),
    }
    rows = rows.filter(wanted[tab]) if tab in wanted else rows
    if word := query.strip():
        rows = rows.filter(
            Q(name__icontains=word) | Q(provider__icontains=word) | Q(covers__icontains=word) | Q(words__icontains=word)
        )
    return rows


def get_scheme(scheme_id: UUID) -> FundingScheme:
    """Return one scheme. Raises NotFound."""
    found = schemes().filter(id=scheme_id).first()
    if found is None:
        raise NotFound
    return found


def get_funding_use(use_id: UUID) -> FundingUse:
    """Return one use of a scheme. Raises NotFound."""
    found: FundingUse | None = FundingUse.objects.select_related("scheme", "consultation").filter(id=use_id).first()
    if found is None:
        raise NotFound
    return found


def uses_of(consultation: Consultation) -> QuerySet[FundingUse]:
    """Return what pays, or may pay, for one solution."""
    rows: QuerySet[FundingUse] = (
        FundingUse.objects.filter(consultation=consultation).select_related("scheme").order_by("created_at")
    )
    return rows


def schemes_for(consultation: Consultation, limit: int = 5) -> list[tuple[FundingScheme, list[str]]]:
    """Return open schemes that share words with a consultation and are not used for it yet, each with those words."""
    used = FundingUse.objects.filter(consultation=consultation).values("scheme_id")
    rows = list(schemes("open").exclude(id__in=used).order_by("apply_until", "name")[:300])
    text = f"{consultation.task}\n{consultation.problem}\n{consultation.purpose}\n{consultation.desired_state}"
    return matching(rows, text)[:limit]
