"""Numbers that moved with no rows behind them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from kakehashi.indicators.models import Anomaly


def open_anomalies() -> QuerySet[Anomaly]:
    """Those nobody explained yet, the newest first."""
    return Anomaly.objects.filter(explained_at__isnull=True).order_by("-noticed_at", "-id")


def anomalies_of(code: str) -> list[Anomaly]:
    """Those of one measure with their explanations, the newest first; fifty at most."""
    return list(Anomaly.objects.filter(measure_code=code).order_by("-noticed_at", "-id")[:50])


def anomalies_among(codes: Sequence[str], most: int = 500) -> list[Anomaly]:
    """Those of some measures, explained or not, the newest first."""
    return list(Anomaly.objects.filter(measure_code__in=codes).order_by("-noticed_at", "-id")[:most])
