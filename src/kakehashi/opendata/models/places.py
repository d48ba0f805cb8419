"""Public facilities and events: what a town lists for everybody and keeps nowhere else."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.opendata.models.kept import KeptRow, place, text


class Facility(KeptRow):
    """A public facility (公共施設): a hall, a school, a park. The columns of 公共施設一覧 in the standard open data of local governments."""

    name = models.CharField("名称", max_length=200)
    name_kana = text("名称_カナ")
    name_en = text("名称_英字")
    place_code = text("所在地_全国地方公共団体コード", 6)
    town_id = text("町字ID", 20)
    address = text("所在地_連結表記", 300)
    prefecture = text("所在地_都道府県", 10)
    city = text("所在地_市区町村", 60)
    town = text("所在地_町字", 100)
    block = text("所在地_番地以下", 100)
    building = text("建物名等(方書)", 100)
    latitude = place("緯度")
    longitude = place("経度")
    kind = text("種別", 40)
    phone = text("電話番号", 40)
    extension = text("内線番号", 20)
    email = text("連絡先メールアドレス")
    form_url = text("連絡先FormURL", 500)
    contact_note = text("連絡先備考", 300)
    postcode = text("郵便番号", 10)
    open_days = text("利用可能曜日", 60)
    opens_at = models.TimeField("開始時間", null=True, blank=True)
    closes_at = models.TimeField("終了時間", null=True, blank=True)
    hours_note = text("利用可能日時特記事項", 300)
    accessibility = text("バリアフリー情報", 300)
    url = text("URL", 500)
    note = text("備考", 500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "identifier"), name="one_facility_per_identifier"),
        ]

    def __str__(self) -> str:
        return self.name


class PublicEvent(KeptRow):
    """An event (イベント) that everybody may come to. The columns of イベント一覧."""

    name = models.CharField("イベント名", max_length=200)
    name_kana = text("イベント名_カナ")
    name_en = text("イベント名_英字")
    starts_on = models.DateField("開始日", null=True, blank=True)
    ends_on = models.DateField("終了日", null=True, blank=True)
    starts_at = models.TimeField("開始時間", null=True, blank=True)
    ends_at = models.TimeField("終了時間", null=True, blank=True)
    when_note = text("開始日時特記事項", 300)
    description = text("説明", 1000)
    category = text("カテゴリー", 60)
    fee_basic = text("料金(基本)", 100)
    fee_detail = text("料金(詳細)", 300)
    contact_name = text("連絡先名称", 100)
    phone = text("連絡先電話番号", 40)
    extension = text("連絡先内線番号", 20)
    organiser = text("主催者", 200)
    place_name = text("場所名称", 200)
    address = text("住所", 300)
    building = text("方書", 100)
    latitude = place("緯度")
    longitude = place("経度")
    access = text("アクセス方法", 300)
    parking = text("駐車場情報", 300)
    capacity = models.PositiveIntegerField("定員", null=True, blank=True)
    apply_by = models.DateField("参加申込終了日", null=True, blank=True)
    apply_until = models.TimeField("参加申込終了時間", null=True, blank=True)
    how_to_apply = text("参加申込方法", 300)
    url = text("URL", 500)
    note = text("備考", 500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "identifier"), name="one_event_per_identifier"),
        ]

    def __str__(self) -> str:
        return self.name
