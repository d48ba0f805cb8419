"""A double click, and a form sent again after a lost answer: every form of staff that makes something makes it once.

Every view of staff passes `kernel.sent_once` (its access decorator calls it). Here the pages that make something are opened, each of
their forms is filled in by what its fields are, and what leads somewhere is pressed twice. Residents' forms carry keys of their own (`test_eight_presses_make_one_application`,
`test_a_second_press_leads_to_the_same_draft`), machines send `Idempotency-Key`.
"""

from __future__ import annotations

import threading
from html.parser import HTMLParser

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from kakehashi.approvals.testing import with_rules
from kakehashi.files.testing import PDF
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import sign_in, two_towns

ORIGIN = {"origin": "http://testserver"}
# Written by looking at a page, or by the worker: not what a press makes.
ASIDE = ("journal_", "search_", "people_cache", "people_trycount")
# Pages of staff that make something without opening something first.
MAKING = """
people/departments/new people/people/new people/absence people/personnel eforms/papers eforms/blocks indicators/new
cases/labels cases/templates/new records/disclosures/new records/files/new records/mailboxes approvals/rules
procedures/inventory/rules desk desk/new desk/intake/mailbox desk/tools/new desk/wishes/new desk/manuals/new desk/funding/new
plans/new plans/head/numbers meetings/bodies/new
"""


class Forms(HTMLParser):
    """The forms of a page that write, each with an answer to every field, as a hurried person fills them in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, object]]] = []
        self.fields: dict[str, object] | None = None
        self.select, self.buttons = "", 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "form":
            self.fields, self.buttons = (
                ({}, 0) if given.get("method") == "post" and "enctype" not in given else (None, 0)
            )
            if given.get("method") == "post":
                self.fields = {}
                self.found.append((given.get("action") or "", self.fields))
        elif self.fields is None or not name:
            return
        elif tag == "button":
            self.buttons += 1
            if self.buttons == 1:
                self.fields[name] = given.get("value") or ""
        elif tag == "textarea":
            self.fields[name] = "二度押した文章"
        elif tag == "select":
            self.select = name
            self.fields[name] = ""
        elif tag == "input" and (kind not in {"checkbox", "radio"} or name not in self.fields):
            self.fields[name] = given.get("value") or answer(name, kind, given.get("accept") or "")

    def handle_endtag(self, tag):
        self.fields = None if tag == "form" else self.fields
        self.select = "" if tag == "select" else self.select

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)


class Options(Forms):
    """`Forms`, with the first real option of each list chosen."""

    def handle_starttag(self, tag, attrs):
        value = dict(attrs).get("value")
        if tag == "option" and self.select and self.fields is not None:
            if value and (not self.fields[self.select] or "selected" in dict(attrs)):
                self.fields[self.select] = value
            return
        super().handle_starttag(tag, attrs)


def answer(name: str, kind: str, accepted: str) -> object:
    """What fits a field of this kind; the only tables that are read here are orders of personnel."""
    if kind == "file" and "csv" in accepted:
        return SimpleUploadedFile("二度.csv", "職員番号,発令\n1,退職\n".encode(), "text/csv")
    if kind == "file":
        return SimpleUploadedFile("二度.pdf", PDF, "application/pdf")
    if "kana" in name:
        return "ニド"
    typed = {
        "email": "twice@example.jp",
        "number": "1",
        "url": "https://example.jp/x",
        "checkbox": "on",
        "time": "09:00",
    }
    dates = {"date": clock.today().isoformat(), "datetime-local": f"{clock.today()}T09:00"}
    return (typed | dates).get(kind, "二度押した名前")


def rows() -> dict[str, int]:
    """How many rows each table of the open government has."""
    tables = [model._meta.db_table for model in apps.get_models() if getattr(model, "ownership", "") == "tenant"]
    wanted = [table for table in tables if not table.startswith(ASIDE)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in wanted))
        return dict(cursor.fetchall())


def counted(town) -> dict[str, int]:
    with tenant_scope(town.id):
        return rows()


def rewound(fields):
    for value in fields.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    return fields


def pressed_twice(browser, town, path, fields):
    """(what the first press made, what the second did besides); nothing where the first led nowhere."""
    before = counted(town)
    first = browser.post(path, rewound(fields))
    if first.status_code != 302:
        return set(), set()
    between = counted(town)
    second = browser.post(path, rewound(fields))
    after = counted(town)
    made = {table for table in between if between[table] > before[table]}
    wrong = {table for table in after if after[table] != between[table]}
    return made, wrong | ({"another place"} if second.get("Location") != first["Location"] else set())


def test_every_form_that_makes_something_makes_it_once(cast):
    town = cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
    browser = sign_in(Client(enforce_csrf_checks=True, headers=ORIGIN), town.administrator)
    idle = []
    for name in MAKING.split():
        path, made = f"/hibari/staff/{name}/", set()
        page = browser.get(path)
        assert page.status_code == 200, path
        for action, fields in Options(page.content.decode()).found:
            if "/logout/" not in action:
                more, wrong = pressed_twice(browser, town, action or path, fields)
                assert wrong == set(), (path, action)
                made |= more
        idle += [] if made else [path]
    assert idle == []


def test_two_presses_at_the_same_moment_make_one(swept_database):
    """The second waits until the first has ended, and is led to the same place; a changed word makes another."""
    town = two_towns(["desk"]).hibari
    browser = sign_in(Client(enforce_csrf_checks=True, headers=ORIGIN), town.administrator)
    path = "/hibari/staff/desk/wishes/new/"
    ((_, fields),) = [
        form for form in Options(browser.get(path).content.decode()).found if "csrfmiddlewaretoken" in form[1]
    ][-1:]
    led, start = [], threading.Barrier(3)

    def press():
        hand = Client(enforce_csrf_checks=True, headers=ORIGIN)
        hand.cookies = browser.cookies
        start.wait()
        try:
            led.append(hand.post(path, dict(fields)).get("Location"))
        finally:
            connections.close_all()

    pressing = [threading.Thread(target=press) for _ in range(3)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert len(set(led)) == 1, led
    assert led[0] is not None
    assert counted(town)["desk_wish"] == 1
    words = next(name for name, value in fields.items() if value == "二度押した文章")
    assert browser.post(path, fields | {words: "別の文章"}).status_code == 302
    assert counted(town)["desk_wish"] == 2
