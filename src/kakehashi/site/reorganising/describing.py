"""How a kind of row that hangs on a department or post is described to the simulator of reorganisations."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.urls import reverse

from kakehashi.people.hooks import Affected, HandoverItem, Subject


def of_section(label: str, rows: Any, item: Any, **more: Any) -> Affected:
    """Rows whose column `department_id` (or `path`) names a section."""
    return Affected(label=label, subject=Subject.DEPARTMENT, rows=rows, item=item, **{"path": "department_id", **more})


def of_post(label: str, rows: Any, item: Any, **more: Any) -> Affected:
    """Rows whose column `post_id` (or `path`) names a post."""
    return Affected(label=label, subject=Subject.POST, rows=rows, item=item, **{"path": "post_id", **more})


def item_at(url_name: str, label: str = "") -> Any:
    """A row's words (or those of its field `label`) with the page of its id."""

    def describe(row: Model) -> HandoverItem:
        return HandoverItem(str(getattr(row, label) if label else row), reverse(url_name, args=[row.pk]))

    return describe
