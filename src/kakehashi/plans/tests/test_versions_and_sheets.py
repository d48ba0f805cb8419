"""Versions and what differs; the sheet that goes out and comes in alike; the booklet."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from kakehashi.journal.models import Event
from kakehashi.kernel.books import read_apart
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tables import as_excel
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans import services
from kakehashi.plans.domain.content import differences
from kakehashi.plans.domain.sheet import UnreadableSheet, headings, read_rows, rows_of
from kakehashi.plans.models import Initiative, PlanVersion
from kakehashi.plans.selectors import plan_content
from kakehashi.plans.testing import small_plan

INDEX = "/staff/plans/"
WORDS = st.text("あいうABC県市DX", min_size=1, max_size=8)


@pytest.fixture
def small(cast):
    with tenant_scope(cast.hibari.id):
        return small_plan(cast.hibari.officer)


def test_a_version_is_kept_with_its_reason_and_differs(cast, client_for, small):
    client, path = client_for(cast.hibari.officer), f"{INDEX}{small.plan.id}/versions/"
    assert client.post(f"{path}fix/", {"label": "当初"}).status_code == 302
    assert client.post(f"{path}fix/", {"reason": "同じ"}).status_code == 422
    with tenant_scope(cast.hibari.id):
        services.edit_node(
            actor=cast.hibari.officer, node=small.initiative, changes={"title": "申請を広げる", "budget_yen": 1200000}
        )
    page = client.get(path).content.decode()
    for words in ("<del>オンライン申請を広げる</del>", "<ins>申請を広げる</ins>", "1200000", "予算（円）"):
        assert words in page
    assert client.post(f"{path}fix/", {}).status_code == 422
    assert client.post(f"{path}fix/", {"reason": "議会の意見"}).status_code == 302
    assert "2か所が違います" in client.get(f"{path}?before=1&after=2").content.decode()
    assert client.get(f"{path}?before=x&after=9").status_code == 200
    assert client_for(cast.misaki.officer).get(path).status_code == 404


def test_publishing_keeps_a_version(cast, small):
    with tenant_scope(cast.hibari.id):
        services.publish_plan(actor=cast.hibari.officer, plan=small.plan)
        assert PlanVersion.objects.get(plan=small.plan).reason == "住民への公開"


def test_the_same_layout_out_and_in(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    out = client.get(f"{INDEX}{small.plan.id}/sheet/").content
    assert "違うところはありません" in send(client, small, out)
    cells = read_apart(out)[0]["cells"]
    place = cells[0].index("予算（円）")
    cells[1][place] = "1,500,000"
    row = list(cells[1])
    row[cells[0].index("取組番号")], row[cells[0].index("取組")] = "7", "新しい取組"
    row[cells[0].index("指標コード")], row[cells[0].index("指標名")] = "", "要綱の制定"
    broken = [*row]
    broken[cells[0].index("取組番号")] = "x"
    page = send(client, small, as_excel("計画", cells[0], [*cells[1:], row, broken]))
    for words in ("取り込むと変わるところ", "1500000", "新しい取組", "読めなかった行"):
        assert words in page
    sealed = page.split('name="content" value="')[1].split('"')[0]
    assert client.post(f"{INDEX}{small.plan.id}/take-in/", {"content": sealed + "x"}).status_code == 404
    assert client.post(f"{INDEX}{small.plan.id}/take-in/", {"content": sealed}).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert Initiative.objects.get(id=small.initiative.id).budget_yen == 1500000
        assert Initiative.objects.get(title="新しい取組").number == 7
        assert Event.objects.filter(code="plans.plan.imported").count() == 1
        assert small.indicator.targets.count() == 2


def send(client, small, content):
    file = SimpleUploadedFile("計画.xlsx", content)
    return client.post(f"{INDEX}{small.plan.id}/take-in/", {"file": file}).content.decode()


def test_what_is_no_sheet(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    for content in (b"x", as_excel("x", ["a"], [["b"]])):
        file = SimpleUploadedFile("計画.xlsx", content)
        assert client.post(f"{INDEX}{small.plan.id}/take-in/", {"file": file}).status_code == 422


def test_an_unknown_department_changes_nothing(cast, small):
    with tenant_scope(cast.hibari.id):
        content = plan_content(small.plan)
        content["policies"][0]["title"] = "改めた名"
        content["policies"][0]["programs"][0]["initiatives"][0]["department"] = "ない課"
        with pytest.raises(DomainError, match="今の組織にありません"):
            services.import_sheet(actor=cast.hibari.officer, plan=small.plan, content=content)


def test_the_booklet(cast, client_for, small):
    response = client_for(cast.hibari.officer).get(f"{INDEX}{small.plan.id}/booklet/")
    assert response["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    for words in ("ひばり町DX推進計画", "目次", "オンライン申請を広げる", "指標数ベース"):
        assert words in text


INDICATORS = st.fixed_dictionaries(
    {
        "measure_code": st.sampled_from(["", "a.b"]), "label": WORDS, "attainment_policy": st.sampled_from(["ratio", "progress"]),
        "baseline": st.sampled_from(["", "12.5", "0"]), "baseline_year": st.sampled_from([None, 2025]),
        "target_method": st.sampled_from(["manual", "linear", "step"]),
        "targets": st.dictionaries(st.sampled_from(["2026", "2027"]), st.sampled_from(["1", "0", "60.5"])),
    }
)  # fmt: skip
INITIATIVES = st.fixed_dictionaries(
    {
        "title": WORDS, "description": WORDS, "department": WORDS, "weight": st.integers(1, 9),
        "budget_yen": st.one_of(st.none(), st.integers(0, 10**12)), "starts_on": st.sampled_from(["", "2026-04-01"]),
        "ends_on": st.sampled_from(["", "2027-03-31"]), "unit_name": st.just(""), "sunset_on": st.just(""),
        "indicators": st.lists(INDICATORS, max_size=2, unique_by=lambda one: one["measure_code"] or one["label"]),
    }
)  # fmt: skip


@given(
    st.lists(
        st.tuples(WORDS, st.sampled_from(["", "service"]), st.lists(INITIATIVES, max_size=2)), min_size=1, max_size=3
    )
)
def test_what_goes_out_comes_in_the_same(policies):
    content = {
        "policies": [
            {"number": at, "title": title, "pillar": pillar, "programs": [
                {"number": 1, "title": title, "initiatives": [{"number": deep, **one} for deep, one in enumerate(found, 1)]}
            ]}
            for at, (title, pillar, found) in enumerate(policies, 1)
        ]
    }  # fmt: skip
    years = range(2026, 2028)
    cells = [headings(years), *rows_of(content, years)]
    read = read_rows([["" if cell is None else str(cell) for cell in row] for row in cells])
    assert read.problems == []
    assert differences(content, read.content) == []


@pytest.mark.parametrize("cells", [[], [["a"]], [["取組", "方針番号"]]])
def test_headings_are_needed(cells):
    with pytest.raises(UnreadableSheet):
        read_rows(cells)
