"""Measures that a town keeps by hand."""

from __future__ import annotations

from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.models import ManualMeasure
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department


@service
def define_measure(
    *,
    actor: Actor,
    label: str,
    unit: str,
    direction: Direction,
    formula_text: str,
    source: str,
    definition: str = "",
    denominator_policy: str = "",
    department: Department | None = None,
) -> ManualMeasure:
    """Make a measure whose values people enter, and write `indicators.measure.defined`.

    Name, unit, formula and source are required: without them two readers would count differently.
    Raises PermissionRefused, and DomainError beside the field that is missing.
    """
    require(actor, IndicatorsPermission.DEFINE)
    for field, text in (("label", label), ("unit", unit), ("formula_text", formula_text), ("source", source)):
        if not text.strip():
            raise DomainError("この欄は必ず書いてください。", field=field, code="required")
    measure = ManualMeasure.objects.create(
        label=label.strip(),
        unit=unit.strip(),
        direction=direction,
        formula_text=formula_text.strip(),
        source=source.strip(),
        definition=definition.strip(),
        denominator_policy=denominator_policy.strip(),
        department=department,
    )
    record_event(
        actor=actor,
        code="indicators.measure.defined",
        subject_kind="indicators.manual_measure",
        subject_id=measure.id,
        payload={"label": measure.label, "unit": measure.unit, "formula": measure.formula_text},
    )
    return measure
