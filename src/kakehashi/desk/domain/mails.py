"""Reading mails: one `.eml`, or a whole `.mbox`, into what the desk needs. Nothing of a mail is believed or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses
from hashlib import sha256
from html import unescape

MOST_MAILS = 500
MOST_FILES = 20
MOST_BODY = 20_000
_FROM_LINE = re.compile(rb"(?m)^From [^\r\n]*\r?\n")
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_HTML_SILENT = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->")
_HTML_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>")
_HTML_TAG = re.compile(r"(?s)<[^>]*>")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `answers` are the ids of earlier mails it replies to, nearest first; `sent_at` is aware or None."""

    message_id: str
    sender_name: str
    sender_address: str
    sent_at: datetime | None
    subject: str
    body: str
    answers: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()


def read_mails(content: bytes) -> list[Mail]:
    """Return the mails of an `.eml` or `.mbox` file, at most 500. Raises ValueError when there is none."""
    mails = [mail for raw in _split(content) if (mail := read_mail(raw)) is not None]
    if not mails:
        raise ValueError
    return mails[:MOST_MAILS]


def _split(content: bytes) -> Iterator[bytes]:
    """Cut a mbox at its lines of `From ` that follow an empty line; a single mail is one piece."""
    if not content.startswith(b"From "):
        yield content
        return
    starts = [m for m in _FROM_LINE.finditer(content) if m.start() == 0 or content[: m.start()].endswith(b"\n\n")
              or content[: m.start()].endswith(b"\r\n\r\n")]  # fmt: skip
    for number, match in enumerate(starts[:MOST_MAILS]):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(content)
        yield _QUOTED_FROM.sub(rb"\1", content[match.end() : end])


def read_mail(raw: bytes) -> Mail | None:
    """Return one mail, or None where the bytes are no mail (no sender and no subject)."""
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage):
        return None
    name, address = _sender(message)
    subject = _header(message, "Subject")
    if not address and not subject:
        return None
    return Mail(
        message_id=(_header(message, "Message-ID").strip() or f"sha256:{sha256(raw).hexdigest()}")[:300],
        sender_name=name[:200],
        sender_address=address[:254],
        sent_at=_date(message),
        subject=subject[:300],
        body=_body(message)[:MOST_BODY],
        answers=_answers(message),
        files=tuple(_files(message)),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header as one line of text; a broken one is empty."""
    try:
        return _plain(" ".join(str(message.get(name, "")).split()))
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        return ""


def _sender(message: EmailMessage) -> tuple[str, str]:
    found = getaddresses([_header(message, "From")])
    name, address = found[0] if found else ("", "")
    return _plain(name), _plain(address).lower()


def _date(message: EmailMessage) -> datetime | None:
    try:
        sent = message["Date"].datetime if message["Date"] else None
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError):
        return None
    return sent if sent is not None and sent.tzinfo is not None else None


def _answers(message: EmailMessage) -> tuple[str, ...]:
    named = f"{_header(message, 'References')} {_header(message, 'In-Reply-To')}"
    return tuple(dict.fromkeys(reversed(re.findall(r"<[^<>\s]+>", named))))[:20]


def _body(message: EmailMessage) -> str:
    try:
        part = message.get_body(preferencelist=("plain", "html"))
    except (AttributeError, KeyError, ValueError):
        part = None
    if part is None:
        return ""
    text = _text(part)
    return (_without_html(text) if part.get_content_type() == "text/html" else text).strip()


def _text(part: MIMEPart) -> str:
    try:
        return _plain(str(part.get_content()))
    except (LookupError, ValueError, KeyError):
        # A charset nobody knows: mails of Japan are one of these.
        raw = part.get_payload(decode=True)
        content = raw if isinstance(raw, bytes) else b""
        for charset in ("utf-8", "cp932", "iso2022_jp_ext", "euc_jp"):
            try:
                return _plain(content.decode(charset))
            except ValueError:
                continue
        return _plain(content.decode("utf-8", "replace"))


def _plain(text: str) -> str:
    """A text that can be stored: no NUL, no half characters, lines end in one way."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").replace("\r\n", "\n")


def _without_html(text: str) -> str:
    text = _HTML_TAG.sub("", _HTML_BREAK.sub("\n", _HTML_SILENT.sub("", text)))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in unescape(text).splitlines()))


def _files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(message.iter_attachments(), start=1):
        if number > MOST_FILES:
            return
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield _plain(part.get_filename() or f"添付{number}")[:200], content
