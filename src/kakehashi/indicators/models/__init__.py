"""Tables of the indicators room: what a town measures itself, and what others published about all governments."""

from kakehashi.indicators.models.published import PublishedEdition, PublishedIndicator, PublishedValue
from kakehashi.indicators.models.recorded import MANUAL, Finality, ManualMeasure, Origin, RecordedValue
from kakehashi.indicators.models.reported import Anomaly, LateReminder, MeasureDefinition, ReportingRule, ValueReport
from kakehashi.indicators.models.runs import SnapshotRun

__all__ = [
    "MANUAL",
    "Anomaly",
    "Finality",
    "LateReminder",
    "ManualMeasure",
    "MeasureDefinition",
    "Origin",
    "PublishedEdition",
    "PublishedIndicator",
    "PublishedValue",
    "RecordedValue",
    "ReportingRule",
    "SnapshotRun",
    "ValueReport",
]
