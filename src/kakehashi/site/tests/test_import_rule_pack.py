"""`kakehashi import rule-pack`: a shipped pack as a draft or in force, a workbook, and what is refused."""

from pathlib import Path

from click.testing import CliRunner, Result

from kakehashi.approvals.domain.packs import read_pack
from kakehashi.approvals.domain.packs.sheets import to_sheets
from kakehashi.approvals.models import RulePack
from kakehashi.kernel.tables import as_workbook
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.site.import_rule_pack import import_rule_pack


def run(*arguments: str) -> Result:
    return CliRunner().invoke(import_rule_pack, arguments)


def test_a_shipped_pack_is_put_in_force_on_a_day(cast: Cast) -> None:
    result = run("prefecture", "--government", "hibari", "--valid-from", "2027-04-01", "--edition", "令和9年訓令第1号")
    assert result.exit_code == 0, result.output
    assert "第1版を2027-04-01から施行します" in result.output
    with tenant_scope(cast.hibari.id):
        assert RulePack.objects.get().edition == "令和9年訓令第1号"


def test_a_workbook_becomes_a_draft_and_a_broken_one_nothing(cast: Cast, tmp_path: Path) -> None:
    sheets = to_sheets(read_pack("town"))
    whole, broken = tmp_path / "whole.xlsx", tmp_path / "broken.xlsx"
    whole.write_bytes(as_workbook(sheets))
    broken.write_bytes(as_workbook(sheets[1:]))
    assert "下書き「町の標準規程パック」を作りました" in run(str(whole), "--government", "990019").output
    result = run(str(broken), "--government", "hibari")
    assert result.exit_code == 1
    assert "シート「基本」1行目：シートがありません。" in result.output
    with tenant_scope(cast.hibari.id):
        assert RulePack.objects.count() == 1


def test_an_unknown_pack_or_government_is_refused(cast: Cast) -> None:
    assert "ひな形" in run("village", "--government", "hibari").output
    assert "団体が見つかりません" in run("town", "--government", "nowhere").output
