"""監視フォルダー: files that another system puts into a folder are taken in by the worker, each once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kakehashi.exchange.domain.coexistence import Intake, intakes
from kakehashi.exchange.domain.csv_text import write_table
from kakehashi.exchange.models import IntakeRun, RunState
from kakehashi.exchange.services.taking import apply_intake, start_intake
from kakehashi.governments.selectors import get_government, rooms_of_id
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import KakehashiError
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["inbox_folder", "sweep_inbox"]

MOST_BYTES = 20_000_000
_AT_ONCE = 20
_SETTLED_SECONDS = 3
_STATES = {"ok": "取り込んだ", "known": "前に取り込んだ", "wrong": "取り込めない"}


def inbox_folder(government_code: str, code: str = "") -> Path:
    """The watched folder of a town, or of one kind of file in it: `<inbox>/<code>/procedures-decision`."""
    folder = Path(settings.EXCHANGE_INBOX) / government_code
    return folder / code.replace(".", "-") if code else folder


def sweep_inbox() -> int:
    """Take in what lies in the folders of the open government; gives how many files were handled.

    Nothing happens while the inbox folder itself does not exist. A file that changed within the last seconds is still being
    written and is left for the next time. Files are moved after the commit; if the program stops in between, the next sweep
    finds the content known and moves it then.
    """
    government = get_government(current_government_id())
    root = Path(settings.EXCHANGE_INBOX)
    if not root.is_dir():
        return 0
    actor, rooms, handled = system_actor(government.id, "監視フォルダー"), rooms_of_id(government.id), 0
    for code, how in intakes():
        if how.room not in rooms:
            continue
        folder = inbox_folder(government.code, code)
        folder.mkdir(parents=True, exist_ok=True)
        for path in _settled(folder):
            _handle(actor, code, how, path)
            handled += 1
    return handled


def _settled(folder: Path) -> list[Path]:
    before = time.time() - _SETTLED_SECONDS
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in {".csv", ".tsv", ".txt"} and not path.name.startswith(".") and not path.is_symlink()
    ]
    return [path for path in found if path.is_file() and path.stat().st_mtime < before][:_AT_ONCE]


@dataclass(frozen=True, slots=True)
class _Result:
    """What to write beside the moved file."""

    is_good: bool
    rows: list[list[str]]


def _handle(actor: Actor, code: str, how: Intake, path: Path) -> None:
    try:
        with transaction.atomic():
            result = _taken(actor, code, how, path)
    except KakehashiError as error:
        message = getattr(error, "message", "取り込めません。")
        IntakeRun.objects.create(
            code=code, file_name=path.name[-200:], sha256="", state=RunState.FAILED, from_folder=True,
            failure=message[:300], made_by=actor.label,
        )  # fmt: skip
        result = _Result(is_good=False, rows=[["", "取り込めない", message]])
    transaction.on_commit(lambda: _move(path, result))


def _taken(actor: Actor, code: str, how: Intake, path: Path) -> _Result:
    if path.stat().st_size > MOST_BYTES:
        return _refuse(actor, code, path, "ファイルが大きすぎます。")
    content = path.read_bytes()
    known = IntakeRun.objects.filter(code=code, sha256=sha256(content).hexdigest(), state=RunState.APPLIED)
    if known.exists():
        return _Result(is_good=True, rows=[["", "前に取り込んだ", "同じ内容のファイルを前に取り込んでいます。"]])
    run = start_intake(actor=actor, code=code, how=how, file_name=path.name, content=content, from_folder=True)
    run = apply_intake(actor=actor, run=run, how=how)
    rows = [[str(each["line"]), _STATES[each["state"]], each["text"]] for each in run.report]
    return _Result(is_good=run.state == RunState.APPLIED, rows=rows)


def _refuse(actor: Actor, code: str, path: Path, message: str) -> _Result:
    IntakeRun.objects.create(
        code=code, file_name=path.name[-200:], sha256="", state=RunState.FAILED, from_folder=True, failure=message,
        made_by=actor.label,
    )  # fmt: skip
    return _Result(is_good=False, rows=[["", "取り込めない", message]])


def _move(path: Path, result: _Result) -> None:
    """Into `done` or `failed`, under a name that says when, with a report beside it."""
    folder = path.parent / ("done" if result.is_good else "failed")
    folder.mkdir(exist_ok=True)
    stem = f"{clock.now().astimezone(clock.JST):%Y%m%d-%H%M%S}_{path.stem}"[:150]
    target, number = folder / f"{stem}{path.suffix}", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}{path.suffix}"
    report = write_table(("行", "結果", "説明"), result.rows, "utf-8-sig")
    target.with_name(f"{target.stem}_report.csv").write_bytes(report)
    path.replace(target)
