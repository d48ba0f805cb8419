"""set_dataset, publish_dataset, withdraw_dataset, and the public files they make."""

import json

import pytest
from django.conf import settings

from kakehashi.journal.models import Event
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.opendata import selectors, services
from kakehashi.opendata.models import Dataset, Edition, Facility
from kakehashi.people.models import Role

STAFF = "/staff/opendata/datasets/public_facility/"


def codes():
    return list(Event.objects.filter(code__startswith="opendata.").order_by("id").values_list("code", flat=True))


def keep(name="中央公民館", identifier="1", **values):
    return Facility.objects.create(name=name, identifier=identifier, address="ひばり町中央1-1", **values)


def publish(town):
    source = selectors.find_source("public_facility")
    services.set_dataset(actor=town.officer, source=source, values={"department": town.department})
    return services.publish_dataset(actor=town.officer, source=source)


def test_an_edition_is_frozen_and_an_unchanged_one_only_confirmed(town):
    facility = keep()
    first = publish(town)
    assert (first.number, first.row_count, first.rows[0][2]) == (1, 1, "中央公民館")
    assert publish(town) is None
    Facility.objects.filter(id=facility.id).update(name="中央公民館（新）")
    keep("図書館", "2")
    second = publish(town)
    assert (second.number, second.added, second.removed, second.changed) == (2, 1, 0, 1)
    assert Edition.objects.get(number=1).rows[0][2] == "中央公民館"
    assert codes() == [
        "opendata.dataset.set", "opendata.dataset.published", "opendata.dataset.confirmed", "opendata.dataset.published",
    ]  # fmt: skip


def test_nothing_is_published_without_a_section_or_with_a_finding_that_blocks(town):
    source = selectors.find_source("public_facility")
    keep()
    with pytest.raises(DomainError, match="問合せ先"):
        services.publish_dataset(actor=town.officer, source=source)
    keep("=HYPERLINK()", "2")
    with pytest.raises(DomainError, match="1件"):
        publish(town)
    assert not Edition.objects.exists()


def test_withdrawing_takes_every_file_back_and_asks_why(cast, client_for):
    with tenant_scope(cast.hibari.id):
        keep()
        publish(cast.hibari)
    client = client_for(cast.hibari.officer)
    assert client.get("/opendata/data/public_facility/1.csv").status_code == 200
    assert client.post(f"{STAFF}withdraw/", {"reason": " "}).status_code == 422
    assert client.post(f"{STAFF}withdraw/", {"reason": "誤りがあったため"}).status_code == 302
    for path in ("public_facility.csv", "public_facility/1.csv"):
        assert client.get(f"/opendata/data/{path}").status_code == 404
    assert client.get("/opendata/public_facility/").status_code == 404
    with tenant_scope(cast.hibari.id):
        assert codes()[-1] == "opendata.dataset.withdrawn"
        assert publish(cast.hibari).number == 2


def test_only_those_with_the_permission_publish(cast, client_for):
    with tenant_scope(cast.hibari.id):
        keep()
        Role.objects.update(permissions=["opendata.dataset:read"])
        with pytest.raises(PermissionRefused):
            services.publish_dataset(
                actor=AnonymousActor(cast.hibari.id), source=selectors.find_source("public_facility")
            )
    client = client_for(cast.hibari.clerk)
    assert client.get(STAFF).status_code == 200
    assert client.get("/staff/opendata/").status_code == 200
    assert client.get(f"{STAFF}findings/?format=csv").status_code == 200
    for path in ("publish/", "settings/", "withdraw/"):
        assert client.post(f"{STAFF}{path}").status_code == 403


def test_the_neighbour_sees_nothing_of_it(cast, client_for):
    with tenant_scope(cast.hibari.id):
        keep()
        publish(cast.hibari)
    neighbour = client_for(cast.misaki.officer)
    assert neighbour.get("/opendata/data/public_facility.csv").status_code == 404
    assert neighbour.get(f"{STAFF}editions/1/").status_code == 404
    assert "中央公民館" not in neighbour.get("/opendata/").content.decode()


