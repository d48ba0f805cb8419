"""Cases between installations: signed files, signers, feeds, results that flow back; and revisions of what is out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.desk.domain.case_file import UnreadableBundleError, read_bundle
from kakehashi.desk.models import CaseFeed, CaseSigner, PublishedCase, ReceivedCase, ReturnedResult, SolvedCase
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.dashboard import dashboard, rows_of
from kakehashi.desk.selectors.exchange import received_cases, untold_results
from kakehashi.desk.services import (
    add_feed,
    adopt_received,
    check_solved_case,
    confirm_case_signer,
    edit_solved_case,
    export_cases,
    export_results,
    feed_bundle,
    forget_case_signer,
    publish_solved_case,
    pull_due_feed,
    pull_feed,
    receive_bundle,
    receive_results,
    report_received,
    report_reuse,
    retire_solved_case,
    revise_solved_case,
    submit_solved_case,
    tell_of_revisions,
)
from kakehashi.desk.services import case_exchange as exchange_module
from kakehashi.desk.services import case_feeds as feeds_module
from kakehashi.desk.services.case_exchange import Receipt
from kakehashi.desk.testing import published
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.outbound import Answer, NoAnswer
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.services import issue_api_token
from kakehashi.people.testing import Cast, Town, powerful
from kakehashi.search.services import index_pending


def a_file(town: Town) -> bytes:
    with tenant_scope(town.id):
        published(town, funding="窓口改革の交付金")
        return export_cases(actor=town.officer)


def received(town: Town, content: bytes) -> ReceivedCase:
    """Take a file in, its signer confirmed; the town's scope must be open."""
    signer = receive_bundle(actor=town.officer, content=content)
    if isinstance(signer, CaseSigner):
        confirm_case_signer(actor=town.officer, signer=signer, how="電話で読み合わせた")
        receive_bundle(actor=town.officer, content=content)
    found: ReceivedCase = ReceivedCase.objects.get()
    return found


def next_revision(town: Town, case: SolvedCase, note: str = "様式を直した") -> SolvedCase:
    revise_solved_case(actor=town.officer, case=case)
    edit_solved_case(actor=town.officer, case=case, values={"what_was_done": "様式も一つにした。"})
    submit_solved_case(actor=town.officer, case=case)
    check_solved_case(actor=town.manager, case=case)
    return publish_solved_case(actor=town.officer, case=case, scope=case.scope, note=note)


def test_nothing_is_kept_before_the_signer_is_believed(cast: Cast) -> None:
    content = a_file(cast.hibari)
    with tenant_scope(cast.misaki.id):
        assert isinstance(receive_bundle(actor=cast.misaki.officer, content=content), CaseSigner)
        assert not ReceivedCase.objects.exists()
        case = received(cast.misaki, content)
        assert (case.origin_name, case.revision, case.funding) == ("ひばり町", 1, "窓口改革の交付金")
        assert receive_bundle(actor=cast.misaki.officer, content=content) == Receipt("ひばり町", 0, 0, 0)
        forget_case_signer(actor=cast.misaki.officer, signer=CaseSigner.objects.get())
        assert not received_cases().exists()


@pytest.mark.parametrize(
    "change", [lambda d: d["cases"][0]["values"].update(title="別の題"), lambda d: d["origin"].update(code="990027"),
               lambda d: d.update(made_at="2020-01-01T00:00:00+00:00"), lambda d: d.pop("signature"),
               lambda d: d["results"].append({"case": "x"}), lambda d: d.update(extra=1), lambda d: d.update(format=2)],
)  # fmt: skip
def test_whatever_is_changed_on_the_way_is_refused(cast: Cast, change: Callable[[Any], Any]) -> None:
    data = json.loads(a_file(cast.hibari))
    change(data)
    with tenant_scope(cast.misaki.id):
        with pytest.raises(DomainError):
            receive_bundle(actor=cast.misaki.officer, content=json.dumps(data).encode())


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.booleans(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["kind", "format", "origin", "cases", "signer", "signature", "digest"]), inner, max_size=5), max_leaves=8,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_strangers_bytes_are_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(UnreadableBundleError):
        read_bundle(raw)


def test_our_own_file_is_not_taken_in(cast: Cast) -> None:
    content = a_file(cast.hibari)
    with tenant_scope(cast.hibari.id):
        with pytest.raises(DomainError, match="この団体が"):
            receive_bundle(actor=cast.hibari.officer, content=content)


