"""The samples of the other roads: one of each, made from the town's own rules and people."""

from __future__ import annotations

from kakehashi.approvals.models import Proposal, ProposalStep, Reader
from kakehashi.approvals.services import install_rule_pack
from kakehashi.governments.models import Government
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.site.demo.furnish import _deputies
from kakehashi.site.demo.organisation import make_organisation
from kakehashi.site.demo.roads_of_the_town import show_roads


def test_every_other_road_has_its_sample(db):
    government = Government.objects.create(
        code="990035", name="こもれび村", kana="こもれびむら", kind="village", slug="komorebi-sample", is_tenant=True
    )
    with tenant_scope(government.id):
        body = make_organisation(government)
        actor = system_actor(government.id, "見本の準備")
        install_rule_pack(actor=actor, pack="town")
        _deputies(actor, body)
        show_roads(body)
        states = sorted(Proposal.objects.values_list("state", flat=True))
        assert states == [
            "decided",
            "in_circulation",
            "in_circulation",
            "in_circulation",
            "in_circulation",
            "reading",
            "returned",
        ]
        assert ProposalStep.objects.filter(state="provisionally_decided").count() == 1
        assert ProposalStep.objects.filter(state="acted_for", needs_post_review=True).count() == 1
        assert Reader.objects.filter(read_at__isnull=True).count() == 1
