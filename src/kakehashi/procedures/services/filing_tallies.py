"""始めた申請の集計: how many were begun, how far they came, how many were handed in. Counts only, kept before a draft is forgotten.

Handing in asks and writes nothing for this: the draft outlives the application it became, and the worker reads both.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, When
from django.db.models.functions import TruncDate

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import compiled_form, open_answers, visible_steps
from kakehashi.kernel import clock
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.filing_steps import Walk, walk_of
from kakehashi.procedures.models import Application, Draft, FilingTally

__all__ = ["QUIET_DAYS", "count_filings", "keep_tallies"]

QUIET_DAYS = 7
"""A draft nobody touched for so long counts as given up; whoever goes on with it takes that back."""

_CHUNK = 2000
_LOT = ("procedure_id", "form_version_id", "day", "language", "device", "done_steps", "is_handed_in", "is_touched")
_COLUMNS = ("procedure_id", "form_version_id", "done_steps", "language", "device", "idempotency_key", "created_at",
            "updated_at", "answers")  # fmt: skip


class _Key(NamedTuple):
    procedure_id: UUID
    version: int
    day: dt.date
    language: str
    device: str


@service
def keep_tallies(*, drafts: Sequence[Draft]) -> None:
    """Count for good the drafts that are about to be forgotten; the caller forgets them in the same transaction."""
    own = [each for each in drafts if each.correction_id is None and each.typed_by_id is None]
    for key, count in _over(own).items():
        FilingTally.objects.bulk_create([FilingTally(**key._asdict())], ignore_conflicts=True)
        kept = FilingTally.objects.select_for_update().get(**key._asdict(), is_live=False)
        kept.submitted, kept.stopped = kept.submitted + count.submitted, kept.stopped + count.stopped
        for step, numbers in count.steps.items():
            kept.steps[step] = [a + b for a, b in zip(kept.steps.get(step, [0, 0, 0]), numbers, strict=True)]
        kept.save(update_fields=["submitted", "stopped", "steps"])


@service
def count_filings() -> int:
    """Count anew the drafts that are there, in place of the last count; called by the worker. Returns how many were counted.

    The database counts drafts that stand at the same place together. Only those are read one by one whose answers decide which steps
    there are: drafts not handed in of a form with conditional steps.
    """
    found, counted = dict[_Key, FilingTally](), 0
    lots = _lots()
    versions = _Versions(each["form_version_id"] for each in lots)
    told_by_answers = {id_ for id_, version in versions.items() if _has_conditions(version)}
    for lot in lots:
        if lot["form_version_id"] in told_by_answers and not lot["is_handed_in"]:
            continue
        version, counted = versions[lot["form_version_id"]], counted + lot["drafts"]
        key = _Key(lot["procedure_id"], version.number, lot["day"], lot["language"], lot["device"])
        walk = _walk(version, lot["done_steps"], None, is_submitted=lot["is_handed_in"])
        tally = found.setdefault(key, FilingTally(**key._asdict(), is_live=True))
        _add(tally, walk, lot["drafts"], is_submitted=lot["is_handed_in"], is_open=lot["is_touched"])
    counted += sum(_counted(chunk, into=found) for chunk in _chunks(told_by_answers))
    FilingTally.objects.filter(is_live=True).delete()
    FilingTally.objects.bulk_create(found.values(), batch_size=1000)
    return counted


def _own() -> Any:
    """Drafts of residents' own new applications, with whether they were handed in and touched lately."""
    handed_in = Application.objects.filter(idempotency_key=OuterRef("idempotency_key"))
    rows = Draft.objects.filter(correction__isnull=True, typed_by__isnull=True).order_by()
    return rows.annotate(
        is_handed_in=Exists(handed_in),
        is_touched=Case(When(updated_at__gte=_quiet_since(), then=True), default=False, output_field=BooleanField()),
        day=TruncDate("created_at", tzinfo=clock.JST),
    )


