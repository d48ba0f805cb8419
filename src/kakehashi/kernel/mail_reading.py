"""The one reader of mails: an `.eml`, a `.mbox`, a message from a mailbox. Nothing of a mail is believed or run."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser

__all__ = ["MOST_BYTES", "MOST_MAILS", "Mail", "NotAMail", "cut_mails", "read_mail"]

MOST_MAILS = 500
"""A file with more mails than this is refused by the rooms: nobody would see which were left out."""
MOST_BYTES = 60_000_000
"""A larger message is not fetched from a mailbox."""
_MOST_FILES = 100
_MOST_TEXT = 50_000
_MOST_MARKUP = 1_000_000
# A line of mbox: "From ", an address, a date with a time. A paragraph that merely begins with the word is none.
_FROM_LINE = re.compile(rb"(?m)(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\r\n]*\d:\d\d[^\r\n]*\r?\n")
_SCREENED = re.compile(rb"(?m)^>(>*From )")
_SHIFTED = re.compile(rb"\x1b\$[@B]([^\x1b]*)")
_UNSHIFT = re.compile(rb"\x1b\([BJ]")
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


class NotAMail(ValueError):
    """Bytes that are no mail: neither a sender nor a subject."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says of itself; all of it was written by its sender.

    `sender` is the whole line, `sender_address` lower case. `answers` are the ids of earlier mails that it replies to, nearest
    first. `sent_at` is aware or None. `digest` is the SHA-256 of the bytes.
    """

    message_id: str
    sender: str
    sender_name: str
    sender_address: str
    sent_at: dt.datetime | None
    subject: str
    body: str
    answers: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]
    digest: str


def cut_mails(content: bytes) -> list[bytes]:
    """The mails of a file: one for an `.eml`, each of a `.mbox`, cut at the lines of `From ` that follow an empty line."""
    if not content.startswith(b"From "):
        return [content]
    starts = [(match.start(), match.end()) for match in _FROM_LINE.finditer(content)]
    ends = [start for start, _ in starts[1:]] + [len(content)]
    return [_SCREENED.sub(rb"\1", content[begin:end]) for (_, begin), end in zip(starts, ends, strict=False)]


def read_mail(raw: bytes) -> Mail:
    """Read one mail. Raises NotAMail for bytes without the headers of one."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
    except _BROKEN as error:
        raise NotAMail from error
    if not isinstance(message, EmailMessage):
        raise NotAMail
    sender, subject = _header(message, "From"), _header(message, "Subject")
    if not sender and not subject:
        raise NotAMail
    name, address = next(iter(getaddresses([sender])), ("", ""))
    return Mail(
        message_id=_header(message, "Message-ID")[:300],
        sender=sender[:300],
        sender_name=name[:200],
        sender_address=address.lower()[:254],
        sent_at=_date(message),
        subject=subject[:300],
        body=_body(message)[:_MOST_TEXT],
        answers=_answers(message),
        files=tuple(_files(message)),
        digest=sha256(raw).hexdigest(),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header as one line of text, whatever it was encoded in; a broken one as far as it goes."""
    try:
        value = str(message.get(name, ""))
    except (*_BROKEN, IndexError):
        value = _raw_header(message, name)
    return " ".join(_plain(value).split())


def _raw_header(message: EmailMessage, name: str) -> str:
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            try:
                return str(make_header(decode_header(str(value))))
            except _BROKEN:
                return str(value)
    return ""


def _date(message: EmailMessage) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
        # A date that names no zone is one of UTC (RFC 5322, 3.3).
        found = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
        return found.astimezone(dt.UTC) and found
    except _BROKEN:
        return None


def _answers(message: EmailMessage) -> tuple[str, ...]:
    named = f"{_header(message, 'References')} {_header(message, 'In-Reply-To')}"
    return tuple(dict.fromkeys(reversed(re.findall(r"<[^<>\s]+>", named))))[:20]


def _body(message: EmailMessage) -> str:
    try:
        part = message.get_body(preferencelist=("plain", "html"))
    except _BROKEN:
        part = None
    if part is None:
        return ""
    text = _text_of(part)
    return (_without_tags(text) if part.get_content_type() == "text/html" else text).strip()


def _text_of(part: MIMEPart) -> str:
    content = _content(part) or b""
    told = str(part.get_content_charset() or "utf-8")
    if told.startswith("iso-2022-jp") or b"\x1b$" in content:
        return _plain(_from_jis(content))
    for charset in (told, "utf-8", "cp932", "euc_jp"):
        try:
            return _plain(content.decode(charset))
        except (ValueError, LookupError):
            continue
    return _plain(content.decode("utf-8", "replace"))


def _from_jis(content: bytes) -> str:
    """ISO-2022-JP with the makers' own characters (①, ㈱), which mailers of Japan write under that name."""

    def as_euc(match: re.Match[bytes]) -> bytes:
        return bytes(each | 0x80 if 0x20 < each < 0x7F else each for each in match.group(1))

    return _UNSHIFT.sub(b"", _SHIFTED.sub(as_euc, content)).decode("euc_jis_2004", "replace")


def _content(part: MIMEPart) -> bytes | None:
    try:
        found = part.get_payload(decode=True)
    except _BROKEN:
        return None
    return found if isinstance(found, bytes) else None


def _plain(text: str) -> str:
    """A text that can be stored: no NUL, no half characters, lines end in one way."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").replace("\r\n", "\n")


def _files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    try:
        parts = list(message.iter_attachments())[:_MOST_FILES]
    except _BROKEN:
        return
    for number, part in enumerate(parts, start=1):
        name = _file_name(part) or f"添付{number}"
        content = _content(part)
        if content is not None:
            yield name, content
        elif part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner:
                yield name, inner[0].as_bytes()  # type: ignore[union-attr]


def _file_name(part: EmailMessage) -> str:
    """The name of an attachment; the older way of Japanese mailers, an encoded word in the parameter, is read too."""
    try:
        name = part.get_filename() or ""
        return _plain(str(make_header(decode_header(name))) if "=?" in name else name)[:200]
    except (*_BROKEN, IndexError):
        return ""


class _Words(HTMLParser):
    """Keeps the words of a page and none of its tags."""

    _SILENT = frozenset({"script", "style", "title"})
    _BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in self._SILENT
        if tag in self._BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= bool(self._hidden and tag in self._SILENT)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_tags(text: str) -> str:
    reader = _Words()
    try:
        reader.feed(text[:_MOST_MARKUP])
    except AssertionError:
        # The parser gives up at some malformed declarations; what was read before one is kept.
        pass
    lines = (line.strip() for line in "".join(reader.words).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
