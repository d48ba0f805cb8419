"""`kakehashi create-admin`: the first administrator of a government."""

from __future__ import annotations

from typing import Any

import click

from kakehashi.site.cli.console import django_and_database, fail, out

_ROLE = "administrator"


@click.command("create-admin")
@click.option("--government", required=True, help="6桁の団体コード / Six-digit code, such as 131016")
@click.option(
    "--slug", default="", help="アドレスの名前（まだ開いていない団体を開く） / Name in addresses, opens the government"
)
@click.option("--name", required=True, prompt="氏名 / Name", help="氏名 / Name")
@click.option("--email", required=True, prompt="メールアドレス / Mail address", help="メールアドレス / Mail address")
def command(government: str, slug: str, name: str, email: str) -> None:
    """最初の管理者を作り、パスワードを決めるためのアドレスを表示する。

    Create an administrator of a government, opening the government with --slug if it is not served yet, and print the
    address where the password is chosen. Passwords are never typed on a command line.
    """
    from kakehashi.kernel.errors import DomainError

    with django_and_database():
        try:
            address = create_administrator(code=government, slug=slug, name=name, email=email)
        except DomainError as error:
            fail(error.message, "See the message above.")
    out.print(f"管理者を作りました。次のアドレスでパスワードを決めてください（三日間有効）：\n{address}")
    out.print("The administrator was created; choose the password at the address above within three days.")
    out.print("アドレスは KAKEHASHI_BASE_URL から作ります。別のポートや名前で開くときは、それを合わせてください。")
    out.print("It is made from KAKEHASHI_BASE_URL: set that where the port or the name is another.")


def create_administrator(*, code: str, slug: str, name: str, email: str) -> str:
    """Make the person, the account and the role grant; return the address to choose a password. Raises DomainError."""
    from django.db import transaction

    from kakehashi.kernel import clock
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.people.services import grant_role, register_person

    with transaction.atomic():
        government = _open(code, slug)
        actor = system_actor(government.id, "コマンド")
        with tenant_scope(government.id):
            person = register_person(actor=actor, name=name, email=email)
            grant_role(actor=actor, person=person, role=_role(actor), valid_from=clock.today())
    return _password_address(person.user_id)


def _open(code: str, slug: str) -> Any:
    from kakehashi.governments.models import Government
    from kakehashi.governments.selectors import switchable_rooms
    from kakehashi.governments.services import import_present_list, open_tenant

    government = Government.objects.filter(code=code).first()
    if government is None:
        import_present_list()
        government = Government.objects.filter(code=code).first()
    if government is None:
        fail(f"団体コード {code} の団体はありません。", f"There is no government with the code {code}.")
    if government.is_tenant:
        return government
    if not slug:
        fail(f"{government.name} はまだ開いていません。--slug で名前を付けてください。", "Open it with --slug.")
    return open_tenant(code=code, slug=slug, rooms=switchable_rooms())


def _role(actor: Any) -> Any:
    from kakehashi.kernel.permissions import known_permissions
    from kakehashi.people.models import Role
    from kakehashi.people.services import create_role

    known = Role.objects.filter(code=_ROLE).first()
    return known or create_role(actor=actor, code=_ROLE, name="管理者", permissions=list(known_permissions()))


def _password_address(user_id: Any) -> str:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.conf import settings
    from django.urls import reverse

    from kakehashi.people.models import User

    user = User.objects.get(id=user_id)
    parts = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.CONFIG.base_url}{reverse('account_reset_password_from_key', kwargs=parts)}"
