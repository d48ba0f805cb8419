"""Reads of notices."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.shared_reads import read_once
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices.domain.kinds import KINDS
from kakehashi.notices.models import Announcement, AnnouncementKind, Delivery, Notice, Preference
from kakehashi.people.models import Person

# The bell shows 「99+」 beyond this; counting on would make the header of every page slower as notices pile up.
UNREAD_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered mail: pass its parts to `send_notice` as subject, body_text and body_html."""

    subject: str
    text: str
    html: str


def render_letter(name: str, context: Mapping[str, object], *, language: str = "ja") -> Letter:
    """Render a triplet of mail templates for a resident: `receipt`, `correction` or `decision`.

    The context gives `procedure`, `receipt_number`, `name`, `url` (absolute), and where they apply `expected_on`,
    `request`, `due_on` (already written out). `sender` is filled in. `language` is ja, ja-easy or en; dates and names stay
    as given. Raises TemplateDoesNotExist for another name.
    """
    with translation.override(language):
        full = {"sender": sender_name(), "language": language[:2], **context}
        subject = " ".join(render_to_string(f"notices/mail/{name}.subject.txt", full).split())
        text = render_to_string(f"notices/mail/{name}.txt", full)
        html = render_to_string(f"notices/mail/{name}.html", {**full, "subject": subject})
    return Letter(subject, text.strip() + "\n", html)


def notices_of(*, person_id: UUID | None) -> QuerySet[Notice]:
    """Return a person's bell, newest first: what is visible by now and was not taken back. None has no bell."""
    if person_id is None:
        nothing: QuerySet[Notice] = Notice.objects.none()
        return nothing
    rows: QuerySet[Notice] = Notice.objects.filter(
        person_id=person_id, in_app=True, cancelled_at__isnull=True, visible_from__lte=clock.now()
    )
    return rows.order_by("-created_at", "-id")


def unread_count(actor: Actor) -> int:
    """Return how many notices the actor has not read, at most 100. One index-only query; residents have no bell."""
    if actor.id is None or actor.kind not in {ActorKind.STAFF, ActorKind.ADMINISTRATOR}:
        return 0
    return notices_of(person_id=actor.id).filter(read_at__isnull=True).order_by()[:UNREAD_LIMIT].count()


@read_once
def channels_for(*, person_id: UUID | None, kind: str) -> tuple[bool, bool]:
    """Return (in_app, mail) for a person and kind; both where nothing was chosen, mail alone outside the staff."""
    if person_id is None:
        return False, True
    row = Preference.objects.filter(person_id=person_id, kind=kind).values_list("in_app", "mail").first()
    return row or (True, True)


def preferences_of(*, person_id: UUID | None) -> list[tuple[str, str, bool, bool]]:
    """Return (kind, label, in_app, mail) for every registered kind."""
    rows = Preference.objects.filter(person_id=person_id) if person_id else Preference.objects.none()
    chosen = {row.kind: (row.in_app, row.mail) for row in rows}
    return [(kind, label, *chosen.get(kind, (True, True))) for kind, label in KINDS.items()]


def deliveries() -> QuerySet[Delivery]:
    """Return the delivery log of the open scope, newest first, with the notices."""
    rows: QuerySet[Delivery] = Delivery.objects.select_related("notice")
    return rows.order_by("-attempted_at", "-id")


def address_of(notice: Notice) -> str:
    """Return the address to mail a notice to: the given one, or the person's present one."""
    if notice.email or notice.person_id is None:
        return notice.email
    return Person.objects.filter(id=notice.person_id).values_list("email", flat=True).first() or ""


def sender_name() -> str:
    """Return the name that signs a mail: the municipality's."""
    return get_government(current_government_id()).name


def absolute_url(url: str) -> str:
    """Return a link that works outside the browser: a path is completed with the government's own public address."""
    if not url.startswith("/"):
        return url
    government = get_government(current_government_id())
    base: str = settings.CONFIG.base_url
    return f"{base.split('://', maxsplit=1)[0]}://{government.host}{url}" if government.host else f"{base}{url}"


def own_path(url: str) -> str | None:
    """Return a notice's link if it leads to this site, else None: the bell must not forward people elsewhere."""
    return url if url.startswith("/") and not url.startswith(("//", "/\\")) else None


def announcements() -> QuerySet[Announcement]:
    """All announcements of the open government, for the staff's list."""
    rows: QuerySet[Announcement] = Announcement.objects.all()
    return rows


def present_announcements(*, kind: str = "") -> QuerySet[Announcement]:
    """What residents see now, newest first."""
    now = clock.now()
    rows: QuerySet[Announcement] = Announcement.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), withdrawn_at__isnull=True, starts_at__lte=now
    ).order_by("-starts_at", "-id")
    return rows.filter(kind=kind) if kind else rows


_emergencies: dict[UUID, tuple[float, list[Announcement]]] = {}


def present_emergencies() -> list[Announcement]:
    """The emergencies of now. Every page of residents asks, so each process remembers the answer for a moment."""
    here, seconds = current_government_id(), settings.GOVERNMENT_CACHE_SECONDS
    known = _emergencies.get(here)
    if known is None or time.monotonic() - known[0] >= seconds:
        known = (time.monotonic(), list(present_announcements(kind=AnnouncementKind.EMERGENCY)[:3]))
        _emergencies[here] = known
    return known[1]


def forget_emergencies() -> None:
    """Ask the database anew at the next page."""
    _emergencies.clear()
