"""What a municipality shows to its prefecture and to the prefecture's other towns: chosen by it, renewed by the worker, taken back at any time."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from kakehashi.indicators.models import RecordedValue
from kakehashi.indicators.selectors import Described, all_measures
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.plans.domain.sharing import Reach, column_key, kind_subject, reach_of
from kakehashi.plans.models import SharedFigure, SharedMeasure, SharingChoice, SharingRenewal
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.sharing import audience_here, sharing_choices

_COPIED = ("state", "value", "numerator", "denominator", "unknown_count", "finality", "revision", "recorded_at")


@service
def choose_sharing(*, actor: Actor, choices: Mapping[str, Reach | None]) -> int:
    """Choose, for kinds (`kind:room`) and indicators (their code), how far the sums go; None takes a choice back.

    What is no longer shared is gone from the others' pages at once, history included. Nothing changes, nothing is written.
    Writes `plans.sharing.chosen`; returns how many choices changed. Raises PermissionRefused, DomainError for an unknown subject.
    """
    require(actor, PlansPermission.SHARE)
    measures = all_measures()
    known = {one.code for one in measures} | {kind_subject(one.room) for one in measures}
    if set(choices) - known:
        raise DomainError("一覧にない指標です。", field="choices")
    before = sharing_choices()
    changed = {key: wanted for key, wanted in choices.items() if before.get(key) != wanted}
    if not changed:
        return 0
    SharingChoice.objects.filter(subject__in=changed).delete()
    SharingChoice.objects.bulk_create(
        [
            SharingChoice(
                subject=subject,
                is_shared=wanted is not Reach.NONE,
                for_towns=wanted is Reach.TOWNS,
                chosen_by=actor.label[:200],
            )
            for subject, wanted in changed.items()
            if wanted is not None
        ]
    )
    record_event(
        actor=actor,
        code="plans.sharing.chosen",
        subject_kind="plans.sharing",
        subject_id=current_government_id(),
        payload={"choices": {subject: wanted.value if wanted else None for subject, wanted in changed.items()}},
    )
    renew_shared_figures()
    return len(changed)


@service
def renew_shared_figures() -> int:
    """Publish what is shared as it stands now and take back what is not; return how many copies were written.

    Only the current values of the whole government are copied. Run by the worker in each municipality's scope, and after a choice.
    """
    mine, audience = current_government_id(), audience_here()
    newest = RecordedValue.objects.order_by("-id").values_list("id", flat=True).first()
    SharingRenewal.objects.update_or_create(defaults={"renewed_at": clock.now(), "last_record_id": newest})
    if audience is None:
        SharedFigure.objects.filter(origin_id=mine).delete()
        SharedMeasure.objects.filter(origin_id=mine).delete()
        return 0
    for model in (SharedFigure, SharedMeasure):
        model.objects.filter(origin_id=mine).exclude(audience_id=audience.id).update(audience_id=audience.id)
    choices, shared = sharing_choices(), {}
    described: dict[str, SharedMeasure] = {}
    for one in all_measures():
        row = _described(one, audience.id, reach_of(one.code, one.room, choices))
        if row.key not in described or not described[row.key].is_shared:
            described[row.key] = row
        if row.is_shared:
            shared[one.code] = row.key
    _write_measures(mine, described)
    own = SharedFigure.objects.filter(origin_id=mine)
    own.exclude(key__in=set(shared.values())).delete()
    towns = {row.key for row in described.values() if row.for_towns}
    own.filter(key__in=towns, for_towns=False).update(for_towns=True)
    own.filter(for_towns=True).exclude(key__in=towns).update(for_towns=False)
    return _write_figures(mine, audience.id, shared, towns)


def _described(one: Described, audience_id: UUID, reach: Reach) -> SharedMeasure:
    return SharedMeasure(
        audience_id=audience_id,
        key=column_key(one.code, one.label, one.unit, is_manual=one.is_manual)[:200],
        label=one.label,
        unit=one.unit,
        direction=one.direction.value,
        room=one.room,
        version=one.version,
        formula_text=one.formula_text[:1000],
        policy_text=one.policy_text[:500],
        source=one.source[:200],
        is_shared=reach is not Reach.NONE,
        for_towns=reach is Reach.TOWNS,
    )


def _write_measures(mine: UUID, described: Mapping[str, SharedMeasure]) -> None:
    fields = (
        "audience_id",
        "label",
        "unit",
        "direction",
        "room",
        "version",
        "formula_text",
        "policy_text",
        "source",
        "is_shared",
        "for_towns",
    )
    there = {row.key: row for row in SharedMeasure.objects.filter(origin_id=mine)}
    stale = [
        row
        for key, row in described.items()
        if key not in there or any(getattr(row, name) != getattr(there[key], name) for name in fields)
    ]
    SharedMeasure.objects.bulk_create(
        stale, update_conflicts=True, unique_fields=("origin_id", "key"), update_fields=fields
    )
    SharedMeasure.objects.filter(origin_id=mine).exclude(key__in=described).delete()


def _write_figures(mine: UUID, audience_id: UUID, shared: Mapping[str, str], towns: set[str]) -> int:
    copies = SharedFigure.objects.filter(origin_id=mine, record_id=OuterRef("pk"))
    new: QuerySet[RecordedValue] = RecordedValue.objects.filter(
        ~Exists(copies), measure_code__in=shared, is_current=True, department=None
    )
    rows: dict[tuple[str, str, object], SharedFigure] = {}
    for one in new.order_by("recorded_at", "id").iterator(2000):
        key = shared[one.measure_code]
        rows[key, one.period_kind, one.period_first] = SharedFigure(
            audience_id=audience_id,
            key=key,
            version=one.measure_version,
            period_kind=one.period_kind,
            period_first=one.period_first,
            value_origin=one.origin,
            record_id=one.id,
            for_towns=key in towns,
            **{name: getattr(one, name) for name in _COPIED},
        )
    if rows:
        SharedFigure.objects.bulk_create(
            rows.values(),
            batch_size=1000,
            update_conflicts=True,
            unique_fields=("origin_id", "key", "period_kind", "period_first"),
            update_fields=("audience_id", "version", "value_origin", "record_id", "for_towns", *_COPIED),
        )
        _mark_latest(mine, {key for key, _, _ in rows})
    return len(rows)


def _mark_latest(mine: UUID, keys: set[str]) -> None:
    """The newest period of each kind that has begun is what the matrix shows first."""
    own = SharedFigure.objects.filter(origin_id=mine, key__in=keys)
    place = Window(RowNumber(), partition_by=[F("key"), F("period_kind")], order_by=F("period_first").desc())
    ranked = own.filter(period_first__lte=clock.today()).annotate(place=place).filter(place=1)
    newest = set(ranked.values_list("id", flat=True))
    own.filter(is_latest=True).exclude(id__in=newest).update(is_latest=False)
    own.filter(id__in=newest, is_latest=False).update(is_latest=True)
