"""The visitor's own town: a real municipality's name on a demo tenant that begins with one room."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.governments.services import open_demo_tenant
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.folding import fold
from kakehashi.kernel.lg_code import check_digit
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import User
from kakehashi.people.services import appoint_person, create_post, grant_role, register_person
from kakehashi.site.demo.furnish import furnish
from kakehashi.site.demo.news import tell_news
from kakehashi.site.demo.organisation import make_organisation, make_roles
from kakehashi.site.demo.plan_of_the_town import list_paper_procedures
from kakehashi.site.demo.troubles import place

FIRST_ROOM = "procedures"
_COPIES = "98"
_MUNICIPALITIES = (
    GovernmentKind.DESIGNATED_CITY,
    GovernmentKind.CITY,
    GovernmentKind.SPECIAL_WARD,
    GovernmentKind.TOWN,
    GovernmentKind.VILLAGE,
)


def find_municipalities(query: str, limit: int = 30) -> list[Government]:
    """Real municipalities whose name, kana or code contains the words, by code."""
    wanted = fold(query)
    rows: QuerySet[Government] = (
        Government.objects.filter(kind__in=_MUNICIPALITIES, code__lt="480000").select_related("parent").order_by("code")
    )
    found = [
        one for one in rows if wanted in fold(f"{one.parent.name if one.parent else ''}{one.name}{one.kana}{one.code}")
    ]
    return found[:limit]


def open_visitors_town(real: Government) -> Government:
    """Make (once) a demo tenant under a real municipality's name: organisation, rules, procedures, one room on.

    It carries a code of its own (98…), so that the real row stays free for 「うちの町で始める」.
    """
    slug = f"t{real.code}"
    opened = Government.objects.filter(slug=slug).first()
    if opened is not None:
        return opened
    copy = Government(
        code=_free_code(),
        name=real.name,
        kana=real.kana,
        kind=real.kind,
        population=real.population,
        parent=Government.objects.filter(slug="miharu").first(),
    )
    with transaction.atomic():
        opened = open_demo_tenant(government=copy, slug=slug, rooms=[FIRST_ROOM])
        with tenant_scope(opened.id):
            body = make_organisation(opened)
            furnish(body)
            tell_news(body)
            list_paper_procedures(body)
            place(body)
    return opened


def _free_code() -> str:
    last = Government.objects.filter(code__startswith=_COPIES).order_by("-code").first()
    number = int(last.code[2:5]) + 1 if last else 1
    five = f"{_COPIES}{number:03d}"
    return f"{five}{check_digit(five)}"


def start_empty_town(real: Government, *, name: str, email: str, password: str) -> Government:
    """An empty tenant of a real municipality: one room on, one administrator, nothing else.

    Raises DomainError when the town has begun already or the address is taken.
    """
    if real.is_tenant:
        raise DomainError("この団体は、もう始めています。サインインしてください。", field="code", code="taken")
    if User.objects.filter(email=email.lower()).exists():
        raise DomainError("このメールアドレスは使われています。", field="email", code="taken")
    with transaction.atomic():
        opened = open_demo_tenant(government=real, slug=f"my{real.code}", rooms=[FIRST_ROOM])
        with tenant_scope(opened.id):
            actor = system_actor(opened.id, "始める")
            role = make_roles(actor)["administrator"]
            person = register_person(actor=actor, name=name, email=email)
            post = create_post(actor=actor, name="管理者", rank=60, valid_from=clock.today())
            appoint_person(actor=actor, person=person, post=post, valid_from=clock.today())
            grant_role(actor=actor, person=person, role=role, valid_from=clock.today())
            user = User.objects.get(email=email.lower())
            user.set_password(password)
            user.save(update_fields=["password"])
    return opened
