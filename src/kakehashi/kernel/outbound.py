"""外へ出る戸口: the one door for requests to addresses that people typed in (identity providers, the other side, webhooks).

An address that is not public is refused: this machine, private and link-local networks, addresses in IPv6 clothes. The name is
looked up once, every address found is judged, and the connection goes to a judged address, so that a second look-up cannot lead
elsewhere. https only, no redirection is followed, time and size are bounded. Hosts inside the house are named by whoever runs
the machine (`KAKEHASHI_INTERNAL_HOSTS`); plain http only to such a host on this very machine.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib import request as machine
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

__all__ = ["Answer", "Destination", "NoAnswer", "OutboundRefused", "check_address", "destination_of", "secured", "send"]

Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_MOST_OF_PROXY = 8192
_SHAPE = "https:// で始まるアドレスを書いてください。"


class OutboundRefused(Exception):
    """The rules do not let a request go there; the message is Japanese and may be shown to who typed the address."""


class NoAnswer(Exception):
    """Nobody answered, not in time, or with too much; the message is short and names no content."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An address after every check: where to connect (`addresses`, judged), which name to ask for."""

    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. A redirection is an answer like any other: it is not followed."""

    status: int
    media_type: str
    body: bytes


def check_address(url: str) -> None:
    """What can be said of a typed address before its name is looked up. Raises OutboundRefused; each call judges in full."""
    parts = _parts(url)
    host = parts.hostname or ""
    try:
        found = ip_address(host)
    except ValueError:
        if parts.scheme == "http":
            raise OutboundRefused(_SHAPE) from None
        return
    _judge(found, parts.scheme, _is_internal_name(host) or _is_internal_address(found))


def destination_of(url: str) -> Destination:
    """Judge an address and look its name up. Raises OutboundRefused (a rule) or NoAnswer (no such name)."""
    check_address(url)
    parts = _parts(url)
    host = (parts.hostname or "").rstrip(".")
    is_internal, found = _is_internal_name(host), _look_up(host, _proxy(parts.scheme, host))
    for address in found:
        _judge(address, parts.scheme, is_internal or _is_internal_address(address))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Destination(parts.scheme, host, port, target, tuple(str(address) for address in found))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise OutboundRefused(_SHAPE) from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or not url.isprintable() or " " in url:
        raise OutboundRefused(_SHAPE)
    if parts.username is not None or parts.password is not None:
        raise OutboundRefused("アドレスに利用者名やパスワードを入れないでください。")
    return parts


def send(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 8.0,
    pause: float = 8.0,
    most: int = 300_000,
    cut: bool = False,
) -> Answer:
    """One request, whole within `seconds`, without a silence longer than `pause`; the answer has at most `most` bytes.

    A longer one is no answer, unless it may be `cut` there. Raises OutboundRefused and NoAnswer.
    """
    there = destination_of(url)
    context = ssl.create_default_context()
    try:
        with _connected(there, context, seconds, min(pause, seconds)) as wire:
            wire.request(method, there.target, body=body, headers=dict(headers or {}))
            answer = wire.getresponse()
            content = answer.read(most + 1)
            if len(content) > most and not cut:
                raise NoAnswer(f"{there.host} answered more than {most} bytes")
            return Answer(answer.status, answer.headers.get_content_type(), content[:most])
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(f"{there.host} did not answer ({type(error).__name__})") from error


@contextmanager
def secured(host: str, port: int, *, seconds: float = 60.0, pause: float = 10.0) -> Iterator[ssl.SSLSocket]:
    """A TLS connection to a typed host, for protocols other than HTTP; judged, certificate checked, cut after `seconds`.

    Raises OutboundRefused and NoAnswer.
    """
    there = destination_of(f"https://{host}:{port}/")
    try:
        plain = _straight(there, pause)
        with closing(plain.dup()) as cord:
            cutter = threading.Timer(seconds, _cut, [cord])
            cutter.daemon = True
            cutter.start()
            try:
                with ssl.create_default_context().wrap_socket(plain, server_hostname=there.host) as wire:
                    yield wire
            finally:
                cutter.cancel()
                plain.close()
    except OSError as error:
        raise NoAnswer(f"{there.host} did not answer ({type(error).__name__})") from error


def _judge(address: Address, scheme: str, is_internal: bool) -> None:
    for each in _clothes(address):
        if scheme == "http" and not (is_internal and each.is_loopback):
            raise OutboundRefused(_SHAPE)
        if (not each.is_global or each.is_multicast) and not is_internal:
            raise OutboundRefused(
                "庁内や、このコンピューター自身を指すアドレスには送れません。"
                "庁内のサーバーを使うときは、運用の担当者が KAKEHASHI_INTERNAL_HOSTS に名前を登録します。"
            )


def _clothes(address: Address) -> list[Address]:
    """The address, and every IPv4 address it carries inside: mapped, 6to4, Teredo, NAT64, compatible."""
    if not isinstance(address, IPv6Address):
        return [address]
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        inside.append(IPv4Address(int(address) & 0xFFFFFFFF))
    carried: list[Address] = [each for each in inside if each is not None]
    # A mapped address is its IPv4 address and nothing else; the others are also judged as what they look like.
    return carried if address.ipv4_mapped is not None else [address, *carried]


def _is_internal_name(host: str) -> bool:
    wanted = host.lower()
    return any(
        wanted == each or (each.startswith(".") and wanted.endswith(each)) for each in settings.CONFIG.internal_hosts
    )


def _is_internal_address(address: Address) -> bool:
    for each in settings.CONFIG.internal_hosts:
        try:
            if address in ip_network(each):
                return True
        except ValueError:
            continue
    return False


def _look_up(host: str, proxy: str) -> list[Address]:
    """Every address of a name. Behind a proxy a name that only the proxy knows has none here: the proxy judges it."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if proxy:
            return []
        raise NoAnswer(f"{host} is unknown") from error
    return [ip_address(str(row[4][0]).partition("%")[0]) for row in found]


