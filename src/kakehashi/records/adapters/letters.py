"""Mails as they are: subject, sender, words and attachments of an .eml, and the mails of an mbox."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

_MOST_TEXT = 50_000
_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n)|(?<=\n))From [^\r\n]*\d{4}\r?\n")
_SCREENED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """What a mail says of itself; all of it was written by the sender."""

    subject: str
    sender: str
    message_id: str
    sent_at: dt.datetime | None
    body: str
    attachments: tuple[tuple[str, bytes], ...]


class NotAMail(ValueError):
    """Bytes that are no mail."""


def read_letter(raw: bytes) -> Letter:
    """Read one mail. Raises NotAMail for bytes without the headers of one."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    if not isinstance(message, EmailMessage) or not (message.get("From") or message.get("Subject")):
        raise NotAMail
    return Letter(
        subject=_header(message, "Subject") or "（件名なし）",
        sender=_header(message, "From") or "（差出人なし）",
        message_id=_header(message, "Message-ID"),
        sent_at=_date(message),
        body=_body(message)[:_MOST_TEXT],
        attachments=tuple(_attachments(message)),
    )


def mails_in(content: bytes) -> list[bytes]:
    """The mails of a file: one for an .eml, each of an mbox."""
    if not content.startswith(b"From "):
        return [content]
    starts = [match.start() for match in _FROM_LINE.finditer(content)]
    parts = [content[start:end] for start, end in zip(starts, [*starts[1:], len(content)], strict=True)]
    return [_SCREENED.sub(rb"\1", part.split(b"\n", 1)[1].rstrip(b"\r\n") + b"\n") for part in parts if b"\n" in part]


def _header(message: EmailMessage, name: str) -> str:
    """A header as text without line breaks and NUL, whatever it was encoded in."""
    try:
        value = str(message.get(name, ""))
    except (ValueError, LookupError, TypeError):
        value = _raw_header(message, name)
    return " ".join(value.replace("\x00", "").split())[:300]


def _raw_header(message: EmailMessage, name: str) -> str:
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            try:
                return str(make_header(decode_header(value)))
            except (ValueError, LookupError):
                return str(value)
    return ""


def _date(message: EmailMessage) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = _text_of(part)
    return _without_tags(text) if part.get_content_type() == "text/html" else text


def _text_of(part: MIMEPart) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    for encoding in (part.get_content_charset() or "utf-8", "utf-8", "iso-2022-jp", "cp932"):
        try:
            return data.decode(encoding).replace("\x00", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace").replace("\x00", "")


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(message.iter_attachments(), start=1):
        name = _file_name(part) or f"添付{number}"
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            yield name, data
        elif part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner:
                yield name, inner[0].as_bytes()  # type: ignore[union-attr]


def _file_name(part: EmailMessage) -> str:
    """The name of an attachment; the older way of Japanese mailers, an encoded word in the parameter, is read too."""
    try:
        name = part.get_filename() or ""
        return str(make_header(decode_header(name))) if "=?" in name else name
    except (ValueError, LookupError, TypeError):
        return ""


class _Words(HTMLParser):
    """Keeps the words of a page and none of its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"script", "style"}:
            self._hidden += 1
        if tag in {"p", "br", "div", "tr", "li"}:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"} and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_tags(text: str) -> str:
    reader = _Words()
    reader.feed(text)
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.words)).strip()
