"""read_row: the same row the ORM would give, behind the same walls."""

from datetime import date

import pytest

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.rows import read_row
from kakehashi.kernel.tenancy import OutsideTenantScope, tenant_scope
from kakehashi.people.models import Department
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.models import Draft, Procedure
from kakehashi.procedures.services import start_draft
from kakehashi.procedures.testing import an_online_procedure


def values_of(row: Draft | Procedure) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_it_equals_what_the_orm_reads(town: Town) -> None:
    procedure = an_online_procedure(town)
    draft = start_draft(actor=town.clerk, procedure=procedure)
    assert values_of(read_row(Draft, draft.id)) == values_of(Draft.objects.get(id=draft.id))
    assert values_of(read_row(Procedure, procedure.id)) == values_of(Procedure.objects.get(id=procedure.id))


def test_the_row_can_be_saved_again(town: Town) -> None:
    department = Department.objects.create(code="77", name="試験課", valid_from=date(2026, 4, 1))
    read = read_row(Department, department.id)
    read.name = "試験室"
    read.save()
    assert Department.objects.get(id=department.id).name == "試験室"


def test_an_unknown_id_is_not_found(town: Town) -> None:
    with pytest.raises(Draft.DoesNotExist):
        read_row(Draft, uuid7())


def test_a_row_of_another_government_is_not_found(cast: Cast) -> None:
    with tenant_scope(cast.misaki.id):
        theirs = Department.objects.create(code="77", name="試験課", valid_from=date(2026, 4, 1))
    with tenant_scope(cast.hibari.id), pytest.raises(Department.DoesNotExist):
        read_row(Department, theirs.id)


def test_outside_a_scope_nothing_is_read(cast: Cast) -> None:
    with pytest.raises(OutsideTenantScope):
        read_row(Department, uuid7())
