"""手続の種類: each kind walks its own road."""

import pytest

from kakehashi.procedures.domain.kinds import ROADS, Kind, Result, guess_kind, usual_result


def test_every_kind_has_a_road() -> None:
    assert set(ROADS) == set(Kind)
    assert [ROADS[kind].verb for kind in Kind] == ["届け出る", "申し込む", "請求する", "申請する"]


def test_only_a_disposition_takes_the_full_road() -> None:
    full = [kind for kind, road in ROADS.items() if road.needs_proposal and not road.standing_matter]
    assert full == [Kind.DISPOSITION]


def test_a_notification_is_never_decided() -> None:
    assert ROADS[Kind.NOTIFICATION].arrival_completes
    assert not ROADS[Kind.NOTIFICATION].needs_proposal


def test_refusals_are_known() -> None:
    assert [each for each in Result if each.is_refusal] == [Result.PARTLY, Result.REFUSED, Result.DISMISSED]
    assert all(each.label for each in Result if each is not Result.NONE)


def test_the_word_juri_is_never_ours() -> None:
    words = [road.label + road.noun + road.verb for road in ROADS.values()]
    assert "受理" not in "".join(words + [each.label for each in Result])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("市町村の区域内で住所変更した者の転居届出", Kind.NOTIFICATION),
        ("戸籍の届出（出生）", Kind.NOTIFICATION),
        ("建築物の定期調査の結果の報告", Kind.NOTIFICATION),
        ("本人等による住民票の写し等の交付請求", Kind.CERTIFICATE),
        ("戸籍謄抄本（記録事項証明書）の交付請求", Kind.CERTIFICATE),
        ("公営住宅の入居の申込み", Kind.REQUEST),
        ("土地の立入りの許可申請", Kind.DISPOSITION),
        ("児童手当の認定の請求", Kind.DISPOSITION),
        ("国際競技に参加する外国人に対する許可の申請", Kind.DISPOSITION),
        ("（）", Kind.DISPOSITION),
    ],
)
def test_kind_is_guessed_from_the_name(name: str, kind: Kind) -> None:
    assert guess_kind(name) is kind


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("住宅改修補助金交付申請", Result.GRANTED),
        ("不妊治療費助成金の申請", Result.GRANTED),
        ("道路占用許可申請", Result.PERMITTED),
    ],
)
def test_money_is_granted_and_not_permitted(name: str, usual: Result) -> None:
    assert usual_result(ROADS[Kind.DISPOSITION], name) is usual


def test_only_a_road_that_grants_preselects_it() -> None:
    assert usual_result(ROADS[Kind.NOTIFICATION], "補助金の実績報告") is Result.ARRIVED
