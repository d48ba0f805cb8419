"""What the rules say beside the table: a deputy's condition, consent or opinion of each section, 類推専決, 枝番 and 欠番."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256

import pytest

from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.models import NumberSeries, Proposal, ProposalStep, RulePack
from kakehashi.approvals.selectors import current_digest, current_steps
from kakehashi.approvals.selectors.packs import deciding_rule, document_of, pack_on
from kakehashi.approvals.selectors.routes import rule_on
from kakehashi.approvals.services import (
    Extras,
    act_for_decider,
    consent_step,
    decide_proposal,
    endorse_step,
    issue_proposal,
    submit_proposal,
)
from kakehashi.approvals.testing import away, decided, drafted, edited_route, issued, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.people.models import Post
from kakehashi.people.testing import Town


def rewrite(monkeypatch: pytest.MonkeyPatch, part: str, change) -> None:
    """The version in force with one table changed, as the selectors read it: it is frozen in the database."""
    from kakehashi.approvals.selectors import packs, routes

    def other(pack: RulePack) -> PackDocument:
        document = document_of(pack)
        return document.with_rows(part, [change(dict(row)) for row in document.rows(part)])

    monkeypatch.setattr(packs, "document_of", other)
    monkeypatch.setattr(routes, "document_of", other)


def test_a_deputy_with_a_condition_says_why_it_is_met(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rules(town)
    Post.objects.filter(id=town.clerk.post_id).update(name="住民課係長")
    rewrite(monkeypatch, "deputies", lambda row: row | {"condition": "急を要するものに限る。"})
    proposal = submitted(town, extras=None)
    Proposal.objects.filter(id=proposal.id).update(drafter_id=town.officer.id)
    away(town.manager)
    with pytest.raises(DomainError, match="急を要するもの"):
        act_for_decider(actor=town.clerk, proposal=proposal, digest=proposal.digest)
    done = act_for_decider(
        actor=town.clerk, proposal=proposal, digest=proposal.digest, exception_reason="本日が交付の期限であるため。"
    )
    event = list(events_for(done.id))[-1]
    assert event.payload["condition"] == "急を要するものに限る。"
    assert current_steps(done)[0].exception_reason == "本日が交付の期限であるため。"


def asked(town: Town, school: str) -> Proposal:
    """A proposal for the mayor whose consultee dissented under a school."""
    with_rules(town)
    proposal = submitted(town, matter_code="disposition.refuse", extras=edited_route(town, consults=[town.officer]))
    ProposalStep.objects.filter(proposal=proposal, kind="consult").update(school=school)
    proposal = endorse_step(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
    return consent_step(
        actor=town.officer, proposal=proposal, digest=current_digest(proposal), agrees=False, opinion="反対です。"
    )


def test_an_opinion_that_is_only_heard_stops_nothing(town: Town) -> None:
    proposal = asked(town, "opinion")
    assert decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest).is_decided


def test_a_consent_that_is_refused_stops_the_decision(town: Town) -> None:
    proposal = asked(town, "consent")
    with pytest.raises(DomainError, match="調っていません"):
        decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)


def test_each_box_carries_the_school_of_the_pack(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town, extras=edited_route(town, consults=[town.officer]))
    assert [step.school for step in current_steps(proposal) if step.kind == "consult"] == ["opinion"]
    pack = pack_on(clock.today())
    assert pack is not None
    assert document_of(pack).consult_school == "opinion"


def likened(town: Town, **more: str) -> Proposal:
    with_rules(town)
    extras = Extras(likened_to="disposition.permit", likened_reason="許可に準じる軽易な処分であるため。", **more)
    return drafted(town, matter_code="disposition", extras=extras)


def test_a_matter_without_a_rule_of_its_own_follows_another_with_the_clause(town: Town) -> None:
    proposal = submit_proposal(actor=town.clerk, proposal=likened(town))
    decider = next(step for step in current_steps(proposal) if step.kind == "decide")
    assert decider.post_id == town.manager.post_id
    assert "第11条" in proposal.clause
    assert "許可・認可その他の処分" in proposal.clause
    event = next(iter(events_for(proposal.id)))
    assert event.payload["likened_reason_sha256"] == sha256("許可に準じる軽易な処分であるため。".encode()).hexdigest()


def test_the_decider_reads_what_it_is_likened_to(town: Town, client_for) -> None:
    proposal = submit_proposal(actor=town.clerk, proposal=likened(town))
    page = client_for(town.manager).get(f"/hibari/staff/approvals/{proposal.id}/").content.decode()
    assert "類推専決です" in page
    assert "許可に準じる軽易な処分であるため。" in page


@pytest.mark.parametrize(
    ("matter", "to", "said"),
    [
        ("disposition.refuse", "disposition.permit", "個別の定めのない事項だけ"),
        ("disposition", "disposition", "規程に定めのある事項"),
    ],
)
def test_what_has_a_rule_of_its_own_is_not_likened(town: Town, matter: str, to: str, said: str) -> None:
    with_rules(town)
    proposal = drafted(town, matter_code=matter, extras=Extras(likened_to=to, likened_reason="似ている"))
    with pytest.raises(DomainError, match=said):
        submit_proposal(actor=town.clerk, proposal=proposal)


def test_likening_needs_its_reason(town: Town) -> None:
    with_rules(town)
    with pytest.raises(DomainError, match="理由"):
        drafted(town, matter_code="disposition", extras=Extras(likened_to="disposition.permit"))


def test_there_is_one_computation_of_the_decider(town: Town) -> None:
    """Every matter of the pack: the route's rule is the line that the question 「だれが決裁するか」 answers."""
    with_rules(town)
    today, drafter = clock.today(), Post.objects.get(id=town.clerk.post_id)
    pack = pack_on(today)
    assert pack is not None
    from kakehashi.approvals.models import Matter

    compared = 0
    for matter in Matter.objects.filter(is_active=True):
        for amount in (0, 600_000, 200_000_000):
            found = deciding_rule(matter.code, amount, drafter.department, today)
            if found is not None:
                assert rule_on(matter, amount, drafter, today).clause == found.clause
                compared += 1
    assert compared > 100


