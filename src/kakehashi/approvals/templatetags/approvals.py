"""Filters of the approvals pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import template

register = template.Library()


@register.filter
def of(found: Mapping[UUID, Sequence[Any]], key: UUID) -> Sequence[Any]:
    """`{{ waiting|of:proposal.id }}`: the entries of one row, or none."""
    return found.get(key, ())
