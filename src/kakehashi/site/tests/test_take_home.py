import csv
import hashlib
import io
import json
import zipfile
from math import inf

from kakehashi.files.selectors import content_store, lost_files
from kakehashi.files.services import store_file
from kakehashi.journal.services import seal_events
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Person, Role

# The papers of a meeting are the government's; a note at them is its writer's own and stays.
_OF_MEETINGS = {"tables/meetings_material.csv", "tables/meetings_note.csv"}


def archive_of(client):
    response = client.post("/staff/take-home/")
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_everything_comes_home_and_nothing_of_the_neighbours(cast, client_for):
    archive = archive_of(client_for(cast.hibari.administrator))
    rows = list(csv.DictReader(io.StringIO(archive.read("tables/people_person.csv").decode("utf-8-sig"))))
    with tenant_scope(cast.hibari.id):
        assert {row["name"] for row in rows} == set(Person.objects.values_list("name", flat=True))
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert "渡辺 健".encode() not in everything
    assert {"tables/meetings_material.csv"} == {n for n in archive.namelist() if n in _OF_MEETINGS}


def test_the_manifest_proves_every_part(cast, client_for):
    archive = archive_of(client_for(cast.hibari.administrator))
    manifest = json.loads(archive.read("manifest.json"))
    assert set(manifest) == set(archive.namelist()) - {"manifest.json"}
    for name, facts in manifest.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == facts["sha256"]


def test_a_lost_file_is_named_and_the_rest_comes_along(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        lost, kept = (
            store_file(actor=town.clerk, name="メモ.txt", content=content, purpose="approvals.attachment")
            for content in (b"lost", b"kept")
        )
        assert content_store().forget(town.id, lost.sha256, inf)
        assert lost_files() == [lost]
    archive = archive_of(client_for(town.administrator))
    assert archive.read("lost_files.csv").decode() == f"id,sha256\n{lost.id},{lost.sha256}\n"
    assert archive.read(f"files/{kept.sha256}") == b"kept"


def test_it_is_an_official_act(cast, client_for):
    archive_of(client_for(cast.hibari.administrator))
    with tenant_scope(cast.hibari.id):
        from kakehashi.journal.models import Event

        assert Event.objects.filter(code="site.government.taken_home").count() == 1


def test_the_right_to_take_everything_includes_its_proof(cast, client_for):
    archive_of(client_for(cast.hibari.administrator))
    with tenant_scope(cast.hibari.id):
        seal_events()
        Role.objects.filter(grants__person_id=cast.hibari.mayor.id).update(permissions=["site.government:take_home"])
    archive = archive_of(client_for(cast.hibari.mayor))
    assert "evidence.zip" in archive.namelist()


def test_the_page_is_reached_from_the_settings(cast, client_for):
    client = client_for(cast.hibari.administrator)
    assert "/staff/take-home/" in client.get("/staff/people/").content.decode()
    assert client.get("/staff/take-home/").status_code == 200


def test_a_role_without_the_permission_is_refused(cast, client_for):
    with tenant_scope(cast.hibari.id):
        for role in Role.objects.all():
            role.permissions = [p for p in role.permissions if p != "site.government:take_home"]
            role.save()
    client = client_for(cast.hibari.clerk)
    assert client.post("/staff/take-home/").status_code == 403
    assert "/staff/take-home/" not in client.get("/staff/people/").content.decode()
