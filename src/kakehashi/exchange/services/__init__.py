"""Every write of the room."""

from kakehashi.exchange.services.handing import make_handover, save_layout
from kakehashi.exchange.services.items import retry_items
from kakehashi.exchange.services.outside_numbers import (
    drop_outside_numbers,
    record_outside_number,
    retitle_outside_numbers,
)
from kakehashi.exchange.services.pairing import introduce_side, our_card, pair_side
from kakehashi.exchange.services.reading import Receipt, read_bundle
from kakehashi.exchange.services.rounds import Answer, Round, answer_call, run_round
from kakehashi.exchange.services.taking import apply_intake, map_intake, start_intake, try_intake
from kakehashi.exchange.services.writing import ask_again, write_bundle

__all__ = [
    "Answer",
    "Receipt",
    "Round",
    "answer_call",
    "apply_intake",
    "ask_again",
    "drop_outside_numbers",
    "introduce_side",
    "make_handover",
    "map_intake",
    "our_card",
    "pair_side",
    "read_bundle",
    "record_outside_number",
    "retitle_outside_numbers",
    "retry_items",
    "run_round",
    "save_layout",
    "start_intake",
    "try_intake",
    "write_bundle",
]
