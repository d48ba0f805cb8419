"""Tables of the indicators room: what a town measures itself, and what others published about all governments."""

from kakehashi.indicators.models.published import PublishedEdition, PublishedIndicator, PublishedValue
from kakehashi.indicators.models.recorded import MANUAL, ManualMeasure, Origin, RecordedValue

__all__ = [
    "MANUAL",
    "ManualMeasure",
    "Origin",
    "PublishedEdition",
    "PublishedIndicator",
    "PublishedValue",
    "RecordedValue",
]
