"""What becomes of a bundle that comes to the staff side."""

import datetime as dt

import pytest

from kakehashi.exchange.adapters.quarantine import open_quarantine
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.hooks import ItemKind, NotYet, Waiting, Written
from kakehashi.exchange.models import FileCheck, IncomingBundle, IncomingItem, OutgoingBundle, OutgoingItem, Peer
from kakehashi.exchange.selectors import missing_sequences, standing
from kakehashi.exchange.services import ask_again, read_bundle, retry_items, write_bundle
from kakehashi.exchange.testing import carried, carried_file, paired_with_far_side
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.files.testing import PURPOSE, docx
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.ids import uuid7

BOTH = frozenset(Side)


class Box:
    """A kind of thing for these tests: what came, and what waits to go."""

    def __init__(self):
        self.came, self.going, self.needs = [], [], set()

    def apply(self, arrived):
        if arrived.data.get("needs") and arrived.data["needs"] not in [each["name"] for each in self.came]:
            raise NotYet("先の一件を待っています。")
        if arrived.data.get("bad"):
            raise DomainError("取り込めません。")
        self.came.append({"name": arrived.data["name"], "revision": arrived.revision})

    def pending(self, limit):
        sent = set(OutgoingItem.objects.filter(kind="exchange.box", is_waiting=False).values_list("item_id", flat=True))
        return [Waiting(each) for each in self.going if each not in sent][:limit]


@pytest.fixture
def box(monkeypatch):
    made = Box()
    kind = ItemKind(
        "試験",
        1,
        BOTH,
        made.pending,
        lambda: len(made.pending(99)),
        lambda _: Written({"name": "x"}, clock.now()),
        made.apply,
    )
    kinds = {"exchange.box": kind}
    monkeypatch.setattr("kakehashi.exchange.services.items.item_kind", kinds.get)
    monkeypatch.setattr("kakehashi.exchange.services.writing.kinds", lambda: list(kinds.items()))
    monkeypatch.setattr("kakehashi.exchange.selectors.kinds", lambda: list(kinds.items()))
    return made


def thing(name="一", revision=1, item_id=None, files=(), **data):
    return carried("exchange.box", item_id or uuid7(), {"name": name, **data}, revision, files)


def read(town, content, actor=None):
    return read_bundle(actor=actor or town.officer, content=content, via="file")


def test_a_bundle_is_read_and_recorded(town, far, box):
    receipt = read(town, far.bundle(thing()))
    assert (receipt.outcome, receipt.applied) == ("read", 1)
    assert box.came == [{"name": "一", "revision": 1}]
    assert Event.objects.filter(code="exchange.bundle.read").count() == 1
    assert IncomingItem.objects.get().data == {}


def test_the_same_bundle_again_changes_nothing_and_is_counted(town, far, box):
    content = far.bundle(thing())
    read(town, content)
    assert read(town, content).outcome == "already"
    assert len(box.came) == 1
    assert IncomingBundle.objects.get().again == 1
    assert Event.objects.filter(code="exchange.bundle.repeated").exists()


@pytest.mark.parametrize("spoil", [lambda c: c[:-3] + b"abc", lambda c: b"x" + c, lambda c: c[:40], lambda c: b""])
def test_a_bad_bundle_is_refused_and_recorded(town, far, box, spoil):
    receipt = read(town, spoil(far.bundle(thing())))
    assert receipt.is_refused
    assert IncomingBundle.objects.get().reason == receipt.message
    assert Event.objects.filter(code="exchange.bundle.refused").count() == 1
    assert box.came == []


def test_another_towns_bundle_is_refused(town, far, box, cast, homes):
    from kakehashi.exchange.testing import card_of, new_keys

    keys = new_keys()
    far.keys, far.card = keys, card_of(keys, Side.PUBLIC, cast.misaki.government.code)
    receipt = read(town, far.bundle(thing()))
    assert (receipt.code, "ほかの団体" in receipt.message) == ("government", True)


def test_a_flood_of_bad_bundles_does_not_fill_the_table(town, far, monkeypatch):
    monkeypatch.setattr("kakehashi.exchange.services.reading._MOST_REFUSED_AN_HOUR", 2)
    for _ in range(4):
        read(town, b"rubbish")
    assert IncomingBundle.objects.count() == 2


def test_an_item_waits_for_what_it_needs(town, far, box):
    second = far.bundle(thing("二", needs="一"))
    assert read(town, second).waiting == 1
    assert standing().held == 1
    read(town, far.bundle(thing("一")))
    assert [each["name"] for each in box.came] == ["一", "二"]


def test_an_older_revision_never_replaces_a_newer_one(town, far, box):
    same = uuid7()
    read(town, far.bundle(thing("新", 2, same)))
    read(town, far.bundle(thing("旧", 1, same)))
    assert box.came == [{"name": "新", "revision": 2}]