def test_a_branch_follows_the_number_it_belongs_to(town: Town, client_for) -> None:
    with_rules(town)
    first = issued(town)
    last = NumberSeries.objects.get(kind="document").last_number
    for number in (2, 3):
        proposal = decided(town)
        with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
            if number == 2:
                with pytest.raises(DomainError, match="理由"):
                    issue_proposal(actor=town.clerk, proposal=proposal, branch_of=first.document_number)
            done = issue_proposal(
                actor=town.clerk, proposal=proposal, branch_of=first.document_number, branch_reason="同じ件の続き"
            )
        assert done.document_number == f"{first.document_number}の{number}"
    assert NumberSeries.objects.get(kind="document").last_number == last
    page = client_for(town.clerk).get("/hibari/staff/approvals/numbers/").content.decode()
    assert f"{first.document_number}の3" in page


def test_a_void_number_is_explained_on_the_screen_and_a_used_one_is_refused(town: Town, client_for) -> None:
    with_rules(town)
    issued(town)
    series = NumberSeries.objects.get(kind="document")
    client = client_for(town.clerk)
    address = f"/hibari/staff/approvals/numbers/{series.id}/void/"
    client.post(address, {"number": "1", "reason": "誤り"})
    assert not series.void_numbers.exists()
    NumberSeries.objects.filter(id=series.id).update(last_number=2)
    client.post(address, {"number": "2", "reason": "紙に書いて使わなかったため"})
    page = client.get("/hibari/staff/approvals/numbers/").content.decode()
    assert "紙に書いて使わなかったため" in page
    assert "紙に書いて" in client.get("/hibari/staff/approvals/numbers/?format=csv").content.decode("utf-8-sig")
