"""`kakehashi certificate`: check the signature of a certificate where no server is reached; print a town's keys for that."""

from __future__ import annotations

from typing import TextIO

import click

from kakehashi.site.cli.console import django_and_database, fail, out


@click.command("certificate")
@click.argument("note", type=click.File("r", encoding="utf-8"), required=False)
@click.option("--key", "lines", multiple=True, help="団体の検証鍵（1行） / A verifier key of the town, one line")
@click.option(
    "--keys-of", default="", help="団体コードかスラッグの検証鍵を表示する / Print the verifier keys of a town"
)
def command(note: TextIO | None, lines: tuple[str, ...], keys_of: str) -> None:
    """証明書の二つめの二次元コードの文を、インターネットなしで確かめる。終了コード 0：正しい、1：正しくない。

    Check the text of a certificate's second code (a file, or - for standard input) with the town's key; needs no database and no
    network. It says whether the town issued these words, not whether the certificate was revoked since.
    """
    if keys_of:
        _print_keys(keys_of)
    elif note is None or not lines:
        fail("文のファイルと --key を指定してください。", "Give a file with the text, and --key.")
    else:
        _check(note.read(4000), lines)


def _check(text: str, lines: tuple[str, ...]) -> None:
    from kakehashi.journal.domain.notes import BadNoteError, VerifierKey
    from kakehashi.kernel import clock
    from kakehashi.procedures.domain.offline_certificates import read_statement

    try:
        found = read_statement(text, [VerifierKey.parse(line) for line in lines])
    except BadNoteError as error:
        out.print(f"✗ 署名が正しくありません。 / Not signed by this key: {error}", markup=False)
        raise SystemExit(1) from None
    until = found.valid_until.isoformat() if found.valid_until else "なし / none"
    for label, value in (
        ("発行した団体 / Issued by", found.government),
        ("証明書 / Title", found.title),
        ("文書番号 / Number", found.document_number),
        ("発行日 / Issued on", found.issued_on.isoformat()),
        ("有効期限 / Valid until", until),
        ("検証の符号 / Code", found.token),
    ):
        out.print(f"{label}: {value}", markup=False)
    if not found.holds_on(clock.today()):
        out.print("✗ 署名は正しいですが、有効期限が過ぎています。 / Signed, but expired.", markup=False)
        raise SystemExit(1)
    out.print("✓ 署名は正しいです（失効はわかりません）。 / Signed; whether it was revoked is not known.", markup=False)


def _print_keys(name: str) -> None:
    with django_and_database("any"):
        from kakehashi.governments.selectors import tenants
        from kakehashi.procedures.services.certificates import verifier_keys

        found = next((one for one in tenants() if name in {one.code, one.slug}), None)
        if found is None:
            fail(f"団体「{name}」はありません。", f"There is no government {name}.")
        for key, until in verifier_keys(found):
            out.print(f"{key}" + (f"  # {until:%Y-%m-%d} まで / until" if until else ""), markup=False, soft_wrap=True)