def _lots() -> list[dict[str, Any]]:
    """How many drafts stand at the same place; as many rows as there are places, not as many as there are drafts."""
    return list(_own().values(*_LOT).annotate(drafts=Count("id")))


def _chunks(versions: Collection[UUID]) -> Iterator[list[Draft]]:
    """The drafts that have to be read, some thousand at a time."""
    if not versions:
        return
    rows = _own().filter(form_version_id__in=versions, is_handed_in=False).only(*_COLUMNS).order_by("id")
    read = rows.iterator(_CHUNK)
    while chunk := list(islice(read, _CHUNK)):
        yield chunk


def _quiet_since() -> dt.datetime:
    return clock.now() - dt.timedelta(days=QUIET_DAYS)


def _counted(chunk: Sequence[Draft], *, into: dict[_Key, FilingTally]) -> int:
    """Add drafts that were not handed in to the count. Returns how many."""
    versions = _Versions(each.form_version_id for each in chunk)
    for draft in chunk:
        version = versions[draft.form_version_id]
        key = _key(draft, version)
        walk = _walk(version, draft.done_steps, draft.answers, is_submitted=False)
        tally = into.setdefault(key, FilingTally(**key._asdict(), is_live=True))
        _add(tally, walk, 1, is_submitted=False, is_open=draft.updated_at >= _quiet_since())
    return len(chunk)


def _over(drafts: Sequence[Draft]) -> dict[_Key, FilingTally]:
    """Count drafts that end now: what was not handed in is given up."""
    found = dict[_Key, FilingTally]()
    handed_in = set(
        Application.objects.filter(idempotency_key__in=[each.idempotency_key for each in drafts]).values_list(
            "idempotency_key", flat=True
        )
    )
    versions = _Versions(each.form_version_id for each in drafts)
    for draft in drafts:
        version, is_submitted = versions[draft.form_version_id], draft.idempotency_key in handed_in
        key = _key(draft, version)
        walk = _walk(version, draft.done_steps, draft.answers, is_submitted=is_submitted)
        tally = found.setdefault(key, FilingTally(**key._asdict(), is_live=False))
        _add(tally, walk, 1, is_submitted=is_submitted, is_open=False)
    return found


def _key(draft: Draft, version: FormVersion) -> _Key:
    day = draft.created_at.astimezone(clock.JST).date()
    return _Key(draft.procedure_id, version.number, day, draft.language, draft.device)


def _add(tally: FilingTally, walk: Walk, drafts: int, *, is_submitted: bool, is_open: bool) -> None:
    if is_submitted:
        tally.submitted += drafts
    elif is_open:
        tally.open += drafts
        tally.steps.setdefault(walk.stands_at, [0, 0, 0])[2] += drafts
        return
    else:
        tally.stopped += drafts
    for step in walk.reached:
        tally.steps.setdefault(step, [0, 0, 0])[0] += drafts
    if walk.stands_at:
        tally.steps[walk.stands_at][1] += drafts


def _has_conditions(version: FormVersion) -> bool:
    return any(step.condition is not None for step in compiled_form(version).definition.steps)


def _walk(
    version: FormVersion, done: Collection[str], answers: Mapping[str, Any] | None, *, is_submitted: bool
) -> Walk:
    """The answers are opened only where they decide which steps there are; None where they do not."""
    steps = compiled_form(version).definition.steps
    if is_submitted or answers is None or not _has_conditions(version):
        keys = [step.key for step in steps if step.condition is None or step.key in done]
    else:
        keys = [step.key for step in visible_steps(version, open_answers(answers))]
    return walk_of(keys, done, is_submitted=is_submitted)


class _Versions(defaultdict[UUID, FormVersion]):
    """The versions of forms by id, read together."""

    def __init__(self, wanted: Iterable[UUID]) -> None:
        super().__init__(None, FormVersion.objects.in_bulk(list(set(wanted))))
