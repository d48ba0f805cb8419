"""Mail codes: asked for on a page, mailed by the worker, confirmed on a page.

Asking takes the same work whether or not somebody has the address: a decoy row is written and the task is queued as well. The
worker, which nobody can time, is the first to look at the difference.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop, override

from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.mail import Mail, deliver
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.sealing import derived_key
from kakehashi.kernel.security_log import note_security
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.domain.mail_codes import LIFETIME, Challenge, CodeOutcome, check_code, derive_code
from kakehashi.people.models import MailCode
from kakehashi.people.services.tries import CODE_REQUESTS_PER_ADDRESS, count_try


def _secret() -> bytes:
    return derived_key(settings.SECRET_KEY, "mail-code")


def _judge(challenge: Challenge, typed: str) -> CodeOutcome:
    """Judge one attempt; a code that was mailed just before the secret was changed is still good."""
    secrets_known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    outcomes = [check_code(derived_key(one, "mail-code"), challenge, typed, clock.now()) for one in secrets_known]
    return CodeOutcome.RIGHT if CodeOutcome.RIGHT in outcomes else outcomes[0]


@service
def issue_mail_code(
    *, email: str, purpose: str, context: str = "", is_decoy: bool = False, language: str = "ja"
) -> MailCode:
    """Make a code and have the worker mail it. Returns the row; its id goes into the visitor's session.

    Past five codes in fifteen minutes to one address a decoy is made, so the page answers alike and the mailbox is spared.
    """
    email = email.strip().lower()
    within = count_try(limit=CODE_REQUESTS_PER_ADDRESS, subject=f"{current_government_id()}|{email}")
    code = MailCode.objects.create(
        purpose=purpose,
        email=email,
        context=context[:200],
        language=language,
        nonce=secrets.token_bytes(16),
        created_at=clock.now(),
        is_decoy=is_decoy or not within,
    )
    enqueue("people.send_mail_code", government_id=current_government_id(), mail_code_id=code.id)
    return code


@service
def send_mail_code(*, mail_code_id: UUID) -> bool:
    """The worker's half. Sends nothing for a decoy, an expired code, or one that was sent already."""
    code = MailCode.objects.select_for_update().filter(id=mail_code_id).first()
    if code is None or code.is_decoy or code.sent_at is not None or clock.now() >= code.created_at + LIFETIME:
        return False
    government = get_government(code.government_id)
    digits = derive_code(_secret(), code.id, bytes(code.nonce))
    with override(code.language):
        # Digits never stand in the subject: it shows on a locked screen.
        subject = gettext("%(government)s：確認コード") % {"government": government.name}
        text = render_to_string(
            "people/mail/mail_code.txt",
            {"government": government, "digits": digits, "code": code, "minutes": LIFETIME.seconds // 60},
        )
    deliver(Mail(to=code.email, subject=subject, text=text, message_id=f"{code.id}@code.kakehashi"))
    code.sent_at = clock.now()
    code.save(update_fields=["sent_at"])
    return True


_SAYINGS = {
    CodeOutcome.WRONG: gettext_noop("コードが違います。メールに書かれた6桁の数字を入れてください。"),
    CodeOutcome.EXPIRED: gettext_noop("コードの期限（10分）が切れました。新しいコードを送ってください。"),
    CodeOutcome.USED: gettext_noop("このコードは使い終わっています。新しいコードを送ってください。"),
    CodeOutcome.TOO_MANY: gettext_noop(
        "間違いが続いたため、このコードは使えなくなりました。新しいコードを送ってください。"
    ),
}


@service
def confirm_mail_code(*, mail_code_id: UUID | str | None, typed: str, purpose: str) -> MailCode | None:
    """Try the digits. Returns the code when they are right (once), None when they are not; see `why_code_failed` for the words.

    The try is counted before it is judged, in one statement, so that parallel guesses cannot share a try. Returning instead of
    raising keeps the count: an exception would roll it back with the request.
    """
    row = MailCode.objects.filter(id=mail_code_id, purpose=purpose).first() if mail_code_id else None
    if row is None:
        return None
    MailCode.objects.filter(id=row.id).update(attempts=F("attempts") + 1)
    row.refresh_from_db()
    challenge = Challenge(row.id, bytes(row.nonce), row.created_at, row.attempts - 1, row.used_at, row.is_decoy)
    if _judge(challenge, typed) is not CodeOutcome.RIGHT:
        note_security("mail code refused", code=row.id, purpose=purpose, tries=row.attempts)
        return None
    row.used_at = clock.now()
    used = MailCode.objects.filter(id=row.id, used_at__isnull=True).update(used_at=row.used_at)
    return row if used else None


def why_code_failed(mail_code_id: UUID | str | None) -> DomainError:
    """The sentence to show beside the code after `confirm_mail_code` returned None."""
    row = MailCode.objects.filter(id=mail_code_id).first() if mail_code_id else None
    if row is None:
        return DomainError(gettext(_SAYINGS[CodeOutcome.EXPIRED]), field="code")
    challenge = Challenge(row.id, bytes(row.nonce), row.created_at, row.attempts - 1, row.used_at, row.is_decoy)
    outcome = _judge(challenge, "")
    return DomainError(gettext(_SAYINGS[outcome]), field="code")


@service
def sweep_mail_codes() -> int:
    """Forget codes that are a day old, addresses and all."""
    deleted, _ = MailCode.objects.filter(created_at__lt=clock.now() - timedelta(days=1)).delete()
    return deleted


def purge_mail_codes(before: date, limit: int) -> int:
    """Forget codes made before a day; the hourly sweep has mostly been there already."""
    made_before = datetime.combine(before, time(), clock.JST)
    ids = list(MailCode.objects.filter(created_at__lt=made_before).values_list("id", flat=True)[:limit])
    MailCode.objects.filter(id__in=ids).delete()
    return len(ids)
