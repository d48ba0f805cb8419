"""`kakehashi serve` as an operator meets it: it starts, refuses a second one, survives kill -9, and stops cleanly."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg
import pytest
from click import ClickException

from kakehashi.site.cli.serve import refuse_a_taken_port
from kakehashi.site.embedded import APPLICATION, EmbeddedPostgres

COMMAND = [sys.executable, "-m", "kakehashi.site"]


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.1)


def answers(port: int) -> bool:
    # A bare socket: urllib would read proxy settings of the machine.
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def family(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


class Served:
    """A folder of its own, served on a free port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAKEHASHI_", "DATABASE_"))}
        self.environment = {**kept, "KAKEHASHI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "kakehashi.site.settings"}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> int:
        log = (self.home / "serve.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--port", str(self.port), "--workers", "1"],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        wait_for(lambda: answers(self.port))
        return self.process.pid

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    # Not tmp_path: the server's account must be able to walk down to its data when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="kakehashi-serve-") as folder:
        Path(folder).chmod(0o755)
        served = Served(Path(folder))
        yield served
        if served.process is not None and served.process.poll() is None:
            served.process.terminate()
            served.process.wait(60)


def test_it_starts_everything(served: Served) -> None:
    pid = served.start()
    commands = [" ".join(child.cmdline()) for child in family(pid)]
    for wanted in ("kakehashi.site.web", "worker", "postgres -D"):
        assert any(wanted in command for command in commands), commands


def test_a_second_one_is_refused(served: Served) -> None:
    done = served.run("serve", "--port", str(served.port))
    assert done.returncode == 1
    assert "使えません" in done.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = str(probe.getsockname()[1])
    assert "すでに動いています" in served.run("serve", "--port", free).stderr


def test_its_logs_are_json_and_do_not_sing(served: Served) -> None:
    """What a visitor typed, and what the database refused, is in no log of web, worker or PostgreSQL."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        path = b"/nosuch/canary-path/?q=canary-query"
        connection.sendall(b"GET " + path + b" HTTP/1.0\r\nHost: localhost\r\nCookie: canary-cookie\r\n\r\n")
        assert b" 404 " in connection.recv(4096)
    with psycopg.connect(EmbeddedPostgres(served.home).url(APPLICATION), autocommit=True) as database:
        with pytest.raises(psycopg.Error):
            database.execute("SELECT 'canary-statement'::uuid")
        with pytest.raises(psycopg.Error):
            database.execute("SELECT %s::uuid", ["canary-parameter"])
    wait_for(lambda: '"page"' in (served.home / "serve.log").read_text())
    lines = [one for one in (served.home / "serve.log").read_text().splitlines() if one.startswith("{")]
    assert {"request", "status", "ms"} <= next(one for one in map(json.loads, lines) if one.get("status") == 404).keys()
    for log in ("serve.log", "pg/log"):
        assert "canary" not in (served.home / log).read_text()


@pytest.mark.parametrize("fields", [12, 90])
def test_too_much_text_at_once_is_answered_with_a_page(served: Served, fields: int) -> None:
    """Twelve fields of 100,000 letters are over the limit of a form, ninety over that of any request: both are told so."""
    browser = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    browser.request("GET", "/accounts/login/")
    cookie = browser.getresponse()
    cookie.read()
    token = (cookie.headers.get("Set-Cookie") or "").split(";")[0]
    form = urlencode({f"field{number}": "あ" * 100_000 for number in range(fields)}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": token}
    browser.request("POST", "/accounts/login/", form, headers)
    answer = browser.getresponse()
    assert answer.status == 413
    assert "大きすぎます" in answer.read().decode()
    browser.close()
    assert answers(served.port)


def test_other_commands_join_its_database(served: Served) -> None:
    assert served.run("verify").returncode == 0
    assert EmbeddedPostgres(served.home).is_running()


def keep_asking(port: int, stop: threading.Event, done: list[str]) -> None:
    """Ask again and again, each time over a connection of its own; write down every answer."""
    while not stop.is_set():
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
                done.append(connection.recv(64).split(b"\r")[0].partition(b" ")[2].decode())
        except OSError as error:
            done.append(repr(error))


def web_workers(pid: int) -> set[int]:
    """The processes of the web that live now; those that just left are passed over."""
    found = set()
    web = next(child for child in psutil.Process(pid).children() if "site.web" in " ".join(child.cmdline()))
    for child in web.children():
        with suppress(psutil.Error):
            if "resource_tracker" not in " ".join(child.cmdline()):
                found.add(child.pid)
    return found


def test_a_rolling_restart_loses_no_request(served: Served) -> None:
    assert served.process is not None
    stop, done, before = threading.Event(), [], web_workers(served.process.pid)
    assert before
    threads = [threading.Thread(target=keep_asking, args=(served.port, stop, done)) for _ in range(3)]
    for thread in threads:
        thread.start()
    served.process.send_signal(signal.SIGHUP)
    wait_for(lambda: before.isdisjoint(web_workers(served.process.pid)))
    stop.set()
    for thread in threads:
        thread.join()
    assert len(done) > 20
    assert set(done) == {"200 OK"}


def reachable(home: Path) -> bool:
    try:
        psycopg.connect(EmbeddedPostgres(home).url(APPLICATION)).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_killed_database_comes_back(served: Served) -> None:
    assert served.process is not None
    postmaster = next(child for child in family(served.process.pid) if "postgres -D" in " ".join(child.cmdline()))
    postmaster.kill()
    wait_for(lambda: not postmaster.is_running() or postmaster.status() == psutil.STATUS_ZOMBIE)
    wait_for(lambda: reachable(served.home))
    began = time.monotonic()
    wait_for(lambda: answers(served.port))
    # The pool asks twice a second; as it comes it would ask after 1, 3, 7 and 15.
    assert time.monotonic() - began < 5


def test_kill_9_leaves_nothing_behind_and_the_next_start_recovers(served: Served) -> None:
    assert served.process is not None
    children = family(served.process.pid)
    served.process.kill()
    served.process.wait()
    wait_for(lambda: not any(child.is_running() for child in children))
    served.start()


def test_ctrl_c_stops_everything_cleanly(served: Served) -> None:
    assert served.process is not None
    children = family(served.process.pid)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(60) == 0
    # The helper that Python keeps beside spawned processes ends when it sees that nobody is left.
    _, alive = psutil.wait_procs(children, timeout=15)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
    assert "database system is shut down" in (served.home / "pg" / "log").read_text().splitlines()[-1]


def test_a_taken_port_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ClickException, match="使えません"):
            refuse_a_taken_port("127.0.0.1", taken.getsockname()[1])
