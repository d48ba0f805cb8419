"""Every write of the shelters room; single sites are kept through opendata's register."""

from kakehashi.shelters.services.reference import ReferenceReport, import_reference
from kakehashi.shelters.services.sites import guess_kind, import_sites

__all__ = ["ReferenceReport", "guess_kind", "import_reference", "import_sites"]
