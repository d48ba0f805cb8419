"""Deciding stays quick: at most twenty statements for the decision itself."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.approvals.services import decide_proposal
from kakehashi.approvals.testing import submitted, with_rules
from kakehashi.people.testing import Town

MOST = 20
BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config", "BEGIN", "COMMIT")


def test_a_decision_takes_at_most_twenty_statements(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town)
    with CaptureQueriesContext(connection) as queries:
        decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    said = [each["sql"] for each in queries if not each["sql"].startswith(BOOKKEEPING)]
    assert len(said) <= MOST, "\n".join(said)
