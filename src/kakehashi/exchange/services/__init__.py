"""Every write of the room."""

from kakehashi.exchange.services.items import retry_items
from kakehashi.exchange.services.pairing import introduce_side, our_card, pair_side
from kakehashi.exchange.services.reading import Receipt, read_bundle
from kakehashi.exchange.services.rounds import Answer, Round, answer_call, run_round
from kakehashi.exchange.services.writing import ask_again, write_bundle

__all__ = [
    "Answer",
    "Receipt",
    "Round",
    "answer_call",
    "ask_again",
    "introduce_side",
    "our_card",
    "pair_side",
    "read_bundle",
    "retry_items",
    "run_round",
    "write_bundle",
]
