"""number_cases: gapless, in order, once, also when two workers sweep at the same moment."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from kakehashi.cases.models import Case, CaseCounter
from kakehashi.cases.services import number_cases
from kakehashi.cases.testing import sample_case
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import two_towns
from kakehashi.search.selectors import search_texts
from kakehashi.search.services import index_pending


def test_numbers_follow_the_order_of_opening(town):
    cases = [sample_case(town) for _ in range(3)]
    assert number_cases(government_id=town.id) == 3
    year = cases[0].fiscal_year
    assert list(Case.objects.order_by("id").values_list("sequence", flat=True)) == [1, 2, 3]
    assert Case.objects.get(id=cases[2].id).number.endswith("-000003")
    assert CaseCounter.objects.get(fiscal_year=year).last == 3


def test_a_second_sweep_finds_nothing(town):
    sample_case(town)
    number_cases(government_id=town.id)
    assert number_cases(government_id=town.id) == 0


def test_each_fiscal_year_begins_at_one(town):
    for moment in (datetime(2027, 3, 31, 14, 59, tzinfo=UTC), datetime(2027, 3, 31, 15, 0, tzinfo=UTC)):
        with clock.frozen(moment):
            sample_case(town)
    number_cases(government_id=town.id)
    assert set(Case.objects.values_list("number", flat=True)) == {"令和8-000001", "令和9-000001"}


def test_batches_go_on_where_the_last_ended(town):
    for _ in range(5):
        sample_case(town)
    assert [number_cases(government_id=town.id, limit=2) for _ in range(3)] == [2, 2, 1]
    assert sorted(Case.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]


def test_an_aborted_sweep_leaves_no_gap(town):
    sample_case(town)
    with pytest.raises(RuntimeError), transaction.atomic():
        number_cases(government_id=town.id)
        raise RuntimeError
    number_cases(government_id=town.id)
    assert list(Case.objects.values_list("sequence", flat=True)) == [1]


def test_a_numbered_case_is_found_by_name_and_number(town):
    case = sample_case(town, subject="道路占用許可申請")
    number_cases(government_id=town.id)
    index_pending()
    case.refresh_from_db()
    for query in ("道路占用", "めぐみ", case.number):
        assert [hit.object_id for hit in search_texts(actor=town.clerk, query=query, kinds=["cases.case"])] == [case.id]


def test_another_government_is_refused(town, other_town):
    with pytest.raises(ValueError, match="scope"):
        number_cases(government_id=other_town.id)


def test_four_workers_at_once_give_every_number_once(swept_database, django_db_blocker, settings):
    with django_db_blocker.unblock():
        town = two_towns(settings.ROOMS).hibari
        with tenant_scope(town.id):
            for _ in range(60):
                sample_case(town)
        _sweep_together(town.id, workers=4)
        with tenant_scope(town.id):
            assert sorted(Case.objects.values_list("sequence", flat=True)) == list(range(1, 61))


def _sweep_together(government_id, workers):
    errors = []

    def sweep():
        try:
            for _ in range(8):
                with tenant_scope(government_id):
                    number_cases(government_id=government_id, limit=7)
        except Exception as error:  # noqa: BLE001 — a thread's error must reach the test
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=sweep) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
