"""Reads of the open data room."""

from kakehashi.opendata.selectors.datasets import (
    Line,
    dataset_of,
    find_source,
    head_of,
    offered,
    public_lines,
    staff_lines,
)
from kakehashi.opendata.selectors.drawing import Draft, draft_of, middle_of_town
from kakehashi.opendata.selectors.editions import (
    differences_between,
    edition_file,
    editions_of,
    find_edition,
    latest_edition,
    public_edition,
)

__all__ = [
    "Draft", "Line", "dataset_of", "differences_between", "draft_of", "edition_file", "editions_of", "find_edition",
    "find_source", "head_of", "latest_edition", "middle_of_town", "offered", "public_edition", "public_lines", "staff_lines",
]  # fmt: skip
