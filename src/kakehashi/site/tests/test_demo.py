import inspect
import re
from dataclasses import replace
from functools import partial
from itertools import chain
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kakehashi.eforms.domain.checks import missing_texts
from kakehashi.eforms.domain.definition import LANGUAGES, from_json
from kakehashi.eforms.domain.formulas import formula_from_json
from kakehashi.eforms.selectors.blocks import followed_blocks
from kakehashi.files.models import StoredFile
from kakehashi.governments.models import Government
from kakehashi.kernel.permissions import known_permissions
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings.models import Action, MaterialVersion, Meeting
from kakehashi.people.models import Person, Role, RoleGrant
from kakehashi.people.testing import open_power, sign_in
from kakehashi.plans.models import AreaMap, MunicipalInquiry, SharedFigure, SharedMeasure
from kakehashi.plans.selectors.inquiries import standings
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.selectors.bases import newest_for, taken, taken_form
from kakehashi.procedures.selectors.rates import rates_of
from kakehashi.procedures.services.taking import compare_with_base
from kakehashi.records.models import (
    DisclosureRequest,
    DisposalCertificate,
    Document,
    Receipt,
    ReceiptCorrection,
    Tombstone,
)
from kakehashi.site import tracing
from kakehashi.site.demo import destinations, road, towns
from kakehashi.site.demo import load as loading
from kakehashi.site.demo.guard import NotADemoError, refuse_unless_demo
from kakehashi.site.tests import every_form, test_canary
from kakehashi.site.tests.test_canary import FILE, assert_silent

lines = test_canary.lines


