"""The supervisor: revival, order, and nothing left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

MAIN = textwrap.dedent("""
    import sys
    from pathlib import Path
    from kakehashi.site.supervisor import Program, Supervisor

    folder = Path(sys.argv[1])
    child = '''
    import os, pathlib, signal, sys, time
    name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    def stop(*_):
        with (folder / "stopped").open("a") as log: log.write(name + chr(10))
        sys.exit(0)
    signal.signal(signal.SIGTERM, stop)
    (folder / name).write_text(str(os.getpid()))
    while True: time.sleep(0.05)
    '''
    import textwrap
    programs = [
        Program(name, [sys.executable, "-c", textwrap.dedent(child), name, str(folder)], is_ready=(folder / name).exists)
        for name in ("database", "web")
    ]
    Supervisor(programs, print).run(when_ready=(folder / "ready").touch)
""")


def wait_for(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def pid_of(folder: Path, name: str) -> int:
    text = (folder / name).read_text()
    return int(text) if text else 0


@pytest.fixture
def running(tmp_path: Path) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", MAIN, str(tmp_path)])
    wait_for((tmp_path / "ready").exists)
    return process


def test_it_stops_in_the_reverse_order(running: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 0
    assert (tmp_path / "stopped").read_text().split() == ["web", "database"]


def test_a_dead_program_is_started_again(running: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    first = pid_of(tmp_path, "web")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: pid_of(tmp_path, "web") not in (0, first))
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 0


def test_killing_the_supervisor_leaves_nothing_behind(running: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    pids = [pid_of(tmp_path, name) for name in ("database", "web")]
    running.kill()
    running.wait(20)
    wait_for(lambda: not any(is_running(pid) for pid in pids))
    assert sorted((tmp_path / "stopped").read_text().split()) == ["database", "web"]
