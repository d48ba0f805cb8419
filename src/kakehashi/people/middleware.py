"""Who acts: the signed-in member of staff of this government, or somebody anonymous."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kakehashi.kernel.actor import Actor, AnonymousActor
from kakehashi.people.models import Person
from kakehashi.people.selectors import staff_actor

SESSION_GOVERNMENT = "government_id"
SESSION_POST = "post_id"


class ActorMiddleware:
    """Sets `request.actor`, looked up when it is first asked for: public pages need no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    government = request.government  # type: ignore[attr-defined]
    if government is None:
        return AnonymousActor()
    # The session belongs to one government: signed in next door is anonymous here.
    if request.session.get(SESSION_GOVERNMENT) != str(government.id) or not request.user.is_authenticated:
        return AnonymousActor(government_id=government.id)
    person = Person.objects.filter(user_id=request.user.pk, is_active=True).first()
    if person is None:
        return AnonymousActor(government_id=government.id)
    return staff_actor(person, post_id=request.session.get(SESSION_POST))
