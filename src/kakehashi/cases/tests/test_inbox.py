"""今日の仕事: tabs, filters, order, queries, export, keeping a filter."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kakehashi.cases.models import SavedFilter
from kakehashi.cases.selectors import InboxFilter, inbox_page
from kakehashi.cases.services import assign_case, close_case, move_case, number_cases
from kakehashi.cases.testing import sample_case
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.people.testing import person_of


@pytest.fixture
def work(town):
    late = sample_case(town, subject="遅れた届出", due_on=clock.today() - timedelta(days=3))
    soon = sample_case(town, subject="近い届出", due_on=clock.today() + timedelta(days=1))
    free = sample_case(town, subject="期限のない相談")
    waiting = sample_case(town, subject="待つ届出")
    move_case(actor=town.clerk, case=waiting, phase="waiting", state_label="補正待ち", waiting_on="申請者")
    done = sample_case(town, subject="終わった届出")
    close_case(actor=town.clerk, case=done)
    for case in (late, free):
        assign_case(actor=town.manager, case=case, handler=person_of(town.clerk))
    return {"late": late, "soon": soon, "free": free, "waiting": waiting, "done": done}


def subjects(town, **wanted):
    return [case.subject for case in inbox_page(town.clerk, InboxFilter(**wanted), None).rows]


def test_tabs(town, work):
    assert subjects(town, tab="mine") == ["遅れた届出", "期限のない相談"]
    assert subjects(town, tab="department") == ["遅れた届出", "近い届出", "期限のない相談", "待つ届出"]
    assert subjects(town, tab="waiting") == ["待つ届出"]
    assert subjects(town, tab="overdue") == ["遅れた届出"]
    assert len(subjects(town, tab="all")) == 5


def test_filters(town, work):
    number_cases(government_id=town.id)
    work["soon"].refresh_from_db()
    assert subjects(town, tab="all", q=work["soon"].number) == ["近い届出"]
    assert subjects(town, tab="department", q="めぐみ", phase="waiting") == ["待つ届出"]
    assert subjects(town, tab="department", kind="no.kind") == []


def test_a_post_without_a_department_sees_all(town, work):
    assert len(inbox_page(town.mayor, InboxFilter(tab="department"), None).rows) == 4
    assert inbox_page(town.officer, InboxFilter(tab="department"), None).rows == []


def test_the_page_shows_waiting_and_due(town, work, client_for):
    page = client_for(town.clerk).get("/staff/cases/?tab=department").content.decode()
    assert "申請者（1時間未満）" in page
    assert "営業日超過" in page or "今日まで" in page


def test_at_most_twelve_queries_and_the_record_of_the_reading(town, work, client_for):
    client = client_for(town.clerk)
    for _ in range(30):
        sample_case(town)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/staff/cases/?tab=department").status_code == 200
    real = [
        q["sql"]
        for q in queries
        if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config"))
    ]
    assert sum(one.startswith("\n    WITH entry AS") or "journal_accessentry" in one for one in real) == 1
    assert len(real) <= 13, "\n".join(real)


def test_nothing_is_counted(town, work, client_for):
    client = client_for(town.clerk)
    with CaptureQueriesContext(connection) as queries:
        client.get("/staff/cases/?tab=department")
    assert [q["sql"] for q in queries if "COUNT(" in q["sql"] and "cases_case" in q["sql"]] == []


@pytest.mark.parametrize("query", ["tab=nonsense&phase=x&kind=%00&cursor=zzz", "q=%00", "tab=all&cursor=W10"])
def test_nonsense_in_the_address_is_no_error(town, client_for, query):
    assert client_for(town.clerk).get(f"/staff/cases/?{query}").status_code == 200


def test_export_to_excel_and_csv_is_written_down(town, work, client_for):
    client = client_for(town.clerk)
    book = load_workbook(BytesIO(client.get("/staff/cases/?tab=department&format=xlsx").content))
    assert next(row[2].value for row in book.active.iter_rows(min_row=2)) == "遅れた届出"
    csv = client.get("/staff/cases/?tab=department&format=csv").content.decode("utf-8-sig")
    assert csv.splitlines()[0].startswith("案件番号,種類,件名")
    assert Event.objects.filter(code="cases.list.exported").count() == 2


def test_chosen_rows_are_exported(town, work, client_for):
    answer = client_for(town.clerk).post(
        "/staff/cases/batch/", {"tab": "department", "case": [str(work["soon"].id)], "format": "csv"}
    )
    assert len(answer.content.decode("utf-8-sig").splitlines()) == 2


def test_a_batch_is_assigned_and_taken_back(town, work, client_for):
    client = client_for(town.manager)
    answer = client.post(
        "/staff/cases/batch/", {"case": [str(work["soon"].id), "nonsense"], "handler": str(town.clerk.id)}, follow=True
    )
    assert "1件の担当を山田 花子にしました。" in answer.content.decode()
    assert 'data-undo-seconds="10"' in answer.content.decode()
    work["soon"].refresh_from_db()
    assert work["soon"].handler_id == town.clerk.id
    client.post("/staff/cases/undo/")
    work["soon"].refresh_from_db()
    assert work["soon"].handler_id is None


def test_nothing_chosen_is_told(town, work, client_for):
    page = client_for(town.manager).post("/staff/cases/batch/", {"handler": ""}, follow=True).content.decode()
    assert "案件を選んでください。" in page


def test_a_filter_is_kept_and_dropped(town, client_for):
    client = client_for(town.clerk)
    client.post("/staff/cases/filters/", {"name": "補正待ち", "query": "tab=waiting&q=転入&cursor=x"})
    kept = SavedFilter.objects.get()
    assert "cursor" not in kept.query
    client.post(f"/staff/cases/filters/{kept.id}/drop/")
    assert not SavedFilter.objects.exists()


def test_pages_follow_one_another(town):
    for day in range(60):
        sample_case(town, subject=f"{day:02}", due_on=date(2026, 12, 1) + timedelta(days=day))
    first = inbox_page(town.clerk, InboxFilter(tab="department"), None)
    second = inbox_page(town.clerk, InboxFilter(tab="department"), first.next_cursor)
    assert [c.subject for c in first.rows + second.rows] == [f"{day:02}" for day in range(60)]
