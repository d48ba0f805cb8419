"""The test harness: an own PostgreSQL, a migrated template, one clone per test process.

Tests run as the web's role, under row-level security. A transactional test gets a clone that is swept after it instead
of a flush.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.signals import connection_created
from django.template import Context, Template
from django.test import Client
from django.test.utils import _TestState
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Error as DriverError
from psycopg import sql

from kakehashi.governments import selectors as tenants
from kakehashi.governments.models import Government
from kakehashi.kernel.row_security import apply_row_security
from kakehashi.kernel.tenancy import current_government_id, tenant_scope
from kakehashi.people.selectors import StaffActor, security
from kakehashi.people.testing import Cast, Town, sign_in
from kakehashi.people.testing.replay import Recording, record
from kakehashi.site.config import database
from kakehashi.site.embedded import APPLICATION, OWNER, EmbeddedPostgres

# A slow machine is no failure of a property.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

ROOT = Path(__file__).resolve().parent


def _schema_digest() -> str:
    digest = hashlib.sha256()
    package = ROOT / "src" / "kakehashi"
    for path in (
        sorted(package.glob("*/migrations/*.py"))
        + sorted(package.glob("*/models*"))
        + sorted(package.glob("*/models/*.py"))
    ):
        if path.is_file():
            digest.update(path.read_bytes())
    digest.update((package / "kernel" / "row_security.py").read_bytes())
    digest.update((package / "kernel" / "tenancy.py").read_bytes())
    digest.update((ROOT / "uv.lock").read_bytes())
    return digest.hexdigest()[:12]


def postgres_of_tests() -> EmbeddedPostgres:
    """The cluster of the tests; `TEST_POSTGRES_PROGRAMS` names another PostgreSQL's programs, such as Debian's 15."""
    programs = os.environ.get("TEST_POSTGRES_PROGRAMS")
    return EmbeddedPostgres(settings.CONFIG.home, durable=False, programs=Path(programs) if programs else None)


class TestCluster:
    """The PostgreSQL of the tests, shared by all test processes of one checkout."""

    __test__ = False

    def __init__(self) -> None:
        self.server = postgres_of_tests()
        self.template = f"template_{_schema_digest()}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one test process at a time makes the cluster or clones (a template in use cannot be cloned)."""
        self.server.home.mkdir(parents=True, exist_ok=True)
        with (self.server.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def prepare(self) -> None:
        """Start the cluster and make the migrated template if the schema changed."""
        with self.locked():
            self.server.start()
            with self.admin() as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template]).fetchone():
                    self._build_template(connection)

    def admin(self) -> psycopg.Connection[Any]:
        """A superuser's connection, to make and drop databases and to tamper with rows in tests."""
        return psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True)

    def _build_template(self, connection: psycopg.Connection[Any]) -> None:
        draft = f"{self.template}_draft"
        for (name,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%'"
        ).fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(draft), sql.Identifier(OWNER)))
        use_database(draft)
        call_command("migrate", database="admin", verbosity=0, interactive=False)
        apply_row_security(connections["admin"], role=APPLICATION)
        for name in ("default", "admin"):
            connections[name].close()
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(self.template))
        )

    def clone(self, name: str) -> None:
        """Make the database `name` anew from the template."""
        with self.locked(), self.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(self.template), sql.Identifier(OWNER)
                )
            )


