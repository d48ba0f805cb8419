"""Shared cases of other governments, where a plan asks for them."""

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans.hooks import cases_of_neighbours


def test_without_a_shared_case_there_is_none(cast):
    with tenant_scope(cast.hibari.id):
        assert cases_of_neighbours("RPA", {cast.misaki.id}) == {}
