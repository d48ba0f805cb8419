"""Folding: what people mean is found whatever they typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.folding import fold, fold_name, to_katakana


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("𠮷田", "吉田"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斉藤"),
        ("濵田", "浜田"),
        ("葛\U000e0100城", "葛城"),
        ("辻\U000e0101", "辻"),
        ("ｶｹﾊｼ", "かけはし"),
        ("ＡＢＣ１２", "abc12"),
        ("サ−バ−", "サーバー"),
        ("1ー2−3", "1-2-3"),
        ("塚本", "塚本"),
        ("ひらがな　ぶん", "ヒラガナ ブン"),
        ("ﾊﾞﾝﾄﾞ", "ばんど"),
    ],
)
def test_fold_joins(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ユウコ", "ユーコ"),
        ("オオノ", "オーノ"),
        ("コウイチロウ", "コーイチロー"),
        ("ケイコ", "ケーコ"),
        ("シヨウワ", "ショウワ"),
        ("山田 太郎", "山田太郎"),
        ("カヅコ", "カズコ"),
        ("ｻﾄｳ ｼﾞﾕﾝ", "さとう じゅん"),
        ("髙橋　花子", "高橋花子"),
        ("マリー・アン", "マリーアン"),
    ],
)
def test_fold_name_joins(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("佐藤", "伊藤"), ("ユウコ", "ユキコ"), ("オノ", "オオノ"), ("大田", "太田")]
)
def test_fold_name_keeps_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


def test_to_katakana_changes_only_kana() -> None:
    assert to_katakana("やまだ ﾊﾅｺ 髙 Ａ") == "ヤマダ ハナコ 髙 Ａ"


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x30FE)))
def test_fold_name_is_idempotent_on_kana(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


@given(st.text())
def test_fold_name_takes_anything(text: str) -> None:
    assert " " not in fold_name(text)
