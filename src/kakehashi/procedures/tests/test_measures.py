"""オンライン化率, 利用率, days to decision: unknown is not zero, and every figure knows its rows."""

from decimal import Decimal

from kakehashi.indicators.hooks import MEASURES, Period
from kakehashi.indicators.selectors import measure_now
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Channel, Procedure
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import confirm_arrival, exclude_procedure, record_counter_application
from kakehashi.procedures.testing import a_procedure, an_application, an_online_procedure


def now() -> Period:
    return Period.containing(clock.today())


def rows(code: str) -> tuple[int, int]:
    measure = MEASURES.get(code)
    assert measure.denominator is not None
    return measure.numerator(now()).count(), measure.denominator(now()).count()


def test_online_rate_leaves_out_what_is_excluded(town: Town) -> None:
    an_online_procedure(town)
    a_procedure(town.officer, "道路の占用の許可", Kind.DISPOSITION)
    exclude_procedure(actor=town.officer, procedure=a_procedure(town.officer, "対面の面接"), reason="対面が必要")
    assert rows("procedures.online_rate") == (1, 2)


def test_unknown_volume_is_not_zero(town: Town) -> None:
    an_online_procedure(town, volume=40)
    a_procedure(town.officer, "道路の占用の許可", volume=60)
    a_procedure(town.officer, "件数のわからない届出", volume=None)
    assert rows("procedures.online_rate_by_volume") == (1, 2)
    unknown = MEASURES.get("procedures.online_rate_by_volume").unknown
    assert unknown is not None
    assert unknown(now()).count() == 1
    assert measure_now("procedures.online_rate_by_volume", now()).figure.value == Decimal("40.0")


def test_usage_counts_the_counter_too(town: Town) -> None:
    procedure = an_online_procedure(town)
    an_application(town, procedure)
    record_counter_application(
        actor=town.clerk, procedure=procedure, government_code=town.government.code, applicant_name="佐々木 一",
        channel=Channel.COUNTER, arrived_on=clock.today(), idempotency_key=uuid7(),
    )  # fmt: skip
    assert rows("procedures.usage_rate") == (1, 2)
    assert measure_now("procedures.usage_rate", now()).figure.value == Decimal("50.0")


def test_days_are_those_of_the_clock(town: Town) -> None:
    application = get_application(an_application(town, an_online_procedure(town, Kind.NOTIFICATION)).id)
    confirm_arrival(actor=town.clerk, application=application)
    assert [row.days_to_decision for row in MEASURES.get("procedures.days_to_decision").numerator(now())] == [0]


def test_every_row_has_a_page(town: Town) -> None:
    an_application(town, an_online_procedure(town))
    for measure in MEASURES.items():
        code, each = measure
        if code.startswith("procedures."):
            assert all(each.row_url(row) for row in each.numerator(now())), code
    assert Procedure.objects.exists()
