"""The product on real wires: its own TLS, and behind the nginx and Caddy of the documented examples.

Slow senders are part of it: a dozen bodies that trickle in must not keep anybody else waiting.
"""

import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from kakehashi.site.embedded import APPLICATION
from kakehashi.site.tests.certificates import make_certificate
from kakehashi.site.tests.test_serve import wait_for

EXAMPLES = Path(__file__).resolve().parents[4] / "docs" / "operate" / "examples"
HOST = "kakehashi.example.lg.jp"
PROGRAMS = {"nginx": "/usr/sbin/nginx", "caddy": "/usr/bin/caddy"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Door:
    """One port of the machine, encrypted or not."""

    def __init__(self, port: int, host: str = HOST, *, tls: bool = True) -> None:
        self.port, self.host, self.tls = port, host, tls

    def connect(self) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        if not self.tls:
            return plain
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(plain, server_hostname=self.host)

    def ask(self, path: str = "/", *, method: str = "GET", body: bytes = b"", **headers: str) -> str:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", "Connection: close", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        with self.connect() as wire:
            wire.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            return b"".join(iter(lambda: wire.recv(65536), b"")).decode(errors="replace")

    def answers(self) -> bool:
        try:
            return " 200 " in self.ask()[:20]
        except OSError:
            return False

    def trickle(self) -> socket.socket:
        wire = self.connect()
        head = f"POST /accounts/login/ HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: 100000\r\n"
        wire.sendall(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=")
        return wire


@contextmanager
def running(command: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAKEHASHI_", "DATABASE_"))}
    with log.open("ab") as file:
        process = subprocess.Popen(command, env=kept | environment, stdout=file, stderr=file)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


class House:
    """`serve` with a certificate of its own, and beside it the plain web that stands behind a proxy."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.cert, self.key = make_certificate(folder, HOST)
        self.own = Door(free_port())
        self.behind = Door(free_port(), tls=False)
        self.settings = {
            "KAKEHASHI_HOME": str(folder),
            "DATABASE_URL": database,
            "KAKEHASHI_BASE_URL": f"https://{HOST}",
            "KAKEHASHI_ALLOWED_HOSTS": HOST,
            "DJANGO_SETTINGS_MODULE": "kakehashi.site.settings",
        }

    def start(self, stack: ExitStack) -> None:
        tls = ["--tls-cert", str(self.cert), "--tls-key", str(self.key)]
        serve = [sys.executable, "-m", "kakehashi.site", "serve", "--workers", "1", "--without-worker", *tls]
        log = self.folder / "serve.log"
        with running(
            [sys.executable, "-m", "django", "collectstatic", "--noinput"], log, **self.settings
        ) as collecting:
            assert collecting.wait(60) == 0
        stack.enter_context(running([*serve, "--port", str(self.own.port)], log, **self.settings))
        wait_for(self.own.answers, 60)
        web = f"{sys.executable} -m granian --interface wsgi --port {self.behind.port} --no-ws --blocking-threads 4"
        command = [*web.split(), "kakehashi.site.wsgi:application"]
        stack.enter_context(running(command, log, **self.settings, KAKEHASHI_TRUSTED_PROXIES="127.0.0.1"))
        wait_for(self.behind.answers)

    def proxy(self, name: str, stack: ExitStack) -> Door:
        door, text = Door(free_port()), (EXAMPLES / {"nginx": "nginx.conf", "caddy": "Caddyfile"}[name]).read_text()
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self.behind.port}")
        text = text.replace("/etc/ssl/kakehashi/fullchain.pem", str(self.cert))
        text = text.replace("/etc/ssl/kakehashi/key.pem", str(self.key))
        command = getattr(self, f"_{name}")(text, door.port)
        stack.enter_context(running(command, self.folder / f"{name}.log", HOME=str(self.folder)))
        wait_for(door.answers, 20)
        return door

    def _nginx(self, text: str, port: int) -> list[str]:
        text = re.sub(r"listen \[::\]:.*\n", "", text)
        # Together: a port for 80 that begins with 443 would be replaced again.
        ports = {"80": str(free_port()), "443": f"127.0.0.1:{port}"}
        text = re.sub(r"\blisten (80|443)\b", lambda found: f"listen {ports[found[1]]}", text)
        whole = "daemon off; error_log stderr; pid nginx.pid; events {}\nhttp { access_log off;\n" + text + "}\n"
        (self.folder / "nginx.conf").write_text(whole)
        return [PROGRAMS["nginx"], "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def _caddy(self, text: str, port: int) -> list[str]:
        text = text.replace(
            "{\n\tservers", f"{{\n\tadmin off\n\tauto_https disable_redirects\n\thttps_port {port}\n\tservers", 1
        )
        (self.folder / "Caddyfile").write_text(text)
        return [PROGRAMS["caddy"], "run", "--adapter", "caddyfile", "--config", str(self.folder / "Caddyfile")]


@pytest.fixture(scope="module")
def house(cluster: Any, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    name = f"wire_{worker_id}"
    cluster.clone(name)
    with ExitStack() as stack:
        house = House(tmp_path_factory.mktemp("wire"), cluster.server.url(APPLICATION, name))
        house.start(stack)
        yield house
    with cluster.admin() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["own", "nginx", "caddy"])
def door(request: pytest.FixtureRequest, house: House) -> Iterator[Door]:
    """The three ways in."""
    if request.param == "own":
        yield house.own
        return
    program = PROGRAMS[request.param]
    if not Path(program).exists() and not os.environ.get("CI"):
        pytest.skip(f"no {program}: run scripts/ensure_outside")
    with ExitStack() as stack:
        yield house.proxy(request.param, stack)


def test_every_way_in_is_encrypted_and_says_so(door: Door) -> None:
    page = door.ask("/accounts/login/", X_Forwarded_For="10.9.9.9", X_Forwarded_Proto="http", Forwarded="proto=http")
    assert " 200 " in page[:20], page[:2000]
    assert "max-age=63072000; includeSubDomains" in page
    assert "default-src 'none'" in page.replace("content-security-policy", "Content-Security-Policy")
    assert "__Host-csrftoken=" in page
    assert "samesite=lax; secure" in page.lower()


def test_a_dozen_trickling_bodies_keep_nobody_waiting(door: Door) -> None:
    wires = [door.trickle() for _ in range(12)]
    try:
        time.sleep(0.3)
        for wire in wires:
            wire.sendall(b"x")
        start = time.monotonic()
        assert " 200 " in door.ask("/accounts/login/")[:20]
        # A form that comes whole is answered too: no CSRF token, so it is refused, but by a page.
        assert " 403 " in door.ask("/accounts/login/", method="POST", body=b"login=a")[:20]
        assert time.monotonic() - start < 5
    finally:
        for wire in wires:
            wire.close()


def test_a_japanese_address_and_a_file_arrive_unharmed(door: Door) -> None:
    assert " 404 " in door.ask("/%E6%9D%B1%E4%BA%AC/")[:20]
    page = door.ask("/")
    sheet = re.search(r'href="(/static/kernel/base[^"]*)"', page)
    assert sheet is not None
    assert " 200 " in door.ask(sheet[1])[:20]


def test_the_plain_port_behind_the_proxy_serves_nobody_else(house: House) -> None:
    answer = house.behind.ask("/", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="http")
    assert " 301 " in answer[:20]
    assert f"location: https://{HOST}/" in answer.lower()
