"""What people type and send: heads of mails, names of files, words that are looked for, papers that eat the machine."""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
import sys
import time
import zipfile
import zlib
from urllib.parse import unquote

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

import kakehashi
from kakehashi.eforms.adapters import draft_apart
from kakehashi.eforms.domain.papers.model import UnreadablePaperError
from kakehashi.exchange.domain.coexistence import HandoverRow, Paper
from kakehashi.exchange.services.handing import _zipped
from kakehashi.files.services import store_file
from kakehashi.files.testing import PURPOSE
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.logs import masked
from kakehashi.notices.models import MailState, Notice
from kakehashi.notices.services import Recipient, deliver_notice, send_notice
from kakehashi.notices.testing import a_kind
from kakehashi.people.services import issue_mail_code

BAD_ADDRESSES = (
    "a@example.jp\nBcc: evil@example.jp",
    "a@example.jp\r\n\r\ntext",
    "a@example.jp\n",
    "a@example.jp\x00",
    "a@exa\u202emple.jp",
    "a@example..jp",
    f"a@{'x' * 70}.jp",
    "a@example.jp, evil@example.jp",
)


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_an_address_that_is_more_than_an_address_is_refused(address):
    with pytest.raises(DomainError):
        Recipient(email=address)


def a_notice(town, **changes):
    given = {"kind": a_kind(), "subject": "お知らせ", "to": Recipient(email="a@example.jp"), **changes}
    return send_notice(actor=town.clerk, body_text="本文", idempotency_key=uuid7(), **given)


def test_a_line_break_in_a_subject_makes_no_head(town):
    notice = a_notice(town, subject="お知らせ\r\nBcc: evil@example.jp\r\n\r\nbody\u2028x")
    deliver_notice(notice_id=notice.id)
    [sent] = mail.outbox
    assert sent.message()["Bcc"] is None
    assert sent.recipients() == ["a@example.jp"]
    assert "\n" not in sent.subject


def test_an_address_that_no_head_takes_gives_up_and_lets_the_others_go(town):
    notice = a_notice(town)
    Notice.objects.filter(id=notice.id).update(email="a@example..jp")
    deliver_notice(notice_id=notice.id)
    notice.refresh_from_db()
    assert notice.mail_state == MailState.FAILED


NAMES = (
    "../../etc/passwd.txt",
    "..\\..\\boot.txt",
    "a\r\nSet-Cookie: x=1.txt",
    "photo\u202etxt.exe.txt",
    "a\x00.txt",
    '"; filename="evil.exe.txt',
    "あ" * 500 + ".txt",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_a_name_and_nothing_else(town, client_for, name):
    stored = store_file(actor=town.clerk, name=name, content=b"text", purpose=PURPOSE)
    response = client_for(town.clerk).get(f"/staff/files/{stored.id}")
    shown = response["Content-Disposition"]
    response.close()
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert not re.search(r"[\x00-\x1f\u202a-\u202e/\\]", unquote(shown))
    assert shown.count('filename="') + shown.count("filename*=") == 1
    assert len(stored.name) <= 150


def test_papers_of_one_name_and_of_bad_names_stand_beside_each_other_in_an_archive():
    papers = [Paper(name, lambda: b"%PDF-") for name in (*NAMES, "同じ.pdf", "同じ.pdf", "同じ.pdf")]
    names = zipfile.ZipFile(io.BytesIO(_zipped(b"", [HandoverRow(uuid7(), {}, papers)]))).namelist()
    assert len(set(names)) == len(names) == len(papers) + 1
    assert not [name for name in names if ".." in name.split("/") or re.search(r"[\x00-\x1f\u202e\\]", name)]


# A letter or two again and again, and then something that fits nowhere: what runs away does so on these.
SEEDS = (
    "0",
    "a",
    "あ",
    " ",
    "　",
    "-",
    "、",
    "(",
    "（",
    "□",
    "・",
    "_",
    "\n",
    ".",
    "1,",
    "a ",
    "年 ",
    "a.",
    " \n",
    "0-",
    "a@",
)


def patterns():
    for found in pkgutil.walk_packages(kakehashi.__path__, "kakehashi."):
        if ".domain." in found.name and ".tests" not in found.name:
            importlib.import_module(found.name)
    known = {}
    for module in [one for name, one in list(sys.modules.items()) if name.startswith("kakehashi.")]:
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                known.setdefault((value.pattern, value.flags), (f"{module.__name__}.{name}", value))
    return list(known.values())


#: Only for texts that were shortened before; the tests of their callers try the long ones.
SHORTENED = {"kakehashi.eforms.domain.papers.kinds._DOTTED_DATE"}


def test_no_pattern_runs_away():
    slow = []
    for name, pattern in patterns():
        if name in SHORTENED:
            continue
        for seed in SEEDS:
            began = time.process_time()
            pattern.search((seed * 700)[:700] + "\x00")
            if time.process_time() - began > 0.1:
                slow.append((name, seed))
    assert not slow


def test_a_megabyte_in_an_error_does_not_stop_the_program_that_logs_it():
    began = time.process_time()
    masked("a" * 1_000_000)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("words", ["あ" * 5_000, "% _ " * 2_000, "\x00'\"\\" * 500])
@pytest.mark.parametrize(
    "address",
    [
        "/procedures/",
        "/procedures/times/",
        "/staff/",
        "/staff/procedures/",
        "/staff/procedures/applications/",
        "/staff/people/",
        "/staff/approvals/",
        "/staff/records/",
        "/staff/search/",
        "/staff/journal/",
    ],
)
def test_many_words_ask_no_more_of_the_database_than_few(town, client_for, address, words):
    client = client_for(town.administrator)
    with CaptureQueriesContext(connection) as work:
        response = client.get(address, {"q": words, "text": words})
    assert response.status_code < 500
    assert max((len(query["sql"]) for query in work), default=0) < 40_000
    assert len(work) < 60


def test_a_code_for_an_address_that_asked_too_often_takes_the_same_work(town):
    def work():
        with CaptureQueriesContext(connection) as asked:
            issue_mail_code(email="somebody@example.jp", purpose="試験")
        return [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in asked]

    first = work()
    assert {tuple(work()) for _ in range(8)} == {tuple(first)}


def a_pdf(*objects):
    made = b"%PDF-1.4\n"
    for number, content in enumerate(objects, start=1):
        made += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    return made + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF" % (len(objects) + 1)


def stream(content, extra=b""):
    return b"<< /Length %d %s >>\nstream\n" % (len(content), extra) + content + b"\nendstream"


CATALOGUE, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>"


def bomb():
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(10_000_000)) for _ in range(25)) + packer.flush()
    return a_pdf(CATALOGUE, PAGES, PAGE, stream(packed, b"/Filter /FlateDecode"))


HOSTILE = {
    "a stream of two hundred and fifty megabytes": bomb,
    "a page that is its own parent": lambda: a_pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "a picture of three hundred thousand lines": lambda: a_pdf(
        CATALOGUE, PAGES, PAGE, stream(b"0 0 m 9 9 l S\n" * 300_000)
    ),
    "lists in lists": lambda: a_pdf(b"[" * 20_000 + b"]" * 20_000, PAGES, PAGE, stream(b"")),
    "nothing but a head": lambda: b"%PDF-1.7\n" + bytes(1_000),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pdf_harms_nothing_but_its_own_reader(kind):
    with pytest.raises(UnreadablePaperError):
        draft_apart("様式.pdf", HOSTILE[kind](), memory=400_000_000, seconds=2)
