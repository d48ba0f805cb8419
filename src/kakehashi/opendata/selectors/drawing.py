"""The rows of a dataset as its tables have them now, checked: the draft of its next edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.kernel.personal_data import HOLDERS, noticed
from kakehashi.opendata.domain.checks import Checked, check_table
from kakehashi.opendata.domain.columns import DataColumn, Rows, canonical
from kakehashi.opendata.domain.findings import Finding
from kakehashi.opendata.domain.registry import DatasetSource
from kakehashi.opendata.selectors.places import middle_of_town

__all__ = ["Draft", "draft_of", "middle_of_town"]


@dataclass(frozen=True)
class Draft:
    """What would be published now, and what the check says of it."""

    source: DatasetSource
    columns: Sequence[DataColumn]
    rows: Rows
    checked: Checked


def draft_of(source: DatasetSource) -> Draft:
    """Draw the rows from the open government's tables and check them. Personal data that is read on the way is a finding that blocks."""
    with noticed() as reading:
        rows = [[canonical(column, row.get(column.key)) for column in source.columns] for row in source.rows()]
    personal = [Finding("value.personal", 0, "", kind) for kind in sorted({kind for kind, _ in reading.subjects})]
    personal += [
        Finding("value.personal", 1, column.header, column.source)
        for column in source.columns
        if column.source.partition(".")[0] in HOLDERS
    ]
    checked = check_table(source.columns, rows, middle=middle_of_town(), more=personal)
    return Draft(source, source.columns, rows, checked)
