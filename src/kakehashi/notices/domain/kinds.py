"""The kinds of notices there are. Filled through `notices.hooks`."""

from __future__ import annotations

from kakehashi.kernel.registry import Registry

KINDS: Registry[str] = Registry("notices.kinds")