@pytest.mark.parametrize(
    "item", [thing(bad=True), carried("exchange.unknown", uuid7(), {}), carried("exchange.box", uuid7(), {})]
)
def test_one_bad_item_never_stops_the_others(town, far, box, item):
    receipt = read(town, far.bundle(item, thing("良い")))
    assert (receipt.refused, receipt.applied) == (1, 1)
    assert Event.objects.filter(code="exchange.item.refused").count() == 1


def test_refused_items_can_be_tried_again_after_mending(town, far, box):
    read(town, far.bundle(thing("二", needs="一"), thing(bad=True)))
    box.came.append({"name": "一"})
    assert retry_items(actor=town.officer) == 1


def test_lost_bundles_are_noticed_and_sent_again(town, far, box):
    box.going = [uuid7()]
    first, _ = write_bundle(actor=town.officer, via="file")
    second, _ = write_bundle(actor=town.officer, via="file")
    assert (first.item_count, second.item_count) == (1, 0)
    read(town, far.bundle(received=(second.id,)))
    first.refresh_from_db()
    assert first.given_up_at is not None
    third, _ = write_bundle(actor=town.officer, via="file")
    assert third.item_count == 1
    assert OutgoingItem.objects.get().revision == 1


def test_a_bundle_that_is_asked_for_goes_out_again(town, far, box):
    box.going = [uuid7()]
    first, _ = write_bundle(actor=town.officer, via="file")
    read(town, far.bundle(missing=(first.sequence,)))
    assert standing().waiting_total == 1


def test_a_late_receipt_spares_the_second_sending(town, far, box):
    box.going = [uuid7()]
    first, _ = write_bundle(actor=town.officer, via="file")
    assert ask_again(actor=town.officer, bundle=first) == 1
    assert ask_again(actor=town.officer, bundle=first) == 0
    read(town, far.bundle(received=(first.id,)))
    assert standing().waiting_total == 0


def test_missing_numbers_are_named(town, far, box):
    far.sequence = 2
    read(town, far.bundle(thing()))
    assert missing_sequences(Peer.objects.get().given_up) == [1, 2]
    read(town, far.bundle(given_up=(1,)))
    assert missing_sequences(Peer.objects.get().given_up) == [2]


def with_file(far, name, content):
    file = carried_file(name, content, PURPOSE)
    return file, far.bundle(thing(files=[file]), contents={file.sha256: content})


def test_a_macro_goes_into_quarantine_sealed_and_is_told(town, far, box, homes):
    original = docx(with_macro=True)
    file, bundle = with_file(far, "見積.docx", original)
    read(town, bundle)
    check = FileCheck.objects.get()
    assert check.is_refused
    stored = StoredFile.objects.get(id=file.id)
    assert stored.name.endswith("（隔離しました）.txt")
    assert "マクロ" in read_file(stored).decode()
    sealed = next((homes / "quarantine").rglob("*.sealed"))
    assert original not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o077 == 0
    assert open_quarantine(town.government.code, check.quarantine) == original


def test_a_clean_file_is_stored_under_its_id_and_nothing_is_told(town, far, box):
    file, bundle = with_file(far, "写し.docx", docx())
    read(town, bundle)
    assert StoredFile.objects.get(id=file.id).name == "写し.docx"
    assert not FileCheck.objects.exists()


def test_the_public_side_keeps_letters_as_they_are(town, homes, box):
    far = paired_with_far_side(town.id, Side.PUBLIC)
    content = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    file, bundle = with_file(far, "通知書.pdf", content)
    read(town, bundle)
    assert read_file(StoredFile.objects.get(id=file.id)) == content


def test_a_government_that_is_not_split_reads_and_writes_nothing(town, homes):
    with pytest.raises(DomainError):
        read(town, b"")
    with pytest.raises(DomainError):
        write_bundle(actor=town.officer, via="file")
    assert standing() is None


def test_it_needs_the_permission(town, far):
    nobody = AnonymousActor(government_id=town.id)
    with pytest.raises(PermissionRefused):
        read(town, b"", nobody)
    with pytest.raises(PermissionRefused):
        write_bundle(actor=nobody, via="file")


def test_what_is_known_of_the_other_side_is_as_of_its_newest_bundle(town, far, box):
    late = far.bundle(waiting=9)
    with clock.frozen(clock.now() + dt.timedelta(minutes=1)):
        read(town, far.bundle(waiting=3))
    read(town, late)
    assert Peer.objects.get().their_waiting == 3


def test_everything_written_is_acknowledged_once_read(town, far, box):
    box.going = [uuid7()]
    bundle, _ = write_bundle(actor=town.officer, via="file")
    read(town, far.bundle(received=(bundle.id,)))
    assert OutgoingBundle.objects.get().acknowledged_at is not None
    assert standing().on_the_way == 0