def use_database(name: str) -> None:
    """Point both connections at another database of the test cluster."""
    server = postgres_of_tests()
    tenants.forget_tenants()
    for alias, role in (("default", APPLICATION), ("admin", OWNER)):
        connections[alias].close()
        described = database(server.url(role, name))
        for values in (settings.DATABASES[alias], connections[alias].settings_dict):
            values.update({key: described[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})


@pytest.fixture(scope="session", autouse=True)
def whole_templates_are_told(django_test_environment: None) -> None:
    """What a page was rendered with is kept for `response.context`; copying it again for each of sixty included pieces is not."""
    told, plain = Template._render, _TestState.saved_data.template_render  # type: ignore[attr-defined]

    def render(template: Template, context: Context) -> Any:
        return (told if context.template is template else plain)(template, context)

    Template._render = render  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def cluster(django_db_blocker: Any) -> TestCluster:
    """The running test cluster with its template."""
    cluster = TestCluster()
    with django_db_blocker.unblock():
        cluster.prepare()
    return cluster


@pytest.fixture(scope="session")
def django_db_setup(cluster: TestCluster, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """One clone per test process, in place of Django's own test database."""
    name = f"test_{worker_id}"
    with django_db_blocker.unblock():
        cluster.clone(name)
        use_database(name)
        yield
        for alias in ("default", "admin"):
            connections[alias].close()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this test process: `gw0`, `gw1`, … or `main`."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@contextmanager
def clone_in_use(cluster: TestCluster, name: str, worker_id: str) -> Iterator[str]:
    """A clone with real commits, used by everything in this process until the block ends."""
    cluster.clone(name)
    use_database(name)
    try:
        yield name
    finally:
        for alias in ("default", "admin"):
            connections[alias].close()
        use_database(f"test_{worker_id}")
        with cluster.locked(), cluster.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class SweptDatabase:
    """A clone that many tests commit to one after the other: swept between them, where a new one costs two seconds of a processor.

    Whoever alters tables leaves it to be cloned anew.
    """

    _FILLED = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND pg_relation_size(oid) > 0 ORDER BY relname"""
    _COUNTED = """SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL AND NOT sequencename = ANY(%s)"""
    # What is made or altered is written by a later transaction than all else; what is dropped is missing.
    _DEFINED = " UNION ALL ".join(
        f"SELECT count(*), max(xmin::text::bigint) FROM {catalog} WHERE {bounds}"
        for catalog, bounds in (
            ("pg_class", "relnamespace = 'public'::regnamespace"),
            ("pg_proc", "pronamespace = 'public'::regnamespace"),
            ("pg_constraint", "connamespace = 'public'::regnamespace"),
            ("pg_trigger", "true"),
            ("pg_policy", "true"),
        )
    )

    def __init__(self, cluster: TestCluster, name: str) -> None:
        self.cluster, self.name = cluster, name
        self._is_whole = False

    def ready(self) -> None:
        """Clone it if there is none yet, or if the test before changed more than rows."""
        if not self._is_whole:
            self.renew()

    def renew(self) -> None:
        """Clone it anew."""
        self.cluster.clone(self.name)
        with self._admin() as connection:
            self._given = [table for (table,) in connection.execute(self._FILLED).fetchall()]
            self._content = self.state(connection)
        self._is_whole = True

    def _admin(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.cluster.server.url("postgres", self.name), autocommit=True)

    def state(self, connection: psycopg.Connection[Any]) -> list[Any]:
        """How tables and walls are defined, and what stands in the tables that the migrations filled."""
        asked = sql.SQL("SELECT md5(string_agg(one::text, ' ' ORDER BY one::text)) FROM {} AS one")
        return [
            connection.execute(self._DEFINED).fetchall(),
            *(connection.execute(asked.format(sql.Identifier(table))).fetchone() for table in self._given),
        ]

    def sweep(self) -> None:
        """Leave the database as the migrations made it: end what is still open, take every row, begin every count anew."""
        self._is_whole = False
        with self._admin() as connection:
            connection.execute(
                """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
            filled = [table for (table,) in connection.execute(self._FILLED).fetchall() if table not in self._given]
            # Neither keys nor triggers are asked: every table is emptied.
            connection.execute("SET session_replication_role = replica")
            with connection.transaction():
                for table in filled:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                connection.execute(self._COUNTED, [[f"{table}_id_seq" for table in self._given]])
            if filled:  # An empty table has no page again: rows lie in the order in which the next test writes them.
                connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(sql.Identifier, filled))))
            self._is_whole = self.state(connection) == self._content


