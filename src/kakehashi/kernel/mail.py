"""The mail port: one message, text and HTML. The adapter behind it is Django's configured backend."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives


@dataclass(frozen=True)
class Mail:
    """One mail to one address. `message_id` makes a resend recognisable to the receiving server."""

    to: str
    subject: str
    text: str
    html: str = ""
    message_id: str = ""


def deliver(mail: Mail) -> None:
    """Hand one mail to the mail server. Raises `OSError` or `SMTPException` when it is not taken."""
    headers = {"Message-ID": f"<{mail.message_id}>"} if mail.message_id else {}
    # A line break in a subject would be a forged header; Django raises, so it is folded here instead.
    message = EmailMultiAlternatives(" ".join(mail.subject.split()), mail.text, to=[mail.to], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()
