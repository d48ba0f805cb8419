"""Reads of the shelters room."""

from kakehashi.shelters.selectors.lists import DATASETS, REGISTER
from kakehashi.shelters.selectors.public import Filter, Place, districts, find_places, has_places
from kakehashi.shelters.selectors.reference import compare_with_reference, middle_of_government, reference_editions

__all__ = [
    "DATASETS", "REGISTER", "Filter", "Place", "compare_with_reference", "districts", "find_places", "has_places",
    "middle_of_government", "reference_editions",
]  # fmt: skip
