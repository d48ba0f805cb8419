"""`kakehashi serve`: the web server, the worker and the embedded PostgreSQL of one PC, watched by one small process.

This process never loads Django: it only starts, revives and stops the others.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import click

from kakehashi.kernel.logs import logging_settings
from kakehashi.site.cli.console import fail, out
from kakehashi.site.config import POOL_SIZE, Config, load
from kakehashi.site.embedded import EmbeddedPostgres, OtherVersion
from kakehashi.site.supervisor import Program, Supervisor

_BLOCKING_THREADS = 4
# The worker (sweeps, queue, listening), commands, backups, what PostgreSQL keeps for itself.
_OTHER_CONNECTIONS = 30
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# On a rolling restart a new process, once loaded, has this long to begin before the old one is asked to finish.
_RESPAWN_SECONDS = 1


@click.command("serve")
@click.option(
    "--surface", type=click.Choice(["public", "staff", "all"]), default=None, help="住民用・職員用・両方 / Which half"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="待ち受けるアドレス / Address to listen on")
@click.option("--port", default=8000, show_default=True, help="待ち受けるポート / Port to listen on")
@click.option(
    "--workers", default=None, type=int, help="Web のプロセス数（既定は CPU 数） / Web processes, default: cores"
)
@click.option("--tls-cert", type=click.Path(dir_okay=False), help="証明書のファイル（PEM） / Certificate chain, PEM")
@click.option("--tls-key", type=click.Path(dir_okay=False), help="その秘密鍵（PKCS#8） / Its private key, PKCS#8")
@click.option("--without-worker", is_flag=True, help="ワーカーは別に動かす / The worker runs elsewhere")
def command(
    surface: str | None,
    host: str,
    port: int,
    workers: int | None,
    tls_cert: str | None,
    tls_key: str | None,
    without_worker: bool,
) -> None:
    """動かす。Ctrl-C で、画面・ワーカー・データベースが順に止まる。

    Run the web server, the worker and, unless DATABASE_URL is set, the embedded PostgreSQL. A program that dies is started
    again; Ctrl-C or SIGTERM stops all of them cleanly. SIGHUP renews web and worker without refusing anybody, as after an
    upgrade. The database is brought up to date first.
    """
    if surface:
        os.environ["KAKEHASHI_SURFACE"] = surface
    if tls_cert or tls_key:
        os.environ["KAKEHASHI_TLS_CERT"], os.environ["KAKEHASHI_TLS_KEY"] = tls_cert or "", tls_key or ""
    run(host, port, workers=workers, without_worker=without_worker)


def run(
    host: str, port: int, *, workers: int | None = None, without_worker: bool = False, prepare: Sequence[str] = ()
) -> None:
    """Serve until asked to stop. `prepare` is a command of this program that runs once, before anybody is let in."""
    config = load()
    refuse_a_bad_certificate(config)
    refuse_a_taken_port(host, port)
    with ExitStack() as stack:
        stack.enter_context(only_one(config.home / ("serve.lock" if config.embedded else f"serve-{port}.lock")))
        forget_the_dead(config.home / "run")
        programs = []
        if config.embedded:
            postgres = EmbeddedPostgres(config.home)
            try:
                stack.enter_context(postgres.owned())
            except OtherVersion as error:
                fail(str(error), "The data are of another major version of PostgreSQL: run kakehashi upgrade.")
            programs.append(database_program(postgres, prepare, connections_for(workers)))
        programs.append(web_program(config, host, port, workers))
        if not without_worker:
            programs.append(worker_program())
        Supervisor(programs, say).run(when_ready=partial(welcome, config, host, port))
    say("すべて止まりました。 / Everything has stopped.")


def forget_the_dead(folder: Path) -> None:
    """Remove what processes that are long gone have counted and said; others may serve the same folder."""
    for path in folder.glob("*/*"):
        if not Path("/proc", path.stem).exists():
            path.unlink(missing_ok=True)


def say(line: str) -> None:
    """Print one line of what happens."""
    out.print(line)


def welcome(config: Config, host: str, port: int) -> None:
    """Say where to go."""
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104 - compared, not bound
    say(
        f"動いています： {'https' if config.tls_cert else 'http'}://{shown}:{port}/  （止めるには Ctrl-C） / Running; Ctrl-C stops it."
    )


def refuse_a_bad_certificate(config: Config) -> None:
    """Stop when the certificate or its key cannot be used, rather than let the web server fail again and again."""
    if not (config.tls_cert or config.tls_key):
        return
    from kakehashi.site.certificates import look_at

    if wrong := look_at(config).wrong:
        fail(*wrong)


def refuse_a_taken_port(host: str, port: int) -> None:
    """Stop when the port is in use: granian shares ports silently and would take part of the other's visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(
                f"ポート {port} は使えません（{error.strerror}）。動いているプログラムを止めるか、--port で別の番号を選んでください。",
                f"Port {port} cannot be used ({error.strerror}). Stop the other program or choose another with --port.",
            )


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Refuse a second `serve` of the same folder and port."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fail(
                "このフォルダーの Kakehashi はすでに動いています。",
                "Kakehashi is already running in this folder. Set DATABASE_URL to run several on one database.",
            )
        yield


