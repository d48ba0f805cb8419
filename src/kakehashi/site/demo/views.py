"""The demo's own pages: choose a town, walk the road, change roles, take everything home, begin at home."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.governments.models import Government
from kakehashi.kernel.access import public
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import User
from kakehashi.people.services import bind_session
from kakehashi.site.demo import destinations, road, towns
from kakehashi.site.demo.forms import StartHereForm
from kakehashi.site.demo.tour import Tour, remember, tour_of

View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """Outside the demo these pages do not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.CONFIG.demo:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@public
@demo_only
@require_http_methods(["GET", "POST"])
def begin(request: Request) -> HttpResponse:
    """Scene 1, 「あなたの町は？」: find a real municipality; choosing one makes its demo tenant with one room on."""
    if request.method == "POST":
        chosen = Government.objects.filter(code=_posted(request, "code")[:6]).first()
        if chosen is None or chosen not in towns.find_municipalities(chosen.name, limit=2000):
            return render(request, "site/demo/begin.html", _search(request, problem=True), status=422)
        town = towns.open_visitors_town(chosen)
        return remember(redirect("demo:road"), Tour(slug=str(town.slug), step=1))
    return render(request, "site/demo/begin.html", _search(request))


def _search(request: HttpRequest, *, problem: bool = False) -> dict[str, Any]:
    query = request.GET.get("q", "")[:60].strip()
    found = towns.find_municipalities(query) if query else []
    return {"query": query, "found": found, "problem": problem, "scenes": road.SCENES}


@public
@demo_only
@require_GET
def show_road(request: Request) -> HttpResponse:
    """The nine steps of the visitor's own road, and who stands at each."""
    tour = tour_of(request)
    town = _town(tour)
    if town is None:
        return redirect("demo:begin")
    scenes = [(number, title, [s for s in road.STEPS if s.scene == number]) for number, title in road.SCENES.items()]
    return render(request, "site/demo/road.html", {"town": town, "scenes": scenes, "tour_state": tour})


@public
@demo_only
@require_POST
def enter(request: Request, number: int) -> HttpResponse:
    """Step onto the road: the rooms of the step are switched on, the visitor becomes the person who stands there."""
    tour = tour_of(request)
    town = _town(tour)
    if town is None:
        return redirect("demo:begin")
    try:
        step = road.step(number)
    except KeyError as error:
        raise Http404 from error
    place = destinations.place_of(step, town)
    _become(request, place.government, place.user)
    return remember(redirect(place.address), tour.at(number))


@public
@demo_only
@require_POST
def take_home(request: Request) -> HttpResponse:
    """「持ち帰る」: the visitor becomes the administrator of the town that is taken home, whoever walked the last step."""
    tour = tour_of(request)
    town = _town(tour)
    if town is None:
        return redirect("demo:begin")
    place = destinations.take_home_place(town)
    _become(request, place.government, place.user)
    return remember(redirect(place.address), tour)


@public
@demo_only
@require_http_methods(["GET", "POST"])
def roles(request: Request) -> HttpResponse:
    """The role chooser: anybody of the fictional governments and of the visitor's town."""
    tour = tour_of(request)
    if request.method == "POST":
        user = User.objects.filter(email=_posted(request, "email")[:254]).first()
        government = Government.objects.filter(slug=_posted(request, "slug")[:40], is_demo=True).first()
        if government is None or (user is None and request.POST.get("email")):
            raise Http404
        if user is not None and not user.memberships.filter(government=government).exists():
            raise Http404
        _become(request, government, user)
        home = "staff/" if user else ""
        return remember(redirect(f"/{government.slug}/{home}"), tour)
    return render(request, "site/demo/roles.html", {"bodies": destinations.everybody(tour.slug)})


def _posted(request: HttpRequest, name: str) -> str:
    """A posted text; PostgreSQL takes no NUL."""
    return request.POST.get(name, "").replace("\x00", "")


def _town(tour: Tour) -> Government | None:
    return Government.objects.filter(slug=tour.slug, is_demo=True).first() if tour.slug else None


def _become(request: Request, government: Government, user: User | None) -> None:
    if user is None:
        logout(request)
        return
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    with tenant_scope(government.id):
        bind_session(session=request.session, user=user, government_id=government.id)


@public
@demo_only
@require_http_methods(["GET", "POST"])
def start_here(request: Request) -> HttpResponse:
    """「うちの町で始める」: an empty tenant with one room on and one administrator."""
    form = StartHereForm(request.POST or None, initial={"code": tour_of(request).slug.removeprefix("t")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        real = next((g for g in towns.find_municipalities(data["code"]) if g.code == data["code"]), None)
        try:
            if real is None:
                raise DomainError("この団体コードの市区町村はありません。", field="code")
            opened = towns.start_empty_town(real, name=data["name"], email=data["email"], password=data["password"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            logout(request)
            return redirect(f"/{opened.slug}/staff/")
    status = 422 if form.is_bound else 200
    return render(request, "site/demo/start_here.html", {"form": form}, status=status)