@pytest.fixture(scope="module")
def loaded(module_database, django_db_blocker):
    """The demo without its year of applications, loaded once for this file."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_APPLICATIONS", {"asagiri": 0, "hibari": 0, "komorebi": 0})
        patch.setattr(settings, "CONFIG", replace(settings.CONFIG, demo=True))
        loading.load(lambda _: None)


@pytest.fixture
def demo(loaded, db, monkeypatch):
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, demo=True))


def test_a_real_database_is_refused(cast):
    with pytest.raises(NotADemoError, match="ひばり町"):
        refuse_unless_demo()


def test_the_address_that_is_shown_at_the_start_is_the_first_scene(demo, client):
    opened = client.get("/", follow=True)
    assert opened.redirect_chain == [("/demo/", 302)]
    assert "五つの場面" in opened.content.decode()


def test_the_inventory_names_a_procedure_once_and_knows_how_many_come_online(demo):
    for slug in ("asagiri", "hibari", "komorebi"):
        with tenant_scope(Government.objects.get(slug=slug).id):
            names = list(Procedure.objects.values_list("name", flat=True))
            assert len(names) == len(set(names))
            assert 0 < rates_of(Procedure.objects.all()).usage < 100


def test_a_form_of_the_demo_shows_what_a_form_can_do(demo, client):
    """Questions before the form, a sum with a cap, a condition, three languages; another follows a block that has moved on."""
    with tenant_scope(Government.objects.get(slug="hibari").id):
        form = from_json(Procedure.objects.get(name=destinations.AKIYA).form.draft)
        hall = from_json(Procedure.objects.get(name="中央公民館 使用の申込み").form.draft)
        blocks = followed_blocks(hall)
    assert [question.stops_on for question in form.screening] == ["no"]
    assert formula_from_json(form.by_key["grant"].settings["formula"]).most == 500_000
    assert form.by_key["heirs"].condition
    assert form.by_key["photos"].urged
    assert [missing_texts(form, language) for language in LANGUAGES] == [[], []]
    assert missing_texts(hall, "en")
    assert [(one.use.title, one.use.number, one.newest) for one in blocks] == [("連絡先（電話とメール）", 1, 2)]


def test_the_inventory_has_years_and_a_written_rule(demo):
    with tenant_scope(Government.objects.get(slug="hibari").id):
        out = Procedure.objects.select_related("exclusion_rule").exclude(exclusion_rule=None).get()
        years = set(Procedure.objects.exclude(target_year=None).values_list("target_year", flat=True))
    assert (out.name, out.exclusion_rule.code, out.excluded_reason) == (
        "印鑑登録の申請",
        "A-1",
        out.exclusion_rule.text,
    )
    assert len(years) == 3


def test_residents_read_the_news_in_their_language(demo, client):
    assert "申請できる手続が増えました" in client.get("/hibari/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "More procedures can be done on your phone" in client.get("/hibari/").content.decode()


def test_every_step_of_the_visitors_road_leads_to_a_page(demo, client):
    real = Government.objects.get(code="074071")
    chosen = client.post("/demo/", {"code": real.code})
    assert chosen.status_code == 302
    for step in road.STEPS:
        entered = client.post(f"/demo/step/{step.number}/")
        assert entered.status_code == 302, step.word
        assert client.get(entered.url).status_code == 200, step.word


def test_after_the_last_step_everything_is_taken_home_from_the_visitors_town(demo, client):
    client.post("/demo/", {"code": "074071"})
    client.post("/demo/step/9/")
    home = client.post("/demo/take-home/")
    assert home.url == "/t074071/staff/take-home/"
    assert client.get(home.url).status_code == 200
    archive = client.post(home.url)
    assert archive["Content-Type"] == "application/zip"
    archive.close()


def test_the_visitors_town_speaks_its_own_name(demo, client):
    city = Government.objects.get(code="132047")
    opened = towns.open_visitors_town(city)
    with tenant_scope(opened.id):
        subsidy = Procedure.objects.get(name=destinations.AKIYA)
    page = client.get(f"/{opened.slug}/procedures/{subsidy.id}/").content.decode()
    assert "市内にある空き家" in page
    assert not re.search(r"町内|ひばり町|\{(name|kind)", page)


def test_the_visitors_town_begins_with_one_room(demo):
    opened = towns.open_visitors_town(Government.objects.get(code="074071"))
    assert set(opened.room_switches.filter(is_on=True).values_list("room", flat=True)) == {"procedures"}
    assert towns.open_visitors_town(Government.objects.get(code="074071")) == opened


def test_the_demo_starts_again_after_a_visitor_came(demo):
    towns.open_visitors_town(Government.objects.get(code="074071"))
    loading.load(lambda _: None)
    miharu = Government.objects.get(slug="miharu")
    with tenant_scope(miharu.id):
        assert MunicipalInquiry.objects.count() == 1


def test_begin_at_home_makes_an_empty_town(demo, client):
    data = {"code": "074071", "name": "会津 花", "email": "hana@example.jp", "password": "asagao-no-hana-2026"}
    assert client.post("/demo/start-here/", data).status_code == 302
    government = Government.objects.get(code="074071")
    assert list(government.room_switches.filter(is_on=True).values_list("room", flat=True)) == ["procedures"]
    with tenant_scope(government.id):
        assert list(Person.objects.values_list("name", flat=True)) == ["会津 花"]
    assert client.post("/demo/start-here/", data).status_code == 422


def test_the_role_chooser_shows_everybody_and_no_strangers(demo, client):
    names = [members.government.name for members in destinations.everybody("")]
    assert names == ["ひばり町", "あさぎり市", "こもれび村", "みはる県"]
    assert client.post("/demo/roles/", {"slug": "hibari", "email": "staff1@asagiri.example"}).status_code == 404


def test_a_town_has_taken_the_prefectures_form_and_sees_that_it_moved_on(demo):
    with tenant_scope(Government.objects.get(slug="hibari").id):
        row = taken().get()
        merge = compare_with_base(taken_form(row.id), newest_for(row))
    assert (row.origin_name, row.revision) == ("みはる県", 1)
    assert ([told.about for told in merge.told_form], len(merge.open_points)) == (
        ["「被害のようす」の説明", "「応急修理を希望しますか」（ページ「被害のこと」）"], 1,
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["\x00", "0\x00", "髙" * 9_000])
def test_odd_input_at_the_door_is_answered(demo, client, typed):
    assert client.post("/demo/", {"code": typed}).status_code == 422
    assert client.post("/demo/roles/", {"slug": typed, "email": typed}).status_code == 404
    assert client.post("/demo/roles/", {"slug": "hibari", "email": typed + "x"}).status_code == 404


def test_outside_the_demo_its_pages_do_not_exist(db, client):
    for path in ("/demo/", "/demo/road/", "/demo/roles/", "/demo/start-here/"):
        assert client.get(path).status_code == 404


def test_the_heads_of_the_demo_town_meet_without_paper(demo):
    with tenant_scope(Government.objects.get(slug="hibari").id):
        states = dict(Meeting.objects.order_by("starts_at").values_list("title", "state"))
        assert states == {"第1回庁議": "minuted", "第2回庁議": "distributed", "第1回DX推進本部会議": "preparing"}
        assert Document.objects.filter(source_kind="meetings.minutes").count() == 1
        assert MaterialVersion.objects.filter(number=2).exclude(reason="").count() == 1
        assert list(Action.objects.order_by("state").values_list("state", flat=True)) == ["done", "open"]


def test_the_archive_shows_receiving_disposal_and_disclosure(demo):
    with tenant_scope(Government.objects.get(slug="hibari").id):
        assert Receipt.objects.filter(voided_on__isnull=False).count() == 1
        assert ReceiptCorrection.objects.count() == 1
        assert DisposalCertificate.objects.get().count == 2
        assert Tombstone.objects.count() == 2
        request = DisclosureRequest.objects.get()
        assert request.decided_on is None
        assert request.documents.get().marks.count() == 1


def test_the_prefecture_sees_what_its_municipalities_share(demo):
    miharu = Government.objects.get(slug="miharu")
    with tenant_scope(miharu.id):
        inquiry = MunicipalInquiry.objects.get()
        assert {one.municipality.name: one.state for one in standings(inquiry)} == {
            "あさぎり市": "受取済み",
            "ひばり町": "回答済み",
            "こもれび村": "受取済み",
        }
        assert AreaMap.objects.get().shapes
        assert SharedFigure.objects.exists()
        withheld = SharedMeasure.objects.filter(is_shared=False)
        assert {one.room for one in withheld} == {"desk"}


def an_administrator(slug):
    """A signed-in administrator of a government of the demo, who may do everything."""
    government = Government.objects.get(slug=slug)
    with tenant_scope(government.id):
        Role.objects.filter(code="administrator").update(permissions=list(known_permissions()))
        person = RoleGrant.objects.filter(role__code="administrator").first().person
    who = SimpleNamespace(id=person.id, government_id=government.id)
    return government, open_power(sign_in(Client(raise_request_exception=False), who), who)


def forms_of(slug, concerns):
    """(client, module of the view, where it is sent, fields) of each form of the pages of a government that are wanted, each once."""
    government, client = an_administrator(slug)
    sent = set()
    for _, address, page in every_form.pages(client, government, concerns):
        for action, fields in every_form.PostedForms(page).found:
            path = (action or address).removeprefix(f"/{slug}").partition("?")[0]
            if path not in sent and "/accounts/" not in path:
                sent.add(path)
                yield client, every_form.view_module(path), f"/{slug}{path}", fields


#: Views that read files and that no page of this small demo leads to, and what they do with them.
ELSEWHERE = {
    "kakehashi.approvals.views.paths": "store_file, as 起案 does",
    "kakehashi.eforms.views.publishing": "the names alone: a form is tried and nothing is kept",
    "kakehashi.indicators.views.manual": "test_a_hostile_file_of_values_is_refused",
    "kakehashi.plans.views.inquiries": "test_a_town_outside_answers_by_file",
    "kakehashi.procedures.views.staff_applications": "store_file, as 収受 does",
    "kakehashi.procedures.views.staff_counter": "store_file, by the same door as the applicants' pages",
}


def test_no_file_at_any_upload_page_is_an_error_of_ours(demo):
    """Refused with a Japanese sentence beside the field, or kept as what it is and handed out as an attachment alone."""
    tried, wrong, kinds, files = set(), [], set(), every_form.hostile_files()
    own_pages = forms_of("miharu", lambda _, view: "plans.views.area_map" in view_module(view))
    for client, module, where, fields in chain(forms_of("hibari", every_form.takes_files), own_pages):
        if not any(kind == "file" for _, kind, _ in fields):
            continue
        tried.add(module)
        for name, content in files.items():
            with transaction.atomic():
                answer = client.post(where, every_form.filled(fields, "あ", partial(named, name, content)))
                kinds |= stored_kinds("hibari")
                transaction.set_rollback(True)
            said = "error-text" in answer.content.decode()
            if not (answer.status_code == 422 and said) and (answer.status_code != 302 or name == "empty.csv"):
                wrong.append((where, name, answer.status_code, said))
    assert wrong == []
    assert not [one for one in kinds if re.search("html|svg|program|msdownload", one)]
    assert every_form.readers() - tried == set(ELSEWHERE)


def view_module(view):
    return inspect.unwrap(view).__module__


def stored_kinds(slug):
    with tenant_scope(Government.objects.get(slug=slug).id):
        return set(StoredFile.objects.values_list("media_type", flat=True).distinct())


def named(name, content):
    upload = SimpleUploadedFile("x", content)
    upload._name = name  # as a browser that lies sends it
    return upload


def test_what_is_typed_in_plans_meetings_exchange_and_open_data_is_not_sung(demo, lines, monkeypatch):
    """Every form of these rooms, filled with the canary, taken or refused: no line, trace, task or row of the queue has a word of it."""
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(tracing, "_tracer", lambda _: provider.get_tracer("test"))
    monkeypatch.setattr(settings, "MIDDLEWARE", ["kakehashi.site.tracing.TraceMiddleware", *settings.MIDDLEWARE])
    rooms, taken = ("exchange", "plans", "opendata", "meetings"), []
    for client, module, where, fields in forms_of("hibari", lambda name, _: name.partition("-staff")[0] in rooms):
        if not any(kind in {"text", "textarea", "search", "file"} for _, kind, _ in fields):
            continue
        words = every_form.filled(fields, "金糸雀 090-7777-1234 秘密の庭", lambda: SimpleUploadedFile(*FILE))
        if "logout" not in where and client.post(where, words).status_code == 302:
            taken.append(module.split(".")[1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(j::text, ' '), '') FROM procrastinate_jobs j")
        assert_silent(str(cursor.fetchone()))
    assert_silent("\n".join(span.to_json() for span in spans.get_finished_spans()))
    assert_silent(lines.getvalue())
    assert set(taken) >= set(rooms), taken
