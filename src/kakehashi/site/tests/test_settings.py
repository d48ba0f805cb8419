"""The settings: one place, typed, and loud about what it cannot read."""

import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from kakehashi.site import config
from kakehashi.site.cli import main
from kakehashi.site.config import BadConfiguration, load


def read(tmp_path: Path, **given: str):
    return load({"KAKEHASHI_HOME": str(tmp_path), **{f"KAKEHASHI_{name}": value for name, value in given.items()}})


def test_only_the_settings_read_the_environment():
    package = Path(config.__file__).parents[1]
    readers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"environ\.get\(|environ\[[^\]]+\](?! =)|getenv", path.read_text()) and "tests" not in path.parts
    }
    # The embedded database's programs get a bare environment; serve hands its options on by it; wsgi reads the request's own;
    # the console's commands note who became root by sudo. The example of a receiver is a program of its own.
    known = {
        "site/settings_test.py",
        "site/embedded.py",
        "site/cli/console.py",
        "site/cli/serve.py",
        "site/cli/eval_search.py",
        "site/static/site/webhook_receiver.py",
        "site/wsgi.py",
    }
    assert readers <= known


def test_an_unknown_name_stops_the_start_with_the_nearest_known_one(tmp_path):
    with pytest.raises(BadConfiguration, match=r"KAKEHASHI_BASE_ULR — did you mean KAKEHASHI_BASE_URL\?"):
        read(tmp_path, BASE_ULR="https://a.example")
    with pytest.raises(BadConfiguration, match=r"did you mean KAKEHASHI_TRUSTED_PROXIES\?"):
        read(tmp_path, TRUSTED_PROXY="1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("SURFACE", "both"),
        ("BASE_URL", "kakehashi.example"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("OFFICE_NETWORKS", "the town hall"),
        ("SCANNER", "http://127.0.0.1"),
        ("CONTENT_STORE", "s3://key:secret@host"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(tmp_path, name, value):
    with pytest.raises(BadConfiguration, match=f"KAKEHASHI_{name} is"):
        read(tmp_path, **{name: value})


def test_values_have_types(tmp_path):
    found = read(tmp_path, TRUSTED_PROXIES="127.0.0.1, 10.1.0.0/16", DEBUG="on", BASE_URL="https://a.example/")
    assert [str(network) for network in found.trusted_proxies] == ["127.0.0.1/32", "10.1.0.0/16"]
    assert (found.debug, found.demo, found.base_url, found.https) == (True, False, "https://a.example", True)


def test_the_secret_is_made_at_the_first_start_and_only_its_owner_reads_it(tmp_path):
    first = read(tmp_path).secret_key
    path = tmp_path / "keys" / "secret_key"
    assert len(first) >= 60
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read(tmp_path).secret_key == first


@pytest.mark.parametrize("bad", ["tiles", "https://x/{z}.png", "javascript:{z}{x}{y}", "https://x y/{z}/{x}/{y}"])
def test_the_address_of_a_map_is_judged(tmp_path, bad):
    with pytest.raises(BadConfiguration, match="KAKEHASHI_MAP_TILES is"):
        read(tmp_path, MAP_TILES=bad)
    assert read(tmp_path, MAP_TILES="https://tiles.example.jp/{z}/{x}/{y}.png").map_tiles.startswith("https://tiles")


def test_on_the_command_line_it_is_said_in_words_and_not_as_a_fault_of_the_program(monkeypatch, tmp_path):
    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path))
    monkeypatch.setenv("KAKEHASHI_BASE_ULR", "x")
    said = CliRunner().invoke(main, ["backup", "list"])
    assert said.exit_code == 1
    assert "did you mean KAKEHASHI_BASE_URL?" in said.output
    assert "docs/operate/settings.md" in said.output
    assert "Traceback" not in said.output
