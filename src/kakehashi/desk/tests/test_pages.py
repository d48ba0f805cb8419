"""The desk's pages: they work, refuse kindly, and show the neighbour nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.desk.models import Consultation, SolvedCase
from kakehashi.desk.services import adopt_case, draft_solved_case, edit_solved_case, submit_solved_case
from kakehashi.desk.testing import assigned, filed, published, resolved
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.search.services import index_pending

Clients = Callable[..., Any]


def typed(**changes: str) -> dict[str, str]:
    answers = {
        "consultation_id": str(uuid7()), "task": "公民館の使用受付", "problem": "台帳に書き写している。", "purpose": "",
        "desired_state": "", "frequency": "monthly", "count": "30", "minutes_each": "14", "act": "file",
    }  # fmt: skip
    return {**answers, **changes}


def page(client: Any, path: str, **data: str) -> str:
    return str(client.get(path, data).content.decode())


def test_five_questions_in_their_order(client_for: Clients, cast: Cast) -> None:
    text = page(client_for(cast.hibari.clerk), "/staff/desk/new/")
    places = [
        text.index(f"{n}. {word}") for n, word in enumerate(["業務", "困りごと", "何のため", "どうなりたい", "量"], 1)
    ]
    assert places == sorted(places)


def test_filing_twice_leads_to_the_same_page(client_for: Clients, cast: Cast) -> None:
    client, answers = client_for(cast.hibari.clerk), typed()
    first, second = client.post("/staff/desk/new/", answers), client.post("/staff/desk/new/", answers)
    assert first["Location"] == second["Location"]
    assert "公民館の使用受付" in client.get(first["Location"].replace("/hibari", "", 1)).content.decode()
    with tenant_scope(cast.hibari.id):
        assert Consultation.objects.count() == 1


def test_a_missing_trouble_is_said_beside_the_field_and_nothing_is_lost(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.hibari.clerk)
    answer = client.post("/staff/desk/new/", typed(problem="", purpose="住民のため"))
    assert answer.status_code == 422
    assert "住民のため" in answer.content.decode()
    assert "続きを書く" in page(client, "/staff/desk/")


def test_similar_cases_come_with_and_without_javascript(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        published(cast.hibari)
        index_pending()
    client = client_for(cast.misaki.clerk)
    fragment = client.post("/staff/desk/similar/", typed()).content.decode()
    assert "ひばり町の事例" in fragment
    assert "「公民館」" in fragment
    whole = client.post("/staff/desk/new/", typed(problem="", act="similar"))
    assert whole.status_code == 200
    assert "ひばり町の事例" in whole.content.decode()


def test_a_draft_is_kept_while_looking(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.hibari.clerk)
    client.post("/staff/desk/similar/", typed(task="鍵の貸出簿"))
    assert "鍵の貸出簿" in page(client, "/staff/desk/new/", draft="1")
    assert "鍵の貸出簿" not in page(client_for(cast.hibari.manager), "/staff/desk/")


def test_the_acts_of_a_consultation(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        consultation = filed(cast.hibari)
    client, base = client_for(cast.hibari.officer), f"/staff/desk/{consultation.id}/"
    assert client.post(f"{base}triage/", {"theme": "ledger"}).status_code == 302
    refused = client.post(f"{base}purpose/", {"purpose": "", "desired_state": "x"})
    assert refused.status_code == 422
    client.post(f"{base}purpose/", {"purpose": "町民のため", "desired_state": "一度だけ書く"})
    client.post(f"{base}assign/", {"supporter": str(cast.hibari.officer.id)})
    client.post(f"{base}cycle/", {"line": "様式を見た", "decision": "continue"})
    client.post(f"{base}wait/", {"waiting": "waiting_manager", "note": ""})
    text = page(client, base)
    assert "所属長判断待ち" in text
    assert "様式を見た" in text
    done = {
        "cause": "",
        "what_was_done": "まとめた",
        "learned": "先に聞く",
        "what_failed": "",
        "after_minutes": "5",
        "after_cases": "410",
    }
    assert client.post(f"{base}resolve/", done).status_code == 302
    assert "61.5" in page(client, base)
    assert client.post(f"{base}solved-case/").status_code == 302


def test_a_second_tab_is_told_kindly(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        consultation = resolved(cast.hibari)
    client = client_for(cast.hibari.officer)
    answer = client.post(f"/staff/desk/{consultation.id}/cycle/", {"line": "x", "decision": "continue"})
    assert answer.status_code in {409, 422}
    assert client.get(f"/staff/desk/{consultation.id}/cycle/").status_code == 405


def test_the_road_of_a_solved_case(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = draft_solved_case(actor=cast.hibari.officer, consultation=resolved(cast.hibari))
        edit_solved_case(actor=cast.hibari.officer, case=case, values={"what_was_done": "山田花子さんの入力をやめた。"})
        submit_solved_case(actor=cast.hibari.officer, case=case)
    client, base = client_for(cast.hibari.officer), f"/staff/desk/cases/{case.id}/"
    client.post(f"{base}check/")
    assert "課の確認待ち" in page(client, base), "another section cannot speak for it"
    client_for(cast.hibari.manager).post(f"{base}check/")
    refused = client.post(f"{base}publish/", {"scope": "country"})
    assert refused.status_code == 422
    assert "個人が分かりそうな所が" in refused.content.decode()
    text = page(client, f"{base}masking/")
    assert "<mark>山田花子</mark>" in text
    key = text.split('type="radio" name="')[1].split('"')[0]
    assert client.post(f"{base}masking/", {key: "keep"}).status_code == 422
    client.post(f"{base}masking/", {key: "mask"})
    assert client.post(f"{base}publish/", {"scope": "country"}).status_code == 302
    shared = page(client_for(cast.misaki.clerk), f"/staff/desk/cases/shared/{case.id}/")
    assert "うちでも使う" in shared
    assert "山田" not in shared
    assert client.post(f"{base}retire/", {"reason": ""}).status_code == 422
    assert client.post(f"{base}retire/", {"reason": "誤り"}).status_code == 302
    assert client_for(cast.misaki.clerk).get(f"/staff/desk/cases/shared/{case.id}/").status_code == 404


def test_adopting_from_the_page(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
    client = client_for(cast.misaki.officer)
    assert "公民館の使用受付" in page(client, "/staff/desk/cases/shared/")
    location = client.post(f"/staff/desk/cases/shared/{case.id}/adopt/")["Location"].replace("/misaki", "", 1)
    assert "申込みをオンラインにした。" in page(client, location)
    assert client.post(f"/staff/desk/cases/shared/{case.id}/report/", {"result": "did_not_fit"}).status_code == 422
    client.post(f"/staff/desk/cases/shared/{case.id}/report/", {"result": "did_not_fit", "note": "部屋が多い"})
    assert "部屋が多い" in page(client_for(cast.hibari.clerk), "/staff/desk/cases/")


def test_lists_filter_and_export(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        published(cast.hibari)
        assigned(cast.hibari, task="=1+1")
        index_pending()
    client = client_for(cast.hibari.clerk)
    for path in ("/staff/desk/", "/staff/desk/cases/", "/staff/desk/cases/shared/"):
        assert client.get(path, {"format": "csv", "tab": "all"}).status_code == 200
        assert client.get(path, {"format": "xlsx"}).status_code == 200
        assert client.get(path, {"format": "exe"}).status_code == 404
        assert client.get(path, {"q": "公民館", "cursor": "zz", "tab": "x", "state": "y"}).status_code == 200
    assert "'=1+1" in client.get("/staff/desk/", {"format": "csv"}).content.decode("utf-8-sig")
    assert "公民館の使用受付" in page(client, "/staff/desk/cases/", q="台帳")


def test_the_neighbour_gets_404_everywhere(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari, scope="government")
        consultation = Consultation.objects.get()
    client = client_for(cast.misaki.officer)
    for path in (
        f"/staff/desk/{consultation.id}/",
        f"/staff/desk/cases/{case.id}/",
        f"/staff/desk/cases/shared/{case.id}/",
    ):
        assert client.get(path).status_code == 404
    assert client.post(f"/staff/desk/cases/shared/{case.id}/adopt/").status_code == 404
    assert client.post("/staff/desk/new/", typed(consultation_id=str(consultation.id))).status_code != 500


HOSTILE = ["\x00", "\ud800", "'; DROP TABLE x; --", "9" * 400, "-1", "1e999", "NaN", "<script>", "🗾" * 3000, "\u202e"]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_answers_are_never_an_error_of_ours(client_for: Clients, cast: Cast, value: str) -> None:
    client = client_for(cast.hibari.officer)
    value = value.encode("utf-8", "replace").decode()
    for field in ("task", "problem", "purpose", "count", "minutes_each", "frequency", "consultation_id", "rule"):
        for act in ("file", "draft", "similar"):
            assert client.post("/staff/desk/new/", typed(**{field: value, "act": act})).status_code < 500
        assert client.post("/staff/desk/similar/", typed(**{field: value})).status_code < 500


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_results_are_never_an_error_of_ours(client_for: Clients, cast: Cast, value: str) -> None:
    with tenant_scope(cast.hibari.id):
        consultation = assigned(cast.hibari)
        case = draft_solved_case(actor=cast.hibari.officer, consultation=resolved(cast.hibari))
    client = client_for(cast.hibari.officer)
    value = value.encode("utf-8", "replace").decode()
    for verb in ("triage", "purpose", "assign", "cycle", "wait", "decline", "promote"):
        data = dict.fromkeys(["purpose", "supporter", "line", "decision", "waiting", "reason", "kind"], value)
        assert client.post(f"/staff/desk/{consultation.id}/{verb}/", data).status_code < 500
    numbers = dict.fromkeys(
        ["after_minutes", "after_cases", "before_sheets", "migration_hours", "what_was_done"], value
    )
    assert client.post(f"/staff/desk/{consultation.id}/resolve/", numbers).status_code < 500
    fields = dict.fromkeys(["title", "population", "before_minutes", "before_cases", "after_sheets", "problem"], value)
    assert client.post(f"/staff/desk/cases/{case.id}/edit/", fields).status_code < 500
    assert client.post("/staff/desk/place/", {"department": value}).status_code < 500
    with tenant_scope(cast.hibari.id):
        assert SolvedCase.objects.filter(id=case.id).exists()


def test_an_adopted_case_shows_where_it_comes_from(client_for: Clients, cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
    with tenant_scope(cast.misaki.id):
        mine = adopt_case(actor=cast.misaki.officer, case_id=case.id)
    text = page(client_for(cast.misaki.officer), f"/staff/desk/{mine.id}/")
    assert "取り入れの手順" in text
    assert f"/staff/desk/cases/shared/{case.id}/" in text


@pytest.mark.parametrize(
    "path", ["/staff/desk/?tab=all", "/staff/desk/new/", "/staff/desk/cases/", "/staff/desk/cases/shared/"]
)
def test_lists_cost_the_same_with_more_rows(client_for: Clients, cast: Cast, path: str) -> None:
    client = client_for(cast.hibari.officer)
    counts = []
    for more in (1, 3):
        for town in (cast.hibari, cast.misaki):
            with tenant_scope(town.id):
                for _ in range(more):
                    published(town)
                    filed(town)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        quiet = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")
        counts.append(len([q for q in queries if "set_config" not in q["sql"] and not q["sql"].startswith(quiet)]))
    assert counts[0] == counts[1], counts
    assert counts[0] <= 17, counts
