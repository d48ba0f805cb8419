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
from kakehashi.exchange.services.telling import (
    claim_messages,
    forget_messages,
    gather_messages,
    replay_message,
    replay_messages,
    send_message,
    send_test,
)
from kakehashi.exchange.services.webhooks import (
    change_webhook,
    drop_webhook,
    end_old_secret,
    make_webhook,
    pause_webhook,
    resume_webhook,
    rotate_secret,
)
from kakehashi.exchange.services.writing import ask_again, write_bundle

__all__ = [
    "Answer",
    "Receipt",
    "Round",
    "answer_call",
    "apply_intake",
    "ask_again",
    "change_webhook",
    "claim_messages",
    "drop_outside_numbers",
    "drop_webhook",
    "end_old_secret",
    "forget_messages",
    "gather_messages",
    "introduce_side",
    "make_handover",
    "make_webhook",
    "map_intake",
    "our_card",
    "pair_side",
    "pause_webhook",
    "read_bundle",
    "record_outside_number",
    "replay_message",
    "replay_messages",
    "resume_webhook",
    "retitle_outside_numbers",
    "retry_items",
    "rotate_secret",
    "run_round",
    "save_layout",
    "send_message",
    "send_test",
    "start_intake",
    "try_intake",
    "write_bundle",
]
