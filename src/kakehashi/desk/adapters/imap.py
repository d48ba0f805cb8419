"""Reading a mailbox by IMAP (RFC 3501): mails are looked at, never marked, moved or deleted."""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass

from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, secured

__all__ = ["Account", "Fetched", "MailboxTrouble", "fetch_new"]

MOST_AT_ONCE = 50
MOST_BYTES = 30_000_000
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxTrouble(Exception):
    """The mailbox could not be read; the message is Japanese and names no secret."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where and as whom to read."""

    host: str
    port: int
    username: str
    password: str
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True)
class Fetched:
    """New mails, as (uid, bytes; None for one that is too large), under the mailbox's validity number."""

    uid_validity: int
    mails: tuple[tuple[int, bytes | None], ...]


class _Secured(imaplib.IMAP4):
    """IMAP over a connection that the one door has judged."""

    def __init__(self, door: AbstractContextManager[ssl.SSLSocket], host: str, port: int) -> None:
        self._door = door
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:  # the hook that imaplib's own TLS class uses
        return self._door.__enter__()

    def close_door(self) -> None:
        """End the connection, whatever state it is in."""
        with suppress(OSError, imaplib.IMAP4.error):
            self.logout()
        with suppress(OSError, NoAnswer):
            self._door.__exit__(None, None, None)


def fetch_new(account: Account, *, uid_validity: int, after: int) -> Fetched:
    """Return at most 50 mails newer than `after`, oldest first; all count as new where the validity number has changed.

    Raises MailboxTrouble.
    """
    door = secured(account.host, account.port, seconds=60, pause=15)
    try:
        server = _Secured(door, account.host, account.port)
    except (OutboundRefused, NoAnswer, OSError, imaplib.IMAP4.error) as error:
        words = str(error) if isinstance(error, OutboundRefused) else "メールサーバーにつながりませんでした。"
        raise MailboxTrouble(words) from error
    try:
        return _read(server, account, uid_validity, after)
    except (imaplib.IMAP4.error, OSError, ValueError, IndexError) as error:
        raise MailboxTrouble(_words(error)) from error
    finally:
        server.close_door()


def _words(error: Exception) -> str:
    if isinstance(error, imaplib.IMAP4.error) and "AUTHENTICATIONFAILED" in str(error).upper():
        return "利用者名かパスワードが違います。"
    return "メールボックスを読めませんでした。フォルダーの名前を確かめてください。"


def _read(server: imaplib.IMAP4, account: Account, uid_validity: int, after: int) -> Fetched:
    try:
        server.login(account.username, account.password)
    except imaplib.IMAP4.error as error:
        message = "AUTHENTICATIONFAILED"
        raise imaplib.IMAP4.error(message) from error
    status, _ = server.select(_quoted(account.folder), readonly=True)
    if status != "OK":
        raise ValueError(status)
    validity = int(server.response("UIDVALIDITY")[1][0] or 0)
    first = after + 1 if validity == uid_validity else 1
    status, found = server.uid("SEARCH", f"UID {first}:*")
    uids = sorted(int(each) for each in (found[0] or b"").split()) if status == "OK" else []
    # "n:*" names the last mail even where its number is below n.
    new = [uid for uid in uids if uid >= first][:MOST_AT_ONCE]
    return Fetched(validity, tuple((uid, _mail(server, uid)) for uid in new))


def _mail(server: imaplib.IMAP4, uid: int) -> bytes | None:
    _, sizes = server.uid("FETCH", str(uid), "(RFC822.SIZE)")
    told = _SIZE.search(b" ".join(each if isinstance(each, bytes) else each[0] for each in sizes if each))
    if told is None or int(told.group(1)) > MOST_BYTES:
        return None
    _, parts = server.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _quoted(folder: str) -> str:
    """A folder's name as IMAP wants it: modified UTF-7, in quotation marks."""
    name = re.sub(r"[^\x20-\x7e]+", _shifted, folder.replace("&", "&-"))
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(match: re.Match[str]) -> str:
    coded = match.group().encode("utf-7").decode("ascii")
    return "&" + coded.strip("+-").replace("/", ",") + "-"
