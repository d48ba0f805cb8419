"""Tables of the shelters room."""

from kakehashi.shelters.models.reference import ReferenceEdition, ReferenceKind, ReferenceSite
from kakehashi.shelters.models.sites import EvacuationSite

__all__ = ["EvacuationSite", "ReferenceEdition", "ReferenceKind", "ReferenceSite"]
