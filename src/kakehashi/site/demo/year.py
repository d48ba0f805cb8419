"""A year of work: applications of the past twelve months, each walked down its own road on its own days."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from kakehashi.approvals.domain.states import ProposalState, StepKind, StepState
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import consent_step, decide_proposal, endorse_step, issue_proposal, submit_proposal
from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.selectors import latest_version
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.ids import uuid7
from kakehashi.people.selectors import StaffActor, holder_of, staff_actor
from kakehashi.procedures.domain.deliveries import Standing, Way
from kakehashi.procedures.domain.devices import Device
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.models import Application, Channel, Draft, Procedure
from kakehashi.procedures.services import (
    ASSUMED,
    Disposition,
    accept_application,
    choose_delivery_way,
    confirm_arrival,
    count_filings,
    measure_handling,
    measure_processing,
    measure_waiting,
    propose_application,
    record_counter_application,
    request_correction,
    request_payment,
    save_step,
    set_assumption,
    start_draft,
    submit_application,
)
from kakehashi.procedures.services.payments import pay_at_counter
from kakehashi.site.demo.organisation import Body
from kakehashi.site.demo.people_of_the_town import Resident, answers_for
from kakehashi.site.demo.post_of_the_town import address, hear_of, post

_RESULTS = {Kind.REQUEST: Result.APPROVED, Kind.CERTIFICATE: Result.ISSUED, Kind.DISPOSITION: Result.GRANTED}
_CORRECTION = "見積書の日付が読み取れませんでした。お手数ですが、日付のわかるものを付けて、もう一度提出してください。"
_DAYS = 360
_TURN = timedelta(minutes=10)
_GIVES_UP = 0.3
# Procedure, days ago, the way the applicant chose, and how far the letter has come.
_LETTERS = (
    ("akiya", 40, Way.POST, Standing.ARRIVED),
    ("akiya", 33, Way.POST, Standing.RETURNED),
    ("akiya", 26, Way.ELECTRONIC, Standing.ARRIVED),
    ("akiya", 14, Way.POST, Standing.WAITING),
    ("kominkan", 13, Way.POST, Standing.WAITING),
    ("shotoku", 12, Way.COUNTER, Standing.WAITING),
)
_SOURCE = "見本の数です。令和8年9月に窓口で30件を測ったことにしています。"
# In the order of ASSUMED: minutes, visits and sheets, each on paper and online.
_ASSUMED = {
    Kind.NOTIFICATION: (20, 8, 1, 0, 2, 0),
    Kind.REQUEST: (25, 10, 1, 0, 3, 0),
    Kind.CERTIFICATE: (15, 6, 1, 0, 3, 1),
    Kind.DISPOSITION: (70, 45, 2, 0, 12, 1),
}


def live_a_year(body: Body, procedures: dict[str, Procedure], *, applications: int, seed: int) -> None:
    """File and handle `applications` applications over the past year; the latest stay open at different steps.

    The government's scope must be open.
    """
    if not applications:
        return
    random = Random(seed)  # noqa: S311 — a story, not a secret
    codes = list(procedures)
    weights = [procedures[code].volume or 1 for code in codes]
    offsets = sorted((random.randrange(4, _DAYS) for _ in range(applications)), reverse=True)
    for offset in offsets:
        procedure = procedures[random.choices(codes, weights)[0]]
        _walk(body, procedure, offset, random)
    # The inbox of this morning: something new, something waiting, something to decide.
    for offset, stop in ((3, "decide"), (2, "correct"), (2, "propose"), (1, "accept"), (1, "submit"), (0, "submit")):
        _walk(body, procedures["akiya"], offset, random, stop=stop)
    _walk(body, procedures["kominkan"], 0, random, stop="submit")
    # What lies at the post this morning, one of each standing.
    for code, offset, way, end in _LETTERS:
        _walk(body, procedures[code], offset, random, stop="issue", way=way, end=end)


def _at(days_ago: int, hour: int, minute: int) -> datetime:
    day = clock.today() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, minute), tzinfo=clock.JST)


def _walk(
    body: Body,
    procedure: Procedure,
    days_ago: int,
    random: Random,
    stop: str = "",
    way: Way | None = None,
    end: Standing = Standing.SENT,
) -> None:
    filed = _at(days_ago, random.randrange(0, 24), random.randrange(60))
    steps = ["accept", "propose", "decide", "issue"] if procedure.kind != Kind.NOTIFICATION else ["accept"]
    # Nothing may be dated after this moment, and what would be takes its turns in the last hour.
    filed = min(filed, clock.now() - _TURN * (len(steps) + 1))
    with clock.frozen(filed):
        # The past year was half on paper, less so towards today; what is open this morning came online.
        on_paper = not stop and random.random() < 0.25 + 0.5 * days_ago / _DAYS
        application = _record(body, procedure, random) if on_paper else _file(body, procedure, random)
        if way is not None:
            choose_delivery_way(actor=_clerk(body, application), application=application, way=way)
    moment = filed
    for at, step in enumerate(steps):
        if stop == "submit":
            return
        day = add_business_days(moment.astimezone(clock.JST).date(), random.choice([1, 1, 2, 3]))
        moment = datetime.combine(day, time(random.randrange(9, 17), random.randrange(60)), tzinfo=clock.JST)
        if moment > clock.now() and not stop:
            return
        moment = min(moment, clock.now() - _TURN * (len(steps) - at))
        with clock.frozen(moment):
            if step == "accept" and stop == "correct":
                _accept(body, application)
                request_correction(
                    actor=_clerk(body, application),
                    application=application,
                    message=_CORRECTION,
                    deadline=add_business_days(day, 10),
                )
                return
            _STEPS[step](body, application)
            if step == "issue":
                _deliver(body, application, end)
        if step == stop:
            return


def _file(body: Body, procedure: Procedure, random: Random) -> Application:
    version = latest_version(procedure.form)
    if version is None:
        message = f"{procedure.name} has no published form"
        raise ValueError(message)
    draft = _begin(body, procedure, random)
    if random.random() < _GIVES_UP:
        _give_up(body, procedure, random)
    return submit_application(
        actor=AnonymousActor(government_id=body.government.id),
        procedure=procedure,
        version=version,
        answers=answers_for(from_json(version.definition), random, clock.today()),
        government_code=body.government.code,
        idempotency_key=draft.idempotency_key,
        accepts_electronic_notice=True,
    )


def _begin(body: Body, procedure: Procedure, random: Random) -> Draft:
    """What a resident begins to write, on a phone more often than not."""
    return start_draft(
        actor=AnonymousActor(government_id=body.government.id),
        procedure=procedure,
        language=random.choice(["ja"] * 8 + ["ja-easy", "en"]),
        idempotency_key=uuid7(),
        device=random.choice([Device.PHONE, Device.PHONE, Device.PHONE, Device.COMPUTER, Device.TABLET]),
    )


def _give_up(body: Body, procedure: Procedure, random: Random) -> None:
    """Somebody else begins as well and stops on one of the pages."""
    draft = _begin(body, procedure, random)
    steps = [str(step["key"]) for step in draft.form_version.definition["steps"]]
    for key in steps[: random.randrange(len(steps) + 1)]:
        save_step(
            actor=AnonymousActor(government_id=body.government.id),
            draft=draft,
            step_key=key,
            field_keys=[],
            values={},
            typed={},
            is_done=True,
        )


def show_effect(body: Body) -> None:
    """What one filing costs, as somebody of the town said it, and everything counted as the worker does."""
    for kind, values in _ASSUMED.items():
        numbers = dict(zip(ASSUMED, values, strict=True))
        set_assumption(actor=body.actor("officer"), kind=kind, values=numbers, source=_SOURCE)
    count_filings()
    measure_handling()
    measure_processing()
    measure_waiting()


def _record(body: Body, procedure: Procedure, random: Random) -> Application:
    """An application that came on paper, at the counter or by post."""
    person = Resident(random, clock.today())
    return record_counter_application(
        actor=body.actor("officer"),
        procedure=procedure,
        government_code=body.government.code,
        applicant_name=f"{person.family} {person.given}",
        channel=random.choice([Channel.COUNTER, Channel.COUNTER, Channel.POST]),
        arrived_on=clock.today(),
        idempotency_key=uuid7(),
    )


def _clerk(body: Body, application: Application) -> StaffActor:
    department = application.procedure.department
    code = department.code if department else ""
    roles = {(role, dept) for role, dept, _ in body.people}
    return body.actor("staff", code) if ("staff", code) in roles else body.actor("officer")


def _accept(body: Body, application: Application) -> None:
    act = confirm_arrival if application.procedure.kind == Kind.NOTIFICATION else accept_application
    act(actor=_clerk(body, application), application=application)


def _propose(body: Body, application: Application) -> None:
    kind = Kind(application.procedure.kind)
    draft = Disposition(
        result=_RESULTS[kind],
        reason="提出された書類を審査したところ、要件を満たしているため。",
        amount=_amount(application) if kind is Kind.DISPOSITION else None,
    )
    clerk = _clerk(body, application)
    if application.procedure.fee_when:
        fee = request_payment(actor=clerk, application=application)
        number = f"見本-{clock.today():%y%m%d}-{fee.reference[:4]}"
        pay_at_counter(actor=clerk, payment=fee, receipt_number=number, paid_on=clock.today())
    proposal = propose_application(actor=clerk, application=application, draft=draft)
    submit_proposal(actor=clerk, proposal=proposal)


def _amount(application: Application) -> int:
    """What the form worked out; an application on paper has no answers."""
    return int(application.answers.get("grant") or 300_000)


def _decide(body: Body, application: Application) -> None:
    """Every box of the route acts in its turn; a vacant post leaves the proposal where it is."""
    proposal = Proposal.objects.get(source_id=application.id)
    for _ in range(10):
        active = proposal.steps.filter(state=StepState.ACTIVE).first()
        holder = holder_of(active.post, clock.today()) if active else None
        if active is None or holder is None:
            return
        act = {StepKind.DECIDE: decide_proposal, StepKind.CONSULT: consent_step}.get(
            StepKind(active.kind), endorse_step
        )
        proposal = act(actor=staff_actor(holder, post_id=active.post_id), proposal=proposal, digest=proposal.digest)


def _issue(body: Body, application: Application) -> None:
    proposal = Proposal.objects.get(source_id=application.id)
    if proposal.state == ProposalState.DECIDED:
        clerk = _clerk(body, application)
        issue_proposal(actor=clerk, proposal=proposal)


def _deliver(body: Body, application: Application, end: Standing) -> None:
    """The letter goes as far as `end` says."""
    clerk = _clerk(body, application)
    for letter in application.deliveries.all():
        address(clerk, letter)
        letter.refresh_from_db()
        if letter.way == Way.POST and end is not Standing.WAITING:
            post(clerk, letter, "特定記録" if end is not Standing.SENT else "普通郵便")
            hear_of(clerk, letter, end)


_STEPS = {"accept": _accept, "propose": _propose, "decide": _decide, "issue": _issue}
