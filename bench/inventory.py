"""How long does an inventory take to come in? 5,005 rows of a survey, 67,460 rows of the whole country, a town's own Excel, and back.

Run inside the checkout: `.venv/bin/python bench/inventory.py SURVEY.csv NATIONAL.parquet`. The database is made anew, durable, under
row-level security as the web's role. Reported are seconds on the clock and seconds of CPU of this process.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="kakehashi-bench-"))
HOME.chmod(0o755)
os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.site.settings"
os.environ["KAKEHASHI_HOME"] = str(HOME)


def main(survey: Path, national: Path) -> None:
    from kakehashi.site.embedded import APPLICATION, EmbeddedPostgres

    server = EmbeddedPostgres(HOME)
    server.start()
    try:
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from kakehashi.kernel.row_security import apply_row_security

        call_command("migrate", database="admin", verbosity=0, interactive=False)
        apply_row_security(connections["admin"], role=APPLICATION)
        measure(survey.read_bytes(), national.read_bytes())
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def measure(survey: bytes, national: bytes) -> None:
    from django.conf import settings

    from kakehashi.kernel.tables import as_excel
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.people.testing import two_towns
    from kakehashi.procedures.models import Procedure
    from kakehashi.procedures.selectors.sheet import SHEET_HEADERS, sheet_rows
    from kakehashi.procedures.services import apply_batch, import_survey, start_batch, undo_batch

    cast = two_towns(settings.ROOMS)
    town, other = cast.hibari, cast.misaki
    with tenant_scope(town.id):
        report = timed("survey CSV, 5,005 rows", lambda: import_survey(actor=town.officer, data=survey))
        book = timed("out as Excel", lambda: as_excel("台帳", SHEET_HEADERS, sheet_rows(Procedure.objects.all())))
        timed("undo of the whole import", lambda: undo_batch(actor=town.officer, batch=report.batch))
        book = without_ids(book)
        batch = timed(
            "Excel read and laid out", lambda: start_batch(actor=town.officer, name="台帳.xlsx", content=book)
        )
        timed("Excel applied, 5,005 rows", lambda: apply_batch(actor=town.officer, batch=batch))
        print(f"{Procedure.objects.count():,} procedures")
    with tenant_scope(other.id):
        timed("national Parquet, 67,460 rows", lambda: import_survey(actor=other.officer, data=national))
        print(f"{Procedure.objects.count():,} procedures")


def without_ids(book: bytes) -> bytes:
    """The same rows as another town would send them: without our ids."""
    import io

    from openpyxl import load_workbook

    found = load_workbook(io.BytesIO(book))
    sheet = found.active
    for cell in next(sheet.iter_rows(min_row=1, max_row=1)):
        if cell.value in ("台帳ID", "手続ID"):
            cell.value = "使わない列"
    file = io.BytesIO()
    found.save(file)
    return file.getvalue()


def timed(what: str, run):
    started, used = time.perf_counter(), time.process_time()
    found = run()
    print(f"{what:34} {time.perf_counter() - started:7.2f} s   CPU {time.process_time() - used:6.2f} s", flush=True)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