@pytest.fixture(scope="session")
def swept_clone(cluster: TestCluster, worker_id: str) -> SweptDatabase:
    """The clone that `swept_database` gives to one test after the other."""
    return SweptDatabase(cluster, f"swept_{worker_id}")


@pytest.fixture
def swept_database(
    swept_clone: SweptDatabase, django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> Iterator[str]:
    """A database with real commits, for concurrency and browser tests. Gives its name.

    A test that alters tables costs a new clone after it; roles and settings are left as the test leaves them.
    """
    with django_db_blocker.unblock():
        swept_clone.ready()
        use_database(swept_clone.name)
        try:
            yield swept_clone.name
        finally:
            for alias in ("default", "admin"):
                connections[alias].close()
            use_database(f"test_{worker_id}")
            swept_clone.sweep()


@pytest.fixture(scope="session")
def second_clone(cluster: TestCluster, worker_id: str) -> SweptDatabase:
    """The clone that `second_database` gives to one test after the other."""
    return SweptDatabase(cluster, f"second_{worker_id}")


@pytest.fixture
def second_database(second_clone: SweptDatabase) -> Iterator[str]:
    """An empty database beside the test's own, such as another installation's. Gives its name; nothing is pointed at it."""
    second_clone.ready()
    yield second_clone.name
    second_clone.sweep()


@pytest.fixture(scope="module")
def module_database(
    cluster: TestCluster, django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> Iterator[str]:
    """One clone for all tests of a file that share costly rows; each test's own writes are still taken back."""
    with django_db_blocker.unblock(), clone_in_use(cluster, f"module_{worker_id}", worker_id) as name:
        yield name


# What takes longest by the clock, longest first: a long file begun last keeps one process busy while the others are done.
LONGEST = (
    "browser/test_every_page.py", "tests/test_serve.py", "browser/test_road.py", "attack/test_every_url.py",
    "browser/test_desk_after.py", "tests/test_demo.py", "browser/test_forms.py", "browser/test_handling.py",
    "browser/test_meetings.py", "browser/test_desk_work.py", "browser/test_people_pages.py", "browser/test_desk.py",
    "browser/test_procedures.py", "tests/test_restore_archive.py", "tests/test_upgrade.py", "tests/test_releases.py",
    "tests/test_wire.py", "tests/test_move_government.py", "attack/test_api.py", "attack/test_texts.py", "attack/test_twice.py",
)  # fmt: skip


def _place(item: pytest.Item) -> tuple[int, bool]:
    """Where a test's whole file belongs in the order: the longest, then what drives a browser, then the rest as found."""
    name = f"{item.path.parent.name}/{item.path.name}"
    return LONGEST.index(name) if name in LONGEST else len(LONGEST), item.get_closest_marker("browser") is None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first (with `--no-loadscope-reorder`), and refuse tests that would flush the database.

    Django's own transactional tests flush tables, which the web's role may not: use `swept_database`.
    A browser that a crowded machine keeps waiting, or asks in the middle of a page's change, is asked once more; the
    summary counts it. A page that is not as it should be fails at once.
    """
    items.sort(key=_place)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[DriverError]))
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            message = f"{item.nodeid}: use the fixture swept_database instead of django_db(transaction=True)"
            raise pytest.UsageError(message)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Modules and test items live until the end: the collector need not walk over them again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public data (`KAKEHASHI_SHARED_DATA`, else `../shared/data`); skips where it is absent."""
    folder = Path(settings.CONFIG.shared_data or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the shared public data is absent: {folder} (set KAKEHASHI_SHARED_DATA)")
    return folder


_look_up = tenants._remembered


def _remembered_until_written(
    memory: dict[str, tenants.Entry], key: str, where: dict[str, str]
) -> tuple[Government | None, frozenset[str]]:
    """The tenant of a request, asked of the database again only after a write to its tables. Who counts queries sees every one."""
    if key in memory and not connections["default"].queries_logged:
        return memory[key][1:]
    return _look_up(memory, key, where)


_ask_idle = security.idle_minutes
_idle: dict[Any, int | None] = {}


def _idle_until_written() -> int | None:
    """After how many minutes sessions of the open government end, kept as tenants are: every request of staff asks."""
    government_id = current_government_id()
    if government_id not in _idle or connections["default"].queries_logged:
        _idle[government_id] = _ask_idle()
    return _idle[government_id]


_REMEMBERED = ("governments_", "people_sessionrule")
# Whether this test wrote to tables that are remembered, after its towns were made: then a rollback changes them back.
_written = [False]


def _forget_what_is_written(execute: Callable[..., Any], statement: Any, *others: Any) -> Any:
    """Around every statement: what is remembered is forgotten as soon as its tables may have changed, also back again."""
    try:
        return execute(statement, *others)
    finally:
        text = str(statement)
        if not text.startswith("SELECT") and (
            any(name in text for name in _REMEMBERED) or (_written[0] and text.startswith("ROLLBACK"))
        ):
            _written[0] = True
            tenants.forget_tenants()
            _idle.clear()


def _watch(sender: object, connection: Any, **_: Any) -> None:
    if _forget_what_is_written not in connection.execute_wrappers:
        connection.execute_wrappers.append(_forget_what_is_written)


@pytest.fixture
def cast(db: None, new_cast: Callable[[], Cast]) -> Cast:
    """Both towns, with every room switched on. No scope is open."""
    return new_cast()


@pytest.fixture
def new_cast() -> Callable[[], Cast]:
    """`new_cast()`: both towns, in the database that is open when it is called."""
    return _make_cast


@cache
def _recording() -> Recording:
    """The cast as it was first built in this process, in a transaction that is taken back."""
    with transaction.atomic():
        recording = record(settings.ROOMS)
        transaction.set_rollback(True)
    return recording


def _make_cast() -> Cast:
    with transaction.atomic():
        cast = _recording().replay()
    _written[0] = False
    return cast


@pytest.fixture
def town(cast: Cast) -> Iterator[Town]:
    """ひばり町, with its scope open."""
    with tenant_scope(cast.hibari.id):
        yield cast.hibari


@pytest.fixture
def other_town(cast: Cast) -> Town:
    """みさき市; its scope is not open."""
    return cast.misaki


class TownClient(Client):
    """A test client whose addresses are those of one town: `get("/staff/…")` asks `/<slug>/staff/…`."""

    slug = ""

    def generic(self, method: str, path: str, *args: Any, **kwargs: Any) -> Any:
        if self.slug and not path.startswith(f"/{self.slug}/"):
            path = f"/{self.slug}{path}"
        return super().generic(method, path, *args, **kwargs)


@pytest.fixture
def client_for(cast: Cast) -> Callable[..., TownClient]:
    """`client_for(town.clerk)`: a signed-in client of that person's own town. `client_for(town)`: anonymous.

    Do not call it inside the other town's open scope.
    """

    def make(who: StaffActor | Town, *, at: Town | None = None) -> TownClient:
        home = (
            cast.hibari if who == cast.hibari or getattr(who, "government_id", None) == cast.hibari.id else cast.misaki
        )
        client = TownClient()
        if isinstance(who, StaffActor):
            sign_in(client, who)
        client.slug = str((at or home).government.slug)
        return client

    return make


def pytest_runtest_setup() -> None:
    """The test before has taken its towns back."""
    _written[0] = False
    tenants.forget_tenants()
    _idle.clear()


def pytest_configure(config: pytest.Config) -> None:
    """Tests never see the network; the database is reached through its socket file."""
    gc.disable()  # All that is collected lives until the end: see `pytest_collection_finish`.
    settings.GOVERNMENT_CACHE_SECONDS = 0
    tenants._remembered = _remembered_until_written
    security.idle_minutes = _idle_until_written
    connection_created.connect(_watch)
    os.environ.setdefault("PYTHONHASHSEED", "0")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the cluster when the last process is done; it is kept for the next run otherwise."""
    if not hasattr(session.config, "workerinput") and os.environ.get("CI"):
        server = postgres_of_tests()
        server.stop()
