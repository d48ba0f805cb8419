"""オープンデータ in a browser: keep evacuation sites, see what a machine could not read, mend it, publish; a resident finds a place and takes the files."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
LIST = (
    "NO,名称,名称_カナ,住所,緯度,経度,電話番号,災害種別_洪水,災害種別_津波,想定収容人数\r\n"
    "1,中港タワー,ナカミナトタワー,ひばり町中港5,34.8751,138.3271,(054)625-0128,,○,\r\n"
    "2,高台公園,タカダイコウエン,ひばり町高台1,34.8812,138.3155,054-625-0129,○,,\r\n"
    "3,西の館,ニシノヤカタ,ひばり町西3,34.8703,138.3101,,,,約200人\r\n"
)


def test_sites_are_kept_mended_published_and_found(served, page_at, every_width, picture):
    town = served.cast.hibari
    page = page_at(1280, who=town.officer)
    page.goto(served.address("/staff/opendata/"))
    page.get_by_role("link", name="公開する台帳").first.click()
    page.get_by_role("link", name="避難場所・避難所").click()
    page.get_by_role("main").get_by_role("link", name="ファイルから取り込む").first.click()
    page.get_by_label("ファイル").set_input_files(
        {"name": "避難場所.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp932")}
    )
    page.get_by_role("button", name="読み取る").click()
    expect(page.get_by_text("Shift_JIS")).to_be_visible()
    expect(page.get_by_text("数値に単位や言葉を付けない").first).to_be_visible()
    every_width(page)
    picture(page, "opendata-import")
    page.get_by_role("button", name="取り込む", exact=True).click()
    expect(page.get_by_text("取り込みました。", exact=True)).to_be_visible()

    page.get_by_role("link", name="避難場所・避難所の一覧へ").click()
    expect(page.get_by_role("link", name="高台公園")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="避難場所・避難所を足す").click()
    given = {
        "identifier": "4",
        "name": "北の広場",
        "address": "ひばり町北1",
        "latitude": "34.88",
        "longitude": "138.30",
    }
    for key, text in given.items():
        page.locator(f"#id_{key}").fill(text)
    page.locator("#id_town").fill("北\u3000地区")
    page.locator("#id_url").fill("町のサイト")
    page.get_by_role("button", name="足す", exact=True).click()
    expect(page.get_by_text("足しました")).to_be_visible()
    page.get_by_role("link", name="点検と公開").click()
    expect(page.get_by_text("電話番号は半角の数字と「-」で").first).to_be_visible()
    expect(page.get_by_text("URLはhttp(s)で始まる").first).to_be_visible()
    every_width(page)
    picture(page, "opendata-findings")
    page.get_by_role("link", name="ID 1を直す").first.click()
    page.locator("#id_phone").fill("054-625-0128")
    page.get_by_role("button", name="直す", exact=True).click()
    expect(page.get_by_text("直しました")).to_be_visible()

    page.get_by_role("link", name="点検と公開").click()
    page.get_by_role("button", name="公開する").click()
    page.get_by_label("問合せ先の課").select_option(label="総務課")
    page.get_by_role("button", name="この内容に決める").click()
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_text("第1版（3件）を公開しました。")).to_be_visible()
    every_width(page)
    picture(page, "opendata-dataset")

    resident = page_at(390)
    resident.goto(served.address("/opendata/"))
    every_width(resident)
    resident.get_by_role("link", name="指定緊急避難場所の一覧").click()
    every_width(resident)
    with resident.expect_download() as csv_file:
        resident.get_by_role("link", name="CSV", exact=True).click()
    assert csv_file.value.path().read_bytes().startswith("\ufeff全国地方公共団体コード,ID,名称".encode())
    with resident.expect_download() as geojson:
        resident.get_by_role("link", name="GeoJSON", exact=True).click()
    assert json.loads(geojson.value.path().read_text())["features"][0]["geometry"]["coordinates"] == [138.3271, 34.8751]
    resident.goto(served.address("/shelters/?hazard=tsunami"))
    expect(resident.get_by_role("heading", name="中港タワー")).to_be_visible()
    expect(resident.get_by_role("heading", name="高台公園")).to_have_count(0)
    every_width(resident)