def test_a_case_becomes_work_and_its_result_goes_home(cast: Cast) -> None:
    content, there = a_file(cast.hibari), cast.misaki
    with tenant_scope(there.id):
        case = received(there, content)
        work = adopt_received(actor=there.officer, received=case)
        assert adopt_received(actor=there.officer, received=case).id == work.id
        assert [step.text for step in work.steps.all()] == ["申込みをオンラインにした。", "受付の一覧を台帳とした。"]
        with pytest.raises(DomainError, match="個人が分かりそう"):
            report_received(actor=there.officer, received=case, result="worked", note="0178-12-3456に聞いて")
        report_received(
            actor=there.officer, received=case, result="worked", note="部屋は少ない", hours_released=Decimal(30)
        )
        home = export_results(actor=there.officer, origin_code="990019")
        assert not untold_results().exists()
    with tenant_scope(cast.hibari.id):
        signer = receive_bundle(actor=cast.hibari.officer, content=home)
        assert isinstance(signer, CaseSigner)
        confirm_case_signer(actor=cast.hibari.officer, signer=signer, how="名刺の番号に電話した")
        assert receive_bundle(actor=cast.hibari.officer, content=home) == Receipt("みさき市", 0, 0, 1)
        result = ReturnedResult.objects.get()
        assert (result.adopter_name, result.result, result.hours_released) == ("みさき市", "worked", 30)


