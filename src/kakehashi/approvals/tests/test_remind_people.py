"""催促 and the page of what waits on whom: office hours, one message a person, nobody blamed."""

import datetime as dt

import pytest

from kakehashi.approvals.domain.reminders import is_due, is_quiet
from kakehashi.approvals.models import ProposalStep
from kakehashi.approvals.selectors.waiting import waiting_by_post
from kakehashi.approvals.services import act_for_decider, remind_people
from kakehashi.approvals.testing import away, deputy, submitted, with_rules
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice, Preference
from kakehashi.people.models import Absence, PostHolding
from kakehashi.people.testing import Cast, Town

FRIDAY = dt.datetime(2026, 11, 27, 10, tzinfo=clock.JST)
MONDAY = FRIDAY + dt.timedelta(days=3)
TUESDAY = FRIDAY + dt.timedelta(days=4)


def at(hour: int, minute: int = 0, *, day: dt.datetime = FRIDAY) -> dt.datetime:
    return day.replace(hour=hour, minute=minute)


def test_nobody_is_reminded_at_night_or_on_a_day_off() -> None:
    assert [is_quiet(at(8)), is_quiet(at(8, 30)), is_quiet(at(17, 14)), is_quiet(at(17, 15))] == [
        True, False, False, True,
    ]  # fmt: skip
    assert is_quiet(FRIDAY + dt.timedelta(days=1))
    assert not is_quiet(FRIDAY.astimezone(dt.UTC))


def test_two_business_days_and_not_every_day() -> None:
    assert not is_due(FRIDAY, None, MONDAY, 2)
    assert is_due(FRIDAY, None, TUESDAY, 2)
    assert not is_due(FRIDAY, MONDAY, TUESDAY, 2)
    assert not is_due(None, None, TUESDAY, 2)


def test_one_message_a_person_in_the_kind_they_chose(town: Town) -> None:
    with clock.frozen(FRIDAY):
        with_rules(town)
        submitted(town)
        submitted(town)
    Preference.objects.create(person_id=town.manager.id, kind="approvals.reminder", mail=False)
    with clock.frozen(TUESDAY.replace(hour=20)):
        assert remind_people(town.id) == 0
    with clock.frozen(TUESDAY):
        assert remind_people(town.id) == 1
        assert remind_people(town.id) == 0
    notice = Notice.objects.get(kind="approvals.reminder")
    assert (notice.person_id, notice.mail_state) == (town.manager.id, "none")
    assert notice.subject == "手元の起案が2件あります"
    assert notice.body_text.count("2開庁日") == 2


def test_while_the_decider_is_away_the_deputy_is_reminded(town: Town) -> None:
    with clock.frozen(FRIDAY):
        with_rules(town)
        deputy(town.manager, town.officer)
        proposal = submitted(town)
    with clock.frozen(TUESDAY):
        away(town.manager)
        remind_people(town.id)
        assert Notice.objects.get(kind="approvals.reminder").person_id == town.officer.id
        act_for_decider(actor=town.officer, proposal=proposal, digest=proposal.digest)
    with clock.frozen(TUESDAY + dt.timedelta(days=7)):
        remind_people(town.id)
    told = Notice.objects.filter(kind="approvals.reminder", body_text__contains="後閲")
    assert [each.person_id for each in told] == [town.manager.id]


def test_the_piles_say_what_helps_and_name_nobody(town: Town) -> None:
    with clock.frozen(FRIDAY):
        with_rules(town)
        submitted(town)
        submitted(town, matter_code="disposition.refuse")
    with clock.frozen(TUESDAY):
        (pile,) = waiting_by_post()
        assert (pile.post.name, pile.count, pile.longest, pile.middle, pile.hint) == ("住民課課長", 2, 2, 2.0, "")
        away(town.manager)
        assert waiting_by_post()[0].hint == "不在です。代決か、上位の職の引上げで進みます。"
        Absence.objects.all().delete()
        PostHolding.objects.filter(person_id=town.manager.id).delete()
        assert "欠員" in waiting_by_post(town.department)[0].hint
        assert waiting_by_post(town.other_department) == []


@pytest.mark.parametrize("query", ["", "?department=nonsense", "?format=csv", "?format=xlsx"])
def test_the_page_opens_and_leaves_as_a_table(cast: Cast, client_for, query: str) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        submitted(town)
        assert ProposalStep.objects.filter(state="active").exists()
    response = client_for(town.clerk).get(f"/staff/approvals/waiting/{query}")
    assert response.status_code == 200
    if "xlsx" not in query:
        page = response.content.decode()
        assert "住民課課長" in page
        assert "佐藤" not in page.split("<main", 1)[-1]
