"""SSRF: where the program may be sent by an address that somebody typed, and how long it can be kept there."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_address

import pytest
from django.conf import settings

from kakehashi.kernel import outbound
from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, check_address, destination_of, send
from kakehashi.site.tests.certificates import make_certificate

PRIVATE = (
    "127.0.0.1", "127.9.9.9", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::a00:5", "2002:7f00:1::", "::10.0.0.5",
)  # fmt: skip


@pytest.fixture
def nobody_inside(monkeypatch):
    """No host of the house is named."""
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, internal_hosts=()))


def resolves_to(monkeypatch, *answers):
    """Every look-up gives these addresses; each following look-up the next ones."""
    left = list(answers)

    def look_up(host, port, *args, **kwargs):
        now = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port or 0)) for each in now]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused_typed_or_looked_up(address, nobody_inside, monkeypatch):
    written = f"[{address}]" if ":" in address else address
    with pytest.raises(OutboundRefused):
        check_address(f"https://{written}/hook")
    resolves_to(monkeypatch, [address])
    with pytest.raises(OutboundRefused):
        send("https://hooks.example.jp/")


def test_one_private_address_among_public_ones_is_enough(nobody_inside, monkeypatch):
    resolves_to(monkeypatch, ["93.184.216.34", "10.0.0.5"])
    with pytest.raises(OutboundRefused):
        destination_of("https://hooks.example.jp/")


@pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://localhost/"])
def test_other_spellings_of_this_machine_are_looked_up_before_they_are_judged(url, nobody_inside):
    with pytest.raises(OutboundRefused):
        send(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.jp/", "ftp://hooks.example.jp/", "file:///etc/passwd", "https://u:p@hooks.example.jp/",
        "https:///x", "https://a b/", "https://hooks.example.jp/\r\nX: y", "https://hooks.example.jp:99999/", "//x/",
    ],
)  # fmt: skip
def test_only_plain_https_addresses_are_taken(url):
    with pytest.raises(OutboundRefused):
        check_address(url)
    with pytest.raises(OutboundRefused):
        send(url)


def test_the_connection_goes_to_the_judged_address_whatever_a_second_look_up_says(nobody_inside, monkeypatch):
    asked = []
    resolves_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])

    def connect(address, timeout):
        asked.append(address)
        raise OSError

    monkeypatch.setattr(outbound.socket, "create_connection", connect)
    with pytest.raises(NoAnswer):
        send("https://hooks.example.jp/")
    assert asked == [("93.184.216.34", 443)]


class Handler(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path == "/drip":
            with pytest.raises(OSError):
                while True:
                    self.wfile.write(b"H")
                    time.sleep(0.02)
            return
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "https://169.254.169.254/latest/meta-data/")
        self.end_headers()
        self.wfile.write(b"x" * (5000 if self.path == "/long" else 2))

    def log_message(self, *args):
        pass


@contextmanager
def running(folder=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if folder is not None:
        certificate, key = make_certificate(folder, "hooks.example.jp")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    Handler.asked = []
    yield server.server_port, (str(certificate) if folder is not None else "")
    server.shutdown()
    server.server_close()


def test_a_redirection_is_an_answer_and_nobody_goes_there():
    with running() as (port, _):
        answer = send(f"http://127.0.0.1:{port}/moved")
    assert (answer.status, Handler.asked) == (302, ["/moved"])


def test_an_answer_is_bounded_in_size_and_in_time():
    with running() as (port, _):
        with pytest.raises(NoAnswer, match="more than 100 bytes"):
            send(f"http://127.0.0.1:{port}/long", most=100)
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            send(f"http://127.0.0.1:{port}/drip", seconds=0.2)
        assert time.monotonic() - began < 2


def test_a_named_host_of_the_house_is_reached_by_its_name_and_certificate(tmp_path, monkeypatch):
    resolves_to(monkeypatch, ["127.0.0.1"])
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, internal_hosts=(".example.jp",)))
    with running(tmp_path) as (port, certificate):
        with pytest.raises(NoAnswer):
            send(f"https://hooks.example.jp:{port}/")
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
        assert send(f"https://hooks.example.jp:{port}/").body == b"xx"
        with pytest.raises(NoAnswer):
            send(f"https://other.example.jp:{port}/")


def test_a_network_of_the_house_may_be_named(monkeypatch):
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, internal_hosts=("10.1.0.0/16",)))
    check_address("https://10.1.2.3/")
    with pytest.raises(OutboundRefused):
        check_address("https://10.2.2.3/")
    with pytest.raises(OutboundRefused):
        check_address("http://10.1.2.3/")
    assert ip_address("10.1.2.3").is_private


def test_behind_a_proxy_the_name_goes_through_it_and_a_private_address_does_not(monkeypatch, nobody_inside):
    said = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def proxy():
            wire, _ = door.accept()
            with wire:
                said.append(wire.recv(4096))
                wire.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

        thread = threading.Thread(target=proxy, daemon=True)
        thread.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://machine:word@127.0.0.1:{door.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "")
        with pytest.raises(OutboundRefused):
            send("https://10.0.0.5/")
        with pytest.raises(NoAnswer):
            send("https://hooks.invalid/")
        thread.join(5)
    assert said[0].startswith(b"CONNECT hooks.invalid:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic" in said[0]
