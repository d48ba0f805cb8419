"""Writes of the indicators room."""

from kakehashi.indicators.services.manual import define_measure
from kakehashi.indicators.services.snapshots import take_snapshots
from kakehashi.indicators.services.values import ImportedValues, import_values, record_value

__all__ = ["ImportedValues", "define_measure", "import_values", "record_value", "take_snapshots"]
