"""Memory at rest: who indexed keeps nothing of the dictionary, and cuts the next text as before."""

import re
from pathlib import Path

import pytest

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.mapped_files import let_go_of
from kakehashi.search.domain.tokens import let_go_of_dictionary, tokenise
from kakehashi.search.models import Entry
from kakehashi.search.services import index_text
from kakehashi.search.tasks import index_waiting_texts
from kakehashi.search.testing import a_kind

SMAPS = Path("/proc/self/smaps")
TEXT = "転入届の提出と児童手当の申請について、住民票の写しを添えて窓口までお越しください。"

pytestmark = pytest.mark.skipif(not SMAPS.exists(), reason="the system does not list what is mapped")


def kept_kilobytes():
    """What this process holds of the dictionary now."""
    whole = SMAPS.read_text()
    return sum(int(size) for size in re.findall(r"system\.dic\n(?:.*\n)*?Rss: +(\d+) kB", whole))


def test_words_are_cut_as_before():
    words = list(tokenise(TEXT))
    assert kept_kilobytes() > 500
    let_go_of_dictionary()
    assert kept_kilobytes() == 0
    assert list(tokenise(TEXT)) == words


def test_the_sweep_lets_go(town):
    index_text(government_id=town.id, kind=a_kind(), object_id=uuid7(), title="転入届", fields={"body": TEXT})
    index_waiting_texts(town.id)
    assert Entry.objects.get().number is not None
    assert kept_kilobytes() == 0


def test_what_is_not_mapped_is_no_error():
    assert let_go_of("no-such-file.dic") == 0
