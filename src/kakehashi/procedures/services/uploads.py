"""添付の片づけ: attachments that no answer has any more are let go, with the draft or after it.

An upload belongs to answers only by the id that stands in them. With a draft that is dropped go the files it names and nobody
handed in; what was uploaded and taken out again before is found by the daily sweep.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError, Q

from kakehashi.files.models import StoredFile
from kakehashi.files.services import discard_file
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.procedures.domain.names import FILE_PURPOSE_ANSWER, FILE_PURPOSE_PROTECTED
from kakehashi.procedures.models import AnswerVersion, Application, Draft

__all__ = ["discard_uploads_of", "sweep_uploads", "uploads_in"]

# A draft lives thirty days after the last touch; nothing younger than this is looked at.
_SETTLED = dt.timedelta(days=35)
_LOOKED_BACK = dt.timedelta(days=90)
_AT_ONCE = 500
_PURPOSES = (FILE_PURPOSE_ANSWER, FILE_PURPOSE_PROTECTED)


def uploads_in(value: Any) -> set[str]:
    """The ids of the files that stand somewhere in some answers."""
    if isinstance(value, Mapping):
        if {"id", "name", "size"} <= value.keys():
            return {str(value["id"])}
        return {found for item in value.values() for found in uploads_in(item)}
    if isinstance(value, list):
        return {found for item in value for found in uploads_in(item)}
    return set()


def discard_uploads_of(*, actor: Actor, drafts: Iterable[Draft]) -> int:
    """Let go of what these drafts name and no application has; give how many. The drafts themselves go afterwards."""
    count = 0
    for draft in drafts:
        named = uploads_in(draft.answers) | uploads_in(draft.typed)
        if named:
            count += _discard(actor, named - _handed_in(draft))
    return count


def _handed_in(draft: Draft) -> set[str]:
    application_id = draft.correction.application_id if draft.correction is not None else None
    kept = Q(idempotency_key=draft.idempotency_key) | Q(id=application_id)
    found: set[str] = set()
    for each in Application.objects.filter(kept).only("answers"):
        found |= uploads_in(each.answers)
        for older in AnswerVersion.objects.filter(application=each):
            found |= uploads_in(older.answers)
    return found


def sweep_uploads(*, actor: Actor) -> int:
    """Let go of old attachments that stand in no answers and in no draft; called by the worker once a day."""
    now = clock.now()
    rows = StoredFile.objects.filter(
        purpose__in=_PURPOSES, stored_at__lt=now - _SETTLED, stored_at__gt=now - _LOOKED_BACK
    )
    old = dict(rows.order_by("stored_at").values_list("id", "stored_at")[:_AT_ONCE])
    if not old:
        return 0
    return _discard(actor, {str(each) for each in old} - _named_since(min(old.values())))


def _named_since(since: dt.datetime) -> set[str]:
    """What answers and drafts of this time name. A file is in answers that were handed in or changed after it came."""
    applications = Application.objects.filter(Q(arrived_at__gte=since) | Q(corrections__answered_at__gte=since))
    found: set[str] = set()
    for values in (
        applications.distinct().values_list("id", "answers"),
        AnswerVersion.objects.filter(replaced_at__gte=since).values_list("id", "answers"),
        Draft.objects.filter(updated_at__gte=since).values_list("id", "answers"),
        Draft.objects.filter(updated_at__gte=since).values_list("id", "typed"),
    ):
        for _, answers in values.iterator(chunk_size=500):
            found |= uploads_in(answers)
    return found


def _discard(actor: Actor, ids: Iterable[str]) -> int:
    count = 0
    wanted = [UUID(each) for each in ids if _is_id(each)]
    for stored in StoredFile.objects.filter(id__in=wanted, purpose__in=_PURPOSES):
        try:
            discard_file(actor=actor, stored_file=stored)
        except ProtectedError:
            # Something else keeps it, such as a proposal that quotes it.
            continue
        count += 1
    return count


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
