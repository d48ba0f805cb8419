"""The named cast of the tests: two towns, in each the same few people.

ひばり町: 係員 山田花子 (clerk), 課長 佐藤一郎 (manager), 町長 鈴木太郎 (mayor), DX担当 高橋直子 (officer),
管理者 伊藤誠 (administrator), 住民 田中めぐみ (resident). みさき市 has its own six, with other names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.test import Client
from django.utils.crypto import get_random_string

from kakehashi.governments.models import Government, GovernmentKind, RoomSwitch
from kakehashi.kernel import clock
from kakehashi.kernel.actor import ActorKind
from kakehashi.kernel.permissions import known_permissions
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import (
    Department,
    Membership,
    Person,
    Post,
    PostHolding,
    Resident,
    Role,
    RoleGrant,
    User,
)
from kakehashi.people.selectors import StaffActor, staff_actor

PASSWORD = "asagao-no-hana-2026"
SINCE = date(2020, 4, 1)

NAMES = {
    "hibari": ("山田 花子", "佐藤 一郎", "鈴木 太郎", "高橋 直子", "伊藤 誠", "田中 めぐみ"),
    "misaki": ("渡辺 健", "小林 由美", "加藤 実", "吉田 恵", "山本 進", "中村 さくら"),
    "miharashi": ("松本 光", "井上 純", "木村 晴", "林 望", "清水 徹", "山口 ゆい"),
}
PLACES = (("clerk", 60), ("manager", 40), ("mayor", 10), ("officer", 60), ("administrator", 50))


@dataclass(frozen=True)
class Town:
    """One town of the cast. Open its scope with `tenant_scope(town.government.id)`."""

    government: Government
    clerk: StaffActor
    manager: StaffActor
    mayor: StaffActor
    officer: StaffActor
    administrator: StaffActor
    resident: Resident
    department: Department
    other_department: Department

    @property
    def id(self) -> UUID:
        """The government's id."""
        return self.government.id


@dataclass(frozen=True)
class Cast:
    """Both towns."""

    hibari: Town
    misaki: Town


def two_towns(rooms: list[str]) -> Cast:
    """Make the cast. Every room in `rooms` is switched on in both towns."""
    hibari = _town("990019", "ひばり町", "ひばりちょう", GovernmentKind.TOWN, "hibari", rooms)
    misaki = _town("990027", "みさき市", "みさきし", GovernmentKind.CITY, "misaki", rooms)
    return Cast(hibari, misaki)


def prefecture_over(cast: Cast, rooms: list[str]) -> Town:
    """Make みはらし県, the prefecture both towns of the cast lie in, with people of its own (its mayor is the governor)."""
    made = _town("990001", "みはらし県", "みはらしけん", GovernmentKind.PREFECTURE, "miharashi", rooms)
    Government.objects.filter(id__in=[cast.hibari.id, cast.misaki.id]).update(parent=made.government)
    for town in (cast.hibari, cast.misaki):
        town.government.parent = made.government
    return made


def _town(code: str, name: str, kana: str, kind: GovernmentKind, slug: str, rooms: list[str]) -> Town:
    government = Government.objects.create(code=code, name=name, kana=kana, kind=kind, slug=slug, is_tenant=True)
    RoomSwitch.objects.bulk_create([RoomSwitch(government=government, room=room, is_on=True) for room in rooms])
    with tenant_scope(government.id):
        soumu = Department.objects.create(code="01", name="総務課", symbol="総", valid_from=SINCE, order=1)
        jumin = Department.objects.create(code="02", name="住民課", symbol="住", valid_from=SINCE, order=2)
        roles = _roles()
        departments = {"officer": soumu, "administrator": soumu, "mayor": None}
        actors = _members(government, [departments.get(place, jumin) for place, _ in PLACES], roles)
        resident = Resident.objects.create(email=f"resident@{slug}.example", name=NAMES[slug][5])
        return Town(government=government, resident=resident, department=jumin, other_department=soumu, **actors)


