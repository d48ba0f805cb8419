"""Procedures that are ready to be applied for."""

from collections.abc import Callable

import pytest

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.testing import an_online_procedure


@pytest.fixture
def online(cast: Cast) -> Callable[..., Procedure]:
    """`online(Kind.NOTIFICATION)`: an open procedure of ひばり町. No scope is left open."""

    def make(kind: Kind = Kind.DISPOSITION, **values: object) -> Procedure:
        with tenant_scope(cast.hibari.id):
            return an_online_procedure(cast.hibari, kind, **values)

    return make
