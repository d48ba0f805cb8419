"""照会・回答 between a prefecture and its municipalities."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from kakehashi.cases.models import Case
from kakehashi.governments.models import Government
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.registry import MEASURES
from kakehashi.indicators.hooks import Direction, Measure
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.models import Department, Role
from kakehashi.plans import services
from kakehashi.plans.domain.inquiries import Item, ItemKind, check_answers, checked_value, shown
from kakehashi.plans.models import Initiative, InquiryCall, InquiryReply, InquiryTask, MunicipalInquiry
from kakehashi.plans.selectors import inquiries as reads
from kakehashi.plans.services import attach_indicator
from kakehashi.plans.services.inquiries import answer_sheet, remind_by_worker
from kakehashi.plans.testing import small_plan

CODE = "people.test_sections"
ITEMS = (
    Item("q1", "課の数", ItemKind.INDICATOR, unit="課", measure=CODE, period="2026"),
    Item("q2", "CIOは誰ですか", ItemKind.CHOICE, choices=("首長", "副首長", "いない")),
    Item("q3", "困っていること", ItemKind.TEXT, required=False),
)
DUE = date(2026, 12, 11)


@pytest.fixture(autouse=True)
def _sections(monkeypatch):
    """Two sections are counted in each town of the cast."""
    measure = Measure(
        code=CODE, label="課の数", unit="課", direction=Direction.NEUTRAL, formula_text="課を数える", version=1,
        numerator=lambda period: Department.objects.all(), row_columns=(("課", lambda row: row.name),),
    )  # fmt: skip
    monkeypatch.setitem(MEASURES._entries, CODE, measure)


@pytest.fixture
def asked(cast, prefecture):
    """The prefecture has asked both towns and a village that does not use the system; ひばり町 and みさき市 have received it."""
    Government.objects.create(code="990035", name="そとの村", kind="village", parent=prefecture.government)
    with tenant_scope(prefecture.id):
        inquiry = draft(prefecture)
        services.issue_inquiry(actor=prefecture.officer, inquiry=inquiry)
    for town in (cast.hibari, cast.misaki):
        with tenant_scope(town.id):
            services.receive_calls(government_id=town.id)
    return inquiry


def draft(prefecture, **details):
    return services.draft_inquiry(
        actor=prefecture.officer,
        title="推進体制の調べ",
        due_on=DUE,
        items=ITEMS,
        idempotency_key=uuid7(),
        details=details,
    )


def task_of(town):
    return reads.find_task(InquiryTask.objects.get().id)


def write(town, q1="2", q2="首長", **reasons):
    task, call = task_of(town)
    given = {"q1": q1, "q2": q2}
    return services.save_reply(actor=town.officer, task=task, call=call, given=given, reasons=reasons)


def state_of(prefecture, inquiry, town):
    with tenant_scope(prefecture.id):
        return next(one.state for one in reads.standings(inquiry) if one.municipality.id == town.id)


def test_the_town_finds_it_in_todays_work_filled_in(cast, prefecture, asked):
    with tenant_scope(cast.hibari.id):
        assert services.receive_calls(government_id=cast.hibari.id) == 0
        case = Case.objects.get(kind="plans.inquiry")
        assert (case.subject, case.due_on) == ("県からの照会：推進体制の調べ", DUE)
        first = InquiryTask.objects.get().values["answers"][0]
        assert first["value"] == first["filled"] == "2"
        assert "自動計算" in first["source"]
        assert Notice.objects.filter(kind="plans.inquiry").exists()
    assert state_of(prefecture, asked, cast.hibari) == "受取済み"
    assert state_of(prefecture, asked, Government.objects.get(code="990035")) == "ファイルを待っています"


def test_it_comes_to_the_section_whose_initiative_is_measured(cast, prefecture):
    town = cast.hibari
    with tenant_scope(town.id):
        section = Department.objects.order_by("-code").first()
        small = small_plan(town.officer)
        Initiative.objects.update(department=section)
        attach_indicator(actor=town.officer, initiative=small.initiative, measure_code=CODE)
        assert reads.owner_of(["people.nobody", CODE]) == section
        assert reads.owner_of(["people.nobody"]) is None
    with tenant_scope(prefecture.id):
        services.issue_inquiry(actor=prefecture.officer, inquiry=draft(prefecture))
    with tenant_scope(town.id):
        services.receive_calls(government_id=town.id)
        assert Case.objects.get(kind="plans.inquiry").department == section
        assert reads.next_task({section.id})[1] == InquiryTask.objects.get()


def test_confirming_is_enough_and_a_difference_needs_a_reason(cast, prefecture, asked):
    town = cast.hibari
    with tenant_scope(town.id):
        assert write(town, q1="3").problems["q1"].startswith("自動で入った値（2課）と違います")
        with pytest.raises(DomainError, match="足りません"):
            services.answer_call(actor=town.officer, task=task_of(town)[0], call=task_of(town)[1])
        assert not write(town, q1="3", q1_=None).problems.get("q2")
        task, call = task_of(town)
        services.save_reply(
            actor=town.officer, task=task, call=call, given={"q1": "3", "q2": "首長"}, reasons={"q1": "出先を足した"}
        )
        reply = services.answer_call(actor=town.officer, task=task, call=call)
        again = services.answer_call(actor=town.officer, task=task, call=call)
        assert (again.id, reply.number) == (reply.id, 1)
        assert Case.objects.get(kind="plans.inquiry").closed_at
        assert Event.objects.filter(code="plans.inquiry.answered").count() == 1
    assert state_of(prefecture, asked, town) == "回答済み"


def test_a_manager_confirms_and_not_who_wrote_it(cast, prefecture, asked):
    town = cast.hibari
    with tenant_scope(town.id):
        write(town)
        task, call = task_of(town)
        services.ask_confirmation(actor=town.officer, task=task, call=call)
        with pytest.raises(Stale):
            write(town)
        with pytest.raises(DomainError, match="別の人"):
            services.answer_call(actor=town.officer, task=task, call=call)
        services.send_back(actor=town.manager, task=task, call=call, note="数を確かめて")
        write(town)
        services.ask_confirmation(actor=town.officer, task=task, call=call)
        reply = services.answer_call(actor=town.manager, task=task, call=call)
        assert "佐藤" in reply.confirmed_by


def test_returned_corrected_and_kept(cast, prefecture, asked):
    town = cast.hibari
    with tenant_scope(town.id):
        write(town)
        services.answer_call(actor=town.officer, task=task_of(town)[0], call=task_of(town)[1])
    with tenant_scope(prefecture.id):
        services.return_reply(
            actor=prefecture.officer, inquiry=asked, municipality=town.government, note="CIOを確かめて"
        )
        with pytest.raises(Stale):
            services.return_reply(
                actor=prefecture.officer, inquiry=asked, municipality=town.government, note="もう一度"
            )
    assert state_of(prefecture, asked, town) == "差戻し中"
    with tenant_scope(town.id):
        assert services.receive_calls(government_id=town.id) == 1
        assert Case.objects.get(kind="plans.inquiry").closed_at is None
        write(town, q2="副首長")
        reply = services.answer_call(actor=town.officer, task=task_of(town)[0], call=task_of(town)[1])
        assert reply.number == 2
    with tenant_scope(prefecture.id):
        assert [one.number for one in reads.replies_of(asked, town.government)] == [2, 1]


def test_others_answers_are_invisible_until_the_result_is_published(cast, prefecture, asked):
    with tenant_scope(cast.hibari.id):
        write(cast.hibari)
        services.answer_call(actor=cast.hibari.officer, task=task_of(cast.hibari)[0], call=task_of(cast.hibari)[1])
    with tenant_scope(cast.misaki.id):
        assert {one.origin_id for one in InquiryReply.objects.all()} == {cast.misaki.id}
        assert {one.audience_id for one in InquiryCall.objects.all()} == {cast.misaki.id}
    with tenant_scope(prefecture.id):
        with pytest.raises(Stale):
            services.publish_result(actor=prefecture.officer, inquiry=asked)
        services.close_inquiry(actor=prefecture.officer, inquiry=asked)
        services.publish_result(actor=prefecture.officer, inquiry=reads.find_inquiry(asked.id))
    with tenant_scope(cast.misaki.id):
        assert services.receive_calls(government_id=cast.misaki.id) == 1
        task, call = task_of(cast.misaki)
        assert ["ひばり町", "回答済み", "2課", "首長", ""] in call.result["rows"]
        with pytest.raises(Stale):
            services.save_reply(actor=cast.misaki.officer, task=task, call=call, given={}, reasons={})


def test_a_new_version_keeps_what_was_written(cast, prefecture, asked):
    with tenant_scope(cast.hibari.id):
        write(cast.hibari)
        services.answer_call(actor=cast.hibari.officer, task=task_of(cast.hibari)[0], call=task_of(cast.hibari)[1])
    more = (*ITEMS, Item("q4", "予算", ItemKind.NUMBER, unit="円"))
    change = {
        "actor": prefecture.officer,
        "inquiry": asked,
        "title": asked.title,
        "due_on": DUE,
        "items": more,
        "details": {},
    }
    with tenant_scope(prefecture.id):
        with pytest.raises(DomainError):
            services.edit_inquiry(**change)
        services.edit_inquiry(**change, note="予算を足しました")
    assert state_of(prefecture, asked, cast.hibari) == "前の版（第1版）への回答"
    with tenant_scope(cast.hibari.id):
        services.receive_calls(government_id=cast.hibari.id)
        task, _ = task_of(cast.hibari)
        assert [one["value"] for one in task.values["answers"]] == ["2", "首長", "", ""]


def test_what_was_sent_can_be_changed_on_its_page(prefecture, asked, client_for):
    page = client_for(prefecture.officer).get(f"/staff/plans/inquiries/{asked.id}/edit/")
    assert page.status_code == 200
    assert asked.title in page.content.decode()


def test_reminders_before_and_after_the_term(cast, prefecture, asked):
    def remind(day):
        with clock.frozen(datetime(2026, 12, day, 9, tzinfo=clock.JST)), tenant_scope(prefecture.id):
            return remind_by_worker(government_id=prefecture.id)

    assert [remind(day) for day in (1, 8, 9, 12, 13, 16)] == [0, 2, 0, 2, 0, 2]
    with tenant_scope(cast.hibari.id):
        before = Notice.objects.count()
        assert services.receive_calls(government_id=cast.hibari.id) == 1
        assert Notice.objects.count() > before


def test_a_town_outside_answers_by_file(prefecture, asked):
    village = Government.objects.get(code="990035")
    with tenant_scope(prefecture.id):
        content = filled_file(asked, village, ["12", "いない", "人が足りない"])
        take = {"actor": prefecture.officer, "inquiry": asked, "municipality": village}
        first = services.take_answer_file(**take, content=content)
        assert services.take_answer_file(**take, content=content).id == first.id
        assert first.answers[0]["value"] == "12"
        for wrong in (
            b"PK",
            filled_file(asked, village, ["x", "いない", ""]),
            filled_file(asked, village, ["1", "だれか", ""]),
        ):
            with pytest.raises(DomainError):
                services.take_answer_file(**take, content=wrong)
        with pytest.raises(DomainError, match="回答ファイルではありません"):
            services.take_answer_file(**take, content=filled_file(asked, prefecture.government, ["1", "いない", ""]))


def filled_file(inquiry, municipality, answers):
    from kakehashi.kernel.tables import as_excel

    rows = answer_sheet(inquiry, municipality)
    for row, text in zip(rows[-len(answers) :], answers, strict=True):
        row[3] = text
    return as_excel("回答", ["照会への回答", "", "", ""], rows)


def test_drafts_are_made_once_and_checked(cast, prefecture):
    key = uuid7()
    make = {"actor": prefecture.officer, "title": "調べ", "due_on": DUE, "idempotency_key": key, "details": {}}
    with tenant_scope(prefecture.id):
        assert services.draft_inquiry(**make, items=ITEMS).id == services.draft_inquiry(**make, items=ITEMS).id
        with pytest.raises(DomainError):
            services.draft_inquiry(**make | {"idempotency_key": uuid7()}, items=())
        nobody = draft(prefecture, audience="chosen", chosen=[])
        with pytest.raises(DomainError):
            services.issue_inquiry(actor=prefecture.officer, inquiry=nobody)
        towns = draft(prefecture, audience="group", chosen=["town"])
        assert services.issue_inquiry(actor=prefecture.officer, inquiry=towns) == 1
        assert services.issue_inquiry(actor=prefecture.officer, inquiry=towns) == 0
        Role.objects.update(permissions=[])
        with pytest.raises(PermissionRefused):
            services.close_inquiry(actor=refreshed(prefecture.officer), inquiry=towns)


def refreshed(actor):
    from kakehashi.people.models import Person
    from kakehashi.people.selectors import staff_actor

    return staff_actor(Person.objects.get(id=actor.id))


def test_answers_are_checked_by_kind():
    assert checked_value(ITEMS[0], "１２") == ("12", "") or checked_value(ITEMS[0], "12") == ("12", "")
    assert checked_value(ITEMS[0], "該当なし") == ("not_applicable", "")
    assert checked_value(ITEMS[0], "1,234.50")[0] == "1234.5"
    assert checked_value(ITEMS[0], "たくさん")[1]
    assert checked_value(ITEMS[0], "1e99")[1]
    assert shown(ITEMS[0], "0") == "0課"
    assert shown(ITEMS[0], "") == ""
    assert set(check_answers(ITEMS, {}, {}, {}).problems) == {"q1", "q2"}
    assert Period.parse("2026").label == "令和8年度"
    assert Decimal(0) == 0


def post(client, path, **data):
    return client.post(path, data, follow=True)


def test_the_pages_from_asking_to_the_result(cast, prefecture, client_for):
    client, town = client_for(prefecture.officer), client_for(cast.hibari.officer)
    new = "/staff/plans/inquiries/new/"
    assert client.get(new).status_code == 200
    asked = {
        "title": "推進体制の調べ", "due_on": (clock.today() + timedelta(days=9)).isoformat(), "audience": "all", "idempotency_key": str(uuid7()),
        "item-0-label": "課の数", "item-0-kind": "indicator", "item-0-measure": CODE, "item-0-period": "2026",
        "item-1-label": "方針", "item-1-kind": "choice", "item-1-choices": "ある、ない",
    }  # fmt: skip
    assert post(client, new, **asked | {"more": "1"}).content.decode().count("<fieldset") >= 6
    assert post(client, new, **asked | {"due_on": "いつか"}).status_code == 422
    page = post(client, new, **asked).content.decode()
    assert "2団体に照会する" in page
    with tenant_scope(prefecture.id):
        home = f"/staff/plans/inquiries/{MunicipalInquiry.objects.get().id}/"
    assert "2団体に照会しました" in post(client, f"{home}do/issue/").content.decode()
    assert "推進体制の調べ" in town.get("/staff/plans/answers/").content.decode()
    with tenant_scope(cast.hibari.id):
        answers = f"/staff/plans/answers/{InquiryTask.objects.get().id}/"
    page = town.get(answers).content.decode()
    assert "自動で入った値：2課" in page
    assert page.index("まだ答えのない項目（1）") < page.index("方針") < page.index("入っている値を確かめる（1）")
    assert 'name="answer-q2" autofocus' in page
    assert "「推進体制の調べ」に回答する" in town.get("/staff/plans/answers/").content.decode()
    wrong = town.post(answers, {"answer-q1": "5", "answer-q2": "ある", "act": "answer"})
    assert wrong.status_code == 422
    assert "違う理由を書いてください" in wrong.content.decode()
    assert (
        "県に回答しました"
        in post(town, answers, **{"answer-q1": "2", "answer-q2": "ある", "act": "answer"}).content.decode()
    )
    assert "回答済み" in client.get(home).content.decode()
    body = client.get(home, {"format": "csv"}).content.decode("utf-8-sig")
    assert "990019" in body
    assert "2.0" in body
    assert "1回目の回答" in client.get(f"{home}replies/990019/").content.decode()
    assert "締め切りました" in post(client, f"{home}do/close/").content.decode()
    assert "公開しました" in post(client, f"{home}do/publish/").content.decode()
    town.get("/staff/plans/answers/")
    assert "みさき市" in town.get(f"{answers}result/").content.decode()


def test_the_file_page(prefecture, asked, client_for):
    client, home = client_for(prefecture.officer), f"/staff/plans/inquiries/{asked.id}/replies/990035/"
    book = load_workbook(BytesIO(client.get(f"{home}file/").content))
    sheet = book.active
    for row, text in zip(sheet.iter_rows(min_row=sheet.max_row - 2), (7, "いない", ""), strict=True):
        row[3].value = text
    out = BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "答え.xlsx"
    assert "回答を取り込みました" in post(client, home, file=out, act="file").content.decode()
    assert client.post(home, {"act": "file"}).status_code == 422


def test_only_the_right_side(cast, prefecture, asked, client_for):
    assert client_for(cast.hibari.officer).get("/staff/plans/inquiries/").status_code == 404
    assert client_for(prefecture.officer).get("/staff/plans/answers/").status_code == 404
    with tenant_scope(cast.hibari.id):
        mine = InquiryTask.objects.get().id
        Role.objects.update(permissions=["plans.plan:read"])
    assert client_for(cast.misaki.officer).get(f"/staff/plans/answers/{mine}/").status_code == 404
    assert client_for(cast.hibari.officer).get(f"/staff/plans/answers/{mine}/").status_code == 403
