"""What the files that people carry are called."""

from __future__ import annotations

from kakehashi.exchange.domain.cards import Card
from kakehashi.exchange.domain.sides import Side

__all__ = ["bundle_name", "card_name"]


def bundle_name(government_code: str, side: Side, sequence: int) -> str:
    """`990019-staff-000012.kkb`: town, side that wrote it, number."""
    return f"{government_code}-{side.value}-{sequence:06d}.kkb"


def card_name(card: Card) -> str:
    """`990019-public-3F2A.json`: town, side, the first group of its fingerprint."""
    return f"{card.government}-{card.side.value}-{card.fingerprint[:4]}.json"
