"""What a session of staff remembers: one government, one post, which second factors were shown and from where."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.domain.second_factors import Factor
from kakehashi.people.models import Membership, Person, SessionRule, User
from kakehashi.people.permissions import PeoplePermission, require_power
from kakehashi.people.selectors import GOVERNMENT_KEY, idle_limit, required_factors, sessions_of

SESSION_GOVERNMENT = GOVERNMENT_KEY
SESSION_POST = "post_id"
SESSION_ADMINISTRATOR = "administrator_session_id"
SESSION_ONLY_GOVERNMENT = "only_government_id"
SESSION_FACTORS = "factors"
SESSION_CHECKED_ADDRESS = "factors_checked_for"
SESSION_SEEN = "seen_at"
LEAST_IDLE, MOST_IDLE = 5, 720
# The moment of the last act is written at most this often: a page then costs no write of its own.
_SEEN_EVERY_SECONDS = 60


def bind_session(*, session: SessionBase, user: User, government_id: UUID) -> None:
    """Bind a signed-in session to one government under a new key; what belonged to another one is forgotten.

    Raises NotFound without an active membership, and for a session that a town's own provider opened for that town only.
    """
    only = session.get(SESSION_ONLY_GOVERNMENT)
    if only is not None and only != str(government_id):
        raise NotFound
    if not Membership.objects.filter(user=user, government_id=government_id, is_active=True).exists():
        raise NotFound
    if session.get(SESSION_GOVERNMENT) == str(government_id):
        return
    renew_key(session)
    for key in (SESSION_POST, SESSION_ADMINISTRATOR, SESSION_CHECKED_ADDRESS):
        session.pop(key, None)
    session[SESSION_GOVERNMENT] = str(government_id)


def renew_key(session: SessionBase) -> None:
    """Give the session a new key, so that a key somebody planted beforehand opens nothing; the list of sessions follows."""
    former = session.session_key
    session.cycle_key()
    UserSession.objects.filter(session_key=former).update(session_key=session.session_key)


def end_session(*, session: UserSession) -> None:
    """End one sign-in at once, on whatever machine it is."""
    session.end()


@service
def end_sessions_of(*, actor: Actor, person: Person) -> int:
    """Sign a member of staff out of this government everywhere, at once; gives how many sessions ended.

    For a lost device or a suspicion. Needs open administrator power; writes `people.sessions.ended`. A session that is bound to
    another government is that government's own and stays; one that is bound to none yet ends.
    """
    require(actor, PeoplePermission.ADMINISTER)
    require_power(actor)
    found = sessions_of(person)
    for each in found:
        each.end()
    record_event(
        actor=actor, code="people.sessions.ended", subject_kind="people.person", subject_id=person.id,
        payload={"count": len(found)},
    )  # fmt: skip
    return len(found)


@service
def set_idle_minutes(*, actor: Actor, minutes: int | None) -> SessionRule:
    """Say after how many minutes without an act a session of this government's staff ends; None: never before its 12 hours."""
    require(actor, PeoplePermission.SECURE)
    require_power(actor)
    if minutes is not None and not LEAST_IDLE <= minutes <= MOST_IDLE:
        raise DomainError(f"{LEAST_IDLE}分から{MOST_IDLE}分の間で決めてください。", field="idle_minutes")
    rule, _ = SessionRule.objects.update_or_create(defaults={"idle_minutes": minutes})
    record_event(
        actor=actor, code="people.session_rule.set", subject_kind="people.security", subject_id=rule.id,
        payload={"idle_minutes": minutes},
    )  # fmt: skip
    return rule


def still_awake(session: SessionBase, government_id: UUID) -> bool:
    """Whether the session acted lately enough for its government's rule; remembers that it acts now."""
    limit = idle_limit(government_id)
    if limit is None:
        return True
    now = int(clock.now().timestamp())
    seen = session.get(SESSION_SEEN)
    if isinstance(seen, int) and now - seen > limit * 60:
        return False
    if not isinstance(seen, int) or now - seen >= _SEEN_EVERY_SECONDS:
        session[SESSION_SEEN] = now
    return True


def open_power(*, session: SessionBase, administrator_session_id: UUID) -> None:
    """Remember an administrator session that was just opened, under a new key."""
    renew_key(session)
    session[SESSION_ADMINISTRATOR] = str(administrator_session_id)


def shown_factors(session: SessionBase) -> set[Factor]:
    """The second factors shown in this session: ours, and those that the sign-in library recorded."""
    shown = {Factor(value) for value in session.get(SESSION_FACTORS, []) if value in set(Factor)}
    for record in session.get("account_authentication_methods", []):
        if isinstance(record, dict) and record.get("method") == "mfa":
            shown.add(Factor.PASSKEY if record.get("type") == "webauthn" else Factor.TOTP)
    return shown


def show_factor(*, session: SessionBase, factor: Factor) -> None:
    """Remember that a second factor was shown, under a new session key."""
    renew_key(session)
    session[SESSION_FACTORS] = sorted({*session.get(SESSION_FACTORS, []), factor.value})
    session.pop(SESSION_CHECKED_ADDRESS, None)


def may_enter(session: SessionBase, address: str) -> bool:
    """Whether the session has shown what the visitor's network asks for. Costs a query only when the network changed."""
    if session.get(SESSION_CHECKED_ADDRESS) == address:
        return True
    required = required_factors(address)
    if required and not required & shown_factors(session):
        return False
    session[SESSION_CHECKED_ADDRESS] = address
    return True


def act_as_post(*, session: SessionBase, post_id: UUID, held: Iterable[UUID]) -> None:
    """Act as another of one's posts (兼務). Raises DomainError for a post that the person does not hold today."""
    if post_id not in set(held):
        raise DomainError("その職には就いていません。", field="post")
    session[SESSION_POST] = str(post_id)
