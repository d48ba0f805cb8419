"""The columns of the lists that a town keeps here only to publish them: 公共施設一覧 and イベント一覧.

The headings are those of the standard open data of local governments (自治体標準オープンデータセット); `aliases` hold the headings of the
earlier edition (推奨データセット) and of what people write, so that either is read.
"""

from __future__ import annotations

from kakehashi.opendata.domain.columns import ColumnType, DataColumn

__all__ = ["EVENTS", "FACILITIES", "HEADINGS_WE_DERIVE", "own_columns", "place_of"]

_T = ColumnType
_NAMES, _PLACE, _CONTACT, _USE, _MORE = "名前", "場所", "連絡先", "利用", "その他"

HEADINGS_WE_DERIVE = ("都道府県名", "市区町村名")
"""Headings of older editions whose values follow from the town itself."""


def own_columns(model: str) -> tuple[DataColumn, ...]:
    """The first columns of every list: whose it is, and the ID."""
    return (
        DataColumn(
            "government_code", "全国地方公共団体コード", _T.LG_CODE, is_required=True,
            aliases=("都道府県コード又は市区町村コード", "自治体コード", "団体コード", "市区町村コード"),
        ),
        DataColumn(
            "identifier", "ID", is_required=True, is_unique=True, aliases=("NO", "No.", "番号"), group=_NAMES,
            help="団体の中で一つだけの番号。使ったものは使い回しません。", source=f"{model}.identifier",
        ),
    )  # fmt: skip


def place_of(model: str) -> tuple[DataColumn, ...]:
    """Where something is, as the standard writes an address."""
    return (
        DataColumn(
            "place_code", "所在地_全国地方公共団体コード", _T.LG_CODE, aliases=("所在地_自治体コード",), group=_PLACE,
            source=f"{model}.place_code",
        ),
        DataColumn("town_id", "町字ID", group=_PLACE, help="アドレス・ベース・レジストリの町字ID"),
        DataColumn("address", "所在地_連結表記", aliases=("住所", "所在地", "所在地_連結標記"), group=_PLACE, is_required=True),
        DataColumn("prefecture", "所在地_都道府県", group=_PLACE),
        DataColumn("city", "所在地_市区町村", group=_PLACE),
        DataColumn("town", "所在地_町字", group=_PLACE, help="地区ごとの一覧は、これで分けます。"),
        DataColumn("block", "所在地_番地以下", group=_PLACE),
        DataColumn("building", "建物名等(方書)", aliases=("方書", "建物名等"), group=_PLACE),
        DataColumn("latitude", "緯度", _T.LATITUDE, unit="度", group=_PLACE),
        DataColumn("longitude", "経度", _T.LONGITUDE, unit="度", group=_PLACE),
    )  # fmt: skip


FACILITIES: tuple[DataColumn, ...] = (
    *own_columns("Facility"),
    DataColumn("name", "名称", is_required=True, group=_NAMES, aliases=("施設名", "施設名称")),
    DataColumn("name_kana", "名称_カナ", _T.KANA, group=_NAMES),
    DataColumn("name_en", "名称_英字", aliases=("名称_英語",), group=_NAMES),
    *place_of("Facility"),
    DataColumn("kind", "種別", aliases=("POIコード",), group=_NAMES),
    DataColumn("phone", "電話番号", _T.PHONE, group=_CONTACT),
    DataColumn("extension", "内線番号", group=_CONTACT),
    DataColumn("email", "連絡先メールアドレス", _T.EMAIL, aliases=("メールアドレス",), group=_CONTACT),
    DataColumn("form_url", "連絡先FormURL", _T.URL, group=_CONTACT),
    DataColumn("contact_note", "連絡先備考（その他、SNSなど）", aliases=("連絡先備考",), group=_CONTACT),
    DataColumn("postcode", "郵便番号", _T.POSTCODE, group=_CONTACT),
    DataColumn("open_days", "利用可能曜日", group=_USE, help="例：月火水木金"),
    DataColumn("opens_at", "開始時間", _T.TIME, group=_USE),
    DataColumn("closes_at", "終了時間", _T.TIME, group=_USE),
    DataColumn("hours_note", "利用可能日時特記事項", aliases=("利用可能日時特記",), group=_USE),
    DataColumn("accessibility", "バリアフリー情報", group=_USE),
    DataColumn("url", "URL", _T.URL, group=_MORE),
    DataColumn("note", "備考", group=_MORE),
)

EVENTS: tuple[DataColumn, ...] = (
    *own_columns("PublicEvent"),
    DataColumn("name", "イベント名", is_required=True, group=_NAMES, aliases=("名称",)),
    DataColumn("name_kana", "イベント名_カナ", _T.KANA, group=_NAMES),
    DataColumn("name_en", "イベント名_英字", aliases=("イベント名_英語",), group=_NAMES),
    DataColumn("category", "カテゴリー", group=_NAMES),
    DataColumn("starts_on", "開始日", _T.DATE, is_required=True, group=_USE),
    DataColumn("ends_on", "終了日", _T.DATE, group=_USE),
    DataColumn("starts_at", "開始時間", _T.TIME, group=_USE),
    DataColumn("ends_at", "終了時間", _T.TIME, group=_USE),
    DataColumn("when_note", "開始日時特記事項", group=_USE),
    DataColumn("description", "説明", group=_USE),
    DataColumn("fee_basic", "料金(基本)", group=_USE),
    DataColumn("fee_detail", "料金(詳細)", group=_USE),
    DataColumn("contact_name", "連絡先名称", group=_CONTACT),
    DataColumn("phone", "連絡先電話番号", _T.PHONE, aliases=("電話番号",), group=_CONTACT),
    DataColumn("extension", "連絡先内線番号", aliases=("内線番号",), group=_CONTACT),
    DataColumn("organiser", "主催者", group=_CONTACT),
    DataColumn("place_name", "場所名称", group=_PLACE),
    DataColumn("address", "住所", aliases=("所在地_連結表記", "所在地"), group=_PLACE),
    DataColumn("building", "方書", aliases=("建物名等(方書)",), group=_PLACE),
    DataColumn("latitude", "緯度", _T.LATITUDE, unit="度", group=_PLACE),
    DataColumn("longitude", "経度", _T.LONGITUDE, unit="度", group=_PLACE),
    DataColumn("access", "アクセス方法", group=_PLACE),
    DataColumn("parking", "駐車場情報", group=_PLACE),
    DataColumn("capacity", "定員", _T.INTEGER, unit="人", group=_USE),
    DataColumn("apply_by", "参加申込終了日", _T.DATE, group=_USE),
    DataColumn("apply_until", "参加申込終了時間", _T.TIME, group=_USE),
    DataColumn("how_to_apply", "参加申込方法", group=_USE),
    DataColumn("url", "URL", _T.URL, group=_MORE),
    DataColumn("note", "備考", group=_MORE),
)
