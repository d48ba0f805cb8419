"""Looking into a mailbox over IMAP with TLS: new mails are read and left as they are, unread and where they lie."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, destination_of

SECONDS = 20.0
MOST_BYTES = 60_000_000


class MailboxTrouble(Exception):
    """The mailbox could not be read; the message is Japanese and holds no secret."""


@dataclass(frozen=True)
class Account:
    """Where the mails lie and who asks for them."""

    host: str
    port: int
    user: str
    password: str
    folder: str


@dataclass(frozen=True)
class Fetched:
    """A mail with its number in the mailbox; `raw` None when it is too large to be taken."""

    uid: int
    raw: bytes | None


class _Judged(imaplib.IMAP4_SSL):
    """IMAP over TLS to an address that was judged: a second look-up of the name cannot lead elsewhere."""

    def __init__(self, account: Account, addresses: Sequence[str], context: ssl.SSLContext) -> None:
        self._addresses = addresses
        super().__init__(account.host, account.port, ssl_context=context, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        last: OSError | None = None
        for address in self._addresses:
            try:
                plain = socket.create_connection((address, self.port), timeout)
                wrapped: ssl.SSLSocket = self.ssl_context.wrap_socket(plain, server_hostname=self.host)
            except OSError as error:
                last = error
            else:
                return wrapped
        raise last or OSError("no address")


@contextmanager
def opened(account: Account, context: ssl.SSLContext | None = None) -> Iterator[tuple[imaplib.IMAP4, int]]:
    """The mailbox, opened for reading only, with its UIDVALIDITY. Raises MailboxTrouble."""
    try:
        there = destination_of(f"https://{account.host}:{account.port}/")
        box = _Judged(account, there.addresses, context or ssl.create_default_context())
    except OutboundRefused as error:
        raise MailboxTrouble(str(error)) from error
    except (OSError, NoAnswer, imaplib.IMAP4.error) as error:
        raise MailboxTrouble(f"つながりません（{type(error).__name__}）。") from error
    try:
        box.login(account.user, account.password)
        told, _ = box.select(f'"{account.folder}"', readonly=True)
        if told != "OK":
            raise MailboxTrouble("フォルダーが開けません。")
        _, validity = box.response("UIDVALIDITY")
        yield box, int(validity[0] or 0) if validity and validity[0] else 0
    except imaplib.IMAP4.error as error:
        raise MailboxTrouble("名前かパスワードが違うか、サーバーが応じません。") from error
    except OSError as error:
        raise MailboxTrouble(f"途中で切れました（{type(error).__name__}）。") from error
    finally:
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error):
            pass


def new_mails(box: imaplib.IMAP4, after_uid: int, most: int) -> Iterator[Fetched]:
    """Mails that came after a number, oldest first, at most so many."""
    _, found = box.uid("SEARCH", None, f"UID {after_uid + 1}:*")  # type: ignore[arg-type]
    # «n:*» names the last mail also when it is older: it is left out here.
    uids = sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > after_uid)[:most]
    for uid in uids:
        _, size = box.uid("FETCH", str(uid), "(RFC822.SIZE)")
        told = re.search(rb"RFC822\.SIZE (\d+)", _flat(size))
        if told and int(told.group(1)) > MOST_BYTES:
            yield Fetched(uid, None)
            continue
        _, parts = box.uid("FETCH", str(uid), "(BODY.PEEK[])")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if raw is not None:
            yield Fetched(uid, raw)


def _flat(parts: Sequence[object]) -> bytes:
    flat = [each for part in parts for each in (part if isinstance(part, tuple) else (part,))]
    return b" ".join(each for each in flat if isinstance(each, bytes))
