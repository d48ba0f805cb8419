"""The tables that staff keep by hand."""

from __future__ import annotations

from kakehashi.opendata.domain.registry import DatasetSource

__all__ = ["link_of_key"]


def link_of_key(source: DatasetSource, row_key: str) -> str:
    """The page where staff mend the row with this ID; empty where the rows are not kept by hand."""
    return ""