def _proxy(scheme: str, host: str) -> str:
    """The proxy of the machine (`HTTPS_PROXY`, unless `NO_PROXY` names the host), as whoever runs it set it."""
    found = machine.getproxies_environment().get(scheme, "") if scheme == "https" else ""
    if found and machine.proxy_bypass_environment(host):  # type: ignore[attr-defined]
        return ""
    return found


@contextmanager
def _connected(
    there: Destination, context: ssl.SSLContext, seconds: float, pause: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection to a judged address, cut when the time is over however slowly the other side drips."""
    proxy = _proxy(there.scheme, there.host)
    plain = _through(proxy, there, pause) if proxy else _straight(there, pause)
    with closing(plain.dup()) as cord:
        cutter = threading.Timer(seconds, _cut, [cord])
        cutter.daemon = True
        cutter.start()
        try:
            wire: http.client.HTTPConnection
            if there.scheme == "https":
                wire = http.client.HTTPSConnection(there.host, there.port, context=context)
                wire.sock = context.wrap_socket(plain, server_hostname=there.host)
            else:
                wire = http.client.HTTPConnection(there.host, there.port)
                wire.sock = plain
            with closing(wire):
                yield wire
        finally:
            cutter.cancel()
            plain.close()


def _cut(cord: socket.socket) -> None:
    try:
        cord.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _straight(there: Destination, pause: float) -> socket.socket:
    last: OSError | None = None
    for address in there.addresses:
        try:
            return socket.create_connection((address, there.port), timeout=pause)
        except OSError as error:
            last = error
    raise last or OSError("no address")


def _through(proxy: str, there: Destination, pause: float) -> socket.socket:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    plain = socket.create_connection((parts.hostname or "", parts.port or 3128), timeout=pause)
    lines = [f"CONNECT {there.host}:{there.port} HTTP/1.1", f"Host: {there.host}:{there.port}"]
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}")
    try:
        plain.sendall("\r\n".join([*lines, "", ""]).encode())
        said = b""
        while not said.endswith(b"\r\n\r\n") and len(said) < _MOST_OF_PROXY:
            piece = plain.recv(1)
            if not piece:
                break
            said += piece
        status = said.split(b" ", 2)[1:2]
        if status != [str(HTTPStatus.OK.value).encode()]:
            raise OSError("the proxy refused")
    except OSError:
        plain.close()
        raise
    return plain
