"""An agenda item points to an initiative of the plan: neighbours that only `site` knows both of."""

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings.testing import small_meeting
from kakehashi.plans.testing import small_plan


def test_an_item_is_about_an_initiative(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        small, initiative = small_meeting(town), small_plan(town.officer).initiative
    client, link = client_for(town.officer), f"/staff/meetings/items/{small.item.id}/link/"
    assert "オンライン申請を広げる" in client.get(f"{link}?q=オンライン").content.decode()
    assert "オンライン申請を広げる" not in client.get(f"{link}?q=道路").content.decode()
    assert client.post(link, {"linked": f"plans.initiative {initiative.id}"}).status_code == 302
    assert client.post(link, {"linked": f"plans.initiative {small.item.id}"}).status_code == 422
    shown = client.get(f"/staff/meetings/{small.meeting.id}/").content.decode()
    assert f"/staff/plans/initiatives/{initiative.id}/" in shown
