"""A town of its own for a measurement: a fresh folder, one online procedure with twenty fields, drafts ready to be handed in.

`serving(port)` runs the whole product (web, worker, embedded PostgreSQL) the way an operator does, with `kakehashi serve`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLUG = "hibari"


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAKEHASHI_", "DATABASE_"))}
    return {**kept, "KAKEHASHI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "kakehashi.site.settings"}


@contextmanager
def folder(name: str) -> Iterator[Path]:
    """An empty folder below var/, on the disk the product would use; removed afterwards."""
    home = ROOT / "var" / name
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    try:
        yield home
    finally:
        if not os.environ.get("KEEP"):
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def serving(home: Path, port: int, log: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run `kakehashi serve`; yields its process when it answers, and stops it with SIGTERM."""
    output = (log or home / "serve.log").open("ab")
    command = [sys.executable, "-m", "kakehashi.site", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment(home), stdout=output, stderr=output, cwd=ROOT)
    try:
        wait_until_it_answers(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(90)
        output.close()


def wait_until_it_answers(port: int, process: subprocess.Popen[bytes] | None = None, seconds: float = 400) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise SystemExit(f"kakehashi serve ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
    raise SystemExit("kakehashi serve did not answer")


def seed(home: Path, drafts: int) -> dict:
    """Make the town, the procedure and the drafts in a process of its own; returns what `made_here` returns."""
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'bench')!r}); import town; town.made_here({drafts})"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, cwd=ROOT, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def made_here(drafts: int) -> None:
    from kakehashi.site.cli.console import django_and_database

    with django_and_database():
        from kakehashi.governments.models import Government

        if not Government.objects.filter(slug=SLUG).exists():
            _make_town()
        print(json.dumps(_make_drafts(drafts)))


def _make_town(definition=None) -> None:
    """The town, with a procedure whose form is `definition` (else twenty fields)."""
    from django.conf import settings

    from kakehashi.eforms.services import publish_form, save_draft
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.people.testing import two_towns
    from kakehashi.procedures.testing import an_online_procedure

    town = two_towns(settings.ROOMS).hibari
    with tenant_scope(town.id):
        procedure = an_online_procedure(town)
        form = procedure.form
        form.refresh_from_db()
        save_draft(
            actor=town.officer, form=form, definition=definition or twenty_fields(), expected_revision=form.revision
        )
        form.refresh_from_db()
        publish_form(actor=town.officer, form=form)


def twenty_fields():
    from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, Step

    yes_no = (Option("yes", "はい"), Option("no", "いいえ"))
    rooms = tuple(Option(f"room_{number}", f"{number}番の部屋") for number in range(1, 7))
    fields = [
        Field("name", "name", "氏名", required=True),
        Field("born", "birth_date", "生年月日", required=True),
        Field("address", "address", "住所", required=True),
        Field("phone", "phone", "電話番号", required=True),
        Field("mail", "email", "メールアドレス", required=True),
        *(Field(f"text_{number}", "text", f"説明{number}", required=True) for number in range(1, 6)),
        *(Field(f"number_{number}", "number", f"数{number}", required=True) for number in range(1, 3)),
        Field("cost", "money", "工事の費用", required=True),
        *(Field(f"date_{number}", "date", f"日付{number}", required=True) for number in range(1, 3)),
        *(
            Field(f"choice_{number}", "choice", f"選択{number}", required=True, options=yes_no)
            for number in range(1, 3)
        ),
        Field("rooms", "choices", "工事をする部屋", required=True, options=rooms),
        Field("content", "text", "工事の内容", required=True, settings={"multiline": True, "max_length": 1000}),
        Field("agree", "consent", "書いた内容に間違いはありません", required=True),
    ]
    assert len(fields) == 20
    return FormDefinition(steps=(Step("page_1", "申請の内容", tuple(fields)),), next_number=2)


def typed() -> dict:
    from kakehashi.procedures.testing import YOU

    date = {"era": "令和", "year": "8", "month": "12", "day": "1"}
    return {
        **YOU,
        **{f"text_{number}": "玄関の手すりを取り付け、段差をなくします。" for number in range(1, 6)},
        "number_1": "3", "number_2": "12", "cost": "250,000",
        **{f"date_{number}.{part}": value for number in (1, 2) for part, value in date.items()},
        "choice_1": "yes", "choice_2": "no", "rooms": ["room_1", "room_3"],
        "content": "玄関と浴室に手すりを取り付け、廊下の段差を三か所なくします。" * 4, "agree": "on",
    }  # fmt: skip


def _make_drafts(count: int, answers: dict | None = None) -> dict:
    """Drafts with good answers (`answers` as they are kept, else what is typed into the twenty fields), the signed cookie that opens each, and one real session each."""
    import datetime as dt

    from django.contrib.sessions.backends.db import SessionStore
    from django.core import signing

    from kakehashi.eforms.selectors import latest_version, validate_step
    from kakehashi.governments.models import Government
    from kakehashi.kernel import clock
    from kakehashi.kernel.batching import insert_many
    from kakehashi.kernel.ids import uuid7
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.procedures.models import Draft, Procedure

    government = Government.objects.get(slug=SLUG)
    with tenant_scope(government.id):
        procedure = Procedure.objects.get()
        version = latest_version(procedure.form)
        if answers is None:
            result = validate_step(version, "page_1", typed())
            assert not result.errors, result.errors
            answers, as_typed = result.values, result.typed
        else:
            as_typed = answers
        rows = [
            Draft(
                procedure=procedure, form_version=version, answers=answers, typed=as_typed, idempotency_key=uuid7(),
                done_steps=["page_1"], expires_at=clock.now() + dt.timedelta(days=1),
            )
            for _ in range(count)
        ]  # fmt: skip
        for start in range(0, count, 1000):
            insert_many(rows[start : start + 1000])
        salt = f"procedures.passes.{government.id}"
        passes = [signing.dumps([[row.id.hex], []], salt=salt, compress=True) for row in rows]
    sessions = []
    for _ in range(64):
        session = SessionStore()
        session["_language"] = "ja"
        session.create()
        sessions.append(session.session_key)
    drafts = [[str(row.id), one] for row, one in zip(rows, passes, strict=True)]
    return {"government_id": str(government.id), "drafts": drafts, "sessions": sessions}
