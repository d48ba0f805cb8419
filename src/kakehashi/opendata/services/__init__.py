"""Every write of the open data room."""

from kakehashi.opendata.services.publishing import publish_dataset, set_dataset, withdraw_dataset
from kakehashi.opendata.services.refreshing import refresh_datasets, tell_late_datasets

__all__ = [
    "publish_dataset",
    "refresh_datasets",
    "set_dataset",
    "tell_late_datasets",
    "withdraw_dataset",
]
