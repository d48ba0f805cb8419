"""代理・使者・連署: who may file for somebody else, by what it is shown, and who is told what.

Three things that look alike at the counter and are not alike in law:

* 任意代理: the principal gave the power (委任). What the proxy declares in the principal's name takes effect for the principal
  directly (民法99条1項); the power rests on an agreement (民法643条, 656条) and is shown by a 委任状 or by the principal's own word.
* 法定代理: the law or a court gave it: a parent (民法824条), a guardian (859条), a curator or assistant as far as the court said so
  (876条の4, 876条の9). No 委任状 exists; the family register or a certificate of registered matters shows it.
* 使者: no proxy at all. A messenger carries what the principal has decided and decides nothing, so the principal's own word is
  always needed, and everything after the receipt goes to the principal only.

Where a statute asks who stands at the counter (住民基本台帳法12条4項, 戸籍法10条の3第2項) it asks proxies and messengers alike.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["PROOFS", "Party", "Proof", "ProxyKind", "content_digest", "told"]


class ProxyKind(enum.StrEnum):
    """By what right somebody files for another; the value is stored."""

    VOLUNTARY = "voluntary"
    STATUTORY = "statutory"
    MESSENGER = "messenger"


class Proof(enum.StrEnum):
    """By what it is shown; the value is stored."""

    LETTER = "letter"
    CONFIRMATION = "confirmation"
    CERTIFICATE = "certificate"


class Party(enum.StrEnum):
    """Who is told something."""

    PRINCIPAL = "principal"
    PROXY = "proxy"


PROOFS: dict[ProxyKind, tuple[Proof, ...]] = {
    ProxyKind.VOLUNTARY: (Proof.CONFIRMATION, Proof.LETTER),
    ProxyKind.STATUTORY: (Proof.CERTIFICATE,),
    ProxyKind.MESSENGER: (Proof.CONFIRMATION,),
}
"""The proofs each kind can be shown by."""

_BOTH = frozenset({Party.PRINCIPAL, Party.PROXY})
_PRINCIPAL = frozenset({Party.PRINCIPAL})
_PROXY = frozenset({Party.PROXY})


def told(kind: ProxyKind | None, letter: str) -> frozenset[Party]:
    """Who gets a letter (`received`, `correction`, …): of a proxy by agreement both, so that nothing happens behind the principal's back.

    The receipt goes to every address that was given. After it a statutory proxy stands in the principal's place and gets
    everything; a messenger gets nothing more.
    """
    if kind is None:
        return _PRINCIPAL
    if kind is ProxyKind.VOLUNTARY or letter == "received":
        return _BOTH
    return _PROXY if kind is ProxyKind.STATUTORY else _PRINCIPAL


def content_digest(
    *, key: str, version: str, answers: Mapping[str, Any], proxy: tuple[str, str] | None, signers: Iterable[str]
) -> str:
    """What somebody agrees to, as 64 hexadecimal digits: the form's version, all answers (opened), proxy and co-signers by name.

    Keyed, because short answers could be guessed from a plain hash by whoever reads the table.
    """
    content = [version, answers, list(proxy) if proxy else None, sorted(signers)]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
