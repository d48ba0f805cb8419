"""What those who stand behind an application are told by mail, in the language it was written in."""

from __future__ import annotations

from uuid import uuid5

from django.core import signing
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.wareki import format_wareki
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.procedures.domain.applicant import applicant_of
from kakehashi.procedures.domain.names import NOTICE_CONSENT, NOTICE_RECEIVED
from kakehashi.procedures.domain.representation import Party, told
from kakehashi.procedures.models import Application, Consent, Draft, Proxy, Role
from kakehashi.procedures.selectors.parties import kind_of
from kakehashi.procedures.services.resuming import resume_token

__all__ = ["ask", "consent_token", "tell_of_refusal", "tell_proxy_received"]

_ASK_CO_SIGNER = gettext_noop(
    "%(who)sさんが、「%(name)s」をあなたといっしょに申請しようとしています。\n"
    "次のページで内容をすべて読んで、同意するか、同意しないかを選んでください。%(day)sまで使えます。\n"
    "心当たりがないときは、「同意しない」を選んでください。"
)
_ASK_PRINCIPAL = gettext_noop(
    "%(who)sさんが、あなたの代わりに「%(name)s」を申請しようとしています。\n"
    "次のページで内容をすべて読んで、まかせるか、まかせないかを選んでください。%(day)sまで使えます。\n"
    "心当たりがないときは、「まかせない」を選んでください。"
)


def consent_token(consent: Consent) -> str:
    """The token of the link to one person's page; whoever has the mail may read and answer."""
    return signing.dumps(consent.id.hex, salt=f"procedures.consent.{consent.government_id}")


def ask(*, actor: Actor, consent: Consent, draft: Draft, proxy: Proxy | None, again: bool = False) -> None:
    """Ask one person, or remind them; once for each moment of asking."""
    writer = proxy.name if proxy else applicant_of(draft.form_version.definition, draft.answers).name
    with translation.override(consent.language):
        words = {
            "who": writer or gettext("申請する人"),
            "name": draft.procedure.name,
            "day": format_wareki(draft.expires_at.astimezone(clock.JST).date(), weekday=True),
        }
        subject = gettext("同意のお願い：%(name)s") % words
        if again:
            subject = gettext("まだお返事がありません：%(name)s") % words
        body = gettext(_ASK_PRINCIPAL if consent.role == Role.PRINCIPAL else _ASK_CO_SIGNER) % words
    moment = f"remind:{consent.reminders}" if again else "ask"
    asked_at = consent.asked_at.isoformat() if consent.asked_at else ""
    send_notice(
        actor=actor,
        kind=NOTICE_CONSENT,
        to=Recipient(email=consent.email, name=consent.name),
        subject=subject,
        body_text=body,
        url=absolute_url(get_government(consent.government_id), "procedures:consent", consent_token(consent)),
        idempotency_key=uuid5(consent.id, f"{moment}:{asked_at}"),
    )


def tell_of_refusal(*, actor: Actor, consent: Consent, draft: Draft, proxy: Proxy | None) -> None:
    """Tell whoever writes the answers that somebody does not agree; nothing without an address."""
    email = proxy.email if proxy else draft.email or draft.confirmed_email
    email = email or applicant_of(draft.form_version.definition, draft.answers).email
    if not email:
        return
    with translation.override(draft.language):
        words = {
            "who": consent.name,
            "name": draft.procedure.name,
            "reason": consent.reason or gettext("（書いてありません）"),
        }
        subject = gettext("同意が得られませんでした：%(name)s") % words
        body = (
            gettext(
                "%(who)sさんは、「%(name)s」に同意しませんでした。まだ役所には届いていません。\n理由：%(reason)s\n\n"
                "内容を直してもう一度お願いするか、書きかけの内容を消してください。"
            )
            % words
        )
    send_notice(
        actor=actor,
        kind=NOTICE_CONSENT,
        to=Recipient(email=email),
        subject=subject,
        body_text=body,
        url=absolute_url(get_government(draft.government_id), "procedures:resume", resume_token(draft)),
        idempotency_key=uuid5(consent.id, f"refused:{consent.answered_at.isoformat() if consent.answered_at else ''}"),
    )


def tell_proxy_received(*, actor: Actor, application: Application, proxy: Proxy) -> None:
    """The receipt for whoever handed it in, when the applicant's own receipt goes to another address."""
    if Party.PROXY not in told(kind_of(proxy), "received") or proxy.email == application.applicant_email:
        return
    with translation.override(application.language):
        words = {"name": application.procedure.name, "number": application.receipt_label}
        subject = gettext("受け付けました：%(name)s") % words
        body = gettext("あなたが代わりに出した「%(name)s」が届きました。\n受付番号：%(number)s") % words
    send_notice(
        actor=actor,
        kind=NOTICE_RECEIVED,
        to=Recipient(email=proxy.email, name=proxy.name),
        subject=subject,
        body_text=body,
        url=absolute_url(get_government(application.government_id), "procedures:application", application.id),
        idempotency_key=uuid5(application.id, "received:proxy"),
    )
