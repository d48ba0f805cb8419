"""Doors to the outside: what goes out as a table, which modules speak to other machines, and what the time of an answer tells."""

from __future__ import annotations

import csv
import hmac
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.kernel import clock
from kakehashi.kernel.tables import as_csv, as_excel
from kakehashi.people.domain import mail_codes
from kakehashi.people.services import confirm_mail_code, issue_mail_code
from kakehashi.procedures.domain.receipt import make_receipt
from kakehashi.procedures.testing import an_application, an_online_procedure
from tests.architecture.floors import PACKAGE, sources

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("https://evil.example")')
# Every module that opens a connection, and whose word it takes for the address.
OUTBOUND = {
    "files/adapters/s3.py": "settings",
    "files/domain/clamd.py": "settings",
    "kernel/mailboxes.py": "whoever typed one; the connection comes from kernel/outbound.py",
    "kernel/outbound.py": "whoever typed one, after it was judged: test_outbound.py",
    "search/adapters.py": "settings (a model of one's own; off unless set)",
    "site/cli/serve.py": "its own port",
}
TABLES = {"exchange/domain/csv_text.py", "kernel/tables.py", "site/take_home.py"}
CONNECTS = re.compile(
    r"urllib\.request|urllib import request|http\.client|httpx|socket\.create_connection|^import requests|aiohttp|^import imaplib",
    re.MULTILINE,
)
WRITES_TABLES = re.compile(r"csv\.(?:Dict)?[wW]riter|Workbook\(")


def users(pattern):
    return {str(path.relative_to(PACKAGE)) for path in sources() if pattern.search(path.read_text())}


def test_only_listed_modules_speak_to_other_machines():
    assert users(CONNECTS) == set(OUTBOUND)
    assert CONNECTS.search("with urllib.request.urlopen(address_from_a_form): ...")


def test_tables_leave_by_the_doors_that_take_formulas_out():
    assert users(WRITES_TABLES) == TABLES
    assert WRITES_TABLES.search("csv.writer(response)")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(formula):
    cells = next(csv.reader(io.StringIO(as_csv([formula], []).decode("utf-8-sig"), newline="")))
    assert cells[0].startswith("'")
    assert b"<f>" not in as_excel("表", ["見出し"], [[formula]])


@pytest.fixture
def known(town):
    return an_application(town, an_online_procedure(town))


def work_of(client, number, email):
    with CaptureQueriesContext(connection) as work:
        assert client.post("/procedures/mine/find/", {"number": number, "email": email}).status_code == 302
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in work]


def test_the_time_of_an_answer_does_not_tell_who_applied(cast, client_for, known):
    number, email = known.receipt_number, known.applicant_email
    matching = work_of(client_for(cast.hibari), number, email)
    assert work_of(client_for(cast.hibari), number, "somebody@else.example") == matching
    assert work_of(client_for(cast.hibari), make_receipt(cast.hibari.government.code, clock.today()), email) == matching


def test_digits_are_compared_in_constant_time(town, monkeypatch):
    compared = []

    compare = hmac.compare_digest

    def watch(left, right):
        compared.append((left, right))
        return compare(left, right)

    monkeypatch.setattr(mail_codes.hmac, "compare_digest", watch)
    code = issue_mail_code(email="somebody@example.jp", purpose="試験")
    assert confirm_mail_code(mail_code_id=code.id, typed="000000", purpose="試験") is None
    assert compared
