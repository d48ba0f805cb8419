"""report_reuse: what came of it flows back."""

from __future__ import annotations

import pytest

from kakehashi.desk.selectors.solved_cases import reuses_of_ours
from kakehashi.desk.services import (
    report_reuse,
)
from kakehashi.desk.testing import published
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast


def test_a_misfit_says_what_was_different(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
    with tenant_scope(cast.misaki.id):
        with pytest.raises(DomainError):
            report_reuse(actor=cast.misaki.officer, case_id=case.id, result="did_not_fit")
        report_reuse(actor=cast.misaki.officer, case_id=case.id, result="did_not_fit", note="部屋が100室ある")
    with tenant_scope(cast.hibari.id):
        assert reuses_of_ours().get().note == "部屋が100室ある"
