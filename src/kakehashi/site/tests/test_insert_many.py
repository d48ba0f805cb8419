"""insert_many: thousands of rows of one model as one JSON value, the same walls."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from kakehashi.kernel import clock
from kakehashi.kernel.batching import insert_many, update_many
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import WrongTenant
from kakehashi.people.models import Department
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.models import Procedure
from kakehashi.search.models import Entry

KEY = ("government_id", "kind", "object_id")


def entry(**values: object) -> Entry:
    return Entry(**{"kind": "x", "object_id": uuid7(), "title": "題", **values})


def test_every_kind_of_value_comes_back(town: Town) -> None:
    moment = clock.now()
    made = Procedure(
        name="引\"号\\と'改\n行😀",
        survey={"手続ID": "1", "空": "", "n": [1, None]},
        life_events=["birth", "tax,1"],
        volume=3_000_000_000,
        opened_at=moment,
        origin_id=uuid7(),
    )
    with CaptureQueriesContext(connection) as queries:
        insert_many([made, Procedure(name="もう一つ")])
    assert len(queries) == 1
    found = Procedure.objects.get(id=made.id)
    names = [field.attname for field in Procedure._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(made, name) for name in names]


def test_rows_that_are_there_are_written_anew(town: Town) -> None:
    first = entry(number=7)
    insert_many([first])
    again = entry(object_id=first.object_id, title="新しい題", text="本文")
    insert_many([again], known_by=KEY, update=("title", "number"))
    found = Entry.objects.get(kind="x")
    assert (found.id, found.title, found.text, found.number) == (first.id, "新しい題", "", None)


def test_nothing_to_insert(town: Town) -> None:
    insert_many([])


def test_all_or_nothing(town: Town) -> None:
    first = entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([entry(), first, entry(object_id=first.object_id)])
    assert not Entry.objects.filter(kind="x").exists()


def test_too_long_is_refused_not_cut(town: Town) -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_many([entry(title="長" * 301)])


def test_another_governments_row_is_refused(cast: Cast, town: Town) -> None:
    with pytest.raises(WrongTenant):
        insert_many([entry(government_id=cast.misaki.id)])


def test_a_saved_row_is_refused(town: Town) -> None:
    saved = Department.objects.create(code="77", name="課", valid_from=date(2026, 4, 1))
    with pytest.raises(TypeError, match="saved already"):
        insert_many([saved])


def test_a_model_with_other_columns_is_refused(town: Town) -> None:
    from kakehashi.search.models import Posting

    assert any(isinstance(field, models.BinaryField) for field in Posting._meta.fields)
    with pytest.raises(TypeError, match="plain columns"):
        insert_many([Posting(term="x", segment=0, data=b"")])


def test_columns_are_written_anew(town: Town) -> None:
    rows = [entry(number=1), entry(number=2)]
    insert_many(rows)
    for number, row in enumerate(rows, start=11):
        row.number, row.title = number, "書かない"
    with CaptureQueriesContext(connection) as queries:
        assert update_many(rows, ["number"]) == 2
    assert len(queries) == 1
    assert set(Entry.objects.filter(kind="x").values_list("number", "title")) == {(11, "題"), (12, "題")}


def test_an_unknown_column_is_refused(town: Town) -> None:
    with pytest.raises(TypeError, match="has not all"):
        update_many([entry()], ["nummer"])


def test_another_governments_row_is_not_written(cast: Cast, town: Town) -> None:
    with pytest.raises(WrongTenant):
        update_many([entry(government_id=cast.misaki.id)], ["number"])
