"""The first screen in the morning tells of the proposals that wait for their reader."""

from kakehashi.approvals.testing import submitted, with_rules
from kakehashi.people.testing import Town

INBOX = "/staff/cases/"
WORDS = "あなたの承認・決裁を待つ起案：1件"


def test_who_decides_is_told_in_the_morning_and_nobody_else(town: Town, client_for) -> None:
    with_rules(town)
    submitted(town)
    told = client_for(town.manager).get(INBOX).content.decode()
    assert WORDS in told
    assert 'href="/hibari/staff/approvals/"' in told
    assert WORDS not in client_for(town.manager).get(f"{INBOX}?tab=department").content.decode()
    assert "承認・決裁を待つ" not in client_for(town.clerk).get(INBOX).content.decode()
