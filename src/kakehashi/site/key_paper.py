"""The sheet that predecessor and successor sign when the keys change hands. It holds no secret."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kakehashi.kernel import clock
from kakehashi.kernel.wareki import format_wareki


def sheet(folder: Path, governments: Iterable[Any]) -> str:
    """Fingerprints of the keys, and each government's verifier key and newest root, with room for names."""
    from django.conf import settings

    from kakehashi.journal.adapters.signing_key import load_key_history
    from kakehashi.journal.domain.checkpoints import origin_of
    from kakehashi.journal.domain.notes import VerifierKey
    from kakehashi.journal.selectors import seal_status
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.site.key_archive import fingerprint, read_folder

    history = load_key_history(settings.JOURNAL_KEY)
    lines = ["鍵の引継書（架け橋）", "", f"作成日　{format_wareki(clock.today())}", "", "一　鍵の指紋"]
    lines += [f"　　{name}　{fingerprint(data)}" for name, data in read_folder(folder).items()]
    lines += ["", "二　記録の検証鍵とルート（広報に載せる値）"]
    for government in governments:
        with tenant_scope(government.id):
            status = seal_status()
        lines += [
            f"　　{government.name}（{government.code}）　{status.size} 件",
            f"　　　検証鍵　{VerifierKey(origin_of(government.id), history.present)}",
            f"　　　ルート　{status.root or '（まだ封印なし）'}",
        ]
    lines += [
        "", "三　確かめたこと",
        "　　□ kakehashi keys check 控え　が、引き継ぐ者の合言葉で通った", "　　□ kakehashi verify　が「正しい」で終わった",
        "　　□ 前任者の合言葉で封じた控えを、すべて廃棄した", "　　□ 前任者の利用者・権限を外した",
        "", "引き渡した者　　　　　　　　　　　　　　　印", "引き継いだ者　　　　　　　　　　　　　　　印", "立ち会った者　　　　　　　　　　　　　　　印",
    ]  # fmt: skip
    return "\n".join(lines)
