"""A dataset is described, published as an edition, and withdrawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.opendata import hooks
from kakehashi.opendata.domain.differences import compare
from kakehashi.opendata.domain.licences import LICENCES
from kakehashi.opendata.domain.registry import DatasetSource
from kakehashi.opendata.models import Dataset, DatasetState, Edition
from kakehashi.opendata.models.datasets import column_as_json
from kakehashi.opendata.permissions import OpendataPermission
from kakehashi.opendata.selectors.datasets import dataset_of
from kakehashi.opendata.selectors.drawing import Draft, draft_of
from kakehashi.opendata.selectors.editions import latest_edition

SUBJECT = "opendata.dataset"
_SETTABLE = ("department", "licence", "frequency", "refreshes", "note")


@service
def set_dataset(*, actor: Actor, source: DatasetSource, values: Mapping[str, Any]) -> Dataset:
    """Decide about a dataset: contact section, licence, frequency, nightly refresh, a note; writes `opendata.dataset.set`.

    Raises PermissionRefused, and DomainError for an unknown licence or a nightly refresh without a section in charge.
    """
    require(actor, OpendataPermission.PUBLISH)
    dataset = dataset_of(source)
    before = {key: _plain(getattr(dataset, key)) for key in _SETTABLE}
    for key in _SETTABLE:
        if key in values:
            setattr(dataset, key, values[key])
    if dataset.licence not in LICENCES:
        raise DomainError("このライセンスは使えません。", field="licence")
    if dataset.refreshes and dataset.department is None:
        raise DomainError("毎晩自動で更新するには、問合せ先の課を決めてください。", field="department")
    dataset.save()
    after = {key: _plain(getattr(dataset, key)) for key in _SETTABLE}
    changed = {key: after[key] for key in _SETTABLE if after[key] != before[key]}
    if changed:
        _record(actor, "set", dataset, {"code": dataset.code, **changed})
    if not dataset.freshness.is_late:
        clear_alarm(dataset)
    return dataset


@service
def publish_dataset(*, actor: Actor, source: DatasetSource) -> Edition | None:
    """Freeze what the tables say now as a new edition, open to everybody; writes `opendata.dataset.published`.

    When nothing has changed since the last edition, none is made: that it is still right is noted (`opendata.dataset.confirmed`) and
    None returned. Raises PermissionRefused, and DomainError while a finding blocks or no section answers for it.
    """
    require(actor, OpendataPermission.PUBLISH)
    draft = draft_of(source)
    if not draft.checked.may_publish:
        raise DomainError(
            f"公開できません。機械で読めない箇所が{draft.checked.blocking}件あります。直してから公開してください。",
            code="not_readable",
        )
    return publish_draft(actor=actor, draft=draft)


@service
def publish_draft(*, actor: Actor, draft: Draft) -> Edition | None:
    """Publish rows that were checked already; see `publish_dataset`. Raises DomainError without a section that answers for it."""
    dataset = dataset_of(draft.source)
    if dataset.department is None:
        raise DomainError("先に、問合せ先の課を決めてください。", field="department")
    dataset.save()
    with transaction.atomic():
        # Two who press at once make one edition after the other.
        dataset = Dataset.objects.select_for_update(of=("self",)).get(id=dataset.id)
        digest = digest_of(draft, dataset.licence)
        last = latest_edition(dataset)
        same = last is not None and last.digest == digest and dataset.state == DatasetState.PUBLISHED
        edition = None if same else _freeze(actor, dataset, draft, digest, last)
        Dataset.objects.filter(id=dataset.id).update(
            state=DatasetState.PUBLISHED, confirmed_at=clock.now(), late_told_on=None, refresh_problem=""
        )
    if edition is None:
        _record(actor, "confirmed", dataset, {"code": dataset.code, "rows": len(draft.rows)})
    else:
        _record(
            actor,
            "published",
            dataset,
            {"code": dataset.code, "edition": edition.number, "rows": edition.row_count, "digest": digest},
        )
    clear_alarm(dataset)
    return edition


@service
def withdraw_dataset(*, actor: Actor, source: DatasetSource, reason: str) -> Dataset:
    """Take a dataset and all its editions off the public pages; writes `opendata.dataset.withdrawn` with the reason.

    Raises PermissionRefused, and DomainError when it is not public or no reason is given.
    """
    require(actor, OpendataPermission.PUBLISH)
    if not reason.strip():
        raise DomainError("取り下げる理由を書いてください。", field="reason")
    dataset = dataset_of(source)
    if not dataset.is_public:
        raise DomainError("このデータは公開していません。")
    now = clock.now()
    Dataset.objects.filter(id=dataset.id).update(state=DatasetState.WITHDRAWN, refreshes=False, late_told_on=None)
    Edition.objects.filter(dataset=dataset, withdrawn_at=None).update(withdrawn_at=now)
    _record(actor, "withdrawn", dataset, {"code": dataset.code, "reason": reason.strip()[:300]})
    clear_alarm(dataset)
    dataset.refresh_from_db()
    return dataset


def digest_of(draft: Draft, licence: str) -> str:
    """SHA-256 of what an edition says: title, licence, columns and rows."""
    said = [draft.source.title, licence, [column_as_json(column) for column in draft.columns], draft.rows]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def clear_alarm(dataset: Dataset) -> None:
    """Take back what was told of an old dataset."""
    for alarm in hooks.alarms():
        alarm.clear(dataset.id)


def _freeze(actor: Actor, dataset: Dataset, draft: Draft, digest: str, last: Edition | None) -> Edition:
    highest = Edition.objects.filter(dataset=dataset).aggregate(highest=Max("number"))["highest"] or 0
    told = compare((last.data_columns, last.rows), (draft.columns, draft.rows)) if last else None
    return Edition.objects.create(
        dataset=dataset,
        number=highest + 1,
        title=draft.source.title,
        licence=dataset.licence,
        columns=[column_as_json(column) for column in draft.columns],
        rows=draft.rows,
        row_count=len(draft.rows),
        digest=digest,
        added=len(told.added) if told else len(draft.rows),
        removed=len(told.removed) if told else 0,
        changed=told.changed_rows if told else 0,
        warnings=draft.checked.warnings,
        published_by=actor.label[:200],
    )


def _record(actor: Actor, verb: str, dataset: Dataset, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code=f"{SUBJECT}.{verb}", subject_kind=SUBJECT, subject_id=dataset.id, payload=payload
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.name if hasattr(value, "name") else value
