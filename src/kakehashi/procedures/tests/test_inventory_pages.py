"""手続台帳: each page works, refuses and is unknown to the neighbour."""

from collections.abc import Callable

import pytest

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.forms import LinesField
from kakehashi.procedures.models import Procedure, ProcedureText
from kakehashi.procedures.services import import_survey
from kakehashi.procedures.testing import a_procedure, survey_file

INVENTORY = "/staff/procedures/inventory/"


def fields(**changes: object) -> dict[str, object]:
    return {
        "name": "住宅改修補助金の交付申請",
        "kind": "disposition",
        "basis": "ordinance",
        "standard_processing_unit": "business",
        "standard_processing_days": "14",
        "volume": "",
        "channels": ["counter"],
    } | changes


def test_an_empty_inventory_teaches(town: Town, client_for: Callable) -> None:
    page = client_for(town.officer).get(INVENTORY)
    assert page.status_code == 200
    assert "まだ手続が載っていません" in page.content.decode()


def test_the_table_shows_kind_stage_volume(town: Town, client_for: Callable) -> None:
    import_survey(actor=town.officer, data=survey_file({}, {"手続ID": "2", "手続名": "死亡届", "総手続件数": "0"}))
    text = client_for(town.officer).get(INVENTORY).content.decode()
    assert "転入届出" in text
    assert "4,473,575" in text
    assert "不明" in text
    assert "次に取り組む10件" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=てんにゅう", False), ("q=転入", True), ("kind=disposition", False), ("kind=notification", True),
     ("stage=online", False), ("institution=警察署", False), ("volume=known", True),
     ("kind=nonsense&stage=x&cursor=@@", True), ("q=" + "あ" * 500, True)],
)  # fmt: skip
def test_filters(town: Town, client_for: Callable, query: str, found: bool) -> None:
    import_survey(actor=town.officer, data=survey_file())
    page = client_for(town.officer).get(f"{INVENTORY}?{query}")
    assert page.status_code == 200
    assert ("住民基本台帳法第22条" in page.content.decode()) is found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export(town: Town, client_for: Callable, kind: str) -> None:
    import_survey(actor=town.officer, data=survey_file())
    page = client_for(town.officer).get(f"{INVENTORY}?format={kind}")
    assert page.status_code == 200
    assert "attachment" in page["Content-Disposition"]


def test_pages_of_fifty(town: Town, client_for: Callable) -> None:
    rows = [{"手続ID": str(n), "総手続件数": str(n + 1)} for n in range(60)]
    import_survey(actor=town.officer, data=survey_file(*rows))
    client = client_for(town.officer)
    page = client.get(INVENTORY).context["page"]
    rest = client.get(INVENTORY, {"cursor": page.next_cursor}).context["page"]
    assert (len(page.rows), len(rest.rows)) == (50, 10)


def test_few_queries(town: Town, client_for: Callable, django_assert_max_num_queries: Callable) -> None:
    import_survey(actor=town.officer, data=survey_file())
    client = client_for(town.officer)
    with django_assert_max_num_queries(20):
        client.get(INVENTORY)


def test_import_by_upload(town: Town, client_for: Callable) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_for(town.officer)
    file = SimpleUploadedFile("調査.csv", survey_file())
    page = client.post(f"{INVENTORY}import/", {"file": file, "institution": "市役所・町村役場"})
    assert page.status_code == 200
    assert page.context["report"]["created"] == 1
    bad = SimpleUploadedFile("x.csv", b"a,b\n")
    page = client.post(f"{INVENTORY}import/", {"file": bad, "institution": ""})
    assert page.status_code == 422
    assert "棚卸調査の表ではありません" in page.content.decode()


def test_a_procedure_is_put_on_and_edited(town: Town, client_for: Callable) -> None:
    client = client_for(town.officer)
    assert client.post(f"{INVENTORY}new/", fields()).status_code == 302
    row = Procedure.objects.get()
    assert (row.volume, row.standard_processing_days, row.kind_confirmed) == (None, 14, True)
    page = client.post(f"{INVENTORY}{row.id}/edit/", fields(volume="40", online_volume="3"))
    assert page.status_code == 302
    row.refresh_from_db()
    assert (row.volume, row.volume_source) == (40, "own")


def test_bad_input_stays_on_the_page(town: Town, client_for: Callable) -> None:
    client = client_for(town.officer)
    page = client.post(f"{INVENTORY}new/", fields(name="", volume="たくさん"))
    assert page.status_code == 422
    assert "たくさん" in page.content.decode()
    page = client.post(f"{INVENTORY}new/", fields(volume="3", online_volume="4"))
    assert page.status_code == 422
    assert not Procedure.objects.exists()


def test_texts_in_three_languages(town: Town, client_for: Callable) -> None:
    row = a_procedure(town.officer)
    client = client_for(town.officer)
    for language in ("ja", "ja-easy", "en"):
        data = {"name": "補助金", "what_for": "家を直すお金です。", "needs": "見積書\n\n写真\n"}
        assert client.post(f"{INVENTORY}{row.id}/texts/{language}/", data).status_code == 302
    assert ProcedureText.objects.filter(procedure=row).count() == 3
    assert ProcedureText.objects.get(language="en").needs == ["見積書", "写真"]
    assert client.post(f"{INVENTORY}{row.id}/texts/fr/", {"name": "x"}).status_code == 422


def test_excluding_needs_a_reason(town: Town, client_for: Callable) -> None:
    row = a_procedure(town.officer)
    client = client_for(town.officer)
    client.post(f"{INVENTORY}{row.id}/exclude/", {"reason": " "})
    assert Procedure.objects.get().stage == "paper"
    client.post(f"{INVENTORY}{row.id}/exclude/", {"reason": "対面の確認が法令で必要なため"})
    assert Procedure.objects.get().stage == "excluded"


def test_the_neighbour_finds_nothing(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        row = a_procedure(cast.hibari.officer)
    neighbour = client_for(cast.misaki.officer)
    for address in (f"{row.id}/", f"{row.id}/edit/", f"{row.id}/texts/ja/"):
        assert neighbour.get(f"{INVENTORY}{address}").status_code == 404
    assert neighbour.post(f"{INVENTORY}{row.id}/exclude/", {"reason": "x"}).status_code == 404
    visitor = client_for(cast.hibari.officer, at=cast.misaki)
    assert visitor.get(INVENTORY).status_code == 404


def test_a_stranger_signs_in_first(cast: Cast, client_for: Callable) -> None:
    assert client_for(cast.hibari).get(INVENTORY).status_code == 302


def test_wrong_method_and_forged_id(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.hibari.officer)
    nothing = "01890000-0000-7000-8000-000000000000"
    assert client.get(f"{INVENTORY}{nothing}/exclude/").status_code == 405
    assert client.post(f"{INVENTORY}").status_code == 405
    for address in ("", "edit/", "texts/ja/"):
        assert client.get(f"{INVENTORY}{nothing}/{address}").status_code == 404


def test_lines_take_no_nul() -> None:
    assert LinesField().clean("見積書\x00の写し\n\x00\n写真") == ["見積書の写し", "写真"]
