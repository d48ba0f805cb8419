"""途中保存と再開: a link by mail leads back to a draft on any device, and a mail says when it is about to be forgotten."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

from django.core import signing
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import format_wareki
from kakehashi.notices.models import Notice
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services import count_try
from kakehashi.procedures.domain.names import NOTICE_EXPIRING, NOTICE_RESUME
from kakehashi.procedures.models import Application, Draft
from kakehashi.procedures.services.drafts import KEPT_DAYS

__all__ = [
    "LINKS_PER_ADDRESS",
    "WARNED_DAYS",
    "draft_of_token",
    "resume_token",
    "send_links_again",
    "send_resume_link",
    "warn_of_expiry",
]

WARNED_DAYS = 5
"""So long before it is forgotten the applicant is told of a draft."""
LINKS_PER_ADDRESS = Limit("procedures.link_per_address", 5, 900)
"""So many links reach one address; beyond it every page looks the same and no mail goes out."""
_MOST_AT_ONCE = 5
_CHUNK = 500
_DOUBLE_CLICK = 60


def resume_token(draft: Draft) -> str:
    """The token of the link that is mailed; whoever has the mail may go on, as long as it is not handed in."""
    return signing.dumps(draft.id.hex, salt=f"procedures.resume.{draft.government_id}")


def draft_of_token(token: str) -> UUID | None:
    """The draft a mailed link leads to; None for a forged one, another government's, or one older than a draft may be."""
    salt = f"procedures.resume.{current_government_id()}"
    try:
        return UUID(signing.loads(token, salt=salt, max_age=KEPT_DAYS * 24 * 3600))
    except (signing.BadSignature, ValueError, TypeError):
        return None


@service
def send_resume_link(*, actor: Actor, draft: Draft, email: str) -> bool:
    """Mail the link by which the applicant goes on, and keep the address for the warning before the draft is forgotten.

    False when the address has had its share of links for now: nothing is mailed, and the page must not say so. A double
    click is one mail.
    """
    if draft.email != email:
        draft.email = email
        draft.save(update_fields=["email"])
    if not count_try(limit=LINKS_PER_ADDRESS, subject=email):
        return False
    _mail(actor, draft, email)
    return True


@service
def send_links_again(*, actor: Actor, email: str) -> int:
    """Mail the links of everything that was begun with this address, at most five; give how many.

    The page that asks says the same whatever the number is: nobody learns whether an address is known.
    """
    if not count_try(limit=LINKS_PER_ADDRESS, subject=email):
        return 0
    found = list(
        _living().filter(email__iexact=email).select_related("procedure").order_by("-updated_at")[:_MOST_AT_ONCE]
    )
    for draft in found:
        _mail(actor, draft, draft.email)
    return len(found)


def _living() -> QuerySet[Draft]:
    """Residents' drafts of new applications that were not handed in and still have time."""
    handed_in = Application.objects.filter(idempotency_key=OuterRef("idempotency_key"))
    rows: QuerySet[Draft] = Draft.objects.filter(
        correction__isnull=True, typed_by__isnull=True, expires_at__gt=clock.now()
    )
    return rows.exclude(Exists(handed_in)).defer("answers", "typed", "procedure__survey")


def _address(draft: Draft) -> str:
    """The full address of the link; the worker has no request that would know the town."""
    return absolute_url(get_government(draft.government_id), "procedures:resume", resume_token(draft))


def _last_day(draft: Draft) -> str:
    return format_wareki(draft.expires_at.astimezone(clock.JST).date(), weekday=True)


def _mail(actor: Actor, draft: Draft, email: str) -> None:
    moment = int(clock.now().timestamp()) // _DOUBLE_CLICK
    with translation.override(draft.language):
        name = draft.procedure.name
        subject = gettext("書きかけの手続：%(name)s") % {"name": name}
        body = gettext(
            "途中まで書いた「%(name)s」を保存しました。次のリンクから、どの端末でも続きを書けます。"
            "%(day)sまでのこしておきます。続きを書くと、そこからまた30日のびます。\n"
            "このリンクを持つ人は、書いた内容を見られます。ほかの人に渡さないでください。"
        ) % {"name": name, "day": _last_day(draft)}
    send_notice(
        actor=actor,
        kind=NOTICE_RESUME,
        to=Recipient(email=email),
        subject=subject,
        body_text=body,
        url=_address(draft),
        idempotency_key=uuid5(draft.id, f"link:{email}:{moment}"),
        delay_seconds=0,
    )


@service
def warn_of_expiry(*, actor: Actor) -> int:
    """Tell whoever gave an address, `WARNED_DAYS` before, that a draft will be forgotten; once for each last day.

    Called by the worker in each government's scope. A draft that is taken up again gets a later last day, and so another
    warning when that one comes near.
    """
    soon = clock.now() + dt.timedelta(days=WARNED_DAYS)
    rows = _living().filter(expires_at__lte=soon).exclude(email="", confirmed_email="")
    ids, count = list(rows.order_by("expires_at").values_list("id", flat=True)), 0
    for start in range(0, len(ids), _CHUNK):
        due = {
            _warning_key(each): each
            for each in rows.filter(id__in=ids[start : start + _CHUNK]).select_related("procedure")
        }
        told = set(Notice.objects.filter(idempotency_key__in=due).values_list("idempotency_key", flat=True))
        for key, draft in due.items():
            if key not in told:
                _warn(actor, draft, key)
                count += 1
    return count


def _warning_key(draft: Draft) -> UUID:
    return uuid5(draft.id, f"expiring:{draft.expires_at.astimezone(clock.JST).date().isoformat()}")


def _warn(actor: Actor, draft: Draft, key: UUID) -> None:
    with translation.override(draft.language):
        words = {"name": draft.procedure.name, "day": _last_day(draft)}
        subject = gettext("まもなく消えます：書きかけの手続「%(name)s」") % words
        body = (
            gettext(
                "途中まで書いた「%(name)s」は、%(day)sを過ぎると、付けたファイルといっしょに消えます。"
                "続きを書くと、そこからまた30日のこります。もういらないときは、何もしなくてかまいません。"
            )
            % words
        )
    send_notice(
        actor=actor,
        kind=NOTICE_EXPIRING,
        to=Recipient(email=draft.email or draft.confirmed_email),
        subject=subject,
        body_text=body,
        url=_address(draft),
        idempotency_key=key,
        delay_seconds=0,
    )
