"""`kakehashi keys`: what keys there are, changing them, a sealed copy for the safe, and the paper for whoever takes over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from kakehashi.site.cli.console import django_and_database, fail, out, progress
from kakehashi.site.cli.data_keys import COMMANDS as DATA_KEY_COMMANDS
from kakehashi.site.config import COOKIES_LIVE, home_folder, load

_ABOUT = {
    "secret_key": "Cookie・確認コードの署名 / signs cookies and mail codes",
    "sealing_key": "データベースの中の秘密の封 / seals secrets in the database",
    "journal.pem": "操作の記録の署名 / signs the journal",
    "journal.handovers": "署名鍵の引継ぎの証明（公開） / hand-overs of the signing key (public)",
}


@click.group("keys")
def command() -> None:
    """鍵を見る・替える・控える・引き継ぐ。 / See, change, back up and hand over the keys.

    手順は docs/operate/keys.md。 / The procedure is in docs/operate/keys.md.
    """


@command.command("list")
def list_keys() -> None:
    """鍵の名前・指紋・日付。中身は出さない。 / Names, fingerprints and dates; never the keys themselves."""
    from kakehashi.site.key_archive import fingerprint, read_folder

    folder = load().home / "keys"
    table = Table("鍵 / key", "指紋 / fingerprint", "日付 / since", "使いみち / use")
    for name, data in read_folder(folder).items():
        since = datetime.fromtimestamp((folder / name).stat().st_mtime, UTC)
        about = _ABOUT.get(name.removesuffix(".before")) or _about_many(name)
        table.add_row(name, fingerprint(data), f"{since:%Y-%m-%d}", about)
    out.print(table)


def _about_many(name: str) -> str:
    if name.startswith("forms/"):
        return "団体が渡す様式の署名 / signs the forms a government hands over"
    return "埋め込みデータベース / embedded database" if name.startswith("pg_") else ""


@command.command("rotate")
@click.argument("which", type=click.Choice(["cookies", "sealing", "journal", "forms", "all"]))
@click.option(
    "--reason", default="定期の交換", show_default=True, help="なぜ替えるか（記録に残る） / Why, for the journal"
)
@click.option("--government", default="", help="forms だけ：団体コード（6桁） / Only for forms: the six-digit code")
def rotate(which: str, reason: str, government: str) -> None:
    """鍵を替える。古い署名・Cookie・封はそのまま通る。 / Change a key; what was signed or sealed before stays valid.

    cookies：動かし直すと効く。 sealing：データベースの秘密をすべて封じ直す。 journal：古い鍵が新しい鍵を名指しし、消える。
    forms：一つの団体が様式のファイルに署名する鍵。受け取る団体は、新しい指紋を確かめ直す。all には入らない。
    """
    if which == "forms":
        _rotate_forms(government)
        return
    if which in {"cookies", "all"}:
        _rotate_cookies()
    with django_and_database():
        if which in {"sealing", "all"}:
            _rotate_sealing()
        if which in {"journal", "all"}:
            _rotate_journal(reason)
    out.print("控えも作り直してください： kakehashi keys backup / Make a new copy: kakehashi keys backup")


def _rotate_cookies() -> None:
    from kakehashi.kernel import clock
    from kakehashi.kernel.key_files import replace_secret

    config = load()
    path = config.home / "keys" / "secret_key"
    if not path.exists() or path.read_text().strip() != config.secret_key:
        fail(
            "KAKEHASHI_SECRET_KEY が設定されています。新しい値に替え、古い値を KAKEHASHI_SECRET_KEY_FALLBACKS に入れてください。",
            "KAKEHASHI_SECRET_KEY is set: change it and put the old value into KAKEHASHI_SECRET_KEY_FALLBACKS.",
        )
    replace_secret(path, now=clock.now(), within=COOKIES_LIVE)
    out.print("Cookie の鍵を替えました。kakehashi serve を動かし直してください。 / Changed; restart kakehashi serve.")


def _rotate_sealing() -> None:
    from kakehashi.kernel import clock
    from kakehashi.kernel.key_files import replace_secret
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.people.services import reseal_secrets

    path = load().home / "keys" / "sealing_key"
    # The key before this one stays: somebody may have begun to seal with it a moment ago.
    replace_secret(path, now=clock.now(), within=timedelta(days=1))
    count = 0
    with progress() as bars:
        governments = _tenants()
        for government in bars.track(governments, description="封じ直し / sealing anew"):
            with tenant_scope(government.id):
                count += reseal_secrets()
    out.print(f"秘密 {count} 件を新しい鍵で封じ直しました。 / {count} secrets are sealed anew.")


def _rotate_journal(reason: str) -> None:
    from django.conf import settings

    from kakehashi.journal.adapters.signing_key import change_signing_key
    from kakehashi.journal.services import record_key_change, seal_events
    from kakehashi.kernel import clock
    from kakehashi.kernel.tenancy import tenant_scope

    governments = _tenants()
    with progress() as bars:
        for government in bars.track(governments, description="封印 / sealing"):
            with tenant_scope(government.id):
                seal_events()
    hand_over = change_signing_key(settings.JOURNAL_KEY, clock.now())
    for government in governments:
        with tenant_scope(government.id):
            record_key_change(hand_over=hand_over, reason=reason)
            seal_events()
    out.print(
        "記録の署名鍵を替え、団体ごとの記録に残しました。新しい検証鍵を広報に載せてください。 / The signing key is changed."
    )


def _rotate_forms(code: str) -> None:
    with django_and_database():
        # The models can only be read once Django is loaded.
        from django.conf import settings

        from kakehashi.governments.selectors import tenants
        from kakehashi.journal.adapters.signing_key import forms_key_path, load_forms_key
        from kakehashi.procedures.services.offering import own_fingerprint

        government = next((one for one in tenants() if one.code == code), None)
        if government is None:
            fail(f"団体コード {code!r} の団体はありません。", f"No government has the code {code!r}.")
        forms_key_path(settings.JOURNAL_KEY, code).unlink(missing_ok=True)
        load_forms_key(settings.JOURNAL_KEY, code)
        out.print(f"様式の署名鍵を替えました。新しい指紋： / The new fingerprint: {own_fingerprint(government)}")


def _tenants() -> list[Any]:
    from kakehashi.governments.selectors import tenants

    return list(tenants())


@command.command("backup")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--passphrase-file", type=click.Path(exists=True, path_type=Path), help="合言葉のファイル / Read it from a file"
)
def backup(path: Path, passphrase_file: Path | None) -> None:
    """鍵を一つのファイルに封じて控える。 / Seal all keys into one file that only the passphrase opens."""
    from kakehashi.kernel.key_files import write_private
    from kakehashi.site.key_archive import LEAST_PASSPHRASE, seal_keys

    passphrase = ask_passphrase(passphrase_file, confirm=True)
    if len(passphrase) < LEAST_PASSPHRASE:
        fail(
            f"合言葉は {LEAST_PASSPHRASE} 文字以上にしてください。",
            f"The passphrase needs {LEAST_PASSPHRASE} characters.",
        )
    if path.exists():
        fail(f"{path} はもうあります。", f"{path} exists already.")
    write_private(path.resolve(), seal_keys(load().home / "keys", passphrase))
    out.print(f"{path} に封じました。合言葉は別の場所に置いてください。 / Sealed; keep the passphrase elsewhere.")


@command.command("check")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--passphrase-file", type=click.Path(exists=True, path_type=Path), help="合言葉のファイル / Read it from a file"
)
def check(path: Path, passphrase_file: Path | None) -> None:
    """控えが開き、今の鍵と同じか確かめる。 / Open the copy and compare it with the present keys; exit status 1 if not."""
    from kakehashi.site.key_archive import read_folder

    kept, present = open_copy(path, passphrase_file), read_folder(load().home / "keys")
    different = sorted(name for name in kept.keys() | present.keys() if kept.get(name) != present.get(name))
    if different:
        fail(
            f"控えと違う鍵：{'、'.join(different)}。控えを作り直してください。",
            f"These differ: {', '.join(different)}.",
        )
    out.print(f"控えは今の鍵 {len(kept)} 個と同じです。 / The copy holds the present {len(kept)} keys.")


@command.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--passphrase-file", type=click.Path(exists=True, path_type=Path), help="合言葉のファイル / Read it from a file"
)
@click.option("--replace", is_flag=True, help="今ある違う鍵を脇に置いて替える / Move different present keys aside")
def restore(path: Path, passphrase_file: Path | None, replace: bool) -> None:
    """失った鍵を控えから戻す。今ある鍵は上書きしない。 / Put lost keys back; present ones are never overwritten."""
    from kakehashi.site.key_archive import put_back

    folder = home_folder() / "keys"
    kept = open_copy(path, passphrase_file)
    different = put_back(kept, folder)
    if different and not replace:
        fail(
            f"今ある鍵と違うため戻していません：{'、'.join(different)}。替えるなら --replace。",
            f"Present and different, left alone: {', '.join(different)}. --replace moves them aside.",
        )
    for name in different:
        (folder / name).replace(folder / f"{name}.replaced")
    put_back(kept, folder)
    out.print("鍵を戻しました。kakehashi verify で確かめてください。 / Restored; run kakehashi verify.")


@command.command("paper")
def paper() -> None:
    """引継書に綴じる一枚を出す（秘密は載らない）。 / Print the sheet for the hand-over file; it holds no secret."""
    from kakehashi.site.key_paper import sheet

    with django_and_database():
        click.echo(sheet(load().home / "keys", _tenants()))


def ask_passphrase(file: Path | None, *, confirm: bool = False) -> str:
    """The passphrase from a file, or typed."""
    if file is not None:
        return file.read_text().strip()
    again = "もう一度、同じ合言葉 / the same again" if confirm else False
    return str(click.prompt("合言葉 / passphrase", hide_input=True, confirmation_prompt=again))


def open_copy(path: Path, passphrase_file: Path | None) -> dict[str, bytes]:
    """The keys in a copy; ends the command when it does not open."""
    from kakehashi.site.key_archive import NotReadable, open_keys

    try:
        return open_keys(path.read_bytes(), ask_passphrase(passphrase_file))
    except NotReadable as error:
        fail("合言葉が違うか、ファイルが変わっています。", str(error))


for _each in DATA_KEY_COMMANDS:
    command.add_command(_each)
