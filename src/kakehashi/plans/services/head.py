"""Which numbers stand on the head's page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid5

from kakehashi.indicators.selectors import all_measures
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.plans.models import HeadNumber
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.dashboards import MOST_NUMBERS


@service
def choose_head_numbers(*, actor: Actor, codes: Sequence[str]) -> list[HeadNumber]:
    """Put these measures on the head's page in this order (none: the usual choice), and write `plans.head.chosen`.

    Raises PermissionRefused, and DomainError for an unknown measure or more than ten.
    """
    require(actor, PlansPermission.EDIT)
    known = {one.code for one in all_measures()}
    wanted = list(dict.fromkeys(codes))
    if any(code not in known for code in wanted):
        raise DomainError("この指標はありません。", field="codes", code="unknown")
    if len(wanted) > MOST_NUMBERS:
        raise DomainError(f"{MOST_NUMBERS}個までにしてください。1枚に収まる数です。", field="codes", code="too_many")
    HeadNumber.objects.all().delete()
    made = HeadNumber.objects.bulk_create(
        [HeadNumber(measure_code=code, order=place) for place, code in enumerate(wanted)]
    )
    record_event(
        actor=actor,
        code="plans.head.chosen",
        subject_kind="plans.head",
        subject_id=uuid5(current_government_id(), "plans head"),
        payload={"codes": wanted},
    )
    return made
