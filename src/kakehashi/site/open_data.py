"""オープンデータ whose rows have become old: work of the section in charge, a line of the status page and of `kakehashi doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.cases.hooks import CaseKind, register_case_kind
from kakehashi.cases.models import Case
from kakehashi.cases.services import close_case, open_case, reopen_case
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.personal_data import not_personal
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.opendata.hooks import Alarm, register_alarm
from kakehashi.opendata.models import Dataset
from kakehashi.opendata.selectors import staff_lines

STALE = "opendata.stale"
_LABEL = "オープンデータの点検"


def register() -> None:
    """Join opendata, which lies below the cases, with 今日の仕事. Called once when the program starts."""
    not_personal(STALE)
    register_case_kind(
        STALE,
        CaseKind(
            label="オープンデータの更新",
            staff_url=_page,
            summary_template="site/_stale_dataset.html",
            summary_context=_summary,
            has_public_thread=False,
        ),
    )
    register_alarm(Alarm(tell=_tell, clear=_clear))


def late_titles() -> list[str]:
    """The public datasets of the open government that are older than they promise."""
    return [line.source.title for line in staff_lines() if line.dataset.is_public and line.freshness.is_late]


def _tell(dataset: Dataset, title: str, due_on: date) -> None:
    """Put the update among the work of the section in charge; one case for a dataset, taken up again each time."""
    if dataset.department is None:
        return
    actor = system_actor(current_government_id(), _LABEL)
    case = open_case(
        actor=actor, kind=STALE, subject=f"「{title}」のデータを更新する", source_id=dataset.id, department=dataset.department,
        requester_name=_LABEL, due_on=due_on, state_label="更新が遅れています",
    )  # fmt: skip
    if case.closed_at is not None:
        reopen_case(actor=actor, case=case, state_label="更新が遅れています")


def _clear(dataset_id: UUID) -> None:
    case = Case.objects.filter(kind=STALE, source_id=dataset_id, closed_at=None).first()
    if case is not None:
        actor = system_actor(current_government_id(), _LABEL)
        close_case(actor=actor, case=case, state_label="更新した")


def _page(case: Case) -> str:
    dataset = Dataset.objects.filter(id=case.source_id).first()
    return reverse("opendata-staff:dataset", args=[dataset.code]) if dataset else ""


def _summary(case: Case) -> Mapping[str, Any]:
    return {"url": _page(case), "dataset": Dataset.objects.filter(id=case.source_id).first()}
