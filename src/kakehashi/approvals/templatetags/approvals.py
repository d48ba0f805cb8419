"""Filters of the approvals pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import template

from kakehashi.approvals.domain.time_spent import hours_text

register = template.Library()


@register.filter
def of(found: Mapping[UUID, Sequence[Any]], key: UUID) -> Sequence[Any]:
    """`{{ waiting|of:proposal.id }}`: the entries of one row, or none."""
    return found.get(key, ())


@register.filter
def office_hours(hours: float) -> str:
    """`{{ spent.unopened_hours|office_hours }}`: 12分, 3.2時間."""
    return hours_text(hours)


@register.filter
def time_query(group: Any, scope: Any) -> str:
    """The address of the rows behind a group's figure: the page's filter, narrowed to the group's matter and section."""
    department = getattr(group, "department_id", None) or scope.department_id or ""
    matter = getattr(group, "matter_code", "") or scope.matter_code
    return urlencode({"period": scope.period.code, "matter": matter, "department": department})
