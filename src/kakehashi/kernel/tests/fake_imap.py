"""A mailbox that speaks just enough IMAP, on a port of this machine."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class FakeImap:
    """`mails` by uid; `asked` is every command that came, without its tag."""

    def __init__(
        self, mails: dict[int, bytes], password: str = "secret", validity: int = 7, tls: ssl.SSLContext | None = None
    ) -> None:
        self.tls = tls
        self.mails, self.password, self.validity, self.asked = mails, password, validity, list[str]()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self.door.accept()
            except OSError:
                return
            with plain, suppress(OSError):
                self._talk(self.tls.wrap_socket(plain, server_side=True) if self.tls else plain)

    def _talk(self, wire: socket.socket) -> None:
        with wire, wire.makefile("rwb", buffering=0) as file:
            file.write(b"* OK ready\r\n")
            for line in iter(file.readline, b""):
                tag, _, command = line.decode().strip().partition(" ")
                self.asked.append(command)
                file.write(self._answer(command) + f"{tag} {self._end(command)}\r\n".encode())

    def _end(self, command: str) -> str:
        if command.startswith("LOGIN") and self.password not in command:
            return "NO [AUTHENTICATIONFAILED] no"
        return "NO no such folder" if command.startswith("EXAMINE") and "nowhere" in command else "OK done"

    def _answer(self, command: str) -> bytes:
        if command.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if command.startswith("EXAMINE"):
            return f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] x\r\n".encode()
        if found := re.match(r"UID SEARCH UID (\d+):", command):
            uids = [uid for uid in self.mails if uid >= int(found.group(1))] or [max(self.mails)]
            return f"* SEARCH {' '.join(map(str, uids))}\r\n".encode()
        if found := re.match(r"UID FETCH (\d+) (.*)", command):
            uid, raw = int(found.group(1)), self.mails[int(found.group(1))]
            if "SIZE" in found.group(2):
                return f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})\r\n".encode()
            return f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        return b""


@contextmanager
def straight(host: str, port: int, **limits: float) -> Iterator[socket.socket]:
    """What stands for the one door in these tests: no TLS to this machine."""
    with socket.create_connection((host, port), timeout=5) as wire:
        yield wire
