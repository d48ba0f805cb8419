"""何％か、何が残っているか: three rates kept apart, unknown is not zero, every figure opens its rows."""

import re
from collections.abc import Callable
from decimal import Decimal

from kakehashi.people.testing import Town
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.selectors.inventory import Filters, inventory, next_ten
from kakehashi.procedures.selectors.rates import effort_map, rates_by, rates_of
from kakehashi.procedures.services import exclude_procedure, import_survey, measure_procedure
from kakehashi.procedures.testing import a_procedure, an_online_procedure, survey_file

RATES = "/staff/procedures/inventory/rates/"


def a_mixed_inventory(town: Town) -> Procedure:
    online = an_online_procedure(town, volume=40)
    measure_procedure(actor=town.officer, procedure=online, year=2026, online=30, others=30)
    a_procedure(town.officer, "道路の占用の許可", volume=140)
    a_procedure(town.officer, "件数のわからない届出", Kind.NOTIFICATION)
    a_procedure(town.officer, "施設の予約", Kind.REQUEST, online_elsewhere="ぴったりサービス")
    exclude_procedure(actor=town.officer, procedure=a_procedure(town.officer, "面接"), reason="対面が必要")
    import_survey(actor=town.officer, data=survey_file())
    return online


def test_three_rates_stand_apart(town: Town) -> None:
    a_mixed_inventory(town)
    found = rates_of(Procedure.objects.all())
    assert (found.in_scope, found.online, found.left, found.excluded, found.unknown) == (5, 2, 3, 1, 2)
    assert found.rate == Decimal("40.0")
    assert found.rate_by_volume == Decimal("30.0")
    assert found.usage == Decimal("50.0")
    assert found.rate_by_weight == Decimal("0.0")


def test_by_kind_they_add_up(town: Town) -> None:
    a_mixed_inventory(town)
    whole, kinds = rates_of(Procedure.objects.all()), rates_by(Procedure.objects.all(), "kind").values()
    assert sum(each.total for each in kinds) == whole.total
    assert sum(each.own_filings for each in kinds) == whole.own_filings


def test_every_figure_opens_its_rows(town: Town, client_for: Callable) -> None:
    a_mixed_inventory(town)
    client = client_for(town.clerk)
    page = client.get(RATES).content.decode()
    links = set(re.findall(r'<td class="dads-u-number"><a href="(?:/[^"?]*)\?([^"]+)">([0-9,]+)</a>', page))
    assert len(links) > 15
    for query, figure in links:
        listed = client.get(f"/staff/procedures/inventory/?{query.replace('&amp;', '&')}")
        rows = listed.context["rates"]
        assert int(figure.replace(",", "")) in {rows.total, rows.own_filings, rows.own_online}, query


def test_a_national_count_is_a_hint_for_the_order_only(town: Town) -> None:
    import_survey(actor=town.officer, data=survey_file())
    a_procedure(town.officer, "道路の占用の届出", Kind.NOTIFICATION, volume=500)
    share = 3_400 / 126_146_099
    assert [each.name for each in next_ten(Procedure.objects.all(), share)] == ["道路の占用の届出", "転入届出"]
    assert dict(effort_map(Procedure.objects.all(), share))[1] == [0, 0, 2, 0, 0]
    assert inventory(Filters(stage="left", effort="1", band="2"), share).count() == 2


def test_only_what_is_still_to_be_done_is_said_to_be_left_out_of_the_order(town: Town, client_for: Callable) -> None:
    an_online_procedure(town, volume=None)
    client, page = client_for(town.clerk), "/staff/procedures/inventory/priority/"
    assert "手続は入っていません" not in client.get(page).content.decode()
    a_procedure(town.officer, "件数のわからない届出", Kind.NOTIFICATION)
    assert "件数も目安もわからない1手続は入っていません" in client.get(page).content.decode()


def test_pages(town: Town, client_for: Callable) -> None:
    client = client_for(town.clerk)
    for page in ("rates", "priority", "rules"):
        assert client.get(f"/staff/procedures/inventory/{page}/").status_code == 200
