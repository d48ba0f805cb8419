"""The root for the 広報: what is printed cannot be taken back by anybody in the town hall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from kakehashi.journal.adapters.signing_key import load_key_history
from kakehashi.journal.domain.checkpoints import origin_of
from kakehashi.journal.domain.notes import VerifierKey
from kakehashi.journal.models import Anchor, AnchorKind
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors import last_seal
from kakehashi.journal.services.record import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.documents import RootDocument, render_pdf
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.later import later
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import format_wareki

if TYPE_CHECKING:
    import segno
else:
    segno = later("segno")

_KEY_LINE = 66


@service
def print_root(*, actor: Actor, place: str) -> Anchor:
    """Choose the newest checkpoint for printing in `place` (広報ひばり 12月号). Writes `journal.root.printed`.

    From then on every 証明一式 proves that it goes on from this root. Raises DomainError without a place or a seal; the
    same place at the same size gives the same row.
    """
    require(actor, JournalPermission.ANCHOR)
    place = place.strip()[:200]
    seal = last_seal()
    if not place:
        raise DomainError("載せるもの（広報の号など）を書いてください。", field="place")
    if seal is None:
        raise DomainError("まだ封印された記録がありません。10 秒ほど待って、もう一度お試しください。")
    known = Anchor.objects.filter(kind=AnchorKind.PRINTED, size=seal.size, place=place).first()
    if known is not None:
        return known
    anchor: Anchor = Anchor.objects.create(kind=AnchorKind.PRINTED, size=seal.size, note=seal.note, place=place)
    record_event(
        actor=actor,
        code="journal.root.printed",
        subject_kind="journal.log",
        subject_id=current_government_id(),
        payload={"size": seal.size, "root": bytes(seal.root).hex(), "place": place},
    )
    return anchor


def root_pdf(*, anchor: Anchor, root: str, government: str, code: str) -> bytes:
    """The paper to send to the printer: the root in groups one can read out, the key, and both as a QR code.

    The code holds the signed checkpoint, so that who scans it has what `verify.py --against` and OpenSSL read.
    """
    origin = origin_of(anchor.government_id)
    matrix = segno.make(anchor.note, error="m", micro=False, encoding="utf-8").matrix
    key = str(VerifierKey(origin, load_key_history(settings.JOURNAL_KEY).present))
    signed = anchor.made_at.astimezone(clock.JST)
    return render_pdf(
        RootDocument(
            title="記録の証明（公表用）",
            issuer_name=government,
            place=anchor.place,
            groups=tuple(root[at : at + 4] for at in range(0, len(root), 4)),
            rows=(
                ("団体", f"{government}（団体コード {code}）"),
                ("公表するもの", anchor.place),
                ("公表を決めた日", format_wareki(signed.date())),
                ("封印した件数", f"{anchor.size:,} 件"),
            ),
            key="\n".join(key[at : at + _KEY_LINE] for at in range(0, len(key), _KEY_LINE)),
            qr=tuple("".join("1" if dark else "0" for dark in row) for row in matrix),
        ),
        made_at=anchor.made_at,
    )
