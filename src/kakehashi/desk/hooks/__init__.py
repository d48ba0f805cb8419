"""What the desk offers to rooms below, and what rooms beside it may offer to the desk through `site`."""

from kakehashi.desk.hooks.promotions import Promotion, get_promotion, promotions, register_promotion

__all__ = ["Promotion", "get_promotion", "promotions", "register_promotion"]
