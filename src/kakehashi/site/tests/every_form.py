"""Every page of staff that has a form, found in a loaded demo by the table of URLs, and what harmful hands fill it with.

A new page is found the day it is added. Ids in an address are looked up among the rows of its room by the name they carry
(`plan_id` is a `Plan`); words are looked up on the pages that lead there.
"""

from __future__ import annotations

import inspect
import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import resolve
from tests.architecture.test_urls import our_urls

from kakehashi.kernel.tenancy import tenant_scope

_PARTS = re.compile(r"<(\w+):(\w+)>")
#: Rows of one kind that are tried until a page opens.
_TRIED = 6


class PostedForms(HTMLParser):
    """The forms of a page that are posted: where each goes, and (name, kind, value) of its fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str, str]]]] = []
        self._is_posted, self._select = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_posted = given.get("method", "").lower() == "post"
            if self._is_posted:
                self.found.append((given.get("action", ""), []))
        elif not self._is_posted:
            return
        elif tag == "option" and self._select and given.get("value"):
            self.found[-1][1].append((self._select, "option", given["value"]))
            self._select = ""
        elif tag in {"input", "textarea"} and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else "textarea"
            self.found[-1][1].append((given["name"], kind, given.get("value", "")))
        elif tag == "select":
            self._select = given.get("name", "")

    def handle_endtag(self, tag: str) -> None:
        self._is_posted = self._is_posted and tag != "form"
        self._select = "" if tag == "select" else self._select


def addresses(route: str, room: str, seen: Iterable[str] = ()) -> Iterator[str]:
    """Addresses of a route that rows of the open government fit; the pages `seen` so far give the words of the others."""
    parts = _PARTS.findall(route)
    if not parts:
        yield f"/{route}"
        return
    pattern = re.compile("/" + _PARTS.sub(lambda part: _WORD[part[1]], re.sub(r"\.(?!\*)", r"\\.", route)) + "$")
    known = sorted({one for one in seen if pattern.match(one)}, reverse=True)[:_TRIED]
    yield from known
    if not known and len(parts) == 1 and parts[0][0] == "uuid":
        for found in _ids(room, parts[0][1].removesuffix("_id").replace("_", "")):
            yield "/" + _PARTS.sub(found, route)


_WORD = {"uuid": "[0-9a-f-]{36}", "int": "[0-9]+", "slug": "[^/]+", "str": "[^/]+", "path": ".+"}


def _ids(room: str, stem: str) -> list[str]:
    models: list[Any] = [one for one in apps.get_app_config(room).get_models() if one.__name__.lower().endswith(stem)]
    models.sort(key=lambda one: len(one.__name__))
    return [
        str(found) for one in models[:3] for found in one.objects.order_by("-id").values_list("id", flat=True)[:_TRIED]
    ]


def pages(client: Client, government: Any, concerns: Callable[[str, Any], bool]) -> Iterator[tuple[str, str, str]]:
    """(name of the URL, address, page) of each page of staff that opens and that `concerns` wants, by its name and view; one of a kind.

    Pages without an id of a room whose pages wait for a word in their address are opened too, only to find the word.
    """
    seen: set[str] = set()
    opened: set[str] = set()
    every = sorted((one for one in our_urls() if "-staff:" in one[0]), key=lambda one: one[1].count("<"))
    waiting = [(name, route) for name, route, view in every if concerns(name, view)]
    for turn in range(3):
        left = []
        for name, route in waiting:
            for address in _found(government, route, name, seen):
                page = _opened(client, government, address, seen)
                if page is None:
                    break
                if page:
                    yield name, address, page
                    break
            else:
                left.append((name, route))
        waiting = left
        rooms = {name.partition(":")[0] for name, route in waiting if re.search("<(slug|str):", route)}
        if turn < 2:
            for name, route, _ in every:
                if name.partition(":")[0] in rooms and name not in opened and len(_PARTS.findall(route)) <= turn:
                    opened.add(name)
                    for address in _found(government, route, name, seen)[:1]:
                        _opened(client, government, address, seen)


def _found(government: Any, route: str, name: str, seen: set[str]) -> list[str]:
    with tenant_scope(government.id):
        return list(addresses(route, name.partition("-")[0], seen))


def _opened(client: Client, government: Any, address: str, seen: set[str]) -> str | None:
    """The page, whose addresses are noted; an empty one where this address opens none, `None` where no address of its kind can."""
    home = f"/{government.slug}"
    answer = client.get(home + address)
    if answer.status_code != 200 or answer.streaming or "html" not in answer.get("Content-Type", ""):
        if answer.streaming:
            b"".join(answer.streaming_content)
        return None if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED else ""
    page: str = answer.content.decode()
    seen |= {one.removeprefix(home) for one in re.findall(r'(?:href|action)="([^"?#]+)', page)}
    return page


def filled(fields: list[tuple[str, str, str]], words: str, upload: Callable[[], Any]) -> dict[str, Any]:
    """A form as somebody sends it who writes these words in every place for words, and gives a file where one is asked for."""
    typed = {
        "number": "1",
        "date": "2026-11-20",
        "email": "canary.mail@example.jp",
        "url": f"https://example.jp/{words}",
    }
    sent: dict[str, Any] = {}
    for name, kind, value in fields:
        if kind == "file":
            sent[name] = upload()
        elif kind in {"hidden", "option"}:
            sent[name] = value
        elif kind in {"checkbox", "radio"}:
            sent.setdefault(name, value or "on")
        else:
            sent[name] = typed.get(kind, words)
    return sent


def view_module(path: str) -> str:
    """The module of the view that answers a path without its government."""
    return inspect.unwrap(resolve(path).func).__module__


def takes_files(name: str, view: Any) -> bool:
    """Whether the module of a view reads files that were sent."""
    return bool(_READS_FILES.search(inspect.getsource(sys.modules[inspect.unwrap(view).__module__])))


def readers() -> set[str]:
    """The modules of every view that reads files by itself."""
    found = {inspect.unwrap(view).__module__ for name, _, view in our_urls() if "-staff:" in name}
    return {one for one in found if ".FILES" in inspect.getsource(sys.modules[one])}


_READS_FILES = re.compile(r"\.FILES|sent_files|uploaded_file")


def _packed(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return packed.getvalue()


_ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "yyyyyyyy"><!ENTITY z "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
_HEAD = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/></Types>'


def _book(sheet: bytes) -> bytes:
    types = _HEAD % (b"xl/workbook.xml", b"spreadsheetml.sheet")
    names = b'<workbook><sheets><sheet name="a" sheetId="1"/></sheets></workbook>'
    return _packed(**{"[Content_Types].xml": types, "xl/workbook.xml": names, "xl/worksheets/sheet1.xml": sheet})


def _letter(text: bytes) -> bytes:
    types = _HEAD % (b"word/document.xml", b"wordprocessingml.document")
    return _packed(**{"[Content_Types].xml": types, "word/document.xml": text})


_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def hostile_files() -> dict[str, bytes]:
    """Files made to harm, by name: bombs, pages and pictures that run scripts, two things in one, wrong and forged names, nothing."""
    return {
        "empty.csv": b"",
        "bomb.xlsx": _book(b"<worksheet>" + b" " * 30_000_000),
        "entities.xlsx": _book(_ENTITIES + b"<worksheet>&z;</worksheet>"),
        "entities.docx": _letter(_ENTITIES + b"<w:document>&z;</w:document>"),
        "..\\../../\u202efdp.csv": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
        "both.pdf": b"<html><script>alert(1)</script>" + _PDF,
        "deep.json": b"[" * 200_000,
    }
