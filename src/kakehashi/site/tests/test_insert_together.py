"""insert_together: several tables, one statement, the same walls."""

import json
from datetime import date

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.types.json import Jsonb

from kakehashi.journal.models import Event
from kakehashi.kernel import batching
from kakehashi.kernel.batching import insert_together
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import OutsideTenantScope, WrongTenant, tenant_scope
from kakehashi.people.models import Department, Post
from kakehashi.people.testing import Cast, Town


def rows(code: str = "77") -> list[Department | Post | Event]:
    department = Department(code=code, name="試験課", valid_from=date(2026, 4, 1))
    post = Post(name="主事", rank=60, department=department, valid_from=date(2026, 4, 1))
    event = Event(
        act_id=uuid7(), code="x", actor_kind="system", actor_label="試験", subject_kind="x", subject_id=uuid7()
    )
    event.payload = {"文": "値", "n": [1, None]}
    return [department, post, event]


def test_one_statement_writes_all(town: Town) -> None:
    made = rows()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        insert_together(made)
    assert len(queries) == 1
    assert Post.objects.get(id=made[1].id).department.name == "試験課"
    assert Event.objects.get(id=made[2].id).payload == {"文": "値", "n": [1, None]}
    assert not any(row._state.adding for row in made)


def test_several_rows_of_one_model(town: Town) -> None:
    insert_together([*rows("77")[:1], *rows("78")[:1], *rows("79")])
    assert Department.objects.filter(code__in=("77", "78", "79")).count() == 3


def test_nothing_to_insert(town: Town) -> None:
    insert_together([])


def test_all_or_nothing(town: Town) -> None:
    made = rows()
    twice = rows()[0]
    twice.id = made[0].id
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together([*made, twice])
    assert not Department.objects.filter(code="77").exists()


def test_a_saved_row_is_refused(town: Town) -> None:
    made = rows()
    insert_together(made)
    with pytest.raises(TypeError, match="saved already"):
        insert_together(made)


def test_a_row_of_another_government_is_refused(cast: Cast) -> None:
    with tenant_scope(cast.misaki.id):
        made = rows()
    with tenant_scope(cast.hibari.id), pytest.raises(WrongTenant):
        insert_together(made)


def test_the_database_refuses_it_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kakehashi.kernel.batching._check", lambda row: None)
    with tenant_scope(cast.misaki.id):
        made = rows()
    with tenant_scope(cast.hibari.id), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        insert_together(made)


def test_outside_a_scope_nothing_is_written(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        made = rows()
    with pytest.raises(OutsideTenantScope):
        insert_together(made)


def test_plain_values_equal_what_the_fields_would_make(town: Town) -> None:
    made = rows()
    made[0].order = True  # a bool in a column of numbers takes the field's own way
    for row in made:
        slow = [
            field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
            for field, _, _ in batching._columns(type(row))
        ]
        for value, usual in zip(batching._values(row, connection), slow, strict=True):
            assert _meant(value) == _meant(usual)


def _meant(value: object) -> object:
    """The value behind what the driver is given: uuids come as hex, times and JSON as text."""
    if isinstance(value, Jsonb):
        return value.obj
    if isinstance(value, str) and value[:1] == "{":
        return json.loads(value)
    return str(value).replace("-", "").replace("T", " ")


def test_a_row_that_is_there_already_keeps_the_others_out(town: Town) -> None:
    first, again = rows(), rows()
    again[0].id = first[0].id
    assert insert_together(first, once=("id",))
    assert not insert_together(again, once=("id",))
    assert again[1]._state.adding
    assert not Post.objects.filter(id=again[1].id).exists()
    assert not Event.objects.filter(id=again[2].id).exists()


def test_once_passes_over_no_other_constraint(town: Town) -> None:
    first, again = rows(), rows()
    insert_together(first, once=("id",))
    again[1].id = first[1].id
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(again, once=("id",))


def test_a_text_that_is_too_long_is_refused_not_cut(town: Town) -> None:
    made = rows()
    made[2].code = "x" * 81
    with pytest.raises(DataError), transaction.atomic():
        insert_together(made)
