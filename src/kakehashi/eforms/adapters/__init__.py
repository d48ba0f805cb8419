"""Programs outside of the process: reading a PDF apart."""

from kakehashi.eforms.adapters.papers_apart import draft_apart

__all__ = ["draft_apart"]
