"""Synonyms of one government: page, CSV in and out, effect on the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.search.models import SynonymGroup
from kakehashi.search.selectors import also_found, search_texts
from kakehashi.search.services import import_synonyms, remove_synonyms, save_synonyms
from kakehashi.search.testing import KIND, put

Clients = Callable[..., Any]
PAGE = "/staff/search/synonyms/"


def found(town: Town, query: str) -> list[tuple[str, str]]:
    return [(hit.title, hit.matched) for hit in search_texts(actor=town.clerk, query=query, kinds=[KIND])]


def save(town: Town, words: str, finds: str = "", kind: str = "same", **more: Any) -> SynonymGroup:
    return save_synonyms(actor=town.administrator, kind=kind, words=words, finds=finds, note="", **more)


def test_a_word_of_the_town_finds_the_offices_word(town: Town) -> None:
    put(town, "巡回福祉車両の利用登録")
    assert found(town, "ひばり号") == []
    save(town, "ひばり号", "巡回福祉車両", "one_way")
    assert found(town, "ひばり号に乗りたい") == [("巡回福祉車両の利用登録", "「ひばり号」は「巡回福祉車両」として一致")]
    assert Event.objects.filter(code="search.synonym.saved").count() == 1


def test_a_built_in_pair_can_be_switched_off(town: Town) -> None:
    put(town, "廃棄物処理計画")
    assert found(town, "ごみ")
    group = save(town, "ごみ、廃棄物", kind="off")
    assert found(town, "ごみ") == []
    remove_synonyms(actor=town.administrator, group_id=group.id)
    assert found(town, "ごみ")


def test_a_group_that_is_not_used_says_nothing(town: Town) -> None:
    group = save(town, "かもめ、さくら貝")
    assert also_found("かもめ") == ["さくら貝"]
    save(town, "かもめ、さくら貝", group_id=group.id, is_on=False)
    assert also_found("かもめ") == []


@pytest.mark.parametrize(
    ("words", "finds", "kind", "field"),
    [("一つ", "", "same", "words"), ("左", "", "one_way", "finds"), ("あ、" + "い" * 61, "", "same", "words")],
)
def test_what_cannot_be_a_group_is_refused(town: Town, words: str, finds: str, kind: str, field: str) -> None:
    with pytest.raises(DomainError) as error:
        save(town, words, finds, kind)
    assert error.value.field == field


def test_a_file_adds_and_changes_all_or_nothing(town: Town) -> None:
    save(town, "かもめ、さくら貝")
    head = "種類,言葉,見つける言葉,メモ,使う\n"
    text = head + "同じ意味,さくら貝、かもめ,,町の鳥,いいえ\n片方向,ひばり号,巡回車,,はい\n"
    assert import_synonyms(actor=town.administrator, content=text.encode("cp932")) == (1, 1)
    assert SynonymGroup.objects.get(kind="same").note == "町の鳥"
    with pytest.raises(DomainError, match="3行目"):
        import_synonyms(actor=town.administrator, content=(head + "同じ意味,a、b,,,\n謎,c、d,,,\n").encode())
    assert SynonymGroup.objects.count() == 2


def test_not_without_the_permission(town: Town, client_for: Clients) -> None:
    with pytest.raises(PermissionRefused):
        save_synonyms(actor=town.clerk, kind="same", words="a、b", finds="", note="")
    assert client_for(town.clerk).get(PAGE).status_code == 403


def test_the_page_from_an_empty_list_to_a_file_and_back(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.hibari.administrator)
    assert "まだありません" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"kind": "same", "words": "一つ"}).status_code == 422
    form = {"kind": "same", "words": "かもめ、さくら貝", "is_on": "on"}
    assert client.post(PAGE, form).status_code == 302
    assert "「さくら貝」も探します" in client.get(PAGE, {"word": "かもめ"}).content.decode()
    file = client.get(PAGE, {"format": "csv"}).content
    assert "かもめ、さくら貝" in file.decode("utf-8-sig")
    with tenant_scope(cast.hibari.id):
        group = SynonymGroup.objects.get()
    assert client.post(f"{PAGE}{group.id}/", {**form, "note": "町の鳥"}).status_code == 302
    assert client_for(cast.misaki.administrator).get(f"{PAGE}{group.id}/").status_code == 404
    assert client.post(f"{PAGE}{group.id}/remove/").status_code == 302
    upload = SimpleUploadedFile("a.csv", file, "text/csv")
    assert client.post(f"{PAGE}import/", {"file": upload}).status_code == 302
    wrong = SimpleUploadedFile("a.csv", b"a\x81", "text/csv")
    page = client.post(f"{PAGE}import/", {"file": wrong})
    assert (page.status_code, "UTF-8でもShift_JISでもありません" in page.content.decode()) == (422, True)
