"""What is published reads back as the same rows, and those give the same bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.kernel.ids import uuid7
from kakehashi.opendata import selectors, services
from kakehashi.opendata.domain.columns import ColumnType, DataColumn, canonical
from kakehashi.opendata.domain.files import Head, write
from kakehashi.opendata.domain.tables import BadTable, decode_mixed, read_given
from kakehashi.opendata.models import Facility
from kakehashi.opendata.selectors.registers import find_register

T = ColumnType
COLUMNS = (
    DataColumn("id", "ID", is_unique=True),
    DataColumn("name", "名称"),
    DataColumn("count", "数", T.INTEGER),
    DataColumn("share", "割合", T.NUMBER),
    DataColumn("latitude", "緯度", T.LATITUDE),
    DataColumn("longitude", "経度", T.LONGITUDE),
    DataColumn("mark", "印", T.MARK),
    DataColumn("day", "日", T.DATE),
)
HEAD = Head("見本", "ひばり町", "993018", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/deed.ja")
# What a cell of one line can hold: no control characters, and no blanks at its ends, which are no part of a value.
words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cf", "Co")), max_size=12)
numbers = st.decimals(-9999, 9999, places=6, allow_nan=False).map(str)
rows = st.lists(
    st.tuples(
        words, words, st.integers(-(10**12), 10**12).map(str), numbers, st.floats(20, 46).map(repr), st.floats(122, 154).map(repr),
        st.sampled_from(["", "1"]), st.dates().map(str),
    ),
    max_size=6,
).map(lambda found: [[str(n), *row[1:]] for n, row in enumerate(found, start=1)])  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "json", "geojson"])
@settings(max_examples=25)
@given(rows)
def test_the_same_rows_give_the_same_bytes_again(ending, given_rows):
    kept = [[canonical(column, value) for column, value in zip(COLUMNS, row, strict=True)] for row in given_rows]
    first = write(ending, HEAD, COLUMNS, kept)
    if not kept:
        return
    table = read_given(f"a.{ending}", first, COLUMNS)
    assert table.headers == [column.header for column in COLUMNS]
    again = [[canonical(column, cell) for column, cell in zip(COLUMNS, cells, strict=True)] for _, cells in table.rows]
    assert again == kept
    assert write(ending, HEAD, COLUMNS, again) == first


@pytest.mark.parametrize("ending", ["csv", "json", "geojson", "xlsx"])
def test_a_published_list_can_be_imported_again(town, ending):
    register, source = find_register("facilities"), selectors.find_source("public_facility")
    for number, name in enumerate(("公民館", "図書館;分館", '"引用", の館'), start=1):
        Facility.objects.create(
            identifier=str(number),
            name=name,
            address="ひばり町1-1",
            latitude=f"35.00000{number}",
            longitude="138.1",
            opens_at="09:00",
        )
    services.set_dataset(actor=town.officer, source=source, values={"department": town.department})
    edition = services.publish_dataset(actor=town.officer, source=source)
    files = {each: selectors.edition_file(edition, each) for each in ("csv", "json", "geojson")}
    given = selectors.edition_file(edition, ending)
    Facility.objects.all().delete()
    made = services.start_import(
        actor=town.officer, register=register, name=f"a.{ending}", content=given, kind="", idempotency_key=uuid7()
    )
    applied = services.apply_import(actor=town.officer, register=register, table_import=made)
    assert applied.report["counts"]["new"] == 3
    assert services.publish_dataset(actor=town.officer, source=source) is None
    draft = selectors.draft_of(source)
    head = selectors.head_of(edition.title, edition.licence)
    assert {each: write(each, head, draft.columns, draft.rows) for each in files} == files


def test_lines_in_two_encodings_are_read_each_in_its_own():
    content = "ID,名称\r\n".encode() + "1,公民館\r\n".encode("cp932") + "2,図書館\r\n".encode() + b"3,\xfd\xfe\xff\r\n"
    table = read_given("混在.csv", content)
    assert [cells for _, cells in table.rows] == [["1", "公民館"], ["2", "図書館"]]
    assert table.faults == [(4, "UTF-8でもShift_JISでもない文字があります。")]
    assert "混在" in table.encoding


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932"])
def test_either_encoding_is_read(codec):
    text, _, unreadable = decode_mixed("ID,名称\n1,髙橋\n".encode(codec))
    assert (text, unreadable) == ("ID,名称\n1,髙橋\n", [])


def test_a_row_of_another_width_is_named_and_not_guessed():
    table = read_given("a.csv", b"ID,x\r\n1,a,\r\n2\r\n3,b,c\r\n\r\n4,d\r\n")
    assert [line for line, _ in table.rows] == [2, 6]
    assert [line for line, _ in table.faults] == [3, 4]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": 1}', b"PK\x03\x04xx"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(BadTable):
        read_given("a", content)
