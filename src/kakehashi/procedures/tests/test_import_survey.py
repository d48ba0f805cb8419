"""import_survey: real rows load fast, broken ones are named, the town's own words survive."""

import dataclasses
from pathlib import Path

import pytest

from kakehashi.journal.selectors import events_for
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.testing import Town
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.services import import_survey, undo_batch, update_procedure
from kakehashi.procedures.testing import survey_file


def test_a_row_becomes_a_procedure(town: Town) -> None:
    report = import_survey(actor=town.officer, data=survey_file())
    row = Procedure.objects.get()
    assert (report.read, report.created, report.problems) == (1, 1, [])
    assert (row.name, row.kind, row.kind_confirmed, row.volume) == ("転入届出", "notification", False, 4473575)
    assert (row.fee, row.life_events, row.legal_basis) == ("無料", ["moving"], "住民基本台帳法第22条第1項")


def test_unknown_volume_stays_unknown(town: Town) -> None:
    import_survey(actor=town.officer, data=survey_file({"総手続件数": "0"}))
    row = Procedure.objects.get()
    assert (row.volume, row.online_volume, row.volume_order) == (None, None, -1)


def test_broken_rows_are_named_and_the_rest_loads(town: Town) -> None:
    report = import_survey(actor=town.officer, data=survey_file({}, {"手続ID": "2", "総手続件数": "多数"}))
    assert report.created == 1
    assert [(each.line, each.survey_id) for each in report.problems] == [(3, "2")]


def test_only_the_wanted_place_of_filing(town: Town) -> None:
    rows = survey_file({}, {"手続ID": "2", "申請を提出する機関": "警察署"})
    report = import_survey(actor=town.officer, data=rows, institution="市役所・町村役場")
    assert (report.created, report.skipped) == (1, 1)


def test_a_second_time_changes_nothing(town: Town) -> None:
    import_survey(actor=town.officer, data=survey_file())
    report = import_survey(actor=town.officer, data=survey_file())
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)


def test_what_the_town_wrote_survives(town: Town) -> None:
    import_survey(actor=town.officer, data=survey_file())
    update_procedure(
        actor=town.officer,
        procedure=Procedure.objects.get(),
        values={"name": "転入届", "kind": "request", "volume": 120},
    )
    report = import_survey(actor=town.officer, data=survey_file({"総手続件数": "5000000"}))
    row = Procedure.objects.get()
    assert report.updated == 1
    assert (row.name, row.kind, row.volume, row.survey["総手続件数"]) == ("転入届", "request", 120, "5000000")


def test_one_act_one_event(town: Town) -> None:
    import_survey(actor=town.officer, data=survey_file())
    here = current_government_id()
    (event,) = events_for(here)
    assert (event.code, event.payload["created"]) == ("procedures.survey.imported", 1)


def test_not_a_survey(town: Town) -> None:
    for data in (b"", b"a,b\n1,2\n", b"\x81", b"\x00" * 100):
        with pytest.raises(DomainError):
            import_survey(actor=town.officer, data=data)


def test_permission_is_needed(town: Town) -> None:
    nobody = dataclasses.replace(town.clerk, permissions=frozenset())
    with pytest.raises(PermissionRefused):
        import_survey(actor=nobody, data=survey_file())


def test_five_thousand_rows_tell_their_progress(town: Town) -> None:
    rows = [{"手続ID": str(number), "手続名": f"第{number}号の許可の申請"} for number in range(5_005)]
    seen: list[int] = []
    report = import_survey(actor=town.officer, data=survey_file(*rows), progress=lambda done, total: seen.append(done))
    assert report.created == 5_005
    assert seen[-1] == 5_005


def test_taken_back_as_a_whole(town: Town) -> None:
    report = import_survey(actor=town.officer, data=survey_file({}, {"手続ID": "2", "手続名": "死亡届"}))
    assert report.batch is not None
    again = import_survey(actor=town.officer, data=survey_file({}, {"手続ID": "2", "手続名": "死亡届出"}))
    assert again.batch is not None
    undo_batch(actor=town.officer, batch=again.batch)
    procedure = Procedure.objects.get(survey_id="2")
    assert (procedure.name, procedure.survey["手続名"]) == ("死亡届", "死亡届")
    undo_batch(actor=town.officer, batch=report.batch)
    assert not Procedure.objects.exists()


def test_parquet(town: Town, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    (tmp_path / "survey.csv").write_bytes(survey_file({"オンライン化率": "0.0"}))
    with duckdb.connect(":memory:") as writer:
        rows = f"read_csv('{tmp_path}/survey.csv', all_varchar = true, header = true)"
        writer.execute(f"COPY (SELECT * FROM {rows}) TO '{tmp_path}/survey.parquet' (FORMAT parquet)")
    content = (tmp_path / "survey.parquet").read_bytes()
    assert import_survey(actor=town.officer, data=content, institution="市役所・町村役場").created == 1
    assert import_survey(actor=town.officer, data=(tmp_path / "survey.csv").read_bytes()).unchanged == 1
    with pytest.raises(DomainError, match="読めません"):
        import_survey(actor=town.officer, data=content[:200])