def _roles() -> dict[str, Role]:
    """Every member may do what the rooms define, save administration, which only the administrator may."""
    everything = list(known_permissions())
    ordinary = [
        p
        for p in everything
        if not p.startswith(
            (
                "people.role",
                "people.personnel",
                "people.reorganisation",
                "people.administration",
                "people.security",
                "governments.",
                "journal.",
                "search.",
            )
        )
    ]
    staff = Role.objects.create(code="staff", name="職員", permissions=ordinary)
    administrator = Role.objects.create(code="administrator", name="管理者", permissions=everything)
    return {"clerk": staff, "manager": staff, "mayor": staff, "officer": staff, "administrator": administrator}


def _members(
    government: Government, departments: list[Department | None], roles: dict[str, Role]
) -> dict[str, StaffActor]:
    """The five of a town by place: one statement for each table, as this is written anew for thousands of tests."""
    slug = str(government.slug)
    titles = {
        "clerk": "主事",
        "manager": "課長",
        "mayor": {"hibari": "町長", "miharashi": "知事"}.get(slug, "市長"),
        "officer": "DX担当",
        "administrator": "係長",
    }
    users = [
        User(email=f"{place}@{slug}.example", name=name) for (place, _), name in zip(PLACES, NAMES[slug], strict=False)
    ]
    for user in users:
        user.set_password(PASSWORD)
    people = [Person(user_id=user.id, name=user.name, email=user.email) for user in users]
    posts = [
        Post(
            name=f"{department.name if department else ''}{titles[place]}",
            rank=rank,
            department=department,
            valid_from=SINCE,
        )
        for (place, rank), department in zip(PLACES, departments, strict=True)
    ]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create([Membership(user=user, government=government) for user in users])
    Person.objects.bulk_create(people)
    Post.objects.bulk_create(posts)
    PostHolding.objects.bulk_create(
        [PostHolding(person=person, post=post, valid_from=SINCE) for person, post in zip(people, posts, strict=True)]
    )
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(person=person, role=roles[place], valid_from=SINCE)
            for (place, _), person in zip(PLACES, people, strict=True)
        ]
    )
    return {place: staff_actor(person) for (place, _), person in zip(PLACES, people, strict=True)}


def person_of(actor: StaffActor) -> Person:
    """The person behind a cast member; the town's scope must be open."""
    return Person.objects.get(id=actor.id)


_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(client: Client, actor: StaffActor) -> Client:
    """Sign a cast member in, bound to their government: the session as signing in leaves it, in one row.

    The road there (and what it writes on the way: the last sign-in, the list of sessions) is for the tests of signing in.
    """
    from kakehashi.people.services.sessions import SESSION_CHECKED_ADDRESS, SESSION_GOVERNMENT

    with tenant_scope(actor.government_id):
        user = User.objects.get(email__in=Person.objects.filter(id=actor.id).values("email"))
    is_new = settings.SESSION_COOKIE_NAME not in client.cookies
    if not is_new:
        client.force_login(user, backend=_BACKEND)
        session = client.session
    else:
        session = import_module(settings.SESSION_ENGINE).SessionStore(get_random_string(32, VALID_KEY_CHARS))
        session._session_cache = {
            SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: _BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()
        }  # fmt: skip
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    session[SESSION_GOVERNMENT] = str(actor.government_id)
    # The machine itself needs no second factor; saying so saves the first page of each test a query.
    session[SESSION_CHECKED_ADDRESS] = "127.0.0.1"
    session.save(must_create=is_new)
    return client


def powerful(actor: StaffActor) -> StaffActor:
    """The same person with administrator power open, for calling services in tests."""
    return replace(actor, kind=ActorKind.ADMINISTRATOR)


def open_power(client: Client, actor: StaffActor) -> Client:
    """Open administrator power in a signed-in client, as the page does."""
    from kakehashi.people.models import AdministratorSession
    from kakehashi.people.services.sessions import SESSION_ADMINISTRATOR

    with tenant_scope(actor.government_id):
        now = clock.now()
        opened = AdministratorSession.objects.create(
            person_id=actor.id, reason="試験", opened_at=now, ends_at=now + timedelta(minutes=30)
        )
    session = client.session
    session[SESSION_ADMINISTRATOR] = str(opened.id)
    session.save()
    return client
