"""Labels, following, pinned notes and texts: what people lay upon a case."""

import pytest

from kakehashi.cases.domain.placeholders import fill, unknown_placeholders
from kakehashi.cases.models import CaseLabel, Follow, Label, MessageTemplate
from kakehashi.cases.selectors import InboxFilter, inbox_page, loads, pinned_notes
from kakehashi.cases.services import (
    assign_case,
    follow_case,
    hand_over_cases,
    move_case,
    pin_message,
    post_message,
    set_labels,
    text_for,
    unfollow_case,
    write_label,
    write_template,
)
from kakehashi.cases.testing import sample_case
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.notices.models import Notice
from kakehashi.people.testing import person_of


@pytest.fixture
def urgent(town):
    return write_label(actor=town.clerk, name="急ぎ", tone="error", department=town.department)


def test_a_label_narrows_the_inbox_and_is_shown_on_the_row(town, urgent, client_for):
    marked, _ = sample_case(town, subject="急ぐ届出"), sample_case(town, subject="ふつうの届出")
    set_labels(actor=town.clerk, case=marked, labels=[urgent])
    rows = inbox_page(town.clerk, InboxFilter(tab="department", label=str(urgent.id)), None).rows
    assert [row.subject for row in rows] == ["急ぐ届出"]
    page = client_for(town.clerk).get(f"/staff/cases/?tab=department&label={urgent.id}").content.decode()
    assert page.count("data-row") == 1
    assert "急ぎ" in page
    assert Event.objects.filter(code="cases.case.labelled").get().payload["added"] == ["急ぎ"]


def test_a_label_is_made_changed_and_retired_on_its_pages(town, client_for):
    client = client_for(town.clerk)
    client.post("/staff/cases/labels/", {"name": "現地確認", "tone": "waiting"})
    label = Label.objects.get()
    assert label.department_id == town.department.id
    client.post(f"/staff/cases/labels/{label.id}/", {"name": "現地を確認", "tone": "success"})
    client.post(f"/staff/cases/labels/{label.id}/drop/")
    label.refresh_from_db()
    assert (label.name, label.retired_at is not None) == ("現地を確認", True)
    assert (
        "もうあります"
        not in client.post("/staff/cases/labels/", {"name": "現地を確認", "tone": "none"}).content.decode()
    )
    assert Label.objects.count() == 1


def test_labels_of_other_sections_stay_on_the_case(town, urgent, client_for):
    theirs = write_label(actor=town.officer, name="総務の印", tone="none", department=town.other_department)
    case = sample_case(town)
    set_labels(actor=town.officer, case=case, labels=[theirs])
    client_for(town.clerk).post(
        f"/staff/cases/{case.id}/labels/", {"offered": [str(urgent.id)], "labels": [str(urgent.id)]}
    )
    assert CaseLabel.objects.filter(case=case).count() == 2


def test_who_follows_is_told_once_and_the_actor_never(town, client_for):
    case = sample_case(town)
    follow_case(actor=town.manager, case=case)
    follow_case(actor=town.clerk, case=case)
    move_case(actor=town.clerk, case=case, phase="working", state_label="審査中")
    told = Notice.objects.filter(kind="cases.followed")
    assert [notice.person_id for notice in told] == [town.manager.id]
    assert "審査中" in told.get().subject
    unfollow_case(actor=town.manager, case=case)
    move_case(actor=town.clerk, case=case, phase="deciding", state_label="決裁中")
    assert told.count() == 1


def test_a_case_is_followed_from_its_page(town, client_for):
    case, client = sample_case(town), client_for(town.manager)
    client.post(f"/staff/cases/{case.id}/follow/", {"on": "1"})
    assert Follow.objects.get().person_id == town.manager.id
    assert case.subject in client.get("/staff/cases/?tab=followed").content.decode()
    client.post(f"/staff/cases/{case.id}/follow/", {"on": "0"})
    assert not Follow.objects.exists()


def test_internal_notes_are_pinned_and_residents_words_are_not(town):
    case = sample_case(town)
    note = post_message(actor=town.clerk, case=case, thread="internal", body="電話は午後に。")
    word = post_message(actor=town.clerk, case=case, thread="public", body="確認しました。")
    pin_message(actor=town.clerk, message=note)
    pin_message(actor=town.clerk, message=note)
    with pytest.raises(DomainError):
        pin_message(actor=town.clerk, message=word)
    assert pinned_notes(case) == [note]


def test_placeholders_are_checked_and_filled():
    assert unknown_placeholders("{申請者名}様 {受付番号}") == []
    assert unknown_placeholders("{あて名}様 {") == ["あて名", "{"]
    assert fill("{申請者名}様（{手続名}）", {"申請者名": "田中"}) == "田中様（）"


def test_a_text_with_a_wrong_placeholder_is_refused_beside_its_language(town, client_for):
    page = client_for(town.clerk).post(
        "/staff/cases/templates/new/", {"name": "x", "purpose": "message", "ja": "よい", "en": "Dear {name}"}
    )
    assert page.status_code == 422
    assert "差し込めない言葉があります" in page.content.decode()
    assert not MessageTemplate.objects.exists()


def test_a_text_is_put_into_the_message(town, client_for):
    template = write_template(
        actor=town.clerk,
        name="確認",
        purpose="message",
        department=None,
        texts={"ja": "{申請者名}様、{件名}を確認中です。"},
    )
    case = sample_case(town)
    assert text_for(template, case) == "田中 めぐみ様、転入届を確認中です。"
    page = client_for(town.clerk).get(f"/staff/cases/{case.id}/?template={template.id}").content.decode()
    assert "田中 めぐみ様、転入届を確認中です。" in page


def test_the_least_burdened_is_proposed_with_the_reason(town, client_for):
    busy, free = person_of(town.clerk), person_of(town.manager)
    for _ in range(2):
        assign_case(actor=town.manager, case=sample_case(town), handler=busy)
    assert [load.person for load in loads([busy, free])] == [free, busy]
    page = client_for(town.clerk).get(f"/staff/cases/{sample_case(town).id}/").content.decode()
    assert "佐藤 一郎さんはどうですか（いま0件）" in page


def test_open_cases_go_to_the_successor_in_one_act(town, client_for):
    for _ in range(3):
        assign_case(actor=town.manager, case=sample_case(town), handler=person_of(town.clerk))
    client = client_for(town.manager)
    assert "3件を引き継ぐ" in client.get(f"/staff/cases/hand-over/{town.clerk.id}/").content.decode()
    client.post(f"/staff/cases/hand-over/{town.clerk.id}/", {"successor": str(town.manager.id)})
    event = Event.objects.get(code="cases.list.handed_over")
    assert (event.payload["rows"], len(event.payload["digest"])) == (3, 64)
    assert Event.objects.filter(act_id=event.act_id).count() == 4


def test_nobody_without_the_permission(town):
    from kakehashi.kernel.actor import AnonymousActor

    with pytest.raises(PermissionRefused):
        hand_over_cases(
            actor=AnonymousActor(town.id),
            leaving=person_of(town.clerk),
            successor=person_of(town.manager),
            department=None,
        )
