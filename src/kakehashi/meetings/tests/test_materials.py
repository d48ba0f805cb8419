"""attach_material, replace_material, remove_material, and notes that survive all of it."""

import hashlib

import pytest

from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings import selectors, services
from kakehashi.meetings.models import Material, MaterialVersion, Note
from kakehashi.meetings.testing import small_meeting, small_pdf
from kakehashi.notices.models import Notice

INDEX = "/staff/meetings/"
BUDGET, WINDOW, STAFF = (
    "予算の概要を説明します。令和九年度",
    "窓口の時間を変えます。午後七時まで",
    "職員の研修を行います。年に四回",
)


def kept(actor, *pages, name="資料.pdf"):
    return store_file(actor=actor, name=name, content=small_pdf(*pages), purpose="meetings.material")


def attach(town, small, *pages, **more):
    return services.attach_material(actor=town.clerk, item=small.item, title="", file=kept(town.clerk, *pages), **more)


@pytest.fixture
def small(town):
    return small_meeting(town)


def test_a_presenter_attaches_and_pages_are_counted(town, small):
    material = attach(town, small, BUDGET, WINDOW)
    version = MaterialVersion.objects.get()
    assert (material.title, version.page_count, version.frozen_at) == ("資料.pdf", 2, None)
    assert "予算の概要" in selectors.page_text(version, 1)


def test_who_may_not_attach(town, small):
    with pytest.raises(PermissionRefused):
        services.attach_material(actor=town.manager, item=small.item, title="", file=kept(town.manager, BUDGET))


def test_what_is_no_pdf_is_refused(town, small):
    broken = store_file(actor=town.clerk, name="壊れた.pdf", content=b"%PDF-1.7\nnothing", purpose="meetings.material")
    with pytest.raises(DomainError, match="PDFとして開けません"):
        services.attach_material(actor=town.clerk, item=small.item, title="", file=broken)


def test_distribution_freezes_with_the_digest(town, small):
    attach(town, small, BUDGET)
    services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    version = MaterialVersion.objects.get()
    assert version.frozen_at is not None
    told = Event.objects.get(code="meetings.meeting.distributed").payload["materials"]
    assert told == [{"name": "資料.pdf", "sha256": hashlib.sha256(small_pdf(BUDGET)).hexdigest()}]


