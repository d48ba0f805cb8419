"""Every text a resident can meet exists in やさしい日本語 and English, finished and compiled."""

import importlib.util
from pathlib import Path
from types import ModuleType

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


messages = _script()


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("room", messages.rooms())
def test_no_message_is_missing_or_fuzzy(room, language):
    assert messages.missing(room, language) == []


@pytest.mark.parametrize("path", sorted(messages.PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po")), ids=str)
def test_compiled_catalogue_is_of_today(path):
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(path.with_suffix(".mo")))}
    source = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if messages._complete(entry)}
    assert compiled == source


def test_a_missing_message_is_found(monkeypatch):
    monkeypatch.setattr(messages, "wanted", lambda room: {(None, "だれも訳していない文", None)})
    assert messages.missing("kernel", "en") == ["だれも訳していない文"]
