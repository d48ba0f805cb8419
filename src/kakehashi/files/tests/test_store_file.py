"""Taking a file in."""

import pytest

from kakehashi.files.models import ScanState, StoredFile
from kakehashi.files.selectors import content_store, read_file
from kakehashi.files.services import discard_file, store_file
from kakehashi.files.testing import PDF, PNG, PURPOSE, docx
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.registry import UnknownKey
from kakehashi.people.testing import Town


def store(town: Town, name: str, content: bytes) -> StoredFile:
    return store_file(actor=town.clerk, name=name, content=content, purpose=PURPOSE)


def test_a_file_is_kept_and_read_back(town: Town) -> None:
    stored = store(town, "住民票.pdf", PDF)
    assert read_file(stored) == PDF
    assert (stored.media_type, stored.size, stored.scan_state) == ("application/pdf", len(PDF), ScanState.UNSCANNED)


def test_the_same_content_is_kept_once(town: Town) -> None:
    one, other = store(town, "a.pdf", PDF), store(town, "b.pdf", PDF)
    assert one.sha256 == other.sha256
    assert one.id != other.id


def test_discarding_one_leaves_the_other_readable(town: Town) -> None:
    one, other = store(town, "a.pdf", PDF), store(town, "b.pdf", PDF)
    discard_file(actor=town.clerk, stored_file=one)
    assert read_file(other) == PDF


def test_the_name_ends_in_what_the_content_is(town: Town) -> None:
    assert store(town, "写真.jpg", PNG).name == "写真.jpg.png"
    assert store(town, "一覧", "氏名\n".encode()).name == "一覧.txt"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("届.docx", docx(with_macro=True), "kind"),
        ("地図.svg", b"<svg/>", "kind"),
        ("届.pdf", docx(), "name"),
        ("大きい.pdf", PDF + b"0" * 2_000_001, "too_large"),
        ("空.pdf", b"", "kind"),
    ],
)
def test_a_refused_file_says_why_and_leaves_nothing(town: Town, name: str, content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        store(town, name, content)
    assert refused.value.code == code
    assert name in refused.value.message
    assert not StoredFile.objects.exists()
    assert not list((content_store().root / "incoming").iterdir())


def test_an_infected_file_is_not_kept(town: Town, settings: pytest.FixtureRequest) -> None:
    settings.FILES_SCANNER = "kakehashi.files.adapters.scanner.FakeScanner"  # type: ignore[attr-defined]
    with pytest.raises(DomainError, match="ウイルス"):
        store(town, "a.txt", b"X5O!P%@AP EICAR-STANDARD-ANTIVIRUS-TEST-FILE!")
    assert store(town, "b.txt", b"hello").scan_state == ScanState.CLEAN


def test_an_unknown_purpose_is_a_mistake_of_ours(town: Town) -> None:
    with pytest.raises(UnknownKey):
        store_file(actor=town.clerk, name="a.pdf", content=PDF, purpose="nobody.knows")