def test_before_distribution_it_is_replaced_and_removed_in_silence(town, small):
    material = attach(town, small, BUDGET)
    services.replace_material(actor=town.clerk, material=material, file=kept(town.clerk, WINDOW))
    assert not Event.objects.filter(code="meetings.material.replaced").exists()
    services.remove_material(actor=town.clerk, material=material)
    assert (Material.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_replacement_is_seen_by_everybody_and_notes_stay(town, small):
    material = attach(town, small, BUDGET, WINDOW, STAFF)
    services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    old = MaterialVersion.objects.get()
    for page, body in ((2, "時間を聞く"), (3, "講師は誰か")):
        services.write_note(actor=town.mayor, version=old, page=page, body=body)
    with pytest.raises(DomainError, match="理由"):
        services.replace_material(actor=town.clerk, material=material, file=kept(town.clerk, BUDGET, WINDOW))
    new = kept(town.clerk, BUDGET, "付け足したページです", WINDOW)
    services.replace_material(actor=town.clerk, material=material, file=new, reason="数字の誤り")
    payload = Event.objects.get(code="meetings.material.replaced").payload
    assert (payload["reason"], payload["before"], payload["after"]) == ("数字の誤り", old.sha256, new.sha256)
    assert Notice.objects.filter(kind="meetings.changed").count() == 2
    opened = selectors.open_material(town.mayor, material.id)
    found = selectors.notes_on(town.mayor, opened)
    assert {page: [note.body for note in notes] for page, notes in found.by_page.items()} == {3: ["時間を聞く"]}
    assert [note.body for note in found.tray] == ["講師は誰か"]
    assert [one.number for one in opened.versions] == [1, 2]
    with pytest.raises(DomainError, match="消せません"):
        services.remove_material(actor=town.clerk, material=material)


def test_the_same_file_is_no_replacement(town, small):
    material = attach(town, small, BUDGET)
    with pytest.raises(DomainError, match="同じ"):
        services.replace_material(actor=town.clerk, material=material, file=kept(town.clerk, BUDGET))


def test_notes_are_their_writers_alone(town, small):
    material = attach(town, small, BUDGET)
    services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    version = MaterialVersion.objects.get()
    note = services.write_note(actor=town.mayor, version=version, page=9, body="メモ")
    assert note.page == 1
    assert selectors.notes_on(town.manager, selectors.open_material(town.manager, material.id)).by_page == {}
    for wrong in (
        lambda: services.write_note(actor=town.manager, version=version, page=1, body="x", note_id=note.id),
        lambda: services.remove_note(actor=town.manager, note_id=note.id),
    ):
        with pytest.raises(NotFound):
            wrong()
    services.write_note(actor=town.mayor, version=version, page=1, body="直した", note_id=note.id)
    services.remove_note(actor=town.mayor, note_id=note.id)
    assert not Note.objects.exists()
    assert not Event.objects.filter(subject_kind="meetings.note").exists()


def test_members_wait_for_distribution(town, small):
    material = attach(town, small, BUDGET)
    with pytest.raises(NotFound):
        selectors.open_material(town.mayor, material.id)
    services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    assert selectors.open_material(town.mayor, material.id).newest.page_count == 1


@pytest.fixture
def given_out(cast):
    town = cast.hibari
    with tenant_scope(town.id):
        small = small_meeting(town)
        material = attach(town, small, BUDGET, WINDOW)
        services.distribute_meeting(actor=town.officer, meeting=small.meeting)
        return small, material, MaterialVersion.objects.get()


def test_reading_pages(cast, client_for, given_out):
    _, material, version = given_out
    client, page = client_for(cast.hibari.mayor), f"{INDEX}materials/{material.id}/"
    shown = client.get(f"{page}?page=2").content.decode()
    assert "窓口の時間" in shown
    assert version.sha256 in shown
    picture = client.get(f"{INDEX}versions/{version.id}/pages/2.webp")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/webp", b"RIFF")
    assert client.get(f"{INDEX}versions/{version.id}/pages/3.webp").status_code == 404
    taken = client.get(f"/staff/files/{version.stored_file_id}")
    assert b"".join(taken.streaming_content).startswith(b"%PDF")
    assert client.get(f"{page}?page=x").status_code == 200


def test_notes_on_the_page(cast, client_for, given_out):
    small, material, version = given_out
    client, page = client_for(cast.hibari.mayor), f"{INDEX}materials/{material.id}/"
    assert client.post(f"{page}notes/", {"page": 2, "version": version.id, "body": " "}).status_code == 422
    sent = {"page": 2, "version": version.id, "body": "聞くこと"}
    assert client.post(f"{page}notes/", sent).url.endswith(f"{page}?page=2")
    assert "聞くこと" in client.get(f"{page}?page=2").content.decode()
    assert "聞くこと" in client.get(f"{INDEX}{small.meeting.id}/notes/").content.decode()
    assert "聞くこと" not in client_for(cast.hibari.manager).get(f"{page}?page=2").content.decode()
    with tenant_scope(cast.hibari.id):
        note = Note.objects.get()
    assert client_for(cast.hibari.manager).post(f"{page}notes/{note.id}/remove/").status_code == 404
    assert client.post(f"{page}notes/{note.id}/remove/", {"page": 2}).status_code == 302


def test_strangers_read_nothing(cast, client_for, given_out):
    small, material, version = given_out
    with tenant_scope(cast.hibari.id):
        services.edit_item(actor=cast.hibari.officer, item=small.item, changes={"is_confidential": True})
    for actor in (cast.misaki.mayor, cast.hibari.administrator):
        client = client_for(actor)
        assert client.get(f"{INDEX}materials/{material.id}/").status_code == 404
        assert client.get(f"{INDEX}versions/{version.id}/pages/1.webp").status_code == 404
        assert client.get(f"/staff/files/{version.stored_file_id}").status_code == 404


def test_bringing_a_file_on_the_page(cast, client_for, given_out):
    from django.core.files.uploadedfile import SimpleUploadedFile

    small, material, _ = given_out
    client = client_for(cast.hibari.clerk)

    def sent(*pages):
        return SimpleUploadedFile("新しい.pdf", small_pdf(*pages), content_type="application/pdf")

    path = f"{INDEX}items/{small.item.id}/materials/new/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"title": "追加"}).status_code == 422
    assert client.post(path, {"title": "追加", "file": sent(STAFF)}).status_code == 302
    path = f"{INDEX}materials/{material.id}/replace/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"file": sent(WINDOW)}).status_code == 422
    assert client.post(path, {"file": sent(WINDOW), "reason": "図の差し替え"}).status_code == 302
    assert "図の差し替え" in client_for(cast.hibari.mayor).get(f"{INDEX}materials/{material.id}/").content.decode()
    assert client_for(cast.hibari.mayor).post(path, {"reason": "x"}).status_code == 403
    assert "消せません" in client.post(f"{INDEX}materials/{material.id}/remove/", follow=True).content.decode()