def test_the_pages_do_it_all(cast, client_for):
    with tenant_scope(cast.hibari.id):
        keep()
    client = client_for(cast.hibari.officer)
    assert client.get(f"{STAFF}publish/").status_code == 405
    assert client.post(f"{STAFF}publish/")["Location"].endswith("settings/")
    given = {"department": cast.hibari.department.id, "licence": "cc-by-4.0", "frequency": "monthly", "refreshes": "on"}
    assert client.post(f"{STAFF}settings/", given | {"department": ""}).status_code == 422
    assert client.post(f"{STAFF}settings/", given).status_code == 302
    assert client.post(f"{STAFF}publish/").status_code == 302
    assert "第1版" in client.get(STAFF).content.decode()
    assert client.get(f"{STAFF}editions/1/").status_code == 200
    assert client.get(f"{STAFF}editions/2/").status_code == 404
    with tenant_scope(cast.hibari.id):
        assert Dataset.objects.get().is_public


def test_files_can_be_asked_for_again_cheaply_and_from_anywhere(cast, client_for):
    with tenant_scope(cast.hibari.id):
        keep()
        publish(cast.hibari)
    client = client_for(cast.hibari.officer)
    answer = client.get("/opendata/data/public_facility.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\r\n") == 2
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert f'filename="{cast.hibari.government.code}_public_facility.csv"' in answer["Content-Disposition"]
    again = client.get("/opendata/data/public_facility.csv", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    later = client.get("/opendata/data/public_facility.json", headers={"if-modified-since": answer["Last-Modified"]})
    assert later.status_code == 304
    rows = json.loads(client.get("/opendata/data/public_facility.json").content)["rows"]
    assert rows[0]["name"] == "中央公民館"
    assert json.loads(client.get("/opendata/data/public_facility.geojson").content)["features"][0]["geometry"] is None
    assert client.get("/opendata/data/public_facility.pdf").status_code == 404
    assert client.get("/opendata/data/public_facility.xlsx").content.startswith(b"PK")
    assert not client.get("/opendata/").has_header("Access-Control-Allow-Origin")


def test_the_catalogue_is_dcat(cast, client_for):
    with tenant_scope(cast.hibari.id):
        keep()
        publish(cast.hibari)
    answer = client_for(cast.hibari.officer).get("/opendata/catalog.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    catalogue = json.loads(answer.content)
    (dataset,) = catalogue["dcat:dataset"]
    assert catalogue["@type"] == "dcat:Catalog"
    assert {text["@language"] for text in dataset["dct:title"]} == {"ja", "en"}
    assert [each["dct:format"]["@id"].rsplit("/", 1)[-1] for each in dataset["dcat:distribution"]] == [
        "CSV", "JSON", "GEOJSON", "XLSX",
    ]  # fmt: skip
    assert dataset["dcat:distribution"][0]["dct:license"]["@id"].startswith(
        "https://creativecommons.org/licenses/by/4.0/"
    )


@pytest.mark.parametrize(
    ("language", "word"), [("ja", "公共施設の一覧"), ("en", "Public facilities"), ("ja-easy", "みんなの 建物")]
)
def test_residents_read_it_in_their_language(cast, client_for, language, word):
    with tenant_scope(cast.hibari.id):
        keep()
        publish(cast.hibari)
    client = client_for(cast.hibari.officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert word in client.get("/opendata/?q=緯度&theme=REGI").content.decode()
    page = client.get("/opendata/public_facility/").content.decode()
    assert word in page
    assert "中央公民館" in page
    assert word not in client.get("/opendata/?q=ないことば").content.decode()


def test_machines_read_it_without_a_key(cast, client_for):
    with tenant_scope(cast.hibari.id):
        for number in range(1, 4):
            keep(f"施設{number}", str(number))
        publish(cast.hibari)
    client = client_for(cast.hibari.officer)
    (told,) = json.loads(client.get("/api/v1/opendata/datasets/").content)["datasets"]
    assert (told["code"], told["rows"], told["is_late"]) == ("public_facility", 3, False)
    path = f"/api/v1/opendata/datasets/{told['id']}/rows/"
    page = json.loads(client.get(f"{path}?after=1&edition=1").content)
    assert ([row["name"] for row in page["rows"]], page["next"]) == (["施設2", "施設3"], None)
    assert client.get(f"{path}?edition=9").status_code == 404
    assert client.get(f"{path}?after=-1").status_code == 422
    assert client_for(cast.misaki.officer).get(path).status_code == 404
