"""Reads of the questions after 30 and 90 days."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, DecimalField, ExpressionWrapper, F, Q, QuerySet, Value, When

from kakehashi.desk.domain.effect import TIMES_A_YEAR
from kakehashi.desk.models import Consultation, EffectCheck
from kakehashi.kernel.errors import NotFound

EFFECT_TABS = {"open": "回答待ち", "answered": "回答済み", "lapsed": "回答なし", "all": "すべて"}
_HOURS: DecimalField[object, object] = DecimalField(max_digits=14, decimal_places=1)


def effect_checks(tab: str = "all") -> QuerySet[EffectCheck]:
    """Return the questions of one tab, with what they are about."""
    rows: QuerySet[EffectCheck] = EffectCheck.objects.select_related("consultation__department", "asked_of")
    wanted = {
        "open": Q(answered_at__isnull=True, lapsed_at__isnull=True),
        "answered": Q(answered_at__isnull=False),
        "lapsed": Q(lapsed_at__isnull=False),
    }
    return rows.filter(wanted[tab]) if tab in wanted else rows


def get_effect_check(check_id: UUID) -> EffectCheck:
    """Return one question. Raises NotFound."""
    found = effect_checks().filter(id=check_id).first()
    if found is None:
        raise NotFound
    return found


def checks_of(consultation: Consultation) -> QuerySet[EffectCheck]:
    """Return what was asked about one consultation, in its order."""
    rows: QuerySet[EffectCheck] = consultation.effect_checks.select_related("asked_of").order_by("after_days")
    return rows


def with_hours(rows: QuerySet[EffectCheck]) -> QuerySet[EffectCheck]:
    """Return the measured answers among the rows, with `hours` a year released now."""
    times = Case(
        *(When(consultation__frequency=f.value, then=Value(n)) for f, n in TIMES_A_YEAR.items()), default=Value(1)
    )
    before = F("consultation__minutes_each") * F("consultation__count") * times
    return rows.filter(
        answered_at__isnull=False, minutes__isnull=False, cases__isnull=False,
        consultation__count__isnull=False, consultation__minutes_each__isnull=False,
    ).annotate(
        hours=ExpressionWrapper((before - F("minutes") * F("cases")) / Value(60), output_field=_HOURS)
    )  # fmt: skip
