"""What other rooms' tests need of cases: a sample kind, and a case of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from kakehashi.cases import hooks
from kakehashi.cases.hooks import CaseAct, CaseKind
from kakehashi.cases.models import Case
from kakehashi.cases.services import open_case
from kakehashi.kernel.ids import uuid7
from kakehashi.notices.services import Recipient
from kakehashi.people.testing import Town

SAMPLE = "cases.sample"


def register_sample_kind() -> str:
    """Register the sample kind once and return its name."""
    if SAMPLE not in dict(hooks.case_kinds()):
        hooks.register_case_kind(
            SAMPLE,
            CaseKind(
                label="見本",
                resident_url=lambda case: f"/sample/{case.source_id}/",
                acts=lambda _case, _actor: [CaseAct("補正を依頼する", "/sample/", primary=True)],
                resident_events=frozenset({"cases.case.opened", "cases.case.closed"}),
                requester=lambda case: Recipient(email="megumi@example.jp", name=case.requester_name),
            ),
        )
    return SAMPLE


def sample_case(
    town: Town, *, subject: str = "転入届", due_on: date | None = None, source_id: UUID | None = None, **changes: Any
) -> Case:
    """Open a case of the sample kind in the town's open scope; other fields are set directly."""
    case = open_case(
        actor=town.clerk,
        kind=register_sample_kind(),
        subject=subject,
        source_id=source_id or uuid7(),
        department=town.department,
        requester_name="田中 めぐみ",
        due_on=due_on,
    )
    if changes:
        Case.objects.filter(id=case.id).update(**changes)
        case.refresh_from_db()
    return case
