"""Reading a mailbox by IMAP (RFC 3501) over TLS, through the one door: mails are looked at, never marked, moved or deleted."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass

from kakehashi.kernel.mail_reading import MOST_BYTES
from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, secured

__all__ = ["MOST_AT_ONCE", "TOO_LARGE", "Account", "Fetched", "MailboxTrouble", "new_mails"]

MOST_AT_ONCE = 50
TOO_LARGE = f"{MOST_BYTES // 1_000_000}MBより大きいメールは取り込めません。メールソフトで見てください。"
_SECONDS, _PAUSE = 120, 15
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_BROKEN = (imaplib.IMAP4.error, OSError, ValueError, IndexError)


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
    """A mail with its number, which counts under the mailbox's validity number; `raw` None for one that is too large."""

    uid_validity: int
    uid: int
    raw: bytes | None


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


def new_mails(account: Account, *, uid_validity: int, after: int, most: int = MOST_AT_ONCE) -> Iterator[Fetched]:
    """Mails newer than `after`, oldest first, one in memory at a time; all count as new where the validity number has changed.

    Raises MailboxTrouble, also after some mails: what came before it is good.
    """
    door = secured(account.host, account.port, seconds=_SECONDS, pause=_PAUSE)
    try:
        server = _Secured(door, account.host, account.port)
    except (OutboundRefused, NoAnswer, OSError, imaplib.IMAP4.error) as error:
        words = str(error) if isinstance(error, OutboundRefused) else "メールサーバーにつながりませんでした。"
        raise MailboxTrouble(words) from error
    try:
        _sign_in(server, account)
        yield from _read(server, account, uid_validity, after, most)
    finally:
        server.close_door()


def _sign_in(server: imaplib.IMAP4, account: Account) -> None:
    try:
        server.login(account.username, account.password)
    except imaplib.IMAP4.error as error:
        raise MailboxTrouble("利用者名かパスワードが違います。") from error
    except OSError as error:
        raise MailboxTrouble("メールサーバーの返事が途中で切れました。") from error


def _read(server: imaplib.IMAP4, account: Account, uid_validity: int, after: int, most: int) -> Iterator[Fetched]:
    try:
        status, _ = server.select(_quoted(account.folder), readonly=True)
        if status != "OK":
            raise MailboxTrouble("メールボックスを読めませんでした。フォルダーの名前を確かめてください。")
        validity = int(server.response("UIDVALIDITY")[1][0] or 0)
        first = after + 1 if validity == uid_validity else 1
        status, found = server.uid("SEARCH", f"UID {first}:*")
        uids = sorted(int(each) for each in (found[0] or b"").split()) if status == "OK" else []
        # "n:*" names the last mail even where its number is below n.
        for uid in [uid for uid in uids if uid >= first][:most]:
            yield Fetched(validity, uid, _mail(server, uid))
    except _BROKEN as error:
        raise MailboxTrouble("メールサーバーの返事を読めませんでした。") from error


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
