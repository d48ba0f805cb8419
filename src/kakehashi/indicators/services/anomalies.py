"""Numbers that moved with no rows behind them: noticed when snapshots are taken, open until somebody explains them."""

from __future__ import annotations

from collections.abc import Sequence

from kakehashi.indicators.domain.anomalies import AnomalyKind
from kakehashi.indicators.models import Anomaly
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id


def note_anomalies(found: Sequence[Anomaly]) -> int:
    """Keep what was noticed and is not open yet, each with `indicators.anomaly.noticed`; in the open scope, called by the worker."""
    if not found:
        return 0
    open_ones = set(
        Anomaly.objects.filter(explained_at__isnull=True).values_list(
            "measure_code", "period_kind", "period_first", "kind"
        )
    )
    new = [one for one in found if (one.measure_code, one.period_kind, one.period_first, one.kind) not in open_ones]
    actor = system_actor(current_government_id(), "システム")
    for one in new:
        one.save(force_insert=True)
        record_event(
            actor=actor,
            code="indicators.anomaly.noticed",
            subject_kind="indicators.anomaly",
            subject_id=one.id,
            payload={
                "measure": one.measure_code,
                "period": one.period.code,
                "kind": one.kind,
                "former": None if one.former is None else str(one.former),
                "present": None if one.present is None else str(one.present),
            },
        )
    return len(new)


@service
def explain_anomaly(*, actor: Actor, anomaly: Anomaly, explanation: str) -> Anomaly:
    """Say why a number moved, and write `indicators.anomaly.explained`; the explanation stays beside the series.

    Raises PermissionRefused, and DomainError without words.
    """
    require(actor, IndicatorsPermission.APPROVE)
    anomaly = Anomaly.objects.select_for_update(of=("self",)).get(id=anomaly.id)
    if anomaly.explained_at is not None:
        return anomaly
    if not explanation.strip():
        raise DomainError("なぜ動いたかを書いてください。", field="explanation", code="required")
    anomaly.explanation, anomaly.explained_by = explanation.strip(), actor.label
    anomaly.explained_at = clock.now()
    anomaly.save(update_fields=["explanation", "explained_by", "explained_at"])
    record_event(
        actor=actor,
        code="indicators.anomaly.explained",
        subject_kind="indicators.anomaly",
        subject_id=anomaly.id,
        payload={
            "measure": anomaly.measure_code,
            "kind": AnomalyKind(anomaly.kind).value,
            "words": anomaly.explanation,
        },
    )
    return anomaly
