"""What other rooms offer to the agenda, and what meetings offer to inbox, approvals and records."""

from kakehashi.meetings.hooks.links import LinkTarget, link_target, link_targets, register_link_target

__all__ = ["LinkTarget", "link_target", "link_targets", "register_link_target"]
