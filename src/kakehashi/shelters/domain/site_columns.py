"""The columns of an evacuation site: the 39 of 指定緊急避難場所一覧, and what a town keeps besides.

The headings are those of 自治体標準オープンデータセット 項目定義書; `aliases` hold those of the earlier edition (推奨データセット), of the lists of
国土地理院, and of typing errors that were really published.
"""

from __future__ import annotations

from kakehashi.opendata.hooks import ColumnType, DataColumn
from kakehashi.shelters.domain.hazards import HAZARDS

__all__ = ["EVACUATION_SPACE", "KEPT", "SHELTERS"]

_T = ColumnType
_KIND, _NAMES, _PLACE, _CONTACT, _HAZARD, _USE, _MORE = "種類", "名前", "場所", "連絡先", "災害の種類", "利用", "その他"


def _site(
    key: str, header: str, kind: ColumnType = _T.TEXT, *aliases: str, group: str = "", **more: object
) -> DataColumn:
    return DataColumn(key, header, kind, aliases=aliases, group=group, source=f"EvacuationSite.{key}", **more)  # type: ignore[arg-type]


_CODE = DataColumn(
    "government_code", "全国地方公共団体コード", _T.LG_CODE, is_required=True,
    aliases=("都道府県コード又は市区町村コード", "自治体コード", "団体コード", "市区町村コード"),
)  # fmt: skip
_HAZARD_COLUMNS = tuple(
    _site(hazard.key, f"災害種別_{hazard.name}", _T.MARK, hazard.name, group=_HAZARD) for hazard in HAZARDS
)
_COMMON = (
    _CODE,
    _site(
        "identifier", "ID", _T.TEXT, "共通ID", "NO", "No.", "番号", group=_NAMES, is_required=True, is_unique=True,
        help="団体の中で一つだけの番号。使ったものは使い回しません。",
    ),
    _site("name", "名称", _T.TEXT, "施設・場所名", "施設名", "避難場所名", group=_NAMES, is_required=True),
    _site("name_kana", "名称_カナ", _T.KANA, group=_NAMES),
    _site("name_en", "名称_英字", _T.TEXT, "名称_英語", group=_NAMES),
    _site("place_code", "所在地_全国地方公共団体コード", _T.LG_CODE, "所在地_自治体コード", group=_PLACE),
    _site("town_id", "町字ID", group=_PLACE, help="アドレス・ベース・レジストリの町字ID"),
    _site("address", "所在地_連結表記", _T.TEXT, "住所", "所在地", "所在地_連結標記", group=_PLACE, is_required=True),
    _site("prefecture", "所在地_都道府県", group=_PLACE),
    _site("city", "所在地_市区町村", group=_PLACE),
    _site("town", "所在地_町字", group=_PLACE, help="住民のページは、これを地区として分けます。"),
    _site("block", "所在地_番地以下", group=_PLACE),
    _site("building", "建物名等(方書)", _T.TEXT, "方書", "建物名等", group=_PLACE),
    _site("latitude", "緯度", _T.LATITUDE, unit="度", group=_PLACE),
    _site("longitude", "経度", _T.LONGITUDE, unit="度", group=_PLACE),
    _site("elevation", "標高", _T.NUMBER, unit="m", group=_PLACE),
    _site("phone", "電話番号", _T.PHONE, group=_CONTACT),
    _site("extension", "内線番号", group=_CONTACT),
    _site("email", "連絡先メールアドレス", _T.EMAIL, "メールアドレス", group=_CONTACT),
    _site("form_url", "連絡先FormURL", _T.URL, group=_CONTACT),
    _site("contact_note", "連絡先備考（その他、SNSなど）", _T.TEXT, "連絡先備考", group=_CONTACT),
    _site("postcode", "郵便番号", _T.POSTCODE, group=_CONTACT),
)  # fmt: skip
_AFTER = (
    _site("is_shelter", "指定避難所との重複", _T.MARK, "指定避難所との住所同一", group=_KIND, help="指定避難所でもあるもの"),
    _site("capacity", "想定収容人数", _T.INTEGER, "収容人数", unit="人", group=_USE),
    _site("communities", "対象となる町会・自治会", _T.LIST, group=_USE, help="二つ以上は「;」で区切ります。"),
    _site("url", "URL", _T.URL, group=_MORE),
    _site("picture", "画像", _T.URL, group=_MORE),
    _site("picture_licence", "画像_ライセンス", group=_MORE),
    _site("note", "備考", group=_MORE),
)  # fmt: skip
# What the list of 39 does not ask for and an evacuee does.
_BESIDES = (
    _site("is_site", "指定緊急避難場所", _T.MARK, group=_KIND, help="危険から命を守るために逃げる場所（災対法49条の4）"),
    _site("shelter_kind", "指定避難所の種別", group=_KIND, vocabulary=("一般", "福祉"), help="福祉避難所は、配慮のいる人のためのものです。"),
    _site("accepts", "受入対象者", group=_USE, help="指定福祉避難所が受け入れる人"),
    _site("wheelchair", "車椅子対応", _T.MARK, group=_USE),
    _site("accessible_toilet", "バリアフリートイレ", _T.MARK, group=_USE),
    _site("ostomate", "オストメイト", _T.MARK, group=_USE),
    _site("pets", "ペット同行避難", _T.MARK, group=_USE),
    _site("power", "非常用電源", _T.MARK, group=_USE),
)  # fmt: skip

EVACUATION_SPACE: tuple[DataColumn, ...] = (
    *_COMMON,
    DataColumn("city_code", "市区町村コード", _T.LG_CODE),
    DataColumn("government_name", "地方公共団体名", aliases=("都道府県名及び市町村名",)),
    *_HAZARD_COLUMNS,
    *_AFTER,
)
"""The 39 columns of 指定緊急避難場所一覧, in their order."""

KEPT: tuple[DataColumn, ...] = (*EVACUATION_SPACE, *_BESIDES)

_SHELTER_KEYS = (
    "government_code", "identifier", "name", "name_kana", "name_en", "address", "town", "building", "latitude", "longitude",
    "phone", "postcode", "capacity", "shelter_kind", "accepts", "is_site", "wheelchair", "accessible_toilet", "ostomate", "pets",
    "power", "url", "note",
)  # fmt: skip
SHELTERS: tuple[DataColumn, ...] = tuple(next(column for column in KEPT if column.key == key) for key in _SHELTER_KEYS)
"""指定避難所一覧: the law's other list, for which there is no standard of columns."""
