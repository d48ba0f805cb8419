"""`kakehashi import governments`: what the operator reads, line by line."""

import pytest
from click.testing import CliRunner

from kakehashi.governments.management.import_governments import import_governments
from kakehashi.governments.models import Government

pytestmark = pytest.mark.django_db

LINES = "pref,city,citykana,lgcode\n群馬県,前橋市,まえばしし,102016\n群馬県,高崎市,たかさきし,102025\n"


@pytest.fixture
def listing(tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(LINES.encode("cp932"))
    return str(file)


def run(*arguments):
    return CliRunner().invoke(import_governments, list(arguments))


def test_it_reports_and_names_the_broken_line(listing):
    result = run(listing)
    assert result.exit_code == 0
    assert "Shift_JIS" in result.output
    assert "新規1" in result.output
    assert "list.csv:3:" in result.output
    assert Government.objects.filter(name="前橋市").exists()


def test_a_dry_run_writes_nothing(listing):
    assert "取り込む予定" in run("--dry-run", listing).output
    assert not Government.objects.exists()


def test_without_a_file_the_list_comes_from_postal_data_before_a_population_is_given_to_it(tmp_path):
    census = tmp_path / "census.csv"
    census.write_text("area_code,area_name,population\n01202,函館市,251084\n", encoding="utf-8")
    assert "1959団体" in run("--population", str(census)).output
    assert Government.objects.get(code="012025").population == 251084


def test_a_file_that_is_no_list(tmp_path):
    file = tmp_path / "x.csv"
    file.write_bytes(b"a,b\n")
    result = run(str(file))
    assert result.exit_code == 1
    assert "団体コードの列" in result.output
