"""持ち帰る: everything a government owns, as open formats in one zip.

One CSV (UTF-8 with BOM) per table, the stored files under their SHA-256, the journal's evidence with its
verifier, and a manifest with a digest of every part. Nothing here needs this program to be read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.db import models

from kakehashi.eforms.selectors import open_answers
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.governments.models import Government
from kakehashi.journal.services import export_bundle, record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.data_keys import KeyGone
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.row_security import owned_models
from kakehashi.kernel.services import service
from kakehashi.kernel.tables import without_formula
from kakehashi.kernel.tenancy import TenantModel, current_government_id
from kakehashi.site.permissions import SitePermission

# Index rows are made anew from their sources and say nothing of their own.
_ANSWERS = {"answers", "typed"}
_DERIVED = {"search_posting", "search_text"}
# A note at a meeting's papers is its writer's own, which nobody else may read, an administrator included.
_PRIVATE = {"meetings_note"}

README = """このzipには、{name}がこのシステムに持つすべてが入っています（{day}時点）。

tables/*.csv      表ごとのCSV（UTF-8、BOM付き）。1行目は列の名前です。日時は協定世界時、金額は円です。
                  会議資料につけた個人のメモは、書いた人だけのものなので入っていません。
files/<sha256>    添付などの内容。表 files_storedfile の sha256 の列と対応します。
lost_files.csv    内容が見つからなかった添付（あるときだけ）。控えから戻すと、次は入ります。
evidence.zip      操作の記録と、その証明。中の verify.py で、このシステムなしに検証できます。
manifest.json     各部分の大きさとSHA-256。
"""


@service
def take_home(*, actor: Actor, government: Government, target: IO[bytes]) -> dict[str, int]:
    """Write everything the open government owns to `target` as a zip; gives the number of rows by table.

    Needs `site.government:take_home` and writes `site.government.taken_home`: it takes personal data out of the
    house. The evidence of the journal is a part of it. Raises PermissionRefused.
    """
    require(actor, SitePermission.TAKE_HOME)
    record_event(
        actor=actor,
        code="site.government.taken_home",
        subject_kind="governments.government",
        subject_id=government.id,
        payload={"name": government.name},
    )
    manifest: dict[str, dict[str, Any]] = {}
    counts: dict[str, int] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        day = clock.now().astimezone(clock.JST).date().isoformat()
        _put(archive, manifest, "はじめにお読みください.txt", README.format(name=government.name, day=day).encode())
        for model in _tables():
            content, rows = _csv_of(model)
            counts[model._meta.db_table] = rows
            _put(archive, manifest, f"tables/{model._meta.db_table}.csv", content, rows=rows)
        lost = []
        for stored in _contents():
            try:
                _put(archive, manifest, f"files/{stored.sha256}", read_file(stored))
            except KeyGone:
                # Its key was destroyed by the body's own rule; the row says that there was a file.
                continue
            except FileNotFoundError:
                # One lost file must not keep a government from taking the rest; the archive says what it lacks.
                lost.append(f"{stored.id},{stored.sha256}\n")
        if lost:
            _put(archive, manifest, "lost_files.csv", "".join(["id,sha256\n", *lost]).encode(), rows=len(lost))
        evidence = _evidence(actor)
        if evidence:
            _put(archive, manifest, "evidence.zip", evidence)
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return counts


def _tables() -> list[type[TenantModel]]:
    found = [m for m in owned_models() if issubclass(m, TenantModel) and m._meta.db_table not in _DERIVED | _PRIVATE]
    return sorted(found, key=lambda model: model._meta.db_table)


def _csv_of(model: type[TenantModel]) -> tuple[bytes, int]:
    columns = [field.attname for field in model._meta.local_fields]
    text, rows = io.StringIO(), 0
    writer = csv.writer(text)
    writer.writerow(columns)
    queryset: models.QuerySet[Any] = model.objects.order_by("id").values_list(*columns)
    for row in queryset.iterator(chunk_size=2000):
        # What is the government's own leaves readable: the answers in a protected form are opened here, and only here.
        writer.writerow(
            [
                _plain(open_answers(value) if name in _ANSWERS and isinstance(value, dict) else value)
                for name, value in zip(columns, row, strict=True)
            ]
        )
        rows += 1
    return b"\xef\xbb\xbf" + text.getvalue().encode(), rows


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.isoformat()
    return without_formula(value)


def _contents() -> Iterator[StoredFile]:
    seen: set[str] = set()
    for stored in StoredFile.objects.order_by("id").iterator(chunk_size=500):
        if stored.sha256 not in seen:
            seen.add(stored.sha256)
            yield stored


def _evidence(actor: Actor) -> bytes:
    # Whoever may take everything may take its proof: no second permission is asked for a part of the whole.
    system = system_actor(current_government_id(), f"持ち帰り（{actor.label}）")
    # In the first seconds of a new government nothing is sealed yet; the tables are complete all the same.
    with tempfile.TemporaryFile() as target:
        try:
            export_bundle(actor=system, target=target)
        except DomainError:
            return b""
        target.seek(0)
        return target.read()


def _put(
    archive: zipfile.ZipFile, manifest: dict[str, dict[str, Any]], name: str, content: bytes, **facts: int
) -> None:
    archive.writestr(name, content)
    manifest[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), **facts}
