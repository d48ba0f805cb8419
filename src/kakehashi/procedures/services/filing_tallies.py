"""始めた申請の集計: how many were begun, how far they came, how many were handed in. Counts only, kept before a draft is forgotten.

Handing in asks and writes nothing for this: the draft outlives the application it became, and the worker reads both.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

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
    for key, count in _counted(own, are_over=True).items():
        FilingTally.objects.bulk_create([FilingTally(**key._asdict())], ignore_conflicts=True)
        kept = FilingTally.objects.select_for_update().get(**key._asdict(), is_live=False)
        kept.submitted, kept.stopped = kept.submitted + count.submitted, kept.stopped + count.stopped
        for step, numbers in count.steps.items():
            kept.steps[step] = [a + b for a, b in zip(kept.steps.get(step, [0, 0, 0]), numbers, strict=True)]
        kept.save(update_fields=["submitted", "stopped", "steps"])


@service
def count_filings() -> int:
    """Count anew the drafts that are there, in place of the last count; called by the worker. Returns how many drafts were read."""
    rows = Draft.objects.filter(correction__isnull=True, typed_by__isnull=True).only(*_COLUMNS).order_by("id")
    read, found = 0, dict[_Key, FilingTally]()
    chunk: list[Draft] = []
    for draft in rows.iterator(_CHUNK):
        chunk.append(draft)
        if len(chunk) == _CHUNK:
            read += len(chunk)
            _counted(chunk, into=found)
            chunk = []
    _counted(chunk, into=found)
    FilingTally.objects.filter(is_live=True).delete()
    FilingTally.objects.bulk_create(found.values(), batch_size=1000)
    return read + len(chunk)


def _counted(
    drafts: Iterable[Draft], *, are_over: bool = False, into: dict[_Key, FilingTally] | None = None
) -> dict[_Key, FilingTally]:
    """Count drafts by day, procedure, version, language and device; with `are_over` what was not handed in is given up."""
    read = list(drafts)
    found = {} if into is None else into
    handed_in = set(
        Application.objects.filter(idempotency_key__in=[each.idempotency_key for each in read]).values_list(
            "idempotency_key", flat=True
        )
    )
    versions = _Versions(each.form_version_id for each in read)
    quiet_since = clock.now() - dt.timedelta(days=QUIET_DAYS)
    for draft in read:
        version = versions[draft.form_version_id]
        is_submitted = draft.idempotency_key in handed_in
        walk = _walk(draft, version, is_submitted=is_submitted)
        day = draft.created_at.astimezone(clock.JST).date()
        key = _Key(draft.procedure_id, version.number, day, draft.language, draft.device)
        tally = found.setdefault(key, FilingTally(**key._asdict(), is_live=not are_over))
        _add(tally, walk, is_submitted=is_submitted, is_open=not are_over and draft.updated_at >= quiet_since)
    return found


def _add(tally: FilingTally, walk: Walk, *, is_submitted: bool, is_open: bool) -> None:
    if is_submitted:
        tally.submitted += 1
    elif is_open:
        tally.open += 1
        tally.steps.setdefault(walk.stands_at, [0, 0, 0])[2] += 1
        return
    else:
        tally.stopped += 1
    for step in walk.reached:
        tally.steps.setdefault(step, [0, 0, 0])[0] += 1
    if walk.stands_at:
        tally.steps[walk.stands_at][1] += 1


def _walk(draft: Draft, version: FormVersion, *, is_submitted: bool) -> Walk:
    """The answers are opened only where they decide which steps there are."""
    steps = compiled_form(version).definition.steps
    if all(step.condition is None for step in steps):
        keys = [step.key for step in steps]
    elif is_submitted:
        keys = [step.key for step in steps if step.condition is None or step.key in draft.done_steps]
    else:
        keys = [step.key for step in visible_steps(version, open_answers(draft.answers))]
    return walk_of(keys, draft.done_steps, is_submitted=is_submitted)


class _Versions(defaultdict[UUID, FormVersion]):
    """The versions of forms by id, read together."""

    def __init__(self, wanted: Iterable[UUID]) -> None:
        super().__init__(None, FormVersion.objects.in_bulk(list(set(wanted))))
