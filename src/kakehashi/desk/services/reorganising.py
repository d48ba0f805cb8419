"""改組: solved cases go to the section that follows, which finds them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kakehashi.desk.models import SolvedCase
from kakehashi.search.services import regroup_texts


def carry_solved_cases(rows: Any, heir_id: UUID) -> int:
    """The solved cases become the heir's; one that only its own section may read stays so."""
    ids = list(rows.values_list("id", flat=True))
    regroup_texts(kind="desk.solved_case", object_ids=ids, department_id=heir_id)
    return int(SolvedCase.objects.filter(id__in=ids).update(department_id=heir_id))
