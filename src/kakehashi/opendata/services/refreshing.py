"""The worker's night: datasets that may are brought up to date, and sections are told of those that are old."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.services import service
from kakehashi.opendata import hooks
from kakehashi.opendata.models import Dataset, DatasetState
from kakehashi.opendata.selectors.datasets import find_source
from kakehashi.opendata.services.publishing import publish_dataset

_LABEL = "オープンデータの自動更新"


@service
def refresh_datasets(*, government_id: UUID) -> int:
    """Publish what changed in the datasets whose nightly refresh is on, once a day each; returns how many editions were made.

    What cannot be published keeps its last edition; the reason stands on its page (`refresh_problem`).
    """
    today, made = clock.today(), 0
    waiting = Dataset.objects.filter(refreshes=True, state=DatasetState.PUBLISHED).exclude(refreshed_on=today)
    for dataset in waiting:
        problem = ""
        try:
            source = find_source(dataset.code)
            made += publish_dataset(actor=system_actor(government_id, _LABEL), source=source) is not None
        except NotFound:
            problem = "このデータの部屋は、いま使われていません。"
        except DomainError as refused:
            problem = refused.message[:200]
        Dataset.objects.filter(id=dataset.id).update(refreshed_on=today, refresh_problem=problem)
    return made


@service
def tell_late_datasets(*, government_id: UUID) -> list[Dataset]:
    """Tell the section in charge, once, of every public dataset that is older than it promises; returns those told of now."""
    told = []
    for dataset in Dataset.objects.select_related("department").filter(state=DatasetState.PUBLISHED, late_told_on=None):
        freshness = dataset.freshness
        if not freshness.is_late or freshness.due_on is None:
            continue
        try:
            title = find_source(dataset.code).title
        except NotFound:
            continue
        for alarm in hooks.alarms():
            alarm.tell(dataset, title, freshness.due_on)
        Dataset.objects.filter(id=dataset.id).update(late_told_on=clock.today())
        told.append(dataset)
    return told
