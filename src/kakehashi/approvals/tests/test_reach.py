"""What other rooms see: search, personnel change, handover; and how many queries the pages ask."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.approvals.selectors.handover import handover_section, in_flight_breakages
from kakehashi.approvals.services import decide_proposal
from kakehashi.approvals.testing import issued, submitted, with_rules
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.hooks import LosingPost
from kakehashi.people.testing import Cast, Town
from kakehashi.search.models import Entry

DAY = dt.date(2027, 4, 1)


def losing(town: Town, *, vacant: bool) -> LosingPost:
    return LosingPost(town.manager.post_id, "住民課課長", None, town.manager.id, "佐藤 一郎", None, vacant)


def test_a_vacant_post_stops_what_lies_with_it(town: Town) -> None:
    with_rules(town)
    submitted(town)
    (breakage,) = in_flight_breakages([losing(town, vacant=True)], DAY)
    assert "住民課課長が欠員になり、手元の起案1件が止まります。" in breakage.message
    assert in_flight_breakages([losing(town, vacant=False)], DAY) == []


def test_the_handover_pack_lists_what_lies_with_the_post(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town)
    section = handover_section(town.manager.post_id, town.manager.id, DAY)
    assert [item.label for item in section.items] == [proposal.subject]


def test_a_proposal_is_found_by_its_words_and_numbers(town: Town) -> None:
    with_rules(town)
    proposal = issued(town)
    entry = Entry.objects.get(kind="approvals.proposal", object_id=proposal.id)
    assert proposal.document_number in entry.text


def queries(client, path: str) -> int:
    """Statements of the page itself: BEGIN, set_config and savepoints are not counted."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    plain = [
        q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "SELECT set_config"))
    ]
    return len(plain)


def test_the_pages_ask_a_fixed_number_of_queries(cast: Cast, client_for) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        proposal = submitted(town)
    client = client_for(town.manager)
    client.get("/staff/approvals/")
    few = queries(client, "/staff/approvals/?box=turn")
    with tenant_scope(town.id):
        for _ in range(5):
            submitted(town)
    assert queries(client, "/staff/approvals/?box=turn") == few
    # One of them is the rule of idle sessions, which is remembered outside of tests.
    assert few <= 17
    page = f"/staff/approvals/{proposal.id}/"
    client.get(page)
    # Two of them are the meetings that spoke of it.
    assert queries(client, page) <= 26


def statements(captured: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without the opening and closing of transactions."""
    skipped = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config")
    return [each["sql"] for each in captured if not each["sql"].startswith(skipped)]


def test_deciding_asks_at_most_20_queries(town: Town) -> None:
    with_rules(town)
    decide_proposal(actor=town.manager, proposal=(first := submitted(town)), digest=first.digest)
    proposal = submitted(town)
    with CaptureQueriesContext(connection) as captured:
        decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    assert len(statements(captured)) <= 20, "\n".join(sql[:110] for sql in statements(captured))
