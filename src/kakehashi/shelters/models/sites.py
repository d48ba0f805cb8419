"""A place people go to in a disaster."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.opendata.models.kept import KeptRow, place, text


class EvacuationSite(KeptRow):
    """A designated place: `is_site` a 指定緊急避難場所 (to flee to at once, for certain disasters), `is_shelter` a 指定避難所 (to stay in).

    The two differ in law and one place may be both. The marks flood … volcano are the disasters it is designated for as a site.
    `shelter_kind` tells a 指定福祉避難所 from an ordinary one.
    """

    is_site = models.BooleanField("指定緊急避難場所", default=True)
    is_shelter = models.BooleanField("指定避難所", default=False)
    shelter_kind = text("指定避難所の種別", 10)
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
    elevation = models.DecimalField("標高", max_digits=8, decimal_places=3, null=True, blank=True)
    phone = text("電話番号", 40)
    extension = text("内線番号", 20)
    email = text("連絡先メールアドレス")
    form_url = text("連絡先FormURL", 500)
    contact_note = text("連絡先備考", 300)
    postcode = text("郵便番号", 10)
    flood = models.BooleanField("洪水", default=False)
    landslide = models.BooleanField("崖崩れ、土石流及び地滑り", default=False)
    storm_surge = models.BooleanField("高潮", default=False)
    earthquake = models.BooleanField("地震", default=False)
    tsunami = models.BooleanField("津波", default=False)
    fire = models.BooleanField("大規模な火事", default=False)
    inland_flood = models.BooleanField("内水氾濫", default=False)
    volcano = models.BooleanField("火山現象", default=False)
    capacity = models.PositiveIntegerField("想定収容人数", null=True, blank=True)
    communities = text("対象となる町会・自治会", 1000)
    accepts = text("受入対象者", 500)
    wheelchair = models.BooleanField("車椅子対応", default=False)
    accessible_toilet = models.BooleanField("バリアフリートイレ", default=False)
    ostomate = models.BooleanField("オストメイト", default=False)
    pets = models.BooleanField("ペット同行避難", default=False)
    power = models.BooleanField("非常用電源", default=False)
    url = text("URL", 500)
    picture = text("画像", 500)
    picture_licence = text("画像_ライセンス", 100)
    note = text("備考", 1000)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "identifier"), name="one_evacuation_site_per_identifier"),
        ]

    def __str__(self) -> str:
        return self.name
