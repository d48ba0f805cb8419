"""What several tests of the plans room stand on."""

import pytest
from django.conf import settings

from kakehashi.people.testing import Cast, Town, prefecture_over


@pytest.fixture
def prefecture(cast: Cast) -> Town:
    """みはらし県 above both towns of the cast."""
    return prefecture_over(cast, settings.ROOMS)


@pytest.fixture
def client_for(client_for, cast):  # type: ignore[no-untyped-def]
    """As the house's, and for the people of みはらし県 too."""

    def make(who, **given):  # type: ignore[no-untyped-def]
        client = client_for(who, **given)
        if getattr(who, "government_id", None) not in {None, cast.hibari.id, cast.misaki.id}:
            client.slug = "miharashi"
        return client

    return make
