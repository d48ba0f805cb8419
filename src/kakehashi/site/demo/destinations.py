"""Where each step of the road leads: the page, the government and the person who stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import get_script_prefix, reverse, set_script_prefix

from kakehashi.approvals.domain.states import ProposalState
from kakehashi.approvals.models import Proposal
from kakehashi.governments.models import Government
from kakehashi.governments.selectors import get_government, rooms_of
from kakehashi.governments.services import switch_room
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import current_government_id, tenant_scope
from kakehashi.people.models import Person, PostHolding, RoleGrant, User
from kakehashi.people.selectors import valid_on
from kakehashi.plans.models import DxPlan
from kakehashi.procedures.models import Application, Procedure
from kakehashi.records.models import RecordFile
from kakehashi.site.demo.organisation import body_of
from kakehashi.site.demo.plan_of_the_town import adopt_plan
from kakehashi.site.demo.road import Step

AKIYA = "空き家解体費補助金の交付申請"
Target = tuple[str, list[object]]
_MAY = {
    "head": "決裁する。首長の1枚で、計画の数字と遅れを見る。会議で決める。",
    "manager": "回ってきた起案を承認・決裁する。課の仕事の滞りと、課の取組を見る。",
    "officer": "計画・指標・照会をまとめる。相談窓口で支援する。様式を公開し、使う機能を切り替える。",
    "staff": "申請を審査し、起案する。業務の困りごとを相談する。担当する取組を報告する。",
    "administrator": "職員・組織・役割・決まりを設定する。操作の記録を確かめる。ほかの役割の画面もすべて開ける。",
}
_MAY_OF_PREFECTURE = "市町村の指標・地図・照会を見る。"


@dataclass(frozen=True)
class Place:
    """One step's page: its address, its government, and the account to sign in (None: a resident)."""

    address: str
    government: Government
    user: User | None


@dataclass(frozen=True)
class Named:
    """A member of staff in the role chooser."""

    email: str
    label: str
    may: str


@dataclass(frozen=True)
class Members:
    """A government in the role chooser."""

    government: Government
    people: list[Named]


def place_of(step: Step, town: Government) -> Place:
    """Switch the step's rooms on and say where to go as whom."""
    government = Government.objects.get(slug="miharu") if step.prefecture else town
    with tenant_scope(government.id):
        actor = system_actor(government.id, "見本の案内")
        for room in set(step.rooms) - rooms_of(government):
            switch_room(actor=actor, room=room, is_on=True)
        name, arguments = _TARGETS[step.number]()
        user = _who(step)
    return Place(_address(government, name, arguments), government, user)


def take_home_place(town: Government) -> Place:
    """Where everything of the town is taken home, by one of its administrators."""
    with tenant_scope(town.id):
        return Place(_address(town, "site:take-home", []), town, _holder("administrator", ""))


def everybody(slug: str) -> list[Members]:
    """The staff of the fictional governments and of the visitor's town, for the role chooser."""
    slugs = [s for s in (slug, "hibari", "asagiri", "komorebi", "miharu") if s]
    found = {g.slug: g for g in Government.objects.filter(slug__in=slugs, is_demo=True)}
    return [_members(found[s]) for s in slugs if s in found]


def _members(government: Government) -> Members:
    with tenant_scope(government.id):
        holdings = (
            PostHolding.objects.filter(valid_on(clock.today()), is_primary=True)
            .select_related("person", "post")
            .order_by("post__rank", "post__name")
        )
        grants = RoleGrant.objects.filter(valid_on(clock.today())).select_related("role").order_by("-id")
        roles = {grant.person_id: grant.role.code for grant in grants}
        people = [
            Named(h.person.email, f"{h.post.name} {h.person.name}", _may(roles.get(h.person_id, ""), government))
            for h in holdings
            if h.person.user_id
        ]
    return Members(government, people)


def _may(role: str, government: Government) -> str:
    """What somebody with this role comes for; a prefecture's people also see its municipalities."""
    said = _MAY.get(role, "")
    return said + _MAY_OF_PREFECTURE if said and government.kind == "prefecture" else said


def _who(step: Step) -> User | None:
    return _holder(step.role, step.department) if step.role else None


def _holder(role: str, department: str) -> User | None:
    """Who holds the role, in the department if anybody does."""
    grants = RoleGrant.objects.filter(valid_on(clock.today()), role__code=role).select_related("person")
    people = [grant.person for grant in grants.order_by("id")]
    chosen = next((p for p in people if _works_in(p, department)), people[0] if people else None)
    return User.objects.filter(id=chosen.user_id).first() if chosen else None


def _works_in(person: Person, department: str) -> bool:
    holdings = PostHolding.objects.filter(valid_on(clock.today()), person=person)
    return not department or holdings.filter(post__department__code=department).exists()


def _address(government: Government, name: str, arguments: list[object]) -> str:
    previous = get_script_prefix()
    try:
        set_script_prefix(f"/{government.slug}/")
        return reverse(name, args=arguments)
    finally:
        set_script_prefix(previous)


def _akiya() -> Procedure | None:
    return Procedure.objects.filter(name=AKIYA).first()


def _consultation() -> Target:
    return "desk-staff:new", []


def _procedure() -> Target:
    procedure = _akiya()
    return ("procedures-staff:from-paper", [procedure.id]) if procedure else ("procedures-staff:inventory", [])


def _apply() -> Target:
    procedure = _akiya()
    return ("procedures:procedure", [procedure.id]) if procedure else ("procedures:search", [])


def _handle() -> Target:
    newest = Application.objects.filter(procedure__name=AKIYA).order_by("-id").first()
    return ("cases-staff:case", [newest.case_id]) if newest else ("cases-staff:inbox", [])


def _decide() -> Target:
    newest = Proposal.objects.filter(state=ProposalState.IN_CIRCULATION).order_by("-id").first()
    return ("approvals-staff:proposal", [newest.id]) if newest else ("approvals-staff:index", [])


def _issue() -> Target:
    decided = Proposal.objects.filter(state=ProposalState.DECIDED).order_by("-id").first()
    return ("approvals-staff:proposal", [decided.id]) if decided else ("approvals-staff:index", [])


def _record() -> Target:
    newest = RecordFile.objects.order_by("-id").first()
    return ("records-staff:file", [newest.id]) if newest else ("records-staff:index", [])


def _number() -> Target:
    """The plan; a visitor's town adopts its own when the numbers are first asked for."""
    plan = DxPlan.objects.order_by("-id").first() or adopt_plan(body_of(get_government(current_government_id())))
    return "plans-staff:plan", [plan.id]


def _solved() -> Target:
    return "desk-staff:shared", []


_TARGETS: dict[int, Callable[[], Target]] = {
    1: _consultation,
    2: _procedure,
    3: _apply,
    4: _handle,
    5: _decide,
    6: _issue,
    7: _record,
    8: _number,
    9: _solved,
}
