"""Quarantine: what the scanner has not called clean is handed to nobody. A fake clamd, and the real one where it is installed."""

import io
import os
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kakehashi.files.adapters.clamd import ClamdScanner
from kakehashi.files.adapters.scanner import FakeScanner
from kakehashi.files.domain.clamd import version
from kakehashi.files.models import ScanState, StoredFile
from kakehashi.files.selectors import download_path
from kakehashi.files.services import scan_waiting, store_file
from kakehashi.files.testing import PURPOSE, SEALED_PURPOSE
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town

# The industry's harmless test file, in two pieces so that no scanner takes this source for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLAMD = "/usr/sbin/clamd"


class FakeClamd(threading.Thread):
    """Speaks INSTREAM: gathers the pieces, answers with `judge(content)`, hangs up."""

    def __init__(self, path: Path, judge: Callable[[bytes], bytes]) -> None:
        super().__init__(daemon=True)
        self.judge, self.server = judge, socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen()

    def run(self) -> None:
        while True:
            try:
                wire, _ = self.server.accept()
            except OSError:
                return
            with wire, wire.makefile("rb") as lines:
                assert lines.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">I", lines.read(4))[0]:
                    content += lines.read(size)
                wire.sendall(self.judge(content))


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Callable[[Callable[[bytes], bytes]], ClamdScanner]]:
    """`clamd(judge)`: a scanner before a fake daemon."""
    made: list[FakeClamd] = []

    def start(judge: Callable[[bytes], bytes]) -> ClamdScanner:
        daemon = FakeClamd(tmp_path / f"{len(made)}.ctl", judge)
        daemon.start()
        made.append(daemon)
        return ClamdScanner(f"clamd://{tmp_path}/{len(made) - 1}.ctl")

    yield start
    for daemon in made:
        daemon.server.close()


def test_the_whole_content_reaches_the_daemon(clamd) -> None:
    content, seen = os.urandom(700_000), []

    def judge(got: bytes) -> bytes:
        seen.append(got)
        return b"stream: OK\0"

    assert clamd(judge).scan(io.BytesIO(content)) == ScanState.CLEAN
    assert seen == [content]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", ScanState.INFECTED),
        (b"stream: OK\0", ScanState.CLEAN),
        (b"INSTREAM size limit exceeded. ERROR\0", ScanState.WAITING),
        (b"", ScanState.WAITING),
        (b"OK", ScanState.WAITING),
    ],
)
def test_only_a_clear_word_counts(clamd, answer: bytes, state: ScanState) -> None:
    assert clamd(lambda _: answer).scan(io.BytesIO(b"x")) == state


def test_without_a_daemon_everything_waits(tmp_path: Path) -> None:
    assert ClamdScanner(f"clamd://{tmp_path}/none.ctl").scan(io.BytesIO(b"x")) == ScanState.WAITING


def store(town: Town, content: bytes) -> StoredFile:
    return store_file(actor=town.clerk, name="a.txt", content=content, purpose=PURPOSE)


def test_what_waits_is_handed_to_nobody_until_it_is_clean(cast: Cast, client_for, settings, monkeypatch) -> None:
    settings.FILES_SCANNER = "kakehashi.files.adapters.scanner.FakeScanner"
    monkeypatch.setattr(FakeScanner, "at_once", 0)
    with tenant_scope(cast.hibari.id):
        clean, infected = store(cast.hibari, b"hello"), store(cast.hibari, b"-" + FakeScanner.mark)
        assert {clean.scan_state, infected.scan_state} == {ScanState.WAITING}
        paths = [f"/staff/files/{one.id}" for one in (clean, infected)]
        residents = [download_path(one).removeprefix("/hibari") for one in (clean, infected)]
    client, stranger = client_for(cast.hibari.clerk), client_for(cast.hibari)
    page = client.get(paths[0])
    assert (page.status_code, "検査を待っています" in page.content.decode()) == (409, True)
    assert [stranger.get(path).status_code for path in residents] == [409, 409]
    assert stranger.get(residents[1].split("?")[0]).status_code == 404
    with tenant_scope(cast.hibari.id):
        assert scan_waiting() == 2
        assert Event.objects.get(code="files.file.quarantined").subject_id == infected.id
    assert client.get(paths[0]).getvalue() == b"hello"
    assert client.get(paths[1]).status_code == 403


