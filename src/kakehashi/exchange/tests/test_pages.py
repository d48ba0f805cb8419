"""外との受け渡し: the staff's pages."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import OutgoingBundle, Peer
from kakehashi.exchange.testing import card_of, new_keys
from kakehashi.files.models import ScanState, StoredFile
from kakehashi.kernel.tenancy import tenant_scope

INDEX = "/staff/exchange/"


def file(content, name="a.kkb"):
    return SimpleUploadedFile(name, content)


def test_a_town_that_is_not_split_is_told_so(town, homes, client_for):
    answer = client_for(town.officer).get(INDEX)
    assert "分かれていません" in answer.content.decode()


def test_the_page_shows_the_delay_and_what_waits(town, far, client_for):
    client = client_for(town.officer)
    client.post(INDEX + "read/", {"file": file(far.bundle(waiting=7))})
    page = client.get(INDEX).content.decode()
    assert "現在" in page
    assert "7<small>件" in page


def test_a_bundle_is_downloaded_and_opens_on_the_other_side(town, far, client_for):
    answer = client_for(town.officer).post(INDEX + "write/")
    assert "990019-staff-000001.kkb" in answer["Content-Disposition"]
    assert far.opened(answer.content).items == ()


def test_a_bad_bundle_is_refused_beside_the_field_and_stays_in_the_list(town, far, client_for):
    client = client_for(town.officer)
    answer = client.post(INDEX + "read/", {"file": file(b"x" * 300)})
    assert answer.status_code == 422
    assert "包みではありません" in answer.content.decode()
    assert "断った" in client.get(INDEX + "bundles/").content.decode()


def test_a_bundle_comes_in_parts_and_waits_for_the_scanner(town, far, client_for):
    """Carried bundles may be larger than a request may be: they come by the door of all large files and are let go of once read."""
    client, content = client_for(town.officer), far.bundle(waiting=7)
    page = client.get(INDEX).content.decode()
    headers = {"HTTP_X_UPLOAD_TICKET": re.search(r'data-upload-ticket="([^"]+)"', page)[1]}
    door = re.search(r'data-upload-url="/hibari([^"]+)"', page)[1]
    begun = client.post(door, {"name": "a.kkb", "size": len(content)}, **headers).json()
    client.post(f"{door}{begun['id']}/0/", content, content_type="application/octet-stream", **headers)
    receipt = client.post(f"{door}{begun['id']}/finish/", **headers).json()["receipt"]
    with tenant_scope(town.id):
        StoredFile.objects.update(scan_state=ScanState.WAITING)
    waits = client.post(INDEX + "read/", {"file.uploaded": receipt}, follow=True).content.decode()
    assert "検査が終わるのを待っています" in waits
    with tenant_scope(town.id):
        StoredFile.objects.update(scan_state=ScanState.CLEAN)
    assert client.post(INDEX + "read/", {"file.uploaded": receipt}).status_code == 302
    assert "7<small>件" in client.get(INDEX).content.decode()
    with tenant_scope(town.id):
        assert not StoredFile.objects.exists()
    assert client.post(INDEX + "read/", {"file.uploaded": "made up"}).status_code == 422


def test_a_lost_bundle_is_sent_again(town, far, client_for):
    client = client_for(town.officer)
    client.post(INDEX + "write/")
    bundle = OutgoingBundle.objects.get()
    assert client.post(f"{INDEX}bundles/{bundle.id}/again/").status_code == 302
    assert "送り直した" in client.get(INDEX + "bundles/?way=out").content.decode()
    assert client.post(INDEX + "retry/").status_code == 302


def test_the_ceremony_in_the_browser(town, homes, client_for):
    client = client_for(town.administrator)
    card = client.post(INDEX + "pairing/card/", {"side": "staff"})
    assert card["Content-Disposition"].startswith('attachment; filename="990019-staff-')
    theirs = card_of(new_keys(), Side.PUBLIC)
    wrong = {"card": file(theirs.to_text().encode(), "a.json"), "fingerprint": "0000"}
    assert client.post(INDEX + "pairing/", wrong).status_code == 422
    right = {"card": file(theirs.to_text().encode(), "a.json"), "fingerprint": theirs.fingerprint}
    assert client.post(INDEX + "pairing/", right).status_code == 302
    with tenant_scope(town.id):
        assert Peer.objects.get().side is Side.STAFF


def test_the_applicant_is_told_how_old_the_page_is(town, far, client_for):
    client = client_for(town)
    assert "現在です" not in client.get("/procedures/mine/").content.decode()
