"""`kakehashi import rule-pack`: a shipped pack or a workbook becomes a government's rules, or a draft of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kakehashi.approvals.models import RulePack
    from kakehashi.kernel.actor import Actor


@click.command(name="rule-pack")
@click.argument("source")
@click.option("--government", required=True, help="団体のスラッグか6桁コード / Slug or six-digit code.")
@click.option(
    "--valid-from",
    type=click.DateTime(["%Y-%m-%d"]),
    help="施行日。省くと下書きを作るだけです / Day of entry into force; without it only a draft is made.",
)
@click.option("--edition", default="", help="規程の番号・日付 / The regulation's own number and date.")
def import_rule_pack(source: str, government: str, valid_from: datetime | None, edition: str) -> None:
    """規程パックを取り込む / Load a rule pack.

    SOURCE は、ひな形の名（town、prefecture）か、書き出したものと同じ形のExcelファイルです。
    SOURCE is a shipped pack (town, prefecture) or a workbook in the layout of the export.
    """
    from kakehashi.approvals.services import put_in_force
    from kakehashi.governments.models import Government
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.errors import DomainError
    from kakehashi.kernel.tenancy import tenant_scope

    key = "code" if government.isdigit() else "slug"
    body = Government.objects.filter(**{key: government}, is_tenant=True).first()
    if body is None:
        raise click.ClickException(f"団体が見つかりません / No such government: {government}")
    with tenant_scope(body.id):
        actor = system_actor(body.id, "取込")
        try:
            draft = _draft(actor, source)
            if valid_from is None:
                click.echo(f"下書き「{draft.title}」を作りました。画面で点検して、制定してください。")
                return
            made = put_in_force(actor=actor, pack=draft, valid_from=valid_from.date(), edition=edition)
        except DomainError as error:
            raise click.ClickException(error.message) from error
    click.echo(
        f"{made.version.label}を{valid_from:%Y-%m-%d}から施行します。専決の定め{made.new_rules}行、新しい分類{made.new_classes}行"
    )


def _draft(actor: Actor, source: str) -> RulePack:
    from kakehashi.approvals.domain.packs import SHIPPED
    from kakehashi.approvals.services import begin_rule_pack, import_rule_pack

    if source in SHIPPED:
        return begin_rule_pack(actor=actor, document=source)
    path = Path(source)
    if not path.is_file():
        raise click.ClickException(
            f"ひな形（{'、'.join(SHIPPED)}）でもファイルでもありません / No such pack or file: {source}"
        )
    read = import_rule_pack(actor=actor, content=path.read_bytes())
    for error in read.wrong:
        click.echo(str(error), err=True)
    if read.draft is None:
        raise click.ClickException(f"読めないところが{len(read.wrong)}件あるため、何も作りませんでした。")
    return read.draft
