"""Bad input is never an error of ours and never loses what was typed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kakehashi.people.testing import open_power

HOSTILE = [
    "\x00",
    "a\x00b",
    "'; DROP TABLE people_person; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% load x %}",
    "../../etc/passwd",
    "𠮷野家🏠" * 30,
    "\u202eevil\u200b",
    "9" * 400,
    "-1",
    "NaN",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "00000000-0000-7000-8000-000000000000",
    " ",
    "",
]
FIELDS = {
    "department-new": ["code", "name", "symbol", "parent", "predecessor", "valid_from"],
    "person-new": ["staff_number", "name", "kana", "email"],
    "absence": ["choice", "person", "first_day", "last_day", "reason"],
    "roles": ["act", "code", "name", "company", "valid_from", "valid_to"],
    "security": ["act", "network", "factors", "issuer", "client_id", "signing_key", "url", "user_filter"],
    "administration": ["reason", "minutes", "next"],
    "acting": ["post", "next"],
    "changes": ["title", "effective_on"],
}


@pytest.mark.parametrize("name", FIELDS)
def test_no_value_breaks_a_page(cast, client_for, name):
    client = open_power(client_for(cast.hibari.administrator), cast.hibari.administrator)
    for value in HOSTILE:
        fields = dict.fromkeys(FIELDS[name], value)
        for act in ("role", "contract", "rule", "provider", "directory", "remove") if "act" in fields else (None,):
            answer = client.post(reverse(f"people-staff:{name}"), fields | ({"act": act} if act else {}))
            assert answer.status_code in {200, 302, 404, 422}, (name, value, act)


@pytest.mark.parametrize("path", ["people/?q=", "people/?cursor=", "chart/?on=", "absence/?person=", "chart/?format="])
def test_no_address_breaks_a_page(cast, client_for, path):
    from urllib.parse import quote

    client = client_for(cast.hibari.clerk)
    for value in HOSTILE:
        assert client.get(f"/staff/people/{path}{quote(value)}").status_code in {200, 302, 404}, (path, value)


@pytest.mark.parametrize("path", ["/accounts/login/", "/hibari/people/address/", "/hibari/people/code/"])
def test_no_value_breaks_the_doors(cast, client, path):
    for value in HOSTILE:
        fields = {"login": value, "password": value, "email": value, "code": value, "next": value}
        assert client.post(path, fields).status_code in {200, 302, 422, 429}, (path, value)


def test_an_outside_address_is_never_where_one_goes_next(cast, client_for):
    client = client_for(cast.hibari.clerk)
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"):
        answer = client.post(reverse("people-staff:acting"), {"post": "x", "next": target})
        assert answer.url == "/hibari/staff/people/account/"


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"\xff\xfe" * 40, "職員番号,発令\n".encode() + b"\x81" * 9])
def test_a_file_that_is_no_order_is_told_and_kept_out(cast, client_for, content):
    client = client_for(cast.hibari.administrator)
    fields = {"title": "4月", "effective_on": "2027-04-01", "file": SimpleUploadedFile("x.csv", content)}
    answer = client.post(reverse("people-staff:changes"), fields, follow=True)
    assert answer.status_code in {200, 422}
    assert "異動を適用する" not in answer.content.decode()
