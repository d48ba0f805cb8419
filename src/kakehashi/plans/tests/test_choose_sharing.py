"""What a municipality shows to its prefecture and the other towns is its own choice."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from kakehashi.indicators.domain.figure import FigureState
from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.services import define_measure, record_value
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.queue import governments_with_work, sweeps
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.plans import services
from kakehashi.plans.domain.sharing import Reach, kind_subject, reach_of
from kakehashi.plans.models import SharedFigure, SharedMeasure

PAGE = "/staff/plans/sharing/"
YEAR = Period.year(2025)


def satisfaction(town, value):
    measure = define_measure(
        actor=town.officer, label="満足度", unit="%", direction=Direction.UP, formula_text="満足 ÷ 回答", source="調査"
    )
    given_value = {"value": Decimal(value)} if value is not None else {"state": FigureState.OUT_OF_SCOPE}
    record_value(actor=town.officer, measure=measure, period=YEAR, **given_value)
    services.renew_shared_figures()
    return measure


def read_by(town):
    with tenant_scope(town.id):
        return list(SharedFigure.objects.values_list("origin_id", "value"))


def test_aggregates_are_shown_to_the_prefecture_alone(cast, prefecture):
    with tenant_scope(cast.hibari.id):
        satisfaction(cast.hibari, 41)
    assert read_by(prefecture) == [(cast.hibari.id, Decimal(41))]
    assert read_by(cast.misaki) == []
    fields = {field.name for field in SharedFigure._meta.get_fields()}
    assert not fields & {"department", "rows_count", "rows_mark", "recorded_by"}


def test_what_is_withheld_is_gone_at_once_and_known_as_withheld(cast, prefecture):
    with tenant_scope(cast.hibari.id):
        measure = satisfaction(cast.hibari, 41)
        assert services.choose_sharing(actor=cast.hibari.officer, choices={measure.code: Reach.NONE}) == 1
        assert services.choose_sharing(actor=cast.hibari.officer, choices={measure.code: Reach.NONE}) == 0
        event = Event.objects.get(code="plans.sharing.chosen")
        assert event.payload["choices"] == {measure.code: "none"}
    assert read_by(prefecture) == []
    with tenant_scope(prefecture.id):
        assert not SharedMeasure.objects.get(key__startswith="manual:").is_shared
    with tenant_scope(cast.hibari.id):
        services.choose_sharing(actor=cast.hibari.officer, choices={measure.code: None})
    assert len(read_by(prefecture)) == 1


def test_a_correction_replaces_the_copy_and_nothing_is_written_twice(cast, prefecture):
    with tenant_scope(cast.hibari.id):
        measure = satisfaction(cast.hibari, 41)
        assert services.renew_shared_figures() == 0
        record_value(actor=cast.hibari.officer, measure=measure, period=YEAR, value=Decimal(43), reason="数え直し")
        assert services.renew_shared_figures() == 1
    assert read_by(prefecture) == [(cast.hibari.id, Decimal(43))]


def test_a_town_without_a_prefecture_shares_with_nobody(cast):
    with tenant_scope(cast.hibari.id):
        satisfaction(cast.hibari, 41)
    assert read_by(cast.hibari) == []


def test_unknown_indicators_are_refused(cast, prefecture):
    with tenant_scope(cast.hibari.id), pytest.raises(DomainError):
        services.choose_sharing(actor=cast.hibari.officer, choices={"nobody.knows": Reach.TOWNS})


def test_nobody_writes_in_anothers_name(cast, prefecture):
    with tenant_scope(cast.hibari.id):
        satisfaction(cast.hibari, 41)
    with tenant_scope(prefecture.id):
        assert SharedFigure.objects.update(value=1) == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            forged = SharedFigure.objects.get()
            forged.pk, forged.key = None, "other"
            forged.save(force_insert=True)


@hypothesis(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    choices=st.dictionaries(st.sampled_from(["kind", "measure"]), st.sampled_from(Reach)),
    reader=st.sampled_from(["hibari", "misaki", "prefecture"]),
)
def test_visibility_never_leaks(cast, prefecture, choices, reader):
    with transaction.atomic():
        with tenant_scope(cast.hibari.id):
            measure = satisfaction(cast.hibari, 41)
            subjects = {"kind": kind_subject("manual"), "measure": measure.code}
            wanted = {subjects[name]: value for name, value in choices.items()}
            services.choose_sharing(actor=cast.hibari.officer, choices=wanted)
            reach = reach_of(measure.code, "manual", wanted)
        who = prefecture if reader == "prefecture" else getattr(cast, reader)
        with tenant_scope(who.id), connection.cursor() as cursor:
            # Past the guard of the program: what the database itself shows.
            cursor.execute("SELECT count(*) FROM plans_sharedfigure")
            (copies,) = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM indicators_recordedvalue")
            (rows,) = cursor.fetchone()
        # Its own copies a town always reads.
        assert copies == (reach is Reach.TOWNS or (reach is Reach.PREFECTURE and reader != "misaki"))
        assert rows == (reader == "hibari")
        transaction.set_rollback(True)


def test_the_page_chooses(cast, prefecture, client_for):
    with tenant_scope(cast.hibari.id):
        measure = satisfaction(cast.hibari, 41)
    client = client_for(cast.hibari.officer)
    page = client.get(PAGE).content.decode()
    assert "みはらし県" in page
    assert "まだ選んでいません" in page
    assert "県だけに" in page
    answer = client.post(PAGE, {"share-kind:manual": "none", f"share-{measure.code}": ""}, follow=True)
    assert "共有を1件変えました" in answer.content.decode()
    assert "非共有" in answer.content.decode()
    assert client.post(PAGE, {"share-kind:manual": "perhaps"}).status_code == 422
    assert read_by(prefecture) == []


def test_the_page_asks_the_permission(cast, prefecture, client_for):
    assert client_for(prefecture.officer).get(PAGE).status_code == 404
    with tenant_scope(cast.hibari.id):
        Role.objects.update(permissions=["plans.plan:read"])
    assert client_for(cast.hibari.officer).get(PAGE).status_code == 403


def test_the_worker_visits_only_where_something_is_new(cast, prefecture):
    sweep = next(one for one in sweeps() if one.name == "plans.shared_figures")
    with tenant_scope(cast.hibari.id):
        satisfaction(cast.hibari, 41)
    with tenant_scope(cast.misaki.id):
        services.renew_shared_figures()
    assert not {cast.hibari.id, cast.misaki.id, prefecture.id} & (governments_with_work(sweep) or set())
    with tenant_scope(cast.misaki.id):
        measure = satisfaction(cast.misaki, 52)
        record_value(actor=cast.misaki.officer, measure=measure, period=YEAR, value=Decimal(53), reason="数え直し")
    assert cast.misaki.id in (governments_with_work(sweep) or set())
