"""What the residents' list shows, in the reader's language, and how little it asks the database."""

import pytest

from kakehashi.governments.selectors import forget_tenants
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.models import Procedure, ProcedureText
from kakehashi.procedures.selectors.public import find_procedures, guide_of, public_procedure
from kakehashi.procedures.services.inventory import search_row
from kakehashi.procedures.testing import an_online_procedure
from kakehashi.search.services import index_texts
from kakehashi.search.services.index import index_pending


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
@pytest.mark.parametrize("missing", [(), ("en", "ja-easy"), ("ja", "en", "ja-easy")])
def test_a_list_says_what_the_page_says(town, language, missing):
    procedure = an_online_procedure(town)
    ProcedureText.objects.filter(procedure=procedure, language__in=missing).delete()
    for each in {"ja", "en", "ja-easy"} - set(missing):
        words = {"name": f"{each} name", "what_for": f"{each} words"}
        ProcedureText.objects.update_or_create(procedure=procedure, language=each, defaults=words)
    actor = AnonymousActor(government_id=town.id, label="申請者")
    ((found, guide),) = find_procedures(actor=actor, text="", language=language)
    assert found.id == procedure.id
    assert guide == guide_of(public_procedure(procedure.id), language)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("address", ["/procedures/?q=犬の登録", "/procedures/"])
def test_a_list_of_many_asks_at_most_eight_queries(
    cast, client_for, django_assert_max_num_queries, settings, address, language
):
    forget_tenants()
    settings.GOVERNMENT_CACHE_SECONDS = 60
    client = client_for(cast.hibari)
    with tenant_scope(cast.hibari.id):
        rows = Procedure.objects.bulk_create(Procedure(name=f"犬の登録の届出{n}") for n in range(40))
        texts = [
            ProcedureText(procedure=each, language="ja", name=each.name, what_for="犬を飼う人が届け出ます。")
            for each in rows
        ]
        ProcedureText.objects.bulk_create(texts)
        found = [search_row(each.procedure, [each]) for each in texts]
        index_texts(government_id=cast.hibari.id, kind=PROCEDURE, rows=found)
        while index_pending():
            pass
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.get(address)
    # The scope's savepoint and setting come four times in tests; the rest is the page's own.
    with django_assert_max_num_queries(8 + 4):
        page = client.get(address)
    assert page.content.decode().count("dads-list__title") == 30
    forget_tenants()


@pytest.mark.parametrize(
    ("language", "typed"),
    [("ja", "住まい"), ("en", "Housing"), ("ja", "仕事・事業"), ("en", "Work and business")],
)
def test_who_types_the_name_of_a_door_finds_what_lies_behind_it(cast, client_for, settings, language, typed):
    """The home page suggests its doors as words; their names alone stand in no procedure."""
    with tenant_scope(cast.hibari.id):
        an_online_procedure(cast.hibari)
        row = Procedure.objects.create(name="空き家解体費補助金の交付申請")
        text = ProcedureText.objects.create(
            procedure=row, language="ja", name=row.name, what_for="解体の費用を出します。"
        )
        index_texts(government_id=cast.hibari.id, kind=PROCEDURE, rows=[search_row(row, [text])])
        while index_pending():
            pass
    client = client_for(cast.hibari)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get("/procedures/", {"q": typed}).content.decode()
    assert "空き家解体費補助金の交付申請" in page
    assert f'<option value="{typed}">' in page
