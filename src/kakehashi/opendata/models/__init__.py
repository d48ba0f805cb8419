"""Tables of the open data room."""

from kakehashi.opendata.models.datasets import Dataset, DatasetState, Edition
from kakehashi.opendata.models.imports import ImportState, TableImport
from kakehashi.opendata.models.kept import KeptRow
from kakehashi.opendata.models.places import Facility, PublicEvent

__all__ = [
    "Dataset", "DatasetState", "Edition", "Facility", "ImportState", "KeptRow", "PublicEvent", "TableImport",
]  # fmt: skip
