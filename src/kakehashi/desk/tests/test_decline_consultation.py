"""decline_consultation and withdraw_consultation: with a reason, and only one's own."""

from __future__ import annotations

import pytest

from kakehashi.desk.services import (
    decline_consultation,
    withdraw_consultation,
)
from kakehashi.desk.testing import filed
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.people.testing import Town


def test_declining_needs_a_reason_and_withdrawing_is_ones_own(town: Town) -> None:
    with pytest.raises(DomainError):
        decline_consultation(actor=town.officer, consultation=filed(town), reason=" ")
    with pytest.raises(NotFound):
        withdraw_consultation(actor=town.officer, consultation=filed(town))
    assert withdraw_consultation(actor=town.clerk, consultation=filed(town)).state == "withdrawn"
