"""Departments, posts, appointments, deputies, handover notes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people import services
from kakehashi.people.domain.deputies import WhyNot
from kakehashi.people.models import Department, HandoverNote, Person, Post
from kakehashi.people.selectors import chart_on, deputy_line, holder_of, superiors_of
from kakehashi.people.testing import person_of

EVE, DAY = date(2027, 3, 31), date(2027, 4, 1)


def post_of(actor):
    return Post.objects.get(id=actor.post_id)


def names_on(on):
    return [line.name for line in chart_on(on, clock.now()) if line.id]


def test_a_department_that_follows_another_takes_over_on_the_day(town):
    made = services.create_department(
        actor=town.administrator, code="02", name="くらし課", valid_from=DAY, predecessor=town.department
    )
    assert names_on(EVE) == ["総務課", "住民課"]
    assert sorted(names_on(DAY)) == ["くらし課", "総務課"]
    assert Department.objects.get(id=town.department.id).successor == made
    assert [event.code for event in Event.objects.order_by("id")] == [
        "people.department.created",
        "people.department.abolished",
    ]


def test_a_code_in_use_a_loop_and_a_reversed_end_are_refused(town):
    boss = town.administrator
    with pytest.raises(DomainError):
        services.create_department(actor=boss, code="02", name="別の課", valid_from=DAY)
    child = services.create_department(actor=boss, code="0201", name="係", valid_from=DAY, parent=town.department)
    with pytest.raises(DomainError):
        services.amend_department(actor=boss, department=town.department, name="住民課", symbol="", parent=child)
    with pytest.raises(DomainError):
        services.abolish_department(actor=boss, department=child, last_day=EVE)


def test_what_waits_for_an_abolished_post_goes_to_its_successor(town):
    old, new = post_of(town.manager), post_of(town.officer)
    services.abolish_post(actor=town.administrator, post=old, last_day=EVE, successor=new)
    assert holder_of(old, EVE) == person_of(town.manager)
    assert holder_of(Post.objects.get(id=old.id), DAY) == person_of(town.officer)


def test_a_primary_appointment_ends_the_former_one_and_a_concurrent_one_does_not(town):
    person, other = person_of(town.clerk), post_of(town.officer)
    services.appoint_person(actor=town.administrator, person=person, post=other, valid_from=DAY, is_primary=False)
    assert person.holdings.filter(valid_to__isnull=True).count() == 2
    services.appoint_person(actor=town.administrator, person=person, post=post_of(town.manager), valid_from=DAY)
    assert holder_of(post_of(town.clerk), EVE) == person
    assert holder_of(post_of(town.clerk), DAY) is None


def test_the_neighbours_post_cannot_be_given(cast):
    with tenant_scope(cast.misaki.id):
        foreign = post_of(cast.misaki.manager)
    with tenant_scope(cast.hibari.id):
        person = person_of(cast.hibari.clerk)
        with pytest.raises(IntegrityError), transaction.atomic():
            services.appoint_person(actor=cast.hibari.administrator, person=person, post=foreign, valid_from=DAY)
            connection.check_constraints()


def test_a_staff_number_and_an_address_belong_to_one_person(town):
    services.register_person(actor=town.administrator, name="新井 望", staff_number="9", email="arai@hibari.example")
    for again in ({"staff_number": "9"}, {"email": "ARAI@hibari.example"}, {"name": " "}):
        with pytest.raises(DomainError):
            services.register_person(actor=town.administrator, **({"name": "別人"} | again))


def test_who_may_not_edit_is_refused(town):
    from dataclasses import replace

    nobody = replace(town.clerk, permissions=frozenset())
    with pytest.raises(PermissionRefused):
        services.create_department(actor=nobody, code="9", name="課", valid_from=DAY)
    with pytest.raises(PermissionRefused):
        services.set_deputies(actor=nobody, post=post_of(town.mayor), deputies=[])


def test_the_order_of_deputies_shows_why_each_is_passed_over(town):
    first, second = post_of(town.manager), post_of(town.officer)
    services.set_deputies(actor=town.administrator, post=post_of(town.mayor), deputies=[first, second])
    now = clock.now()
    services.record_absence(
        actor=town.manager, person=person_of(town.manager), starts_at=now, ends_at=now + timedelta(hours=1)
    )
    line = deputy_line(post_of(town.mayor), clock.today(), now)
    assert [(each.post_id, each.why_not) for each in line] == [(first.id, WhyNot.ABSENT), (second.id, None)]


def test_a_post_is_no_deputy_of_itself_nor_twice_of_another(town):
    mayor, manager = post_of(town.mayor), post_of(town.manager)
    for wrong in ([mayor], [manager, manager]):
        with pytest.raises(DomainError):
            services.set_deputies(actor=town.administrator, post=mayor, deputies=wrong)


def test_the_same_order_again_is_no_act(town):
    for _ in range(2):
        services.set_deputies(actor=town.administrator, post=post_of(town.mayor), deputies=[post_of(town.manager)])
    assert Event.objects.filter(code="people.deputies.changed").count() == 1


def test_the_note_is_the_holders_and_is_not_overwritten_unread(town):
    note = services.write_handover_note(actor=town.manager, post=post_of(town.manager), body="鍵は二番の棚")
    with pytest.raises(Stale):
        services.write_handover_note(actor=town.manager, post=post_of(town.manager), body="別の話")
    services.write_handover_note(
        actor=town.manager, post=post_of(town.manager), body="鍵は三番の棚", expected_revision=note.revision
    )
    assert HandoverNote.objects.get().revision == 2


def test_superiors_are_found_nearest_first(town):
    assert [post.name for post in superiors_of(post_of(town.clerk), clock.today())] == ["住民課課長", "町長"]


def test_the_chart_costs_four_queries_however_large_the_town_is(town, django_assert_num_queries):
    with django_assert_num_queries(4):
        chart_on(clock.today(), clock.now())


def test_pages_keep_what_was_typed(cast, client_for):
    client = client_for(cast.hibari.administrator)
    page = reverse("people-staff:department-new")
    answer = client.post(page, {"code": "02", "name": "とても新しい課", "valid_from": "2027-04-01"})
    assert answer.status_code == 422
    assert "とても新しい課" in answer.content.decode()
    assert client.post(page, {"code": "77", "name": "新しい課", "valid_from": "2027-04-01"}).status_code == 302


def test_the_person_page_appoints_amends_and_relieves(cast, client_for):
    client = client_for(cast.hibari.administrator)
    with tenant_scope(cast.hibari.id):
        person, post = person_of(cast.hibari.clerk), post_of(cast.hibari.officer)
        holding = person.holdings.get()
    page = reverse("people-staff:person", args=[person.id])
    assert client.post(page, {"act": "amend", "name": "", "kana": ""}).status_code == 422
    assert client.post(page, {"act": "amend", "name": "山田 華子", "kana": "ヤマダ"}).status_code == 302
    assert client.post(page, {"act": "appoint", "post": str(post.id), "valid_from": "2027-04-01"}).status_code == 302
    assert client.post(reverse("people-staff:holding-end", args=[holding.id])).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert Person.objects.get(id=person.id).name == "山田 華子"
