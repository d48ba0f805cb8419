"""The samples behind 時間の使われ方 and of the 改組, made from a town's own rules and people."""

from __future__ import annotations

from datetime import datetime

from kakehashi.approvals.domain.time_spent import by_matter_and_section, consulted, paper_reasons
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors.time_spent import Scope, traces_of
from kakehashi.approvals.services import install_rule_pack
from kakehashi.governments.models import Government
from kakehashi.indicators.hooks import Period
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.selectors.reorganisations import comparison_of
from kakehashi.site.demo.furnish import _deputies
from kakehashi.site.demo.organisation import make_organisation
from kakehashi.site.demo.season_of_approvals import pass_a_season, try_next_april


def test_a_season_shows_where_time_goes_and_next_april_what_breaks(db):
    government = Government.objects.create(
        code="990035", name="こもれび村", kana="こもれびむら", kind="village", slug="komorebi-sample", is_tenant=True
    )
    with clock.frozen(datetime(2026, 11, 20, 10, tzinfo=clock.JST)), tenant_scope(government.id):
        body = make_organisation(government)
        actor = system_actor(government.id, "見本の準備")
        install_rule_pack(actor=actor, pack="town")
        _deputies(actor, body)
        pass_a_season(body)
        traces = traces_of(Scope(Period.year(2026)))
        (group,) = by_matter_and_section(traces)
        assert (group.count, group.returned, group.on_paper) == (8, 2, 2)
        assert 0 < (group.spent.waiting_share or 0) < 100
        assert [one.is_silent for one in consulted(traces)] == [True]
        assert len(paper_reasons(traces)) == 2
        assert set(Proposal.objects.values_list("state", flat=True)) == {"filed"}
        tried = try_next_april(body)
        assert not comparison_of(tried).problems
        assert [one.heir for one in tried.shares.all()] == ["22"]
