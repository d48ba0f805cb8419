"""人事異動: uploaded, looked at, applied once, taking effect on the morning of the day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people import hooks
from kakehashi.people.models import DeputyRule, Person, PersonnelChange, Post, PostChange
from kakehashi.people.selectors import acting_person, holder_of, posts_of, staff_actor
from kakehashi.people.selectors.personnel import own_breakages, plan_of
from kakehashi.people.services import (
    apply_personnel_change,
    discard_personnel_change,
    upload_personnel_change,
)
from kakehashi.people.testing import person_of

EVE, DAY = date(2027, 3, 31), date(2027, 4, 1)
HEADER = "職員番号,氏名,カナ,メール,発令,所属コード,職名,順位\n"


@pytest.fixture
def numbered(town):
    for number, actor in (("1001", town.clerk), ("1002", town.manager)):
        Person.objects.filter(id=actor.id).update(staff_number=number)
    return town


def upload(town, *lines, encoding="utf-8"):
    return upload_personnel_change(
        actor=town.administrator,
        title="4月1日付け",
        effective_on=DAY,
        file_name="異動.csv",
        content=(HEADER + "\n".join(lines)).encode(encoding),
    )


def chief(town):
    return Post.objects.get(id=town.manager.post_id)


PROMOTION = ("1001,,,,異動,02,住民課課長,", "1002,,,,退職,,,")


def test_the_new_holder_decides_from_the_first_of_april_and_not_on_the_eve(numbered):
    town = numbered
    apply_personnel_change(actor=town.administrator, change=upload(town, *PROMOTION))
    assert holder_of(chief(town), EVE) == person_of(town.manager)
    assert holder_of(chief(town), DAY) == person_of(town.clerk)
    assert [post.name for post in posts_of(person_of(town.clerk), EVE)] == ["住民課主事"]
    assert [post.name for post in posts_of(person_of(town.clerk), DAY)] == ["住民課課長"]


def test_who_leaves_can_sign_in_on_the_last_day_and_not_the_next(numbered):
    town = numbered
    apply_personnel_change(actor=town.administrator, change=upload(town, *PROMOTION))
    user_id = person_of(town.manager).user_id
    assert acting_person(user_id, EVE) is not None
    assert acting_person(user_id, DAY) is None
    assert staff_actor(person_of(town.manager), on=DAY).permissions == frozenset()


def test_one_act_one_event_with_the_digest_of_the_file(numbered):
    change = upload(numbered, *PROMOTION, encoding="cp932")
    apply_personnel_change(actor=numbered.administrator, change=change)
    event = Event.objects.get()
    assert event.code == "people.personnel.applied"
    assert event.payload["sha256"] == change.digest
    with pytest.raises(Stale):
        apply_personnel_change(actor=numbered.administrator, change=change)
    assert Event.objects.count() == 1


def test_every_post_that_changes_hands_gets_its_handover(numbered):
    change = upload(numbered, *PROMOTION)
    apply_personnel_change(actor=numbered.administrator, change=change)
    rows = {each.post.name: (each.from_person, each.to_person) for each in PostChange.objects.all()}
    assert rows["住民課課長"] == (person_of(numbered.manager), person_of(numbered.clerk))
    assert rows["住民課主事"] == (person_of(numbered.clerk), None)


def test_newcomers_and_new_posts_are_made(numbered):
    lines = ("2001,新井 望,アライ ノゾミ,arai@hibari.example,採用,02,主査,55", "2002,岡 光,,,採用,02,主査,55")
    apply_personnel_change(actor=numbered.administrator, change=upload(numbered, *lines))
    arai = Person.objects.get(staff_number="2001")
    assert arai.user_id is not None
    assert [post.name for post in posts_of(arai, DAY)] == ["主査"]
    assert Post.objects.filter(name="主査", rank=55).count() == 1


def test_an_order_with_problems_changes_nothing(numbered):
    change = upload(numbered, "1001,,,,異動,99,課長,", *PROMOTION[1:])
    with pytest.raises(DomainError):
        apply_personnel_change(actor=numbered.administrator, change=change)
    assert holder_of(chief(numbered), DAY) == person_of(numbered.manager)


def test_what_is_put_aside_is_not_applied(numbered):
    change = upload(numbered, *PROMOTION)
    discard_personnel_change(actor=numbered.administrator, change=change)
    with pytest.raises(Stale):
        apply_personnel_change(actor=numbered.administrator, change=change)


def test_a_vacant_deputy_and_whatever_the_upper_rooms_say_are_shown(numbered, monkeypatch):
    mayors = Post.objects.get(id=numbered.mayor.post_id)
    DeputyRule.objects.create(post=mayors, deputy_post=chief(numbered), order=1)
    plan = plan_of(upload(numbered, "1002,,,,退職,,,"))
    assert any("代理" in each.message for each in own_breakages(plan))

    def check(losing, on):
        return [hooks.Breakage(f"{each.person_name}さんの案件が残ります。", 3) for each in losing if each.vacant]

    monkeypatch.setitem(hooks._breakages._entries, "test.cases", check)
    from kakehashi.people.selectors.personnel import losing_posts

    found = hooks.breakages_of(losing_posts(plan), DAY)
    assert [each.message for each in found] == ["佐藤 一郎さんの案件が残ります。"]


def test_the_permission_is_needed(numbered):
    with pytest.raises(PermissionRefused):
        upload_personnel_change(actor=numbered.clerk, title="", effective_on=DAY, file_name="x.csv", content=b"x")


def test_the_pages_from_upload_to_handover(cast, client_for):
    with tenant_scope(cast.hibari.id):
        Person.objects.filter(id=cast.hibari.clerk.id).update(staff_number="1001")
    client = client_for(cast.hibari.administrator)
    file = SimpleUploadedFile("異動.csv", (HEADER + "1001,,,,兼務,01,総務課係長,\n").encode("cp932"))
    answer = client.post(reverse("people-staff:changes"), {"title": "4月", "effective_on": "2027-04-01", "file": file})
    preview = client.get(answer.url)
    assert "異動を適用する" in preview.content.decode()
    with tenant_scope(cast.hibari.id):
        change = PersonnelChange.objects.get()
    assert client_for(cast.misaki.administrator).get(answer.url.replace("hibari", "misaki")).status_code == 404
    apply = reverse("people-staff:change-apply", args=[change.id])
    assert client.get(apply).status_code == 405
    assert client_for(cast.hibari.clerk).post(apply).status_code == 403
    assert client.post(apply).status_code == 302
    assert "担当が変わった職" in client.get(answer.url).content.decode()


def test_a_broken_file_is_shown_line_by_line_and_offers_no_button(cast, client_for):
    client = client_for(cast.hibari.administrator)
    file = SimpleUploadedFile("x.csv", (HEADER + ",,,,異動,01,x,\n9,,,,栄転,01,x,\n").encode())
    answer = client.post(
        reverse("people-staff:changes"), {"title": "4月", "effective_on": "2027-04-01", "file": file}, follow=True
    )
    page = answer.content.decode()
    assert "2行目" in page
    assert "3行目" in page
    assert "異動を適用する" not in page
