"""What an initiative is measured by, and its targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kakehashi.indicators.selectors import NoSuchMeasure, describe
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.plans.domain.attainment import AttainmentPolicy
from kakehashi.plans.domain.targets import TargetMethod, scheduled
from kakehashi.plans.models import IndicatorKind, IndicatorTarget, Initiative, PlanIndicator, WordResult
from kakehashi.plans.permissions import PlansPermission

_LARGEST = Decimal(10) ** 13


@service
def attach_indicator(
    *,
    actor: Actor,
    initiative: Initiative,
    measure_code: str = "",
    label: str = "",
    attainment_policy: AttainmentPolicy = AttainmentPolicy.RATIO,
    baseline: Decimal | None = None,
    baseline_year: int | None = None,
    baseline_note: str = "",
) -> PlanIndicator:
    """Measure an initiative by a measure, or (without a code) by words with a date; write `plans.indicator.attached`.

    Raises PermissionRefused, and DomainError for an unknown measure, one that is attached already, words without a name, or
    attainment by progress without a baseline.
    """
    require(actor, PlansPermission.EDIT)
    # Two people who attach the same measure at once wait for each other.
    Initiative.objects.select_for_update(of=("self",)).get(id=initiative.id)
    kind = IndicatorKind.NUMBER if measure_code else IndicatorKind.WORDS
    if measure_code:
        _check_measure(initiative, measure_code)
    elif not label.strip():
        raise DomainError("言葉で示す指標には名前が必要です。", field="label", code="required")
    if attainment_policy is AttainmentPolicy.PROGRESS and baseline is None:
        raise DomainError("この決め方には基準値が必要です。", field="baseline", code="required")
    indicator = PlanIndicator.objects.create(
        initiative=initiative,
        kind=kind,
        measure_code=measure_code,
        label=label.strip(),
        attainment_policy=attainment_policy,
        baseline=_sound(baseline, "baseline"),
        baseline_year=baseline_year,
        baseline_note=baseline_note.strip(),
    )
    _record(actor, indicator, "plans.indicator.attached", {"initiative": str(initiative.id), "measure": measure_code})
    return indicator


@service
def detach_indicator(*, actor: Actor, indicator: PlanIndicator) -> None:
    """Take an indicator off its initiative, targets and all, and write `plans.indicator.detached` with what they were."""
    require(actor, PlansPermission.EDIT)
    targets = {str(target.fiscal_year): str(target.value or target.words) for target in indicator.targets.all()}
    payload: dict[str, object] = {"measure": indicator.measure_code, "label": indicator.label, "targets": targets}
    _record(actor, indicator, "plans.indicator.detached", payload)
    indicator.delete()


@service
def set_targets(
    *,
    actor: Actor,
    indicator: PlanIndicator,
    values: Mapping[int, Decimal | None],
    words: Mapping[int, str] | None = None,
    method: TargetMethod = TargetMethod.MANUAL,
    places: int = 1,
) -> list[IndicatorTarget]:
    """Set the yearly targets of an indicator: a number or words per fiscal year; neither removes the target of that year.

    With LINEAR or STEP the years between the given numbers are drawn from them (rounded half up to `places`), and marked so.
    Years that are not named stay. Writes one `plans.target.set` with the former and the new targets when anything changed.
    Raises PermissionRefused, and DomainError for a year outside the plan or a number that is too large.
    """
    require(actor, PlansPermission.EDIT)
    PlanIndicator.objects.select_for_update(of=("self",)).get(id=indicator.id)
    said = words or {}
    years = set(values) | set(said)
    plan = indicator.initiative.program.policy.plan
    outside = [year for year in years if year not in plan.years]
    if outside:
        raise DomainError(f"計画の期間({plan.years_label})の外の年度です。", field=f"target_{outside[0]}")
    given = values
    if method is not TargetMethod.MANUAL and indicator.kind == IndicatorKind.NUMBER:
        values = scheduled(given, plan.years, method, places)
        years |= set(values)
    if indicator.target_method != method:
        indicator.target_method = method
        indicator.save(update_fields=["target_method"])
    before = {target.fiscal_year: target for target in IndicatorTarget.objects.filter(indicator=indicator)}
    changes: dict[str, list[str]] = {}
    for year in sorted(years):
        value, text = _sound(values.get(year), f"target_{year}"), said.get(year, "").strip()
        former = before.get(year)
        old = "" if former is None else f"{former.value.normalize():f}" if former.value is not None else former.words
        new = f"{value.normalize():f}" if value is not None else text
        derived = value is not None and given.get(year) is None
        if old != new:
            changes[str(year)] = [old, new]
        if old != new or (former is not None and former.is_derived != derived):
            _put(indicator, year, former, (value, text, derived))
    if changes:
        _record(actor, indicator, "plans.target.set", {"targets": changes, "method": method.value})
    return list(IndicatorTarget.objects.filter(indicator=indicator).order_by("fiscal_year"))


@service
def record_words(*, actor: Actor, indicator: PlanIndicator, reached_on: date, text: str) -> WordResult:
    """Record a result in words with its day, and write `plans.words.recorded`. Raises PermissionRefused, DomainError without text."""
    require(actor, PlansPermission.REPORT)
    if not text.strip():
        raise DomainError("何ができたかを書いてください。", field="text", code="required")
    result = WordResult.objects.create(
        indicator=indicator, reached_on=reached_on, text=text.strip(), recorded_by=actor.label
    )
    _record(actor, indicator, "plans.words.recorded", {"on": reached_on.isoformat(), "text": result.text})
    return result


def _check_measure(initiative: Initiative, measure_code: str) -> None:
    try:
        describe(measure_code)
    except NoSuchMeasure:
        raise DomainError("この指標はありません。", field="measure_code", code="unknown") from None
    if PlanIndicator.objects.filter(initiative=initiative, measure_code=measure_code).exists():
        raise DomainError("この指標はこの取組に付いています。", field="measure_code", code="duplicate")


def _put(
    indicator: PlanIndicator, year: int, former: IndicatorTarget | None, wanted: tuple[Decimal | None, str, bool]
) -> None:
    value, text, derived = wanted
    if value is None and not text:
        if former is not None:
            former.delete()
        return
    target = former or IndicatorTarget(indicator=indicator, fiscal_year=year)
    target.value, target.words, target.is_derived = value, "" if value is not None else text, derived
    target.save()


def _sound(number: Decimal | None, field: str) -> Decimal | None:
    if number is None:
        return None
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise DomainError("大きすぎるか、数ではない値です。", field=field)
    return number.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _record(actor: Actor, indicator: PlanIndicator, code: str, payload: dict[str, object]) -> None:
    record_event(actor=actor, code=code, subject_kind="plans.indicator", subject_id=indicator.id, payload=dict(payload))
