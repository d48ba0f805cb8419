"""Switching rooms: the service, its event, the page, and the addresses of a room that is off."""

import pytest

from kakehashi.governments.domain.rooms import ROOM_WORDS
from kakehashi.governments.selectors import GROUND_ROOMS, room_is_on, switchable_rooms
from kakehashi.governments.services import switch_room
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope

PAGE, ACT = "/staff/governments/rooms/", "/staff/governments/rooms/switch/"


def events():
    return list(Event.objects.filter(code="governments.room.switched"))


def test_off_and_on_write_events(town):
    switch_room(actor=town.administrator, room="plans", is_on=False)
    assert not room_is_on(town.id, "plans")
    switch_room(actor=town.administrator, room="plans", is_on=True)
    assert room_is_on(town.id, "plans")
    assert [event.payload for event in events()] == [
        {"room": "plans", "is_on": False},
        {"room": "plans", "is_on": True},
    ]


def test_the_present_state_again_writes_nothing(town):
    switch_room(actor=town.administrator, room="plans", is_on=True)
    assert events() == []


def test_only_who_may(town):
    with pytest.raises(PermissionRefused):
        switch_room(actor=town.clerk, room="plans", is_on=False)


@pytest.mark.parametrize("room", ["people", "journal", "nowhere", ""])
def test_a_room_without_a_switch(town, room):
    with pytest.raises(DomainError):
        switch_room(actor=town.administrator, room=room, is_on=False)


def test_the_neighbour_is_not_touched(cast):
    with tenant_scope(cast.hibari.id):
        switch_room(actor=cast.hibari.administrator, room="plans", is_on=False)
    assert room_is_on(cast.misaki.id, "plans")


def test_every_switchable_room_is_described(settings):
    assert set(settings.ROOMS) - GROUND_ROOMS == set(ROOM_WORDS) == set(switchable_rooms())


def test_page_works(cast, client_for):
    response = client_for(cast.hibari.administrator).get(PAGE)
    assert response.status_code == 200
    assert "使うのをやめる" in response.content.decode()


def test_page_needs_the_permission(cast, client_for):
    assert client_for(cast.hibari.clerk).get(PAGE).status_code == 403
    assert client_for(cast.hibari.clerk).post(ACT, {"room": "plans"}).status_code == 403


def test_wrong_method(cast, client_for):
    assert client_for(cast.hibari.administrator).get(ACT).status_code == 405
    assert client_for(cast.hibari.administrator).post(PAGE).status_code == 405


def test_neighbour_gets_404(cast, client_for):
    assert client_for(cast.misaki.administrator, at=cast.hibari).get(PAGE).status_code == 404


def test_switching_on_the_page(cast, client_for):
    client = client_for(cast.hibari.administrator)
    response = client.post(ACT, {"room": "plans", "is_on": "off"}, follow=True)
    assert "使うのをやめました" in response.content.decode()
    assert not room_is_on(cast.hibari.id, "plans")


def test_an_unknown_room_is_a_message(cast, client_for):
    response = client_for(cast.hibari.administrator).post(ACT, {"room": "\x00x", "is_on": "off"}, follow=True)
    assert "切り替えられません" in response.content.decode()