def connections_for(workers: int | None) -> int:
    """How many connections the database must allow: every web process and one that takes over, each with a full pool, and the others."""
    return ((workers or os.cpu_count() or 1) + 1) * POOL_SIZE + _OTHER_CONNECTIONS


def database_program(postgres: EmbeddedPostgres, prepare: Sequence[str] = (), connections: int = 0) -> Program:
    """The embedded PostgreSQL; SIGINT is its fast and clean stop."""
    return Program(
        name="PostgreSQL",
        command=postgres.command(connections),
        stop_signal=signal.SIGINT,
        stop_seconds=60,
        is_ready=postgres.answers,
        become=postgres.become,
        when_ready=partial(_bring_up_to_date, postgres, prepare),
    )


def _bring_up_to_date(postgres: EmbeddedPostgres, prepare: Sequence[str]) -> None:
    if not in_a_child(postgres.ensure_roles):
        fail("データベースの役割を作れませんでした。", "The roles of the database could not be made; see above.")
    done = subprocess.run([*_kakehashi(), "upgrade"], check=False, start_new_session=True)
    if done.returncode != 0:
        fail(
            "データベースを最新にできませんでした。上の説明と kakehashi doctor を見てください。",
            "The database could not be brought up to date; see above, or run kakehashi doctor.",
        )
    if prepare and subprocess.run([*_kakehashi(), *prepare], check=False, start_new_session=True).returncode != 0:
        fail("準備ができませんでした。", f"{' '.join(prepare)} failed.")


def in_a_child(work: Callable[[], None]) -> bool:
    """Do this in a forked child, so that what it loads does not stay here for as long as we serve; whether it went well."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except Exception:  # noqa: BLE001 - the parent says what failed, this says why
            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def web_program(config: Config, host: str, port: int, workers: int | None) -> Program:
    """Granian (see `site.web`), with as many processes as cores."""
    count = workers or os.cpu_count() or 1
    common = f"""{sys.executable} -m kakehashi.site.web --host {host} --port {port} --no-ws --workers {count}
        --respawn-failed-workers --workers-kill-timeout 15 --respawn-interval {_RESPAWN_SECONDS} --no-access-log
        --log-level {"info" if config.debug else "warning"}"""
    lines = ["--log-config", str(_log_configuration(config))]
    command = [*common.split(), *lines, *_wire(config), *_application(config, host)]
    return Program(
        name="Web",
        command=command,
        is_ready=partial(_listens, host, port),
        stop_seconds=25,
        reload_signal=signal.SIGHUP,
    )


def _log_configuration(config: Config) -> Path:
    """The web server's own lines in our shape; it reads them from a file."""
    path = config.home / "log.json"
    path.write_text(json.dumps(logging_settings(config.log)))
    return path


def _wire(config: Config) -> list[str]:
    if not config.tls_cert:
        return []
    return ["--ssl-certificate", config.tls_cert, "--ssl-keyfile", config.tls_key, "--ssl-protocol-min", "tls1.2"]


def _application(config: Config, host: str) -> list[str]:
    """WSGI behind a proxy and on this machine alone; where strangers connect, bodies are taken in by the event loop."""
    is_reachable = bool(config.tls_cert) or (host not in _LOOPBACK and not config.trusted_proxies)
    if is_reachable:
        return ["--interface", "rsgi", "kakehashi.site.buffered:application"]
    threads = ["--blocking-threads", str(_BLOCKING_THREADS)]
    return ["--interface", "wsgi", *threads, "kakehashi.site.wsgi:application"]


def worker_program() -> Program:
    """The worker: queue and sweeps."""
    return Program(name="Worker", command=[*_kakehashi(), "worker"], stop_seconds=25, restarts_on_reload=True)


def _kakehashi() -> list[str]:
    return [sys.executable, "-m", "kakehashi.site"]


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
