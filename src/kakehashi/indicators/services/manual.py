"""Measures that a town keeps by hand."""

from __future__ import annotations

from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.models import ManualMeasure, MeasureDefinition
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
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
    due_days: int = 60,
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
        due_days=due_days,
    )
    _keep_definition(measure, "")
    record_event(
        actor=actor,
        code="indicators.measure.defined",
        subject_kind="indicators.manual_measure",
        subject_id=measure.id,
        payload={"label": measure.label, "unit": measure.unit, "formula": measure.formula_text},
    )
    return measure


@service
def redefine_measure(
    *,
    actor: Actor,
    measure: ManualMeasure,
    formula_text: str,
    unit: str,
    source: str,
    reason: str,
    denominator_policy: str = "",
) -> ManualMeasure:
    """Count a measure in another way from now on: the next version of its definition, and `indicators.measure.redefined`.

    Values of the former versions stay as they are, as series of their own. Raises PermissionRefused, and DomainError without a
    reason, for an empty field, or when nothing differs.
    """
    require(actor, IndicatorsPermission.DEFINE)
    measure = ManualMeasure.objects.select_for_update(of=("self",)).get(id=measure.id)
    new = {"formula_text": formula_text, "unit": unit, "source": source, "denominator_policy": denominator_policy}
    new = {key: text.strip() for key, text in new.items()}
    for field in ("formula_text", "unit", "source"):
        if not new[field]:
            raise DomainError("この欄は必ず書いてください。", field=field, code="required")
    if all(getattr(measure, key) == text for key, text in new.items()):
        raise DomainError("変わったところがありません。", field="formula_text", code="unchanged")
    if not reason.strip():
        raise DomainError("改める理由を書いてください。", field="reason", code="required")
    former = {key: getattr(measure, key) for key in new}
    for key, text in new.items():
        setattr(measure, key, text)
    measure.version += 1
    measure.save(update_fields=[*new, "version"])
    _keep_definition(measure, reason.strip())
    record_event(
        actor=actor,
        code="indicators.measure.redefined",
        subject_kind="indicators.manual_measure",
        subject_id=measure.id,
        payload={"version": measure.version, "from": former, "to": new, "reason": reason.strip()},
    )
    return measure


def _keep_definition(measure: ManualMeasure, reason: str) -> None:
    MeasureDefinition.objects.create(
        measure_code=measure.code,
        version=measure.version,
        label=measure.label,
        unit=measure.unit,
        formula_text=measure.formula_text,
        policy_text=measure.denominator_policy,
        reason=reason,
        since=clock.today(),
    )
