"""Vendored files are what their publishers released."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_vendor", ROOT / "scripts" / "check_vendor.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_vendored_files_match_the_manifest():
    assert _script().findings() == []


def test_a_changed_file_is_named(tmp_path):
    script = _script()
    copy = shutil.copytree(script.VENDOR, tmp_path / "vendor")
    (copy / "htmx-2.0.11" / "htmx.min.js").write_text("changed")
    assert script.findings(copy) == ["htmx-2.0.11/htmx.min.js: changed"]
