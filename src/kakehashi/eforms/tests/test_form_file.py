"""A form as a file: the same form again, and a sentence for anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.eforms.domain.carried import digest_of
from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.domain.form_file import UnreadableFormFileError, content_of, read_form_file
from kakehashi.eforms.services import create_form, export_form, import_form
from kakehashi.eforms.services.form_files import signer_words
from kakehashi.eforms.testing import WHOLE
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town


def packed(form: Any, **changes: Any) -> bytes:
    content = content_of("様式", WHOLE, "ひばり町") | {"form": form} | changes
    return json.dumps(content | {"digest": f"sha256:{digest_of(content)}"}).encode()


def test_the_same_form_comes_back(town: Town) -> None:
    form = create_form(actor=town.clerk, title="犬の登録", owner_kind="eforms.test", owner_id=uuid7(), definition=WHOLE)
    content = export_form(actor=town.clerk, form=form, source="ひばり町")
    other = create_form(actor=town.clerk, title="別の様式", owner_kind="eforms.test", owner_id=uuid7())
    read = import_form(actor=town.clerk, form=other, content=content, expected_revision=other.revision)
    other.refresh_from_db()
    assert from_json(other.draft).steps == WHOLE.steps
    assert signer_words(read) == "この団体が書き出したファイルです。"


def test_what_was_touched_or_signed_for_something_else_is_refused(town: Town) -> None:
    form = create_form(actor=town.clerk, title="犬の登録", owner_kind="eforms.test", owner_id=uuid7(), definition=WHOLE)
    data = json.loads(export_form(actor=town.clerk, form=form, source="ひばり町"))
    touched = json.dumps(data | {"title": "ねこの登録"}).encode()
    with pytest.raises(DomainError, match="書き出したときと違います"):
        import_form(actor=town.clerk, form=form, content=touched, expected_revision=form.revision)
    forged = json.loads(packed(data["form"], title="ねこの登録")) | {"note": data["note"], "signer": data["signer"]}
    with pytest.raises(DomainError, match="中身のものではありません"):
        import_form(actor=town.clerk, form=form, content=json.dumps(forged).encode(), expected_revision=form.revision)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe", b"[]", b"{}", b'{"kind": "kakehashi.form"}', b"[" * 100_000, b'{"kind": NaN}', b"x" * 2_000_001, b'{"kind":"kakehashi.form","format":1,"title":9999999999999999999999}'],
)  # fmt: skip
def test_what_is_no_form_gets_a_sentence(raw: bytes) -> None:
    with pytest.raises(UnreadableFormFileError, match="。"):
        read_form_file(raw)


def test_a_question_for_the_personal_number_is_refused() -> None:
    form = {
        "format": 1,
        "steps": [{"key": "p", "title": "頁", "fields": [{"key": "a", "type": "text", "label": "マイナンバー"}]}],
    }
    with pytest.raises(UnreadableFormFileError, match="マイナンバー"):
        read_form_file(packed(form))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**16), 10**16) | st.text(max_size=8) | st.sampled_from(["calc", "choice", "table", "-1", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["key", "type", "label", "settings", "options", "columns", "value", "formula", "terms", "condition", "op", "of", "max_length", "minimum", "max_rows", "translations", "en"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(values)
def test_a_hostile_field_is_refused_or_harmless(value: Any) -> None:
    field = {"key": "a", "type": "text", "label": "文"} | (value if isinstance(value, dict) else {"settings": value})
    try:
        raw = packed({"format": 1, "steps": [{"key": "p", "title": "頁", "fields": [field]}]})
    except UnicodeEncodeError:
        return
    try:
        read_form_file(raw)
    except UnreadableFormFileError as error:
        assert str(error).endswith("。") or "：" in str(error)


def test_staff_write_and_read_a_file(cast: Cast, client_for: Callable[..., Any]) -> None:
    town, client = cast.hibari, client_for(cast.hibari.clerk)
    with tenant_scope(town.id):
        form = create_form(
            actor=town.clerk, title="犬の登録", owner_kind="eforms.test", owner_id=uuid7(), definition=WHOLE
        )
    url = f"/staff/eforms/{form.id}/"
    assert "まだ公開していません" in client.get(f"{url}versions").content.decode()
    sent = client.get(f"{url}file")
    assert "attachment" in sent.headers["Content-Disposition"]
    page = client.post(f"{url}read-file", {"file": SimpleUploadedFile("a.json", sent.content)}, follow=True)
    assert "この団体が書き出したファイルです" in page.content.decode()
    bad = client.post(f"{url}read-file", {"file": SimpleUploadedFile("a.json", b"{}")}, follow=True)
    assert "様式のファイルではありません" in bad.content.decode()
    assert "ファイルを選んでください" in client.post(f"{url}read-file", follow=True).content.decode()
