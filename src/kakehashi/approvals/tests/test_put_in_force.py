"""Versions of the rules: drafted, put in force on a day, frozen, followed by the next, called off before their day."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from kakehashi.approvals.domain.numbering import ResetPolicy, SeriesKind
from kakehashi.approvals.domain.packs import read_pack
from kakehashi.approvals.models import AuthorityRule, Matter, RulePack
from kakehashi.approvals.selectors import (
    active_matters,
    consult_policy,
    deciding_rule,
    deputies_for,
    disposal_stages,
    label,
    number_series,
    pack_on,
    retention_of,
)
from kakehashi.approvals.services import (
    begin_rule_pack,
    call_off_rule_pack,
    change_rule_pack,
    discard_rule_pack,
    install_rule_pack,
    put_in_force,
    remove_pack_row,
    save_pack_row,
)
from kakehashi.approvals.services.packs import bring_in_due_packs
from kakehashi.approvals.testing import with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.people.models import Post
from kakehashi.people.testing import Town
from kakehashi.records.selectors import standard_file_for

NOW = dt.datetime(2026, 11, 1, 3, tzinfo=dt.UTC)
APRIL = dt.date(2027, 4, 1)


@pytest.fixture
def ruled(town: Town):
    with clock.frozen(NOW):
        yield with_rules(town)


def revised(town: Town, **limits: int) -> RulePack:
    """A draft in which the 課長 decides grants up to 300,000 yen, and a matter has another name."""
    document = read_pack("town")
    rows = [dict(row) for row in document.rows("rules")]
    for row in rows:
        if row["matter"] == "disposition.grant":
            row["high"] = 300_000 if row["high"] == 500_000 else row["high"]
            row["low"] = 300_000 if row["low"] == 500_000 else row["low"]
            row["clause"] = row["clause"].replace("第4項", "第4項の2")
    matters = [
        dict(row) | ({"name": "補助金の交付"} if row["code"] == "disposition.grant" else {})
        for row in document.rows("matters")
    ]
    classes = [row for row in document.rows("classes") if row["code"] != "D-03"]
    document = document.with_rows("rules", rows).with_rows("matters", matters).with_rows("classes", classes)
    return begin_rule_pack(actor=town.administrator, document=document)


def test_the_rule_of_the_day_is_the_rule_of_its_version(ruled: Town) -> None:
    put_in_force(actor=ruled.administrator, pack=revised(ruled), valid_from=APRIL, edition="令和9年訓令第4号")
    before = deciding_rule("disposition.grant", 400_000, ruled.department, dt.date(2027, 3, 31))
    after = deciding_rule("disposition.grant", 400_000, ruled.department, APRIL)
    assert before is not None
    assert after is not None
    assert (before.title.name, before.clause, before.pack.number) == ("課長", "事務決裁規程別表第1第4項(1)", 1)
    assert (after.title.name, after.clause, after.pack.number) == ("副町長", "事務決裁規程別表第1第4項の2(2)", 2)
    first, second = RulePack.objects.order_by("number")
    assert (first.valid_to, second.valid_from) == (dt.date(2027, 3, 31), APRIL)


def test_29_a_version_in_force_is_frozen_by_the_database(ruled: Town) -> None:
    version = RulePack.objects.get()
    for change in ({"digest": "x"}, {"document": {}}, {"number": 9}, {"valid_from": APRIL}, {"state": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RulePack.objects.filter(id=version.id).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        RulePack.objects.filter(id=version.id).delete()
    with pytest.raises(DomainError, match="変えられません"):
        change_rule_pack(actor=ruled.administrator, pack=version, document=read_pack("prefecture"))
    with pytest.raises(DomainError):
        discard_rule_pack(actor=ruled.administrator, pack=version)


def test_an_error_of_the_linter_forbids_it(ruled: Town) -> None:
    document = read_pack("town")
    broken = document.with_rows("rules", document.rows("rules")[1:])
    draft = begin_rule_pack(actor=ruled.administrator, document=broken)
    with pytest.raises(DomainError, match="「申込みの承諾・お断り」を決裁する者が"):
        put_in_force(actor=ruled.administrator, pack=draft, valid_from=APRIL)
    assert RulePack.objects.get(id=draft.id).is_draft


def test_no_version_begins_on_or_before_the_day_of_another(ruled: Town) -> None:
    with pytest.raises(DomainError, match="施行日は、その翌日以後"):
        put_in_force(actor=ruled.administrator, pack=revised(ruled), valid_from=dt.date(2020, 4, 1))


def test_the_matters_change_on_the_first_day_and_not_before(ruled: Town) -> None:
    put_in_force(actor=ruled.administrator, pack=revised(ruled), valid_from=APRIL)
    assert Matter.objects.get(code="disposition.grant").name == "補助金等の交付決定"
    assert bring_in_due_packs() == 0
    with clock.frozen(dt.datetime(2027, 3, 31, 15, 0, 1, tzinfo=dt.UTC)):
        assert bring_in_due_packs() == 1
        assert active_matters().get(code="disposition.grant").name == "補助金の交付"
        assert bring_in_due_packs() == 0


def test_a_class_that_is_gone_ends_with_the_version_before(ruled: Town) -> None:
    put_in_force(actor=ruled.administrator, pack=revised(ruled), valid_from=APRIL)
    assert standard_file_for("D-03", dt.date(2027, 3, 31)) is not None
    assert standard_file_for("D-03", APRIL) is None
    assert standard_file_for("C-03", APRIL) is not None


def test_a_version_is_called_off_before_its_day(ruled: Town) -> None:
    made = put_in_force(actor=ruled.administrator, pack=revised(ruled), valid_from=APRIL)
    with pytest.raises(DomainError, match="理由"):
        call_off_rule_pack(actor=ruled.administrator, pack=made.version, reason=" ")
    call_off_rule_pack(actor=ruled.administrator, pack=made.version, reason="議会の日程が延びたため")
    rule = deciding_rule("disposition.grant", 400_000, ruled.department, APRIL)
    assert rule is not None
    assert rule.title.name == "課長"
    assert AuthorityRule.objects.filter(pack=made.version).count() == 0
    assert AuthorityRule.objects.filter(valid_to__isnull=True).count() == len(read_pack("town").rules)
    with clock.frozen(dt.datetime(2027, 5, 1, tzinfo=dt.UTC)):
        assert standard_file_for("D-03", dt.date(2027, 5, 1)) is not None
        with pytest.raises(DomainError):
            call_off_rule_pack(actor=ruled.administrator, pack=RulePack.objects.get(number=1), reason="もう遅い")


def test_putting_in_force_is_an_event_with_the_digest(ruled: Town) -> None:
    version = RulePack.objects.get()
    event = events_for(version.id)[0]
    assert (event.code, event.payload["number"]) == ("approvals.rules.installed", 1)
    assert event.payload["digest"] == version.digest


def test_a_row_is_added_changed_and_taken_out(ruled: Town) -> None:
    draft = begin_rule_pack(actor=ruled.administrator, document="town")
    row = {"word": "issue", "label": "発送", "note": ""}
    with pytest.raises(DomainError, match="すでに呼び名の表"):
        save_pack_row(actor=ruled.administrator, pack=draft, part="labels", row=row, place=None, expected_revision=1)
    place = next(at for at, each in enumerate(read_pack("town").rows("labels")) if each["word"] == "issue")
    draft = save_pack_row(
        actor=ruled.administrator, pack=draft, part="labels", row=row, place=place, expected_revision=1
    )
    with pytest.raises(Stale):
        remove_pack_row(actor=ruled.administrator, pack=draft, part="labels", place=0, expected_revision=1)
    draft = remove_pack_row(actor=ruled.administrator, pack=draft, part="labels", place=0, expected_revision=2)
    assert draft.revision == 3
    discard_rule_pack(actor=ruled.administrator, pack=draft)
    assert RulePack.objects.count() == 1


def test_the_same_pack_again_changes_nothing(ruled: Town) -> None:
    assert install_rule_pack(actor=ruled.administrator, pack="town").new_rules == 0
    assert RulePack.objects.count() == 1


def test_only_who_may_manage_rules_does(ruled: Town, cast) -> None:
    from dataclasses import replace

    nobody = replace(ruled.clerk, permissions=frozenset())
    with pytest.raises(PermissionRefused):
        begin_rule_pack(actor=nobody, document="town")
    with pytest.raises(PermissionRefused):
        put_in_force(actor=nobody, pack=RulePack.objects.get(), valid_from=APRIL)


def test_what_the_pack_says_of_numbers_words_stages_and_retention(ruled: Town) -> None:
    day = clock.today()
    series = number_series(SeriesKind.PROPOSAL, ruled.department, day)
    assert series is not None
    assert (series.symbol, series.reset) == ("住起", ResetPolicy.FISCAL)
    assert label("registry") == "ファイル管理簿"
    assert [stage.post for stage in disposal_stages("destroy", day)] == ["課長", "総務課長", "副町長"]
    line = retention_of("C-03", day)
    assert line is not None
    assert (line.period, line.disposition) == ("5年", "destroy")
    assert [(c.post, c.school) for c in consult_policy("finance.reserve", 10**6, day)] == [("財政課長", "consent")]


def test_deputies_are_looked_for_in_the_own_section_first(ruled: Town) -> None:
    manager = Post.objects.get(id=ruled.manager.post_id)
    sub = Post.objects.create(name="住民課係長", rank=50, department=ruled.department, valid_from=dt.date(2020, 4, 1))
    assert [post.name for post, _ in deputies_for(manager, "general.reply", clock.today())] == [sub.name]
    assert deputies_for(manager, "common.disclosure", clock.today()) == []


def test_without_a_pack_words_of_the_law_and_plain_numbers_stand(town: Town) -> None:
    assert pack_on(clock.today()) is None
    assert label("registry") == "行政文書ファイル管理簿"
    assert number_series(SeriesKind.DOCUMENT, town.department, clock.today()) is None
    assert retention_of("C-03", clock.today()) is None
