"""Members of staff: registered, amended, appointed to posts and relieved of them."""

from __future__ import annotations

from datetime import date, timedelta

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.models import Membership, Person, Post, PostHolding, User
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors import valid_on


@service
def register_person(
    *, actor: Actor, name: str, staff_number: str = "", kana: str = "", email: str = "", with_account: bool = True
) -> Person:
    """A new member of staff. With an address they also get an account, whose password they set through 「パスワードを忘れた」.

    Raises DomainError when the staff number is taken or the address belongs to a colleague.
    """
    require(actor, PeoplePermission.EDIT)
    name, staff_number, email = name.strip(), staff_number.strip(), email.strip().lower()
    if not name:
        raise DomainError("氏名を書いてください。", field="name")
    if staff_number and Person.objects.filter(staff_number=staff_number, is_active=True).exists():
        raise DomainError(f"職員番号{staff_number}は使われています。", field="staff_number")
    if email and Person.objects.filter(email=email).exists():
        raise DomainError("そのメールアドレスは、ほかの職員が使っています。", field="email")
    person = Person(name=name, staff_number=staff_number, kana=kana.strip(), email=email)
    if email and with_account:
        # The account may serve another government already: it is joined, its password is nobody's business here.
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, None, name=name)
        Membership.objects.get_or_create(user=user, government_id=current_government_id())
        person.user_id = user.id
    person.save()
    record_event(
        actor=actor,
        code="people.person.registered",
        subject_kind="people.person",
        subject_id=person.id,
        payload={"staff_number": staff_number, "has_account": person.user_id is not None},
    )
    return person


@service
def amend_person(*, actor: Actor, person: Person, name: str, kana: str, staff_number: str) -> Person:
    """Correct a name, its reading or the staff number."""
    require(actor, PeoplePermission.EDIT)
    if not name.strip():
        raise DomainError("氏名を書いてください。", field="name")
    number = staff_number.strip()
    if number and Person.objects.filter(staff_number=number, is_active=True).exclude(id=person.id).exists():
        raise DomainError(f"職員番号{number}は使われています。", field="staff_number")
    person.name, person.kana, person.staff_number = name.strip(), kana.strip(), number
    person.save(update_fields=["name", "kana", "staff_number"])
    record_event(
        actor=actor,
        code="people.person.amended",
        subject_kind="people.person",
        subject_id=person.id,
        payload={"staff_number": number},
    )
    return person


@service
def appoint_person(
    *, actor: Actor, person: Person, post: Post, valid_from: date, is_primary: bool = True
) -> PostHolding:
    """Appoint a person to a post from a day on. A primary appointment ends the former primary one on the eve.

    Raises DomainError when the post does not exist on that day or the person holds it already.
    """
    require(actor, PeoplePermission.EDIT)
    if post.valid_from > valid_from or (post.valid_to is not None and post.valid_to < valid_from):
        raise DomainError("その日には、この職がありません。", field="valid_from")
    Person.objects.select_for_update().get(id=person.id)
    if PostHolding.objects.filter(valid_on(valid_from), person=person, post=post).exists():
        raise DomainError("もうこの職に就いています。", field="post")
    if is_primary:
        for former in PostHolding.objects.filter(valid_on(valid_from), person=person, is_primary=True):
            _end(former, valid_from - timedelta(days=1))
    holding = PostHolding.objects.create(person=person, post=post, valid_from=valid_from, is_primary=is_primary)
    record_event(
        actor=actor,
        code="people.person.appointed",
        subject_kind="people.person",
        subject_id=person.id,
        payload={"post": str(post.id), "valid_from": valid_from.isoformat(), "is_primary": is_primary},
    )
    return holding


@service
def end_holding(*, actor: Actor, holding: PostHolding, last_day: date) -> None:
    """Relieve a person of a post; `last_day` is the last day in it. A holding that would end before it began is removed."""
    require(actor, PeoplePermission.EDIT)
    person_id, post_id = holding.person_id, holding.post_id
    _end(holding, last_day)
    record_event(
        actor=actor,
        code="people.person.relieved",
        subject_kind="people.person",
        subject_id=person_id,
        payload={"post": str(post_id), "last_day": last_day.isoformat()},
    )


def _end(holding: PostHolding, last_day: date) -> None:
    if last_day < holding.valid_from:
        holding.delete()
        return
    holding.valid_to = last_day
    holding.save(update_fields=["valid_to"])
