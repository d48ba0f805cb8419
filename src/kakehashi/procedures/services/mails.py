"""What applicants are told by mail, in the language they applied in."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.selectors import our_side
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.paths import path_to
from kakehashi.kernel.wareki import format_wareki
from kakehashi.notices.models import Notice
from kakehashi.notices.services import Recipient, build_notice, cancel_notice, send_notice
from kakehashi.procedures.domain.names import NOTICE_CORRECTION, NOTICE_FEE, NOTICE_RECEIVED, NOTICE_RESULT
from kakehashi.procedures.domain.representation import Party, told
from kakehashi.procedures.models import Application, Channel
from kakehashi.procedures.selectors.parties import kind_of, proxy_of

__all__ = ["build_receipt_notice", "cancel_letter", "is_told_elsewhere", "letter_key", "tell_applicant"]


@dataclass(frozen=True, slots=True)
class Letter:
    """Kind of notice, subject and body; `%(…)s` are filled in."""

    kind: str
    subject: str
    body: str


LETTERS = {
    "received": Letter(
        NOTICE_RECEIVED,
        gettext_noop("受け付けました：%(name)s"),
        gettext_noop(
            "「%(name)s」が届きました。\n受付番号：%(number)s\n\n"
            "このあとの流れと今の状況は、次のページで見られます。"
            "このメールをなくしても、受付番号とメールアドレスで確かめられます。"
        ),
    ),
    "correction": Letter(
        NOTICE_CORRECTION,
        gettext_noop("直していただきたいところがあります：%(name)s"),
        gettext_noop(
            "「%(name)s」（受付番号：%(number)s）について、次のことをお願いします。\n\n"
            "%(message)s\n\n期限：%(deadline)s\n\n次のページから、直して提出できます。"
        ),
    ),
    "arrived": Letter(
        NOTICE_RECEIVED,
        gettext_noop("手続が終わりました：%(name)s"),
        gettext_noop("「%(name)s」（受付番号：%(number)s）が正しく届いたことを確認しました。これで手続は終わりです。"),
    ),
    "issued": Letter(
        NOTICE_RESULT,
        gettext_noop("結果の通知があります：%(name)s"),
        gettext_noop("「%(name)s」（受付番号：%(number)s）の結果の通知を、次のページに置きました。"),
    ),
    "posted": Letter(
        NOTICE_RESULT,
        gettext_noop("結果の通知を郵送します：%(name)s"),
        gettext_noop("「%(name)s」（受付番号：%(number)s）の結果の通知を、郵送でお送りします。"),
    ),
    "pickup": Letter(
        NOTICE_RESULT,
        gettext_noop("結果の通知を窓口でお渡しします：%(name)s"),
        gettext_noop(
            "「%(name)s」（受付番号：%(number)s）の結果の通知ができました。窓口でお渡しします。"
            "受付番号と、本人とわかるものを持ってきてください。"
        ),
    ),
    "fee": Letter(
        NOTICE_FEE,
        gettext_noop("手数料の支払いをお願いします：%(name)s"),
        gettext_noop(
            "「%(name)s」（受付番号：%(number)s）の手数料は、%(message)sです。\n次のページから、支払うことができます。"
        ),
    ),
    "closed": Letter(
        NOTICE_RESULT,
        gettext_noop("手続が終わりました：%(name)s"),
        gettext_noop("「%(name)s」（受付番号：%(number)s）の手続が終わりました。結果は、次のページで見られます。"),
    ),
}


def letter_key(application: Application, what: str) -> UUID:
    """One letter is sent once, however often the act is repeated."""
    return uuid5(application.id, what)


def _written(application: Application, letter: Letter, values: dict[str, str]) -> tuple[str, str]:
    filled = {
        "name": application.procedure.name,
        "number": application.receipt_label,
        **values,
    }
    # Whoever applies mostly reads the page in the language the draft was begun in.
    is_active = translation.get_language() == application.language
    with nullcontext() if is_active else translation.override(application.language):
        return gettext(letter.subject) % filled, gettext(letter.body) % filled


def _status_address(application: Application) -> str:
    """The full address of the applicant's page; the worker has no request that would know the town."""
    return absolute_url(get_government(application.government_id), "procedures:application", application.id)


def build_receipt_notice(*, actor: Actor, application: Application) -> Notice | None:
    """The unsaved receipt mail, for the one statement of the hot path; None without an address."""
    if not application.applicant_email:
        return None
    letter = LETTERS["received"]
    subject, body = _written(application, letter, {})
    return build_notice(
        actor=actor,
        kind=letter.kind,
        to=Recipient(email=application.applicant_email, name=application.applicant_name),
        subject=subject,
        body_text=body,
        url=path_to("procedures:application", application.id),
        idempotency_key=letter_key(application, "received"),
    )


def is_told_elsewhere(application: Application) -> bool:
    """Whether the applicant's page, and so their mails, belong to the other half of a split installation."""
    return application.channel == Channel.ONLINE and our_side() is Side.STAFF


def tell_applicant(
    *, actor: Actor, application: Application, what: str, key: str, message: str = "", deadline: dt.date | None = None
) -> None:
    """Send one of `LETTERS`, once per `key`; nothing when there is no address (counter, post).

    On the staff side of a split installation nothing is mailed either: the public side writes the same letter when it learns
    of the act, with an address that the applicant can open.
    """
    if is_told_elsewhere(application):
        return
    recipients = _recipients(application, what, key)
    if not recipients:
        return
    letter = LETTERS[what]
    values = {"message": message, "deadline": format_wareki(deadline, weekday=True) if deadline else ""}
    subject, body = _written(application, letter, values)
    for recipient, own_key in recipients:
        send_notice(
            actor=actor,
            kind=letter.kind,
            to=recipient,
            subject=subject,
            body_text=body,
            url=_status_address(application),
            idempotency_key=own_key,
        )


def _recipients(application: Application, what: str, key: str) -> list[tuple[Recipient, UUID]]:
    """Who gets a letter, each with its key: the applicant, a proxy, or both, as the kind of the proxy says."""
    proxy = proxy_of(application.idempotency_key)
    who = told(kind_of(proxy), what)
    found = []
    if application.applicant_email and (Party.PRINCIPAL in who or proxy is None):
        recipient = Recipient(email=application.applicant_email, name=application.applicant_name)
        found.append((recipient, letter_key(application, key)))
    if proxy is not None and Party.PROXY in who and proxy.email not in {each.email for each, _ in found}:
        found.append((Recipient(email=proxy.email, name=proxy.name), letter_key(application, f"{key}:proxy")))
    return found


def cancel_letter(*, actor: Actor, application: Application, key: str) -> bool:
    """Take back a letter to whoever got it. False when one has left already, or leaves from the other half."""
    if is_told_elsewhere(application):
        return not application.applicant_email
    keys = [letter_key(application, key), letter_key(application, f"{key}:proxy")]
    written = Notice.objects.filter(idempotency_key__in=keys).values_list("idempotency_key", flat=True)
    cancelled = [cancel_notice(actor=actor, idempotency_key=each) for each in written]
    return all(cancelled)
