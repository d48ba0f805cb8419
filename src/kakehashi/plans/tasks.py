"""Background work of the plans room."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.queue import sweep
from kakehashi.plans.services.sharing import renew_shared_figures


@sweep(name="plans.shared_figures", seconds=1800)
def shared_figures(government_id: UUID) -> None:
    """Publish new values to the prefecture, as far as the municipality shares them."""
    renew_shared_figures()