def test_the_sweep_waits_with_the_scanner(town: Town, settings, tmp_path: Path) -> None:
    settings.FILES_SCANNER = "kakehashi.files.adapters.clamd.ClamdScanner"
    settings.FILES_SCANNER_ADDRESS = f"clamd://{tmp_path}/none.ctl"
    stored = store(town, b"hello")
    assert (stored.scan_state, scan_waiting()) == (ScanState.WAITING, 0)


def test_what_is_sealed_is_judged_by_what_is_inside(town: Town, settings, tmp_path: Path) -> None:
    """Taken in while the scanner was silent: the worker opens it, for the sealed bytes would always look clean."""
    settings.FILES_SCANNER = "kakehashi.files.adapters.clamd.ClamdScanner"
    settings.FILES_SCANNER_ADDRESS = f"clamd://{tmp_path}/none.ctl"
    infected = store_file(actor=town.clerk, name="a.txt", content=FakeScanner.mark, purpose=SEALED_PURPOSE)
    assert (infected.key_id != "", infected.scan_state) == (True, ScanState.WAITING)
    settings.FILES_SCANNER = "kakehashi.files.adapters.scanner.FakeScanner"
    assert scan_waiting() == 1
    infected.refresh_from_db()
    assert infected.scan_state == ScanState.INFECTED


@pytest.fixture(scope="module")
def real_clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdScanner]:
    """Debian's clamd with one signature of our own, so that no network is needed."""
    if not Path(CLAMD).exists():
        if os.environ.get("CI"):
            pytest.fail(f"no {CLAMD}: scripts/ensure_outside should have installed it")
        pytest.skip(f"no {CLAMD}: run scripts/ensure_outside")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Kakehashi.Eicar:0:*:{EICAR.hex()}\n")
    (folder / "clamd.conf").write_text(
        f"LocalSocket {folder}/c.ctl\nDatabaseDirectory {folder}\nForeground yes\nTemporaryDirectory {folder}\n"
        "StreamMaxLength 300M\nMaxScanSize 300M\nMaxFileSize 300M\nBytecode no\nOfficialDatabaseOnly no\n"
    )
    daemon = subprocess.Popen([CLAMD, "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL)
    scanner, limit = ClamdScanner(f"clamd://{folder}/c.ctl"), time.monotonic() + 60
    while True:
        try:
            assert version(scanner.address).startswith("ClamAV ")
            break
        except OSError:
            assert time.monotonic() < limit
            assert daemon.poll() is None
            time.sleep(0.1)
    yield scanner
    daemon.terminate()
    daemon.wait(30)


def test_the_real_daemon_tells_clean_from_infected(real_clamd: ClamdScanner) -> None:
    assert real_clamd.scan(io.BytesIO(b"hello")) == ScanState.CLEAN
    assert real_clamd.scan(io.BytesIO(EICAR)) == ScanState.INFECTED
    assert real_clamd.scan(io.BytesIO(os.urandom(3_000_000))) == ScanState.CLEAN


def test_the_real_daemon_keeps_an_infected_file_out(real_clamd: ClamdScanner, town: Town, settings) -> None:
    settings.FILES_SCANNER = "kakehashi.files.adapters.clamd.ClamdScanner"
    settings.FILES_SCANNER_ADDRESS = real_clamd.address
    with pytest.raises(DomainError, match="ウイルス"):
        store(town, EICAR)
    assert store(town, b"hello").scan_state == ScanState.CLEAN
