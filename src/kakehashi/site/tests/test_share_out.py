"""A section that is split: one default, exceptions by hand and by rule, one act, taken back until the eve."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kakehashi.cases.models import Case
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.people import hooks
from kakehashi.people.domain.shares import EVERY
from kakehashi.people.models import Department
from kakehashi.people.selectors.reorganisations import comparison_of, reorganised
from kakehashi.people.services import (
    apply_reorganisation,
    cancel_reorganisation,
    carry_due,
    share_out,
    take_share_back,
)
from kakehashi.records.models import RecordFile
from kakehashi.records.testing import filed, with_schedule
from kakehashi.site.tests.test_apply_reorganisation import BEFORE, FIRST_SECOND, open_case, planned

TABLE = "所属コード,所属,文書記号\n01,総務課,総\n02,住民生活課,民\n05,戸籍課,戸\n"


@pytest.fixture(autouse=True)
def _in_march():
    with clock.frozen(BEFORE):
        yield


def case_of(town, subject):
    case = open_case(town)
    Case.objects.filter(id=case.id).update(subject=subject)
    return case


def shared(town, row, **changes):
    values = {
        "code": "cases.open",
        "subject_id": town.department.id,
        "subject_label": "住民課",
        "heir": "05",
        **changes,
    }
    return share_out(actor=town.administrator, reorganisation=row, **values)


def where(case):
    return Case.objects.select_related("department").get(id=case.id).department.name


def carried(town, row):
    row.refresh_from_db()
    apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)
    with clock.frozen(FIRST_SECOND):
        carry_due(government_id=town.id)


def test_a_row_chosen_by_hand_goes_before_a_rule_and_a_rule_before_the_default(town):
    chosen, ruled, rest = case_of(town, "戸籍の相談"), case_of(town, "戸籍の届"), case_of(town, "転入届")
    row = planned(town, TABLE)
    shared(town, row, words="戸籍")
    shared(town, row, row_ids=[chosen.id], heir="01")
    found = hooks.reorganisation_findings(reorganised(row, comparison_of(row)))
    said = next(each for each in found if each.code == "cases.open")
    assert said.proposal.startswith("1件は戸籍課へ移ります。1件は総務課へ移ります。残る1件：")
    later = case_of(town, "戸籍の証明")
    carried(town, row)
    assert [where(each) for each in (chosen, ruled, later, rest)] == ["総務課", "戸籍課", "戸籍課", "住民生活課"]


def test_a_section_that_stays_gives_a_part_away(town):
    goes, stays = case_of(town, "戸籍の届"), case_of(town, "転入届")
    row = planned(town, "所属コード,所属,文書記号\n01,総務課,総\n02,住民課,住\n05,戸籍課,戸\n")
    shared(town, row, code=EVERY, words="戸籍")
    carried(town, row)
    assert [where(each) for each in (goes, stays)] == ["戸籍課", "住民課"]


def test_everything_shared_out_needs_no_default(town):
    case = case_of(town, "戸籍の届")
    row = planned(town, "所属コード,所属,文書記号\n01,総務課,総\n05,戸籍課,戸\n")
    with pytest.raises(DomainError):
        apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)
    share = shared(town, row, row_ids=[case.id])
    take_share_back(actor=town.administrator, share=share)
    shared(town, row, row_ids=[case.id])
    carried(town, row)
    assert where(case) == "戸籍課"


def test_it_is_taken_back_until_the_eve_and_not_changed_once_applied(town):
    case = case_of(town, "戸籍の届")
    row = planned(town, TABLE)
    share = shared(town, row, row_ids=[case.id])
    row.refresh_from_db()
    apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)
    with pytest.raises(Stale):
        take_share_back(actor=town.administrator, share=share)
    cancel_reorganisation(actor=town.administrator, reorganisation=row)
    take_share_back(actor=town.administrator, share=share)
    assert where(case) == "住民課"


def test_a_heir_that_the_plan_lost_stops_the_act(town):
    row = planned(town, TABLE)
    shared(town, row, words="戸籍")
    row.plan["departments"] = [each for each in row.plan["departments"] if each["code"] != "05"]
    row.revision += 1
    row.save()
    with pytest.raises(DomainError):
        apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)


def test_two_files_of_one_kind_and_year_become_two_volumes(town):
    mine = filed(with_schedule(town)).record_file
    theirs = Department.objects.exclude(id=town.department.id).get()
    RecordFile.objects.create(
        record_class=mine.record_class,
        standard_file=mine.standard_file,
        name=mine.name,
        record_fiscal_year=mine.record_fiscal_year,
        department=theirs,
        clause=mine.clause,
    )
    row = planned(town, "所属コード,所属,文書記号\n01,総務課,総\n05,戸籍課,戸\n")
    shared(town, row, code="records.files", row_ids=[mine.id], heir="01")
    carried(town, row)
    mine.refresh_from_db()
    assert (mine.department_id, mine.volume) == (theirs.id, 2)


def test_the_pages_share_out_and_take_back(town, client_for):
    case = case_of(town, "戸籍の届")
    row = planned(town, TABLE)
    client = client_for(town.administrator)
    rows = reverse("people-staff:reorganisation-rows", args=[row.id, "cases.open", town.department.id])
    assert client.post(rows, {"heir": "05"}).status_code == 422
    assert client.post(rows, {"heir": "05", "row": str(case.id)}).status_code == 302
    assert "引継ぎ先：戸籍課" in client.get(rows).content.decode()
    holdings = reverse("people-staff:reorganisation-holdings", args=[row.id, town.department.id])
    assert client.post(holdings, {"heir": "05", "words": "届"}).status_code == 302
    assert "処理中の案件" in client.get(holdings).content.decode()
    main = reverse("people-staff:reorganisation", args=[row.id])
    page = client.get(main).content.decode()
    assert "選んだ1件" in page
    for share in row.shares.all():
        client.post(reverse("people-staff:reorganisation-share-remove", args=[row.id, share.id]))
    assert "選んだ1件" not in client.get(main).content.decode()
    assert client_for(town.clerk).get(holdings).status_code == 403
