"""One government moves out of an installation and into another: everything arrives, nobody else is touched."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from conftest import use_database
from django.conf import settings
from django.db import connections
from psycopg import sql

from kakehashi.exchange.adapters.keys import keys_of, make_keys
from kakehashi.files.services import store_file
from kakehashi.governments.models import Government
from kakehashi.governments.services import import_present_list
from kakehashi.journal.adapters.signing_key import load_forms_key, load_signing_key
from kakehashi.journal.services import seal_events
from kakehashi.kernel import clock
from kakehashi.kernel.data_keys import key_ring
from kakehashi.kernel.sealing import seal_bytes, unseal_bytes
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import IdentityProvider, Person, User
from kakehashi.people.services.security import seal_secret, unseal_secret
from kakehashi.people.testing import Cast, Town, two_towns
from kakehashi.procedures.domain.offline_certificates import Statement, read_statement, sign_statement
from kakehashi.procedures.services.certificates import verifier_keys
from kakehashi.procedures.services.offering import own_fingerprint
from kakehashi.records.selectors import registry_files
from kakehashi.records.testing import filed, with_schedule
from kakehashi.site import moving
from kakehashi.site.archive import NotRestorable, RecoveryKey
from kakehashi.site.config import Config
from kakehashi.site.embedded import OWNER
from kakehashi.site.moving import CannotMove, export_government, finish_import, import_government, owned_tables

KEY = RecoveryKey(bytes(range(32)))


def quiet(*_: object) -> None:
    pass


class Installation:
    """A database and a folder; `enter` points Django at them."""

    def __init__(self, cluster: Any, name: str, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.name, self.home, self.patch = name, home, patch
        self.url = cluster.server.url(OWNER, name)
        self.config: Config = dataclasses.replace(settings.CONFIG, home=home)

    def enter(self) -> None:
        use_database(self.name)
        for setting, path in (
            ("FILES_ROOT", "files"),
            ("JOURNAL_KEY", "keys/journal.pem"),
            ("JOURNAL_OUTSIDE", "journal"),
            ("DATA_KEYS", "data-keys"),
            ("SEALING_KEY", "keys/sealing_key"),
            ("EXCHANGE_KEYS", "keys/exchange"),
        ):
            self.patch.setattr(settings, setting, self.home / path)
        self.patch.setattr(moving, "owner_url", lambda _: self.url)


@pytest.fixture
def here(cluster: Any, swept_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    made = Installation(cluster, swept_database, tmp_path / "here", monkeypatch)
    made.enter()
    return made


@pytest.fixture
def there(
    cluster: Any, here: Installation, second_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    yield Installation(cluster, second_database, tmp_path / "there", monkeypatch)
    for alias in ("default", "admin"):
        connections[alias].close()


@pytest.fixture
def towns(here: Installation) -> Cast:
    cast = two_towns(settings.ROOMS)
    with tenant_scope(cast.hibari.id):
        key_ring().current(cast.hibari.id, "2019")
        key_ring().destroy(cast.hibari.id, "2019", by="総務課長", reason="保存期間の満了")
        sealed = seal_bytes(key_ring().current(cast.hibari.id, "2026").key, "保護された答え".encode(), "here")
        (here.home / "sealed").write_bytes(sealed)
        store_file(actor=cast.hibari.clerk, name="メモ.txt", content="ひばり".encode(), purpose="approvals.attachment")
        filed(with_schedule(cast.hibari))
        IdentityProvider.objects.create(
            audience="staff",
            name="認証",
            issuer="https://id.example.jp",
            client_id="1",
            client_secret_sealed=seal_secret("合鍵"),
        )
        seal_events()
    return cast


@pytest.fixture
def archive(here: Installation, towns: Cast, tmp_path: Path) -> Path:
    path = tmp_path / "hibari.move"
    export_government(here.config, towns.hibari.government, path, KEY, quiet)
    return path


def rows(url: str, government_id: object) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return {
            table: connection.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column)),
                [government_id],
            ).fetchone()[0]
            for table, column in owned_tables().items()
        }


def registry(town: Town) -> list[dict[str, Any]]:
    """The rows of the registry, every column."""
    with tenant_scope(town.id):
        return list(registry_files().values())


def test_everything_arrives_and_is_verified_30_export_import_identical_registry(
    here: Installation, there: Installation, towns: Cast, archive: Path
) -> None:
    town = towns.hibari
    registered = registry(town)
    assert len(registered) == 1
    assert not Government.objects.get(id=town.id).is_tenant
    data_key = key_ring().current(town.id, "2026")
    there.enter()
    import_present_list()
    neighbour = User.objects.create(email="neighbour@example.jp")
    head = import_government(there.config, archive, KEY, quiet)
    assert rows(there.url, town.id) == rows(here.url, town.id)
    (stored,) = (there.home / "files" / town.id.hex).glob("??/*")
    assert stored.read_bytes() == "ひばり".encode()
    # What was sealed before the move opens after it; what was destroyed stays so, and the reason is known here as well.
    sealed = (here.home / "sealed").read_bytes()
    assert unseal_bytes(key_ring().key(town.id, data_key.id), sealed, "here").decode() == "保護された答え"
    assert {info.reason for info in key_ring().keys(town.id) if info.destroyed_at} == {"保存期間の満了"}
    result = finish_import(head)
    assert (result.is_intact, result.findings) == (True, [])
    assert registry(town) == registered
    opened = Government.objects.get(id=town.id)
    assert (opened.is_tenant, opened.slug) == (True, town.government.slug)
    with tenant_scope(town.id):
        person = Person.objects.exclude(user_id=None).first()
        assert person is not None
        assert User.objects.filter(id=person.user_id).exists()
    assert User.objects.filter(id=neighbour.id).exists()
    # Nothing of the neighbour came along.
    assert sum(rows(there.url, towns.misaki.id).values()) == 0


def a_note(town: Town) -> str:
    words = Statement(town.government.name, "在住証明書", "住第12号", clock.today(), None, "7K3M99Q2XT")
    return sign_statement(words, town.government.code, load_signing_key(settings.JOURNAL_KEY))


def test_what_was_signed_before_the_move_is_believed_after_it_and_secrets_open_there(
    here: Installation, there: Installation, towns: Cast, tmp_path: Path
) -> None:
    town, path = towns.hibari, tmp_path / "hibari.move"
    note, forms, pair = a_note(town), own_fingerprint(town.government), make_keys(town.government.code)
    export_government(here.config, town.government, path, KEY, quiet)
    # Nothing of it is readable without the key of the archive.
    assert "合鍵".encode() not in path.read_bytes()
    there.enter()
    load_forms_key(settings.JOURNAL_KEY, town.government.code)
    import_government(there.config, path, KEY, quiet)
    assert own_fingerprint(town.government) == forms
    assert (there.home / "keys" / "forms" / f"{town.government.code}.pem.replaced").exists()
    assert keys_of(town.government.code).sign.private_bytes_raw() == pair.sign.private_bytes_raw()
    known = [key for key, _ in verifier_keys(town.government)]
    assert len(known) == 2
    assert read_statement(note, known).document_number == "住第12号"
    assert read_statement(a_note(town), known[:1]).title == "在住証明書"
    with tenant_scope(town.id):
        assert unseal_secret(IdentityProvider.objects.get().client_secret_sealed) == "合鍵"


def test_somebody_who_has_an_account_there_keeps_it(
    here: Installation, there: Installation, towns: Cast, archive: Path
) -> None:
    with tenant_scope(towns.hibari.id):
        person = Person.objects.exclude(user_id=None).first()
    mail = User.objects.get(id=person.user_id).email
    there.enter()
    known = User.objects.create(email=mail, name="もとから")
    import_government(there.config, archive, KEY, quiet)
    with tenant_scope(towns.hibari.id):
        assert Person.objects.get(id=person.id).user_id == known.id
    assert User.objects.get(email=mail).name == "もとから"


def test_a_government_that_is_there_is_refused(here: Installation, towns: Cast, archive: Path) -> None:
    with pytest.raises(CannotMove, match="すでに使われています"):
        import_government(here.config, archive, KEY, quiet)
    assert (here.home / "files" / towns.hibari.id.hex).exists()


def test_what_arrives_otherwise_leaves_nothing_behind(
    there: Installation, towns: Cast, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.enter()
    monkeypatch.setattr(moving, "_digest", lambda _: "another")
    with pytest.raises(NotRestorable, match="the content is another"):
        import_government(there.config, archive, KEY, quiet)
    assert not Government.objects.filter(id=towns.hibari.id).exists()
    assert sum(rows(there.url, towns.hibari.id).values()) == 0
    assert not (there.home / "files" / towns.hibari.id.hex).exists()


def test_a_lost_file_keeps_the_town_from_leaving(here: Installation, towns: Cast, tmp_path: Path) -> None:
    for kept in (here.home / "files" / towns.hibari.id.hex).rglob("*"):
        if kept.is_file():
            kept.unlink()
    with pytest.raises(CannotMove, match="件の添付の内容が見つかりません"):
        export_government(here.config, towns.hibari.government, tmp_path / "hibari.move", KEY, quiet)
    assert Government.objects.get(id=towns.hibari.id).is_tenant
    assert not (tmp_path / "hibari.move").exists()


def test_an_export_that_fails_leaves_the_town_open(
    here: Installation, towns: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileNotFoundError):
        export_government(here.config, towns.hibari.government, tmp_path / "no" / "folder", KEY, quiet)
    assert Government.objects.get(id=towns.hibari.id).is_tenant
