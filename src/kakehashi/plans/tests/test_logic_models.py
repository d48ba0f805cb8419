"""Writing a logic model: boxes, arrows, evidence; its page, paper and versions; who may."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.plans import services
from kakehashi.plans.domain.content import differences
from kakehashi.plans.domain.logic import Stage
from kakehashi.plans.models import Evidence, LogicArrow, LogicBox, LogicModel
from kakehashi.plans.selectors import plan_content
from kakehashi.plans.testing import small_logic, small_plan

INDEX = "/staff/plans/"


@pytest.fixture
def small(cast):
    with tenant_scope(cast.hibari.id):
        return small_plan(cast.hibari.officer)


@pytest.fixture
def logic(cast, small):
    with tenant_scope(cast.hibari.id):
        return small_logic(cast.hibari.officer, small)


def test_from_nothing_to_an_arrow_with_evidence(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    begun = client.post(f"{INDEX}initiatives/{small.initiative.id}/logic/")
    assert client.get(f"{INDEX}initiatives/{small.initiative.id}/logic/").url == begun.url
    for stage, text in (("activity", "様式をつくる"), ("outcome_short", "待たない")):
        box = {"stage": stage, "text": text, "indicator": str(small.indicator.id)}
        assert client.post(f"{begun.url}boxes/new/", box).status_code == 302
    assert client.post(f"{begun.url}boxes/new/", {"stage": "activity", "text": ""}).status_code == 422
    with tenant_scope(cast.hibari.id):
        left, right = LogicBox.objects.order_by("stage")
    drawn = client.post(f"{begun.url}arrows/new/", {"start": str(left.id), "end": str(right.id)})
    page = client.get(drawn.url).content.decode()
    assert "弱い矢印です" in page
    assert client.post(drawn.url, {"kind": "research", "source": ""}).status_code == 422
    kept = {"kind": "research", "source": "論文", "as_of": "令和7年4月1日", "url": "https://example.jp/a"}
    assert client.post(drawn.url, kept).status_code == 302
    page = client.get(begun.url).content.decode()
    for word in ("<svg", "強 4", "満足度", "目標 60.0%", "論文", "弱い矢印はありません"):
        assert word in page
    assert 'style="' not in page
    with tenant_scope(cast.hibari.id):
        codes = set(Event.objects.filter(code__startswith="plans.logic").values_list("code", flat=True))
    assert codes == {f"plans.logic.{verb}" for verb in ("started", "box_saved", "arrow_drawn", "evidence_saved")}


def test_arrows_lead_to_the_right_only(cast, client_for, logic):
    client = client_for(cast.hibari.officer)
    back = {"start": str(logic.impact.id), "end": str(logic.activity.id)}
    page = client.post(f"{INDEX}logic/{logic.model.id}/arrows/new/", back)
    assert page.status_code == 422
    assert "右の列の箱へだけ" in page.content.decode()
    with tenant_scope(cast.hibari.id), pytest.raises(DomainError, match="左へ向く"):
        services.save_box(
            actor=cast.hibari.officer, model=logic.model, stage=Stage.IMPACT, text="移す", box=logic.output
        )


def test_a_box_moves_and_goes_with_its_arrows(cast, client_for, logic):
    client = client_for(cast.hibari.officer)
    with tenant_scope(cast.hibari.id):
        second = services.save_box(actor=cast.hibari.officer, model=logic.model, stage=Stage.ACTIVITY, text="案内する")
    client.post(f"{INDEX}logic/boxes/{second.id}/move/", {"way": "up"})
    client.post(f"{INDEX}logic/boxes/{second.id}/move/", {"way": "up"})
    with tenant_scope(cast.hibari.id):
        assert list(LogicBox.objects.filter(stage="activity").values_list("text", flat=True)) == ["案内する", "様式をつくる"]  # fmt: skip
    client.post(f"{INDEX}logic/boxes/{logic.activity.id}/remove/")
    with tenant_scope(cast.hibari.id):
        assert LogicArrow.objects.count() == 1
        event = Event.objects.get(code="plans.logic.box_removed")
        assert event.payload["arrows"][0] == "様式をつくる → オンラインの手続が増える"


def test_evidence_is_changed_and_removed(cast, client_for, logic):
    client = client_for(cast.hibari.officer)
    with tenant_scope(cast.hibari.id):
        one = Evidence.objects.get()
    path = f"{INDEX}logic/evidence/{one.id}/"
    assert "行政手続の調査" in client.get(path).content.decode()
    assert client.post(path, {"kind": "expert", "source": "○○大学の先生"}).status_code == 302
    assert client.post(path, {"kind": "x", "source": "y"}).status_code == 422
    client.post(f"{path}remove/")
    client.post(f"{INDEX}logic/arrows/{logic.strong.id}/remove/")
    with tenant_scope(cast.hibari.id):
        assert Evidence.objects.count() == 0
        assert Event.objects.get(code="plans.logic.arrow_removed").payload["arrow"].startswith("様式")


def test_design_and_strength_are_edited_on_the_page(cast, client_for, logic):
    client = client_for(cast.hibari.officer)
    path = f"{INDEX}logic/arrows/{logic.weak.id}/"
    asked = {"kind": "statistics", "design": "cross_section", "source": "窓口アンケート"}
    assert client.post(path, asked).status_code == 302
    page = client.get(path).content.decode()
    assert "統計・調査（強さ2）</strong> ある時点の調査" in page
    assert "このモデルのほかの弱い矢印" in page
    with tenant_scope(cast.hibari.id):
        one = Evidence.objects.get(arrow=logic.weak)
    change = f"{INDEX}logic/evidence/{one.id}/"
    assert "理由を書いてください" in client.post(change, asked | {"strength": "1"}).content.decode()
    assert client.post(change, asked | {"strength": "1", "note": "回答が12人だけ"}).status_code == 302
    page = client.get(path).content.decode()
    assert "弱い矢印です" in page
    assert "強さは書いた人が決めました" in page
    assert client.post(change, asked | {"strength": "9"}).status_code == 422


def test_the_page_names_what_is_weak_and_unmeasured(cast, client_for, logic):
    client = client_for(cast.hibari.clerk)
    page = client.get(f"{INDEX}logic/{logic.model.id}/").content.decode()
    assert "根拠の弱い矢印（2）" in page
    assert "指標のない箱（2）" in page
    rows = client.get(f"{INDEX}logic/{logic.model.id}/?format=csv").content.decode("utf-8-sig")
    assert "統計・調査,,3,行政手続の調査（令和6年度）" in rows


def test_the_paper_is_one_drawing_and_its_tables(cast, client_for, logic):
    for size, width in (("", 842), ("?paper=a3", 1191)):
        answer = client_for(cast.hibari.clerk).get(f"{INDEX}logic/{logic.model.id}/paper/{size}")
        reader = PdfReader(BytesIO(answer.content))
        assert len(reader.pages) == 2
        assert round(reader.pages[0].mediabox.width) == width
        assert "様式をつくる" in reader.pages[0].extract_text()
        assert "根拠の弱い矢印" in reader.pages[1].extract_text()


def test_versions_and_reviews_keep_it(cast, client_for, small, logic):
    with tenant_scope(cast.hibari.id):
        actor = cast.hibari.officer
        first = services.fix_version(actor=actor, plan=small.plan)
        services.save_box(actor=actor, model=logic.model, stage=Stage.ACTIVITY, text="様式を減らす", box=logic.activity)
        changes = differences(first.content, plan_content(small.plan))
    assert next((one.field, one.before, one.after) for one in changes) == (
        "ロジックモデルの箱（活動）", "様式をつくる", "様式を減らす",
    )  # fmt: skip
    client = client_for(cast.hibari.officer)
    page = client.get(f"{INDEX}logic/{logic.model.id}/?version=1").content.decode()
    assert "様式をつくる" in page
    assert "様式を減らす" not in page.partition("残した版</h2>")[0].partition("<svg")[2].partition("</svg>")[0]


def test_residents_see_it_when_the_plan_is_public(cast, client_for, small, logic):
    path = f"/plans/{small.plan.id}/logic/{logic.model.id}/"
    anyone = client_for(cast.hibari)
    assert anyone.get(path).status_code == 404
    with tenant_scope(cast.hibari.id):
        services.publish_plan(actor=cast.hibari.officer, plan=small.plan)
    page = anyone.get(path).content.decode()
    assert "取組のしくみ" in page
    assert "様式をつくる" in page
    assert "/staff/" not in page.partition("<main")[2]
    assert path.encode() in anyone.get(f"/plans/{small.plan.id}/").content


def test_a_programme_has_one_too(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    with tenant_scope(cast.hibari.id):
        program = small.initiative.program
    assert client.get(f"{INDEX}programs/{program.id}/logic/").status_code == 404
    begun = client.post(f"{INDEX}programs/{program.id}/logic/")
    assert "施策" in client.get(begun.url).content.decode()
    assert "施策のロジックモデル" in client.get(f"{INDEX}{small.plan.id}/").content.decode()


def test_other_towns_and_people_without_the_right_are_kept_out(cast, client_for, small, logic):
    paths = (
        f"logic/{logic.model.id}/", f"logic/{logic.model.id}/paper/", f"logic/boxes/{logic.activity.id}/",
        f"logic/arrows/{logic.strong.id}/", f"initiatives/{small.initiative.id}/review-sheet/",
    )  # fmt: skip
    stranger, clerk = client_for(cast.misaki.officer), client_for(cast.hibari.clerk)
    assert {stranger.get(f"{INDEX}{path}").status_code for path in paths} == {404}
    with tenant_scope(cast.hibari.id):
        Role.objects.filter(permissions__contains=["plans.plan:edit"]).update(permissions=["plans.plan:read"])
    assert clerk.get(f"{INDEX}logic/{logic.model.id}/").status_code == 200
    assert clerk.get(f"{INDEX}logic/boxes/{logic.activity.id}/").status_code == 403
    assert clerk.post(f"{INDEX}logic/{logic.model.id}/arrows/new/").status_code == 403
    assert clerk.post(f"{INDEX}initiatives/{small.other.id}/logic/").status_code == 403
    with tenant_scope(cast.hibari.id):
        assert LogicModel.objects.count() == 1
