"""The 郵送リスト of the demo: every standing has its letter, and everybody lives somewhere else."""

from __future__ import annotations

from collections import Counter

from kakehashi.governments.models import Government
from kakehashi.kernel.business_days import is_business_day
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain.deliveries import Standing, Way
from kakehashi.procedures.models import Application, DocumentDelivery
from kakehashi.procedures.selectors.deliveries import delivered_documents
from kakehashi.site.demo.furnish import furnish
from kakehashi.site.demo.organisation import make_organisation
from kakehashi.site.demo.year import live_a_year


def test_the_post_of_the_demo_town_can_be_believed(db):
    government = Government.objects.create(
        code="990035",
        name="こもれび村",
        kana="こもれびむら",
        kind="village",
        slug="komorebi-post",
        is_tenant=True,
        is_demo=True,
    )
    with tenant_scope(government.id):
        body = make_organisation(government)
        live_a_year(body, furnish(body), applications=12, seed=3)
        letters = list(DocumentDelivery.objects.order_by("created_at"))
        standings = Counter((each.way, each.standing) for each in letters)
        assert standings[Way.POST, Standing.WAITING] == 2
        assert standings[Way.COUNTER, Standing.WAITING] == 1
        assert standings[Way.POST, Standing.RETURNED] == 1
        assert standings[Way.POST, Standing.ARRIVED] == 1
        assert standings[Way.POST, Standing.SENT] >= 2
        posted = [each for each in letters if each.way == Way.POST]
        homes = Counter(each.address for each in posted)
        assert all(homes)
        assert len(homes) > len(posted) // 2
        arrived = next(each for each in posted if each.standing == Standing.ARRIVED)
        assert arrived.arrived_on > arrived.sent_on
        # Nobody at the counter hears of the post on a Sunday.
        heard = [each.arrived_on or each.returned_on for each in posted if each.standing != Standing.WAITING]
        assert all(is_business_day(each) for each in heard if each)
        # A 処分 that arrived says until when it may be contested.
        assert delivered_documents(arrived.application)[0].periods is not None
        waiting = Application.objects.filter(deliveries__standing=Standing.WAITING)
        assert {each.is_open for each in waiting} == {True}
