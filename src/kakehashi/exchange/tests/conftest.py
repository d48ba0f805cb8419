import pytest

from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.testing import paired_with_far_side


@pytest.fixture
def homes(settings, tmp_path):
    """Folders of this installation that no other test sees."""
    settings.EXCHANGE_KEYS = tmp_path / "keys"
    settings.EXCHANGE_QUARANTINE = tmp_path / "quarantine"
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path


@pytest.fixture
def far(town, homes):
    """ひばり町 as the staff side, paired with a public side in memory."""
    return paired_with_far_side(town.id, Side.STAFF)
