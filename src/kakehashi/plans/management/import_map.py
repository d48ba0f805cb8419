"""`kakehashi import map`: the shapes of municipalities for the prefectures of this installation."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="map")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--prefecture",
    "slug",
    default="",
    help="県のアドレス名（省くとすべての県） / Slug of one prefecture, all of them if left out.",
)
def import_map(path: Path, slug: str) -> None:
    """市町村の形（TopoJSON）を取り込む / Import the shapes of municipalities (TopoJSON).

    PATH は団体コードを持つ TopoJSON です。県ごとに、その県の団体だけを取り出し、簡略にして保存します。
    PATH is a TopoJSON file whose shapes carry local government codes; each prefecture keeps its own municipalities, simplified.
    """
    from kakehashi.governments.models import Government, GovernmentKind
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.errors import DomainError
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.plans.services import import_area_map

    chosen = Government.objects.filter(kind=GovernmentKind.PREFECTURE, is_tenant=True)
    found = list(chosen.filter(slug=slug) if slug else chosen)
    if not found:
        raise click.ClickException("この仕組みを使っている県がありません / No such prefecture uses this installation.")
    content = path.read_bytes()
    for one in found:
        try:
            with tenant_scope(one.id):
                made = import_area_map(actor=system_actor(one.id, "取込の命令"), name=path.name, content=content)
        except DomainError as error:
            if slug or len(found) == 1:
                raise click.ClickException(error.message) from error
            click.echo(f"{one.name}: {error.message}", err=True)
        else:
            click.echo(f"{one.name}: {len(made.shapes)}団体の形、{made.points}点")
