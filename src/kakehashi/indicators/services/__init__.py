"""Writes of the indicators room."""

from kakehashi.indicators.services.manual import define_measure
from kakehashi.indicators.services.published import PublishedReport, import_published_tables
from kakehashi.indicators.services.snapshots import take_snapshots
from kakehashi.indicators.services.values import ImportedValues, import_values, record_value

__all__ = [
    "ImportedValues",
    "PublishedReport",
    "define_measure",
    "import_published_tables",
    "import_values",
    "record_value",
    "take_snapshots",
]
