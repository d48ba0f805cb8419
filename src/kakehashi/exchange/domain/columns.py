"""列の見立て, under the name this room's callers know; it lives in the kernel, since rooms below this one read tables too."""

from kakehashi.kernel.columns import Column, Match, header_key, missing_columns, propose_columns

__all__ = ["Column", "Match", "header_key", "missing_columns", "propose_columns"]