def test_a_feed_brings_renews_withdraws_and_takes_results_home(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there, sent = cast.hibari, cast.misaki, []
    answers: list[Answer] = []

    def send(url: str, **given: Any) -> Answer:
        sent.append((url, given))
        if given.get("method") == "POST":
            return Answer(200, "application/json", b"{}")
        return answers[-1]

    def feed_now() -> None:
        with tenant_scope(here.id):
            answers.append(Answer(200, "application/json", feed_bundle()))

    monkeypatch.setattr(feeds_module, "send", send)
    with tenant_scope(here.id):
        case = published(here)
    feed_now()
    with tenant_scope(there.id):
        with pytest.raises(DomainError):
            add_feed(actor=there.officer, name="x", url="https://10.0.0.1/", key="k")
        feed = add_feed(
            actor=there.officer, name="ひばり町", url="https://hibari.example/api/v1/desk/solved-cases/", key="secret"
        )
        assert "secret" not in feed.key_sealed
        assert pull_feed(actor=there.officer, feed=feed) is None
        assert "鍵を、まだ確かめていません" in feed.problem
        confirm_case_signer(actor=there.officer, signer=CaseSigner.objects.get(), how="電話")
        assert pull_feed(actor=there.officer, feed=feed) == Receipt("ひばり町", 1, 0, 0)
        adopt_received(actor=there.officer, received=ReceivedCase.objects.get())
        pull_feed(actor=there.officer, feed=feed)
        url, given = sent[-1]
        assert (url, given["headers"]["Authorization"]) == (
            "https://hibari.example/api/v1/desk/solved-cases/results/",
            "Bearer secret",
        )
        assert pull_due_feed(actor=system_actor(there.id)) == 0, "it was fetched a moment ago"
    with tenant_scope(here.id):
        assert isinstance(receive_results(actor=here.officer, content=given["body"]), CaseSigner)
        confirm_case_signer(actor=here.officer, signer=CaseSigner.objects.get(), how="電話")
        assert receive_results(actor=here.officer, content=given["body"]) == 1
        next_revision(here, case)
    feed_now()
    with tenant_scope(there.id):
        assert pull_feed(actor=there.officer, feed=feed) == Receipt("ひばり町", 1, 0, 0)
        assert (tell_of_revisions(actor=system_actor(there.id)), tell_of_revisions(actor=system_actor(there.id))) == (
            1,
            0,
        )
    with tenant_scope(here.id):
        retire_solved_case(actor=here.officer, case=SolvedCase.objects.get(), reason="誤り")
    feed_now()
    with tenant_scope(there.id):
        assert pull_feed(actor=there.officer, feed=feed) == Receipt("ひばり町", 0, 1, 0)
        assert not received_cases().exists()
        answers.append(answers[0])
        CaseFeed.objects.update(last_made_at=clock.now() + timedelta(days=1))
        pull_feed(actor=there.officer, feed=CaseFeed.objects.get())
        assert "古い内容" in CaseFeed.objects.get().problem

        def silent(url: str, **given: Any) -> Answer:
            raise NoAnswer("x")

        monkeypatch.setattr(feeds_module, "send", silent)
        CaseFeed.objects.update(tried_at=clock.now() - timedelta(hours=7))
        assert pull_due_feed(actor=system_actor(there.id)) == 1
        assert "返事がありません" in CaseFeed.objects.get().problem


def test_only_what_is_for_the_country_is_in_the_feed(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        published(cast.hibari, scope="government")
        published(cast.hibari, scope="department")
        assert read_bundle(feed_bundle()).cases == []
        with pytest.raises(DomainError, match="渡せる事例がありません"):
            export_cases(actor=cast.hibari.officer, with_prefecture=True)


def test_the_next_revision_replaces_the_copy_and_every_revision_stays(cast: Cast) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        case = published(town)
        revise_solved_case(actor=town.officer, case=case)
        with pytest.raises(Stale):
            revise_solved_case(actor=town.officer, case=case)
        edit_solved_case(actor=town.officer, case=case, values={"what_was_done": "電話0178-12-3456をやめた。"})
        assert "0178" not in PublishedCase.objects.get().what_was_done, "what is being written is not shown"
        edit_solved_case(actor=town.officer, case=case, values={"what_was_done": "様式も一つにした。"})
        submit_solved_case(actor=town.officer, case=case)
        check_solved_case(actor=town.manager, case=case)
        with pytest.raises(DomainError, match="何が変わったか"):
            publish_solved_case(actor=town.officer, case=case, scope="country")
        publish_solved_case(actor=town.officer, case=case, scope="country", note="様式を直した")
        copy = PublishedCase.objects.get()
        assert (copy.revision, copy.note, copy.what_was_done) == (2, "様式を直した", "様式も一つにした。")
        assert list(case.revisions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_narrower_revision_takes_the_wider_copy_back(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
        case.scope = "government"
        next_revision(cast.hibari, case)
        assert not PublishedCase.objects.exists()
    with tenant_scope(cast.hibari.id):
        out = published(cast.hibari)
        revise_solved_case(actor=cast.hibari.officer, case=out)
        retire_solved_case(actor=cast.hibari.officer, case=out, reason="誤り")
        assert not PublishedCase.objects.exists()


def test_a_remark_that_names_somebody_does_not_reach_the_origin(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
    with tenant_scope(cast.misaki.id):
        for is_checked, note in ((True, "a.b@example.jp に聞いた"), (False, "渡辺健さんが苦労した")):
            with pytest.raises(DomainError, match="個人が分かりそう"):
                report_reuse(
                    actor=cast.misaki.officer, case_id=case.id, result="worked", note=note, is_checked=is_checked
                )
        report_reuse(
            actor=cast.misaki.officer, case_id=case.id, result="worked", note="渡辺さんの様式", is_checked=True
        )


def test_the_pages(client_for: Callable[..., Any], cast: Cast) -> None:
    content = a_file(cast.hibari)
    client, base = client_for(cast.misaki.officer), "/staff/desk/cases/"
    assert client.post(f"{base}exchange/receive/", {}).status_code == 422
    assert client.post(f"{base}exchange/receive/", {"file": SimpleUploadedFile("x.json", b"{}")}).status_code == 422

    def hand_in() -> Any:
        return client.post(f"{base}exchange/receive/", {"file": SimpleUploadedFile("x.json", content)})

    hand_in()
    page = client.get(f"{base}exchange/").content.decode()
    assert "確かめていない" in page
    assert "/api/v1/desk/solved-cases/" in page
    with tenant_scope(cast.misaki.id):
        signer = CaseSigner.objects.get()
    for how in ("", "電話した"):
        client.post(f"{base}exchange/signers/{signer.id}/confirm/", {"how": how})
    hand_in()
    with tenant_scope(cast.misaki.id):
        row = ReceivedCase.objects.get()
        index_pending()
    path = f"{base}received/{row.id}/"
    assert "うちでも使う" in client.get(path).content.decode()
    assert "公民館の使用受付" in client.get(f"{base}received/", {"q": "公民館"}).content.decode()
    work = client.post(f"{path}adopt/")["Location"].replace("/misaki", "", 1)
    assert "取り入れの手順" in client.get(work).content.decode()
    assert client.get(f"{base}shared/{row.case_id}/").status_code in {200, 302}
    assert client.post(f"{path}report/", {"result": "did_not_fit"}).status_code == 422
    assert client.post(f"{path}report/", {"result": "did_not_fit", "note": "部屋が多い"}).status_code == 302
    assert client.post(f"{base}exchange/results/990019/").headers["Content-Disposition"].startswith("attachment")
    assert client.post(f"{base}exchange/results/990019/").status_code == 302
    assert client.post(f"{base}exchange/export/").status_code == 302
    assert (
        client.post(f"{base}exchange/feeds/add/", {"name": "x", "url": "https://10.0.0.1/", "key": "k"}).status_code
        == 422
    )
    sent = {"name": "x", "url": "https://hibari.example/", "key": "k"}
    assert client.post(f"{base}exchange/feeds/add/", sent).status_code == 302
    with tenant_scope(cast.misaki.id):
        feed = CaseFeed.objects.get()
    for verb, data in (("switch", {"on": "0"}), ("drop", {})):
        assert client.post(f"{base}exchange/feeds/{feed.id}/{verb}/", data).status_code == 302
    assert client.get(f"{base}received/", {"format": "csv"}).status_code == 200
    assert client.post(f"{base}exchange/signers/{signer.id}/forget/").status_code == 302
    assert client.get(path).status_code == 404
    origin = client_for(cast.hibari.officer)
    assert origin.get(path).status_code == 404
    with tenant_scope(cast.hibari.id):
        case = SolvedCase.objects.get()
    assert origin.post(f"{base}{case.id}/revise/").status_code == 302
    assert "第1版が公開されたまま" in origin.get(f"{base}{case.id}/").content.decode()
    assert "受付の一覧を台帳とした" in origin.get(f"{base}{case.id}/revisions/1/").content.decode()
    assert origin.get(f"{base}{case.id}/revisions/9/").status_code == 404


def test_the_feed_needs_a_key_made_for_it(client_for: Callable[..., Any], cast: Cast) -> None:
    town, path = cast.hibari, "/api/v1/desk/solved-cases/"
    with tenant_scope(town.id):
        case = published(town)
        actor, last = powerful(town.administrator), clock.today() + timedelta(days=30)
        keys = [
            issue_api_token(actor=actor, name="みさき市", permissions=[permission], valid_to=last)[1]
            for permission in (DeskPermission.CASE_FEED, DeskPermission.CASE_READ)
        ]
    client = client_for(town)
    assert client.get(path).status_code == 401
    assert client.get(path, headers={"authorization": f"Bearer {keys[1]}"}).status_code == 403
    answer = client.get(path, headers={"authorization": f"Bearer {keys[0]}"})
    bundle = read_bundle(answer.content)
    assert ([one.id for one in bundle.cases], bundle.current) == ([case.id], frozenset({case.id}))
    with tenant_scope(cast.misaki.id):
        report_received(actor=cast.misaki.officer, received=received(cast.misaki, answer.content), result="worked")
        home = export_results(actor=cast.misaki.officer, origin_code="990019")

    def post() -> Any:
        headers = {"authorization": f"Bearer {keys[0]}"}
        return client.post(f"{path}results/", home, content_type="application/json", headers=headers)

    assert post().status_code == 422
    with tenant_scope(town.id):
        confirm_case_signer(actor=town.officer, signer=CaseSigner.objects.get(), how="電話")
    assert post().json() == {"results": 1}


def test_a_feed_of_many_pages_comes_whole_over_the_api(
    client_for: Callable[..., Any], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = cast.hibari, cast.misaki
    monkeypatch.setattr(exchange_module, "MOST_CASES", 2)
    monkeypatch.setattr(feeds_module, "MOST_CASES", 2)
    with tenant_scope(here.id):
        cases = {published(here).id for _ in range(5)}
        last = clock.today() + timedelta(days=30)
        key = issue_api_token(
            actor=powerful(here.administrator), name="みさき市", permissions=[DeskPermission.CASE_FEED], valid_to=last
        )[1]
    url, pages = "https://hibari.example/api/v1/desk/solved-cases/", []
    client, headers = client_for(here), {"authorization": f"Bearer {key}"}
    asked = {
        query: client.get(f"/api/v1/desk/solved-cases/{query}", headers=headers) for query in ("", "?page=2", "?page=3")
    }
    assert client.get("/api/v1/desk/solved-cases/?page=0", headers=headers).status_code == 422

    def send(address: str, **given: Any) -> Answer:
        pages.append(address.removeprefix(url))
        return Answer(200, "application/json", asked[pages[-1]].content)

    monkeypatch.setattr(feeds_module, "send", send)
    with tenant_scope(there.id):
        feed = add_feed(actor=there.officer, name="ひばり町", url=url, key=key)
        pull_feed(actor=there.officer, feed=feed)
        confirm_case_signer(actor=there.officer, signer=CaseSigner.objects.get(), how="電話")
        receipt = pull_feed(actor=there.officer, feed=feed)
        assert receipt is not None
        assert receipt.cases == 5
        assert set(ReceivedCase.objects.values_list("case_id", flat=True)) == cases
        pull_feed(actor=there.officer, feed=feed)
        adopt_received(actor=there.officer, received=ReceivedCase.objects.order_by("id")[0])
        adopted = next(one for group in dashboard() for one in group.figures if one.key == "adopted")
        assert (adopted.value, len(list(rows_of("adopted").lines))) == (1, 1)
    assert pages == ["", "", "?page=2", "?page=3", ""], "what is here already is not asked for again"
